"""Since when we have watched is known from what polling the feeds has brought."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model import Feed, FeedState, Item
from monitor.store import Store
from monitor.store.watch import unwatched, watched_since

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def state(now: datetime, since: timedelta | None, last: timedelta = MINUTE) -> FeedState:
    known = FeedState(feed_id="f", url="https://a.example", next_due_at=now)
    if since is None:
        return known
    return replace(known, watched_since=now - since, last_success_at=now - last)


def test_enough_feeds_make_a_watch_and_the_latest_of_them_dates_it(now: datetime) -> None:
    feeds = [state(now, days * DAY) for days in (9, 8, 7, 6)] + [state(now, None)]
    assert watched_since(feeds, now) == now - 6 * DAY
    assert unwatched(feeds, now) == "1 of 5 feeds never read"


def test_too_many_failing_feeds_are_no_watch_and_say_since_when(now: datetime) -> None:
    feeds = [state(now, 9 * DAY)] * 6 + [state(now, 9 * DAY, last=hours * HOUR) for hours in (4, 5, 6)]
    assert watched_since(feeds, now) is None
    assert unwatched(feeds, now) == "3 of 9 feeds failing since 06:00 UTC"


def test_an_old_failure_is_told_with_its_day(now: datetime) -> None:
    assert unwatched([state(now, 9 * DAY, last=2 * DAY)], now) == "1 of 1 feeds failing since 27 Feb 12:00 UTC"


def test_a_feed_silent_against_its_own_rate_is_not_watched(now: datetime) -> None:
    silent = replace(state(now, 9 * DAY), last_item_at=now - 3 * DAY, overdue_at=now - DAY)
    assert watched_since([silent], now) is None
    assert unwatched([silent], now) == "1 of 1 feeds silent since 26 Feb 12:00 UTC, unlike before"
    both = [silent, state(now, 9 * DAY, last=5 * HOUR), state(now, 9 * DAY)]
    failing = "1 of 3 feeds failing since 07:00 UTC"
    assert unwatched(both, now) == f"{failing}, 1 silent since 26 Feb 12:00 UTC, unlike before"
    assert watched_since([replace(silent, overdue_at=now)], now) == now - 9 * DAY


def test_a_slow_feed_is_watched_between_its_polls(now: datetime) -> None:
    slow = replace(state(now, 9 * DAY, last=8 * HOUR), interval=6 * HOUR)
    assert watched_since([slow], now) == now - 9 * DAY
    assert unwatched([slow], now) == ""


def test_no_feeds_watch_nothing(now: datetime) -> None:
    assert watched_since([], now) is None


@pytest.fixture
def polled(store: Store, now: datetime) -> Store:
    """A store whose only feed was read a minute ago, and without a gap for two days."""
    store.sync_feeds([Feed(id="daily", url="https://a.example")], now - 2 * DAY)
    [lease] = store.claim_feeds(now, limit=1, ttl=HOUR)
    learned = replace(lease.state, watched_since=now - 2 * DAY, last_success_at=now - MINUTE)
    with store.unit() as unit:
        unit.finish_feed(lease, learned)
    return store


def test_a_unit_knows_since_when_feeds_were_watched(polled: Store, now: datetime) -> None:
    with polled.unit() as unit:
        assert (unit.watched_since("rule", now), unit.unwatched("rule", now)) == (now - 2 * DAY, "")
        later = now + 4 * HOUR
        assert unit.watched_since("rule", later) is None
        assert unit.unwatched("rule", later) == "1 of 1 feeds failing since 11:59 UTC"


def test_where_no_feed_is_declared_the_first_item_began_the_watch(store: Store, now: datetime) -> None:
    with store.unit() as unit:
        assert unit.watched_since("rule", now) is None
        unit.add_items([Item(id=str(n), feed_id="f", title="News", first_seen_at=now - n * DAY) for n in (1, 3, 2)])
        assert unit.watched_since("rule", now) == now - 3 * DAY


def test_a_unit_knows_what_the_poll_it_finished_taught(store: Store, now: datetime) -> None:
    store.sync_feeds([Feed(id="f", url="https://a.example")], now)
    (lease,) = store.claim_feeds(now, limit=1, ttl=HOUR)
    with store.unit() as unit:
        before = unit.feed_states()
        unit.finish_feed(lease, replace(lease.state, first_polled_at=now, last_success_at=now, etag="e"))
        after = unit.feed_states()
    assert (before[0].first_polled_at, after[0].first_polled_at) == (None, now)
    assert after[0].watched(now) == now
