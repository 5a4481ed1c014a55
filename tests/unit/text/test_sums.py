"""When two readings of a package say the same."""

from decimal import Decimal

import pytest

from monitor.model import Amount
from monitor.text.rates import in_dollars
from monitor.text.sums import figure, furthest, same_sum


def money(millions: float, currency: str = "USD", *, words: str = "", total: bool = False) -> Amount:
    value = Decimal(str(millions)) * 1_000_000
    return Amount(value=value, currency=currency, usd=in_dollars(value, currency), words=words, total=total)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (money(945.7), money(946), True),
        (money(100), money(102), False),
        (money(500, "EUR"), money(580), True),
        (money(500, "EUR"), money(620), False),
        (money(5, "XXX"), money(5, "XXX"), True),
        (money(5, "XXX"), money(5), False),
    ],
)
def test_a_sum_may_be_rounded_or_converted(one: Amount, other: Amount, same: bool):
    assert same_sum(one, other) is same
    assert same_sum(other, one) is same


def test_the_sum_of_the_headline_goes_before_larger_ones_of_the_text():
    told = [money(90, words="$90 million"), money(900, words="$900 million")]
    assert figure(told, "Aid of $90 million") == told[0]
    assert figure(told, "Aid") == told[1]


def test_of_one_sum_in_two_currencies_the_first_is_kept():
    assert figure([money(500, "EUR"), money(581)], "") == money(500, "EUR")


def test_a_running_total_is_no_figure():
    assert figure([money(7000, total=True)], "") is None
    assert figure([], "") is None


def test_the_furthest_stage_counts():
    assert furthest(["announced", "delivered", "approved", ""]) == "delivered"
    assert furthest(["", "rumoured"]) == ""
