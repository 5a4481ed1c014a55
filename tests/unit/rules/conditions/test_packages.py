"""Tests of monitor.rules.conditions.packages."""

from decimal import Decimal

import pytest

from monitor.rules.conditions.packages import dollars as written
from monitor.rules.conditions.packages import reports_of
from monitor.rules.ledger import packages
from tests.histories import dollars, seen


def test_the_reports_of_some_packages_are_found_among_all_oldest_first() -> None:
    [other, late, early] = [
        seen(3, amounts=dollars(7), donor="no"),
        seen(1, amounts=dollars(105)),
        seen(2, amounts=dollars(105)),
    ]
    found = [package for package in packages([other, late, early]) if package.usd == 105_000_000]
    assert reports_of(found, [late, other, early]) == (early, late)


@pytest.mark.parametrize(
    ("usd", "words"), [(0, "0 USD"), (2_500, "2.5k USD"), (105_000_000, "105m USD"), (1_250_000_000, "1.2bn USD")]
)
def test_sums_are_written_short(usd: int, words: str) -> None:
    assert written(Decimal(usd)) == words
