"""Tests of monitor.rules.conditions.spike."""

from datetime import timedelta

import pytest

from monitor.model import Observation
from tests.histories import NOW, Kept, condition, seen, verdict

SPIKE = {"spike": "24h", "baseline": "28d", "at_least": 5}
DIP = {"dip": "1d", "baseline": "28d"}


def usual(per_day: int, days: int = 28) -> list[Observation]:
    return [seen(day + number / (per_day + 1) + 0.01) for day in range(1, days + 1) for number in range(per_day)]


def today(count: int, **fields: object) -> list[Observation]:
    return [seen(number / 100, **fields) for number in range(count)]


def test_a_spike_says_how_many_against_how_many_in_how_long() -> None:
    found = verdict(SPIKE, Kept(usual(2) + today(14)))
    assert found.firing
    assert found.reason == "14 stories in 1 day against 2.0 a day in 4 weeks"
    assert len(found.observations) == 14
    assert [each.at for each in found.observations] == sorted(each.at for each in found.observations)


def test_a_busy_day_is_no_spike() -> None:
    assert not verdict(SPIKE, Kept(usual(2) + today(5))).firing


def test_reports_of_one_story_are_one() -> None:
    assert not verdict(SPIKE, Kept(usual(2) + today(40, story="the same"))).firing


def test_a_story_that_began_before_the_window_is_not_new() -> None:
    old = [seen(1.5, story=f"old {number}") for number in range(14)]
    late = [seen(0.1, story=f"old {number}") for number in range(14)]
    assert not verdict(SPIKE, Kept(usual(2) + old + late)).firing


def test_fewer_than_the_floor_are_never_a_spike() -> None:
    assert not verdict(SPIKE, Kept(today(4))).firing
    assert verdict(SPIKE, Kept(today(5))).firing


def test_what_a_new_feed_brings_as_history_is_no_spike() -> None:
    assert not verdict(SPIKE, Kept(usual(2) + today(14, historic=True))).firing


def test_what_comes_later_is_not_known_yet() -> None:
    later = [seen(-number) for number in range(1, 20)]
    assert verdict(SPIKE, Kept(usual(2) + later)).reason == "0 stories in 1 day against 2.0 a day in 4 weeks"


def test_a_spike_waits_until_its_baseline_was_watched_for_a_week() -> None:
    young = Kept(today(14), since=NOW - timedelta(days=5))
    found = verdict(SPIKE, young)
    assert not found.firing
    assert found.reason == "baseline: 4 days of 4 weeks watched, at least 1 week needed"
    young.since = NOW - timedelta(days=8)
    assert verdict(SPIKE, young).firing


def test_only_watched_days_make_the_baseline() -> None:
    found = verdict(SPIKE, Kept(usual(2, days=10) + today(14), since=NOW - timedelta(days=11)))
    assert found.reason == "14 stories in 1 day against 2.0 a day in 10 days"


def test_what_is_not_watched_now_is_said() -> None:
    found = verdict(SPIKE, Kept(today(14), since=None, failing="3 of 9 feeds failing since 14:05 UTC"))
    assert (found.firing, found.reason) == (False, "not watched: 3 of 9 feeds failing since 14:05 UTC")


def test_at_the_border_an_alert_neither_opens_nor_ends() -> None:
    counts = {count: condition(SPIKE).judge("r", (), Kept(usual(2) + today(count)), NOW) for count in range(15)}
    said = ["silent" if not found else "fires" if found[0].firing else "quiet" for found in counts.values()]
    assert list(dict.fromkeys(said)) == ["quiet", "silent", "fires"]


def test_groups_are_judged_one_by_one() -> None:
    observations = [
        seen(1.01 + day + hour / 20, country=country) for day in range(28) for hour in (0, 9) for country in "AB"
    ]
    found = condition(SPIKE, "country").judge("r", (), Kept(observations + today(14, country="A")), NOW)
    assert {each.group: each.firing for each in found} == {"A": True, "B": False}


def test_a_dip_is_found_where_many_are_usual() -> None:
    found = verdict(DIP, Kept(usual(16)))
    assert (found.firing, found.reason) == (True, "0 stories in 1 day against 16.0 a day in 4 weeks")


@pytest.mark.parametrize("per_day", [0, 1, 4])
def test_nothing_on_a_day_is_no_dip_where_few_are_usual(per_day: int) -> None:
    assert not verdict(DIP, Kept(usual(per_day))).firing


def test_a_feed_that_fails_is_no_dip() -> None:
    assert not verdict(DIP, Kept(usual(16), since=None)).firing


def test_another_window_is_named() -> None:
    found = verdict({"spike": "12h", "baseline": "14d"}, Kept(today(9)))
    assert found.reason == "9 stories in 12 hours against 0.0 in 12 hours in 2 weeks"
