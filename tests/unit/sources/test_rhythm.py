"""When a feed's silence is unlike it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.model import FeedState, ParsedFeed, ParsedItem
from monitor.sources.rhythm import longest_pause, overdue_at

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def document(times: Iterable[datetime]) -> ParsedFeed:
    items = (ParsedItem(guid=str(at), link="", title=str(at), published_at=at) for at in sorted(times, reverse=True))
    return ParsedFeed(items=tuple(items))


def office_hours(days: int) -> list[datetime]:
    """An item an hour from nine to five, Monday to Friday."""
    every = (MONDAY + day * DAY + hour * HOUR for day in range(days) for hour in range(8))
    return [at for at in every if at.weekday() < 5]


def poll(state: FeedState, times: Iterable[datetime], now: datetime) -> FeedState:
    parsed = document([at for at in times if at <= now][-20:])
    newest = max(parsed.published)
    longest = longest_pause(state, parsed, newest)
    learnt = replace(state, last_item_at=newest, longest_pause=longest)
    return replace(learnt, overdue_at=overdue_at(learnt, parsed, now), first_polled_at=state.first_polled_at or now)


def watched(times: list[datetime], until: datetime) -> FeedState:
    """The feed, read whenever it had something new."""
    state = FeedState(feed_id="herald", url="https://herald.example", next_due_at=MONDAY)
    for at in times[10:]:
        if at <= until:
            state = poll(state, times, at + HOUR / 4)
    return state


def test_no_night_and_no_weekend_is_a_silence():
    times = office_hours(28)
    states = [watched(times, at) for at in times[12::9]]
    nexts = [
        next(at for at in [*times, times[-1] + DAY] if state.last_item_at and at > state.last_item_at)
        for state in states
    ]
    assert not any(state.silent(at) for state, at in zip(states, nexts, strict=True))


def test_an_office_that_stops_is_told_in_the_week_after_the_next_weekend():
    state = watched(office_hours(28), MONDAY + 28 * DAY)
    assert state.last_item_at
    assert not state.silent(state.last_item_at + 6 * DAY)
    assert state.silent(state.last_item_at + 9 * DAY)


def test_a_wire_that_stops_is_told_after_a_day():
    times = [MONDAY + number * HOUR / 4 for number in range(4 * 24 * 10)]
    state = watched(times, times[-1])
    assert not state.silent(times[-1] + 20 * HOUR)
    assert state.silent(times[-1] + 25 * HOUR)


def test_a_feed_of_which_no_weekend_was_seen_is_given_one():
    times = [MONDAY + number * HOUR / 4 for number in range(40)]
    state = watched(times, times[-1])
    assert not state.silent(times[-1] + 7 * DAY)
    assert state.silent(times[-1] + 9 * DAY)


def test_a_feed_that_was_dead_before_we_came_did_not_fall_silent():
    times = office_hours(14)
    state = poll(FeedState(feed_id="herald", url="", next_due_at=MONDAY), times, MONDAY + 300 * DAY)
    assert state.overdue_at is None


def test_an_entry_pinned_for_months_is_no_pause():
    pinned = [MONDAY - 200 * DAY, MONDAY - 90 * DAY]
    parsed = document([*pinned, *(MONDAY + number * HOUR for number in range(10))])
    assert longest_pause(FeedState(feed_id="h", url="", next_due_at=MONDAY), parsed, None) == HOUR


def test_a_feed_without_dates_is_never_silent():
    parsed = ParsedFeed(items=(ParsedItem(guid="1", link="", title="one"),))
    state = FeedState(feed_id="h", url="", next_due_at=MONDAY)
    assert longest_pause(state, parsed, None) is None
    assert overdue_at(state, parsed, MONDAY) is None
