"""How much is told now against before."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Observation
from monitor.rules.trends import daily, first_told, trend

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)


def ago(*days: float) -> list[datetime]:
    return sorted(NOW - timedelta(days=each) for each in days)


def since(days: float) -> datetime:
    return NOW - timedelta(days=days)


def told(id_: str, story: str, days: float) -> Observation:
    return Observation(id=id_, rule="r", rule_version="1", item_id=id_, story=story, at=NOW - timedelta(days=days))


def test_a_story_is_counted_when_it_was_first_told():
    assert first_told([told("b", "s", 1), told("a", "s", 3), told("c", "", 2)]) == ago(3, 2)


def test_days_are_24_hours_back_from_now_the_earliest_first():
    assert daily(ago(0, 0.5, 1, 6.9, 7), NOW) == (1, 0, 0, 0, 0, 1, 2)


@pytest.mark.parametrize("watched", [None, since(1.9)])
def test_two_days_of_watching_are_needed_to_compare(watched: datetime | None):
    assert str(trend(ago(0, 1), watched, NOW)) == "too early to tell"


def test_in_the_first_weeks_the_halves_are_compared():
    falling = trend(ago(3.9, 3.5, 3.2, 3, 2.9, 2.8, 2.7, 2.5, 2.4, 1), since(4), NOW)
    assert str(falling) == "falling: 1 in the last 2 days against 9 in the 2 days before"
    assert trend(ago(3, 1, 0.2), since(4), NOW).direction == "steady"
    assert trend(ago(1.2, 1, 0.9, 0.8, 0.2), since(4), NOW).direction == "rising"


def test_later_a_week_is_compared_with_up_to_four_before():
    usual = [n + 0.5 for n in range(7, 35)]
    assert (
        str(trend(ago(*usual), since(300), NOW))
        == "falling: 0 in the last 7 days against 7.0 a week in the 28 days before"
    )
    assert (
        str(trend(ago(*range(7, 14)), since(14), NOW))
        == "falling: 0 in the last 7 days against 7.0 a week in the 7 days before"
    )
    assert trend(ago(*usual, *range(7)), since(300), NOW).direction == "steady"
    assert trend(ago(*usual, *(n / 4 for n in range(20))), since(300), NOW).direction == "rising"


def test_what_is_older_than_our_watching_is_no_baseline():
    assert "against 0.0 a week" in str(trend(ago(*range(15, 30)), since(14), NOW))


def test_nothing_against_nothing_is_steady():
    assert trend([], since(30), NOW).direction == "steady"


@given(days=st.lists(st.floats(0, 40), max_size=30), watched=st.floats(0, 60))
@settings(max_examples=100, deadline=None)
def test_a_story_more_now_never_makes_it_fall(days: list[float], watched: float):
    before, after = trend(ago(*days), since(watched), NOW), trend(ago(*days, 0), since(watched), NOW)
    order = ["falling", "steady", "rising"]
    if before.direction:
        assert order.index(after.direction) >= order.index(before.direction)
