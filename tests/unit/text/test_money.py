"""Sums of money, as news writes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.money import sums
from monitor.text.rates import RATES_DATE, in_dollars
from monitor.text.tokens import Text


def found(text: str) -> list[tuple[int, str]]:
    return [(int(each.value), each.currency) for each in sums(Text(text))]


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("The package is worth $105 million", 105_000_000, "USD"),
        ("a $40 billion loan", 40_000_000_000, "USD"),
        ("Syria $722 million", 722_000_000, "USD"),
        ("US$4.5bn in orders", 4_500_000_000, "USD"),
        ("the A$95 million grant", 95_000_000, "AUD"),
        ("C$500 million", 500_000_000, "CAD"),
        ("a 105-million-dollar deal", 105_000_000, "USD"),
        ("$1,250,000 raised", 1_250_000, "USD"),
        ("half a billion dollars", 500_000_000, "USD"),
        ("two billion pounds", 2_000_000_000, "GBP"),
        ("NOK 7 billion", 7_000_000_000, "NOK"),
        ("1.6 billion kroner", 1_600_000_000, "NOK"),
        ("4 billion Swedish kronor", 4_000_000_000, "SEK"),
        ("90 million Czech crowns and 90 million Czech koruna", 90_000_000, "CZK"),
        ("SEK 4bn", 4_000_000_000, "SEK"),
        ("€2m for demining", 2_000_000, "EUR"),
        ("$675M", 675_000_000, "USD"),
        ("1,5 млрд доларів", 1_500_000_000, "USD"),
        ("на €80 мільйонів", 80_000_000, "EUR"),
        ("25 млн гривень", 25_000_000, "UAH"),
        ("100 млн грн", 100_000_000, "UAH"),
        ("пів мільярда євро", 500_000_000, "EUR"),
        ("півмільярда євро", 500_000_000, "EUR"),
        ("мільярд доларів", 1_000_000_000, "USD"),
        ("10 мільярдів шведських крон", 10_000_000_000, "SEK"),
        ("5 миллионов гривен", 5_000_000, "UAH"),
        ("500 тыс. рублей", 500_000, "RUB"),
        ("500 000 долларов", 500_000, "USD"),
        ("в размере 1,3 миллиарда евро", 1_300_000_000, "EUR"),
        ("1 mld 800 mln zł", 1_800_000_000, "PLN"),
        ("90 mld euro", 90_000_000_000, "EUR"),
        ("in 2025 100 million dollars", 100_000_000, "USD"),
    ],
)
def test_a_sum_is_read_exactly(text: str, value: int, currency: str) -> None:
    assert found(text)[0] == (value, currency)


@pytest.mark.parametrize(
    "text",
    [
        "3,500 missiles",
        "up to 3723 people",
        "до 3723 людей",
        "2,5 млрд...",
        "the loan of $500 mi",
        "155 mm shells",
        "F-16 and Su-35",
        "between 2014 and 2022",
        "(about $2.9",
    ],
)
def test_what_is_no_whole_sum_is_left_out(text: str) -> None:
    assert found(text) == []


def test_a_range_keeps_both_ends_and_counts_with_the_upper_one() -> None:
    (each,) = sums(Text("between $1-2 billion for air defence"))
    assert (each.low, each.value) == (Decimal("1E9"), Decimal("2E9"))


def test_the_same_money_in_another_currency_counts_once() -> None:
    assert found("a loan of €2.26 billion ($2.6 billion)") == [(2_260_000_000, "EUR")]


@pytest.mark.parametrize(
    "text",
    [
        "bringing the total to $66.9 billion",
        "$60 billion since the invasion began",
        "загалом 60 млрд доларів",
        "в общей сложности 60 млрд долларов",
        "łącznie 60 mld euro",
    ],
)
def test_a_running_total_is_marked(text: str) -> None:
    assert [each.total for each in sums(Text(text))] == [True]


def test_new_money_is_no_total_because_of_the_next_sentence() -> None:
    (each,) = sums(Text("Spain gives $100 million. Overall, little has changed in the long run of things."))
    assert not each.total


def test_the_place_of_a_sum_is_where_it_stands() -> None:
    text = "Norway pays 300 million euros today"
    (each,) = sums(Text(text))
    assert text[each.start : each.end] == "300 million euros"


@given(st.integers(min_value=1, max_value=999), st.sampled_from(["million", "billion"]))
def test_what_is_written_is_read_again(number: int, scale: str) -> None:
    expected = number * 10 ** {"million": 6, "billion": 9}[scale]
    assert found(f"They gave ${number} {scale} yesterday.") == [(expected, "USD")]


@given(st.text(alphabet="$€0123456789.,- mlnbдолмлрдєвро()", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert all(each.value > 0 for each in sums(Text(text)))


def test_sums_are_compared_in_dollars_of_one_day() -> None:
    assert in_dollars(Decimal(100), "USD") == 100
    assert in_dollars(Decimal(100), "EUR") == 116
    assert in_dollars(Decimal(100), "XXX") is None
    assert RATES_DATE == "2025-11-19"
