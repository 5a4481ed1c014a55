"""The aid ledger: a package is counted once, whoever tells of it, how often, and in which order we hear."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Amount, Observation, System
from monitor.rules.ledger import Package, packages, weeks
from monitor.text.rates import in_dollars

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
PATRIOT = System(id="patriot", name="Patriot", kind="air_defence")
NASAMS = System(id="nasams", name="NASAMS", kind="air_defence")
AIR_DEFENCE = System(id="air_defence_any", name="air defence", kind="air_defence")
GRIPEN = System(id="gripen", name="Gripen", kind="aircraft")


def money(millions: float, currency: str = "USD", *, total: bool = False, words: str = "") -> Amount:
    value = Decimal(str(millions)) * 1_000_000
    return Amount(
        value=value,
        currency=currency,
        usd=in_dollars(value, currency),
        rate_date="2025-11-19",
        words=words or f"{millions} million {currency}",
        total=total,
    )


def report(id_: str, *read: Amount | System, day: float = 0, **fields: str) -> Observation:
    return Observation(
        id=id_,
        rule="aid",
        rule_version="1",
        item_id=f"item-{id_}",
        at=MONDAY + timedelta(days=day),
        amounts=tuple(each for each in read if isinstance(each, Amount)),
        systems=tuple(each for each in read if isinstance(each, System)),
        **{"title": f"headline {id_}", "publisher": f"paper {id_}", "link": f"https://{id_}.example/", **fields},
    )


def only(*observations: Observation) -> Package:
    [package] = packages(observations)
    return package


def total(found: tuple[Package, ...]) -> Decimal:
    return sum((package.usd for package in found), Decimal(0))


# --- one package ----------------------------------------------------------------------------------------------------


def test_fifteen_reports_add_the_sum_once():
    reports = [report(f"{n:02}", money(105), PATRIOT, donor="the United States", day=n / 4) for n in range(15)]
    package = only(*reports)
    assert (package.usd, package.reports, len(package.publishers)) == (105_000_000, 15, 15)
    assert package.first_seen_at == MONDAY
    assert package.last_seen_at == reports[-1].at


def test_three_languages_tell_of_one_package():
    package = only(
        report("a", money(1500, "NOK"), NASAMS, donor="Norway", lang="en", stage="announced"),
        report("b", money(1500, "NOK"), NASAMS, donor="Norway", lang="uk", stage="approved", day=0.1),
        report("c", money(1500, "NOK"), lang="ru", day=0.2),
    )
    assert package.donor == "Norway"
    assert package.systems == (NASAMS,)
    assert package.links == ("https://a.example/", "https://b.example/", "https://c.example/")


def test_a_sum_in_another_currency_is_the_same_within_rounding():
    package = only(report("a", money(500, "EUR"), donor="Germany"), report("b", money(580), donor="Germany", day=1))
    assert package.amount == money(500, "EUR"), "the first told is kept, with its own rate"
    assert package.usd == 579_000_000


def test_rounding_in_one_currency_is_the_same_sum():
    assert len(packages([report("a", money(945.7), donor="Spain"), report("b", money(946), donor="Spain")])) == 1
    assert len(packages([report("a", money(100), donor="Spain"), report("b", money(102), donor="Spain")])) == 2


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (report("b", money(105), PATRIOT, donor="Germany"), "another donor"),
        (report("b", money(300), PATRIOT, donor="the United States"), "another sum"),
        (report("b", money(105), GRIPEN, donor="the United States"), "other systems"),
        (report("b", money(105), PATRIOT, donor="the United States", day=11), "too long after"),
    ],
)
def test_what_makes_two_packages(other: Observation, why: str):
    first = report("a", money(105), PATRIOT, donor="the United States")
    assert len(packages([first, other])) == 2, why


def test_a_report_without_the_sum_belongs_to_the_package_of_its_donor_and_system():
    package = only(
        report("a", PATRIOT, donor="the United States", stage="approved"),
        report("b", money(105), PATRIOT, donor="the United States", day=1),
    )
    assert package.usd == 105_000_000
    assert package.title == "headline b", "the headline with the sum speaks for it"


def test_another_number_of_a_system_is_another_package():
    two, three = replace(PATRIOT, quantity=2), replace(PATRIOT, quantity=3)
    assert len(packages([report("a", two, donor="Germany"), report("b", three, donor="Germany", day=2)])) == 2


def test_a_class_of_systems_is_enough_from_the_same_donor_only():
    known = report("a", NASAMS, donor="Norway")
    assert len(packages([known, report("b", AIR_DEFENCE, donor="Norway", day=1)])) == 1
    nobody = report("c", AIR_DEFENCE, day=1)
    assert len(packages([known, nobody])) == 1, "a class that nobody gives is no package either"


def test_two_stories_that_turn_out_to_be_one_package_add_it_once():
    package = only(
        report("a", story="one", donor="France"),
        report("b", story="two", donor="France"),
        report("c", money(200, "EUR"), story="one", donor="France", day=0.1),
        report("d", money(200, "EUR"), story="two", donor="France", day=0.2),
    )
    assert package.reports == 4


def test_one_story_with_another_sum_of_another_donor_is_two_packages():
    found = packages(
        [report("a", money(10), story="s", donor="Norway"), report("b", money(20), story="s", donor="Spain")]
    )
    assert [package.donor for package in found] == ["Norway", "Spain"]


def test_a_corrected_sum_of_one_story_counts_once_and_the_majority_decides():
    package = only(
        report("a", money(100), story="s", donor="Spain", owner="A"),
        report("b", money(110), story="s", donor="Spain", owner="B", day=0.1),
        report("c", money(110), story="s", donor="Spain", owner="C", day=0.2),
    )
    assert package.usd == 110_000_000


def test_two_rules_that_read_one_item_give_one_report():
    first = report("a", PATRIOT, donor="Germany")
    assert only(first, replace(first, id="b", rule="air-defence")).reports == 1


# --- stages ---------------------------------------------------------------------------------------------------------


def test_the_furthest_stage_is_told_with_the_date_of_each():
    package = only(
        report("a", money(40), donor="Denmark", stage="announced"),
        report("b", money(40), donor="Denmark", stage="delivered", day=4),
        report("c", money(40), donor="Denmark", stage="announced", day=5),
    )
    assert package.stage == "delivered"
    assert [(step.stage, step.at) for step in package.stages] == [
        ("announced", MONDAY),
        ("delivered", MONDAY + timedelta(days=4)),
    ]


def test_no_stage_is_no_stage():
    assert only(report("a", money(1))).stage == ""


# --- new money ------------------------------------------------------------------------------------------------------


def test_a_running_total_is_never_new_money():
    package = only(report("a", money(105), money(7000, total=True), PATRIOT))
    assert package.usd == 105_000_000
    assert packages([report("b", money(7000, total=True))]) == ()


def test_a_sum_without_a_rate_is_shown_and_adds_nothing():
    unknown = Amount(value=Decimal(5_000_000), currency="XXX")
    package = only(report("a", unknown))
    assert (package.amount, package.usd) == (unknown, 0)


def test_weeks_sum_up_new_packages():
    found = packages([
        report("a", money(100), donor="Spain"),
        report("b", money(50), donor="Norway", day=6),
        report("c", GRIPEN, donor="Sweden", day=7),
        report("d", money(100), donor="Spain", day=8),
    ])  # fmt: skip
    assert [(w.begins, w.packages, w.unpriced, w.usd) for w in weeks(found)] == [
        (date(2026, 3, 2), 2, 0, 150_000_000),
        (date(2026, 3, 9), 1, 1, 0),
    ]


# --- laws -----------------------------------------------------------------------------------------------------------

DONORS = ("Norway", "Spain", "Germany", "")
some_report = st.builds(
    lambda n, sums, systems, fields, day: report(f"{n:04}", *sums, *systems, day=day, **fields),
    n=st.integers(0, 9999),
    sums=st.lists(st.sampled_from([money(100), money(90, "EUR"), money(101), money(700, total=True)]), max_size=2),
    systems=st.lists(st.sampled_from([PATRIOT, replace(PATRIOT, quantity=2), NASAMS, AIR_DEFENCE, GRIPEN]), max_size=2),
    fields=st.fixed_dictionaries({
        "donor": st.sampled_from(DONORS),
        "story": st.sampled_from(["", "x", "y"]),
        "stage": st.sampled_from(["", "announced", "delivered"]),
        "owner": st.sampled_from(["", "A", "B"]),
    }),
    day=st.integers(0, 25),
)  # fmt: skip
some_reports = st.lists(some_report, max_size=14, unique_by=lambda each: each.id)


@given(reports=some_reports, data=st.data())
@settings(max_examples=150, deadline=None)
def test_neither_order_nor_repetition_nor_batches_change_the_ledger(reports: list[Observation], data: st.DataObject):
    shuffled = data.draw(st.permutations([*reports, *reports[::2]]))
    assert packages(shuffled) == packages(reports)


@given(reports=some_reports)
@settings(max_examples=150, deadline=None)
def test_every_sum_in_the_ledger_was_told_by_somebody(reports: list[Observation]):
    told = {(amount.value, amount.currency) for each in reports for amount in each.amounts if not amount.total}
    for package in packages(reports):
        assert package.amount is None or (package.amount.value, package.amount.currency) in told
        assert package.reports >= 1


@given(
    sums=st.lists(st.integers(1, 40), min_size=1, max_size=4, unique=True),
    tellings=st.lists(st.tuples(st.integers(0, 3), st.floats(0, 9), st.booleans(), st.booleans()), max_size=20),
)
@settings(max_examples=150, deadline=None)
def test_any_number_of_copies_adds_a_package_once(sums: list[int], tellings: list[tuple[int, float, bool, bool]]):
    """Sums far apart, each of one donor; every telling may leave out the donor or the system."""
    first = [report(f"{n}", money(3**n * each * 10), GRIPEN, donor=f"Donor {n}") for n, each in enumerate(sums)]
    expected = packages(first)
    copies = [
        replace(
            first[n % len(first)],
            id=f"copy-{k}",
            item_id=f"copy-{k}",
            publisher=f"other {k}",
            at=MONDAY + timedelta(days=day),
            donor=first[n % len(first)].donor if named else "",
            systems=(GRIPEN,) if armed else (),
        )
        for k, (n, day, named, armed) in enumerate(tellings)
    ]
    if len({money(3**n * each * 10).value for n, each in enumerate(sums)}) == len(sums):
        assert total(packages([*first, *copies])) == total(expected)
