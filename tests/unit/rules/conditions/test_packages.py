"""Tests of monitor.rules.conditions.packages."""

from decimal import Decimal

import pytest

from monitor.rules.conditions.packages import dollars as written
from monitor.rules.conditions.packages import packages
from tests.histories import dollars, seen


def test_fifteen_reports_of_one_story_are_one_package() -> None:
    [package] = packages([seen(9 - n / 2, story="s", amounts=dollars(105), donor="us") for n in range(15)])
    assert (package.usd, package.donor, len(package.reports)) == (Decimal(105_000_000), "us", 15)


def test_most_reports_decide_over_the_sum() -> None:
    sums = [450, 105, 105, None]
    reports = [seen(9 - n, story="s", amounts=dollars(each) if each else ()) for n, each in enumerate(sums)]
    assert packages(reports)[0].usd == 105_000_000


def test_a_running_total_is_not_new_money() -> None:
    [package] = packages([seen(1, amounts=(*dollars(100), *dollars(7000, total=True)))])
    assert package.usd == 100_000_000


def test_a_package_told_again_as_another_story_is_the_same() -> None:
    [package] = packages([seen(3, amounts=dollars(105)), seen(1, amounts=dollars(105), donor="us")])
    assert package.donor == "us"
    assert len(package.reports) == 2


def test_equal_sums_of_two_donors_are_two_packages() -> None:
    assert len(packages([seen(3, amounts=dollars(100), donor="no"), seen(1, amounts=dollars(100), donor="se")])) == 2


def test_a_package_without_a_sum_is_one_all_the_same() -> None:
    found = packages([seen(3), seen(1)])
    assert [each.usd for each in found] == [0, 0]


@pytest.mark.parametrize(
    ("usd", "words"), [(0, "0 USD"), (2_500, "2.5k USD"), (105_000_000, "105m USD"), (1_250_000_000, "1.2bn USD")]
)
def test_sums_are_written_short(usd: int, words: str) -> None:
    assert written(Decimal(usd)) == words
