"""count: that many different ones in a window that slides with time."""

from collections.abc import Callable
from datetime import timedelta

THREE = "when: {count: 3, within: 72h}"


def test_it_fires_when_enough_stories_are_in_the_window(
    condition: Callable, seen: Callable, memory: Callable, firing: Callable, now
) -> None:
    history = memory(seen(4), seen(2), seen(1), seen(0))

    (verdict,) = condition(THREE).judge("r", history.kept[-1:], history, now)

    assert verdict.firing
    assert verdict.reason == "3 stories in 3 days"
    assert list(verdict.observations) == history.kept[1:]


def test_reports_of_one_story_count_once(condition: Callable, seen: Callable, memory: Callable, now) -> None:
    history = memory(seen(2, story="a"), seen(1, story="a"), seen(0, story="b"))

    (verdict,) = condition(THREE).judge("r", (), history, now)

    assert not verdict.firing
    assert verdict.reason == "2 of 3 stories in 3 days"


def test_other_things_can_be_counted(condition: Callable, seen: Callable, memory: Callable, now) -> None:
    same = memory(seen(country="PL"), seen(country="PL"), seen(country=""))
    different = memory(seen(country="PL"), seen(country="LT"))
    judge = condition("when: {count: 2, within: 3 days, distinct: country}").judge

    assert [each.reason for each in judge("r", (), same, now)] == ["1 of 2 countries in 3 days"]
    assert [each.firing for each in judge("r", (), different, now)] == [True]


def test_history_helps_but_does_not_fire_alone(condition: Callable, seen: Callable, memory: Callable, now) -> None:
    old = [seen(1, historic=True) for _ in range(3)]
    judge = condition(THREE).judge

    assert not judge("r", (), memory(*old), now)[0].firing
    assert judge("r", (), memory(*old[:2], seen(0)), now)[0].firing


def test_a_group_that_falls_below_ends_with_time(condition: Callable, seen: Callable, memory: Callable, now) -> None:
    history = memory(*(seen(0, country=country) for country in ("PL", "PL", "LT")))
    judge = condition("{when: {count: 2, within: 1d}, group: [country]}").judge

    before = {each.group: each.firing for each in judge("r", (), history, now)}
    after = {each.group: each.firing for each in judge("r", (), history, now + timedelta(days=1))}
    long_after = judge("r", (), history, now + timedelta(days=3))

    assert before == {"PL": True, "LT": False}
    assert after == {"PL": False, "LT": False}
    assert long_after == []


def test_the_answer_does_not_depend_on_what_is_new(condition: Callable, seen: Callable, memory: Callable, now) -> None:
    history = memory(seen(2), seen(1), seen(0))
    judge = condition(THREE).judge

    assert judge("r", (), history, now) == judge("r", history.kept, history, now)
