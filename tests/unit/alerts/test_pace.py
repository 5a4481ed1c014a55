"""Tests of monitor.alerts.pace."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.pace import LONGEST_PAUSE, Pace
from monitor.model import Rate

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def pace_of(count: int, seconds: int = 10) -> Pace:
    rate = Rate(count=count, span=seconds * SECOND)
    return Pace(lambda channel, address: rate if channel == "chat" else None)


@given(st.lists(st.integers(0, 60), max_size=60).map(sorted), st.integers(1, 5))
def test_no_span_ever_holds_more_than_the_rate(asked: list[int], count: int) -> None:
    pace = pace_of(count)
    taken = [second for second in asked if pace.take("chat", "1", NOON + second * SECOND)]
    assert all(sum(first <= each < first + 10 for each in taken) <= count for first in taken)


@given(st.lists(st.integers(0, 60), max_size=60).map(sorted), st.integers(1, 5))
def test_a_target_is_never_held_up_without_need(asked: list[int], count: int) -> None:
    pace, taken = pace_of(count), list[int]()
    for second in asked:
        room = sum(second - 10 < each for each in taken) < count
        assert pace.take("chat", "1", NOON + second * SECOND) == room
        taken += [second] * room


def test_each_address_has_its_own_rate_and_those_that_are_full_are_named() -> None:
    pace = pace_of(1)
    assert pace.take("chat", "1", NOON)
    assert pace.take("chat", "2", NOON + 5 * SECOND)
    assert (pace.full("chat", NOON + 5 * SECOND), pace.full("mail", NOON)) == (["1", "2"], [])
    assert pace.next_free(NOON + 5 * SECOND) == NOON + 10 * SECOND
    assert pace.full("chat", NOON + 10 * SECOND) == ["2"]
    assert pace.next_free(NOON + 15 * SECOND) is None


def test_a_channel_without_a_rate_is_always_free() -> None:
    pace = pace_of(1)
    assert all(pace.take("mail", "", NOON) for _ in range(100))


def test_what_was_sent_before_a_restart_counts() -> None:
    pace = pace_of(2)
    pace.remember("chat", "1", NOON)
    pace.remember("chat", "1", NOON + SECOND)
    assert not pace.take("chat", "1", NOON + 2 * SECOND)
    assert pace.take("chat", "1", NOON + 10 * SECOND)


def test_a_channel_that_asked_for_it_is_left_alone_as_long_as_is_reasonable() -> None:
    pace = pace_of(1)
    assert not pace.paused("chat", NOON)
    pace.pause("chat", 30 * SECOND, NOON)
    pace.pause("chat", 5 * SECOND, NOON)
    pace.pause("mail", timedelta(days=9), NOON)
    assert pace.paused("chat", NOON + 29 * SECOND)
    assert not pace.paused("chat", NOON + 30 * SECOND)
    assert pace.paused("mail", NOON + LONGEST_PAUSE - SECOND)
    assert not pace.paused("mail", NOON + LONGEST_PAUSE)
