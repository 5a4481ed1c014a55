"""Tests of monitor.rules.conditions.total."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import ValidationError

from tests.histories import NOW, Kept, condition, dollars, seen, verdict

TOTAL = {"total": "amount", "at_least": "1bn USD", "within": "7d"}


def test_packages_add_up_to_the_limit() -> None:
    found = verdict(TOTAL, Kept([seen(day, amounts=dollars(300 + day), donor=f"{day}") for day in (1, 3, 5, 6)]))
    assert (found.firing, found.reason) == (True, "1.2bn USD of 1bn USD in 1 week, 4 packages")
    assert len(found.observations) == 4


def test_many_reports_of_one_package_add_it_once() -> None:
    found = verdict(TOTAL, Kept([seen(n / 9, story="s", amounts=dollars(400)) for n in range(15)]))
    assert (found.firing, found.reason) == (False, "400m USD of 1bn USD in 1 week, 1 package")


def test_running_totals_are_left_out() -> None:
    assert not verdict(TOTAL, Kept([seen(1, amounts=dollars(7000, total=True))])).firing


def test_what_was_announced_before_the_window_is_not_new_when_it_is_told_again() -> None:
    assert not verdict(TOTAL, Kept([seen(n, amounts=dollars(2000)) for n in (2, 9)])).firing


def test_a_sum_without_a_rate_is_left_out_and_said() -> None:
    [sum_] = dollars(50)
    found = verdict(TOTAL, Kept([seen(1, amounts=(replace(sum_, currency="XAF", usd=None),))]))
    assert found.reason.endswith("1 package, 1 of them without a rate left out")


def test_history_alone_does_not_reach_the_limit() -> None:
    assert not verdict(TOTAL, Kept([seen(1, amounts=dollars(2000), historic=True)])).firing


def test_it_ends_when_the_packages_are_older_than_the_window() -> None:
    history = Kept([seen(1, amounts=dollars(2000))])
    assert verdict(TOTAL, history).firing
    assert not verdict(TOTAL, history, NOW + timedelta(days=7)).firing


def test_donors_can_be_added_up_one_by_one() -> None:
    history = Kept([seen(1, amounts=dollars(2000), donor="us"), seen(2, amounts=dollars(20), donor="no")])
    found = condition(TOTAL, "donor").judge("r", (), history, NOW)
    assert {each.group: each.firing for each in found} == {"us": True, "no": False}


@pytest.mark.parametrize("limit", ["1bn EUR", "a lot"])
def test_a_limit_is_a_sum_in_dollars(limit: str) -> None:
    with pytest.raises(ValidationError, match="USD"):
        condition({**TOTAL, "at_least": limit})
