"""Declared feeds and what the store keeps of them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model import Feed, FeedState
from monitor.store import LeaseLost, Store

MINUTE = timedelta(minutes=1)
DAILY = Feed(id="daily", url="https://example.org/rss", publisher="The Daily", tags=("a", "b"), every=5 * MINUTE)
WEEKLY = Feed(id="weekly", url="https://example.net/feed")


def learn(store: Store, now: datetime) -> FeedState:
    """Poll the only due feed once, with everything a poll can teach."""
    (lease,) = store.claim_feeds(now, limit=1, ttl=MINUTE)
    state = replace(
        lease.state,
        url="https://moved.example.org/rss",
        etag='"v1"',
        last_modified="Sun, 01 Mar 2026 12:00:00 GMT",
        body_hash="abc",
        failures=2,
        last_error="503",
        first_polled_at=now,
        next_due_at=now + 30 * MINUTE,
    )
    with store.unit() as unit:
        unit.finish_feed(lease, state)
    return state


def test_a_new_feed_is_due_now_at_its_own_pace(store: Store, now: datetime) -> None:
    store.sync_feeds([WEEKLY, DAILY], now)
    assert store.feeds() == [
        (DAILY, FeedState(feed_id="daily", url=DAILY.url, next_due_at=now, interval=5 * MINUTE)),
        (WEEKLY, FeedState(feed_id="weekly", url=WEEKLY.url, next_due_at=now)),
    ]


def test_until_when_others_could_be_read_is_known(store: Store, now: datetime) -> None:
    store.sync_feeds([DAILY], now)
    with store.unit() as unit:
        assert unit.others_readable_until("daily", now) == now, "there is no other"
    store.sync_feeds([DAILY, WEEKLY], now)
    (lease,) = store.claim_feeds(now, limit=1, ttl=MINUTE, feed_ids=["weekly"])
    with store.unit() as unit:
        assert unit.others_readable_until("daily", now) is None
        unit.finish_feed(lease, replace(lease.state, last_success_at=now - MINUTE))
    with store.unit() as unit:
        assert unit.others_readable_until("daily", now) == now - MINUTE
        assert unit.others_readable_until("weekly", now) is None


def test_new_labels_are_kept_and_the_polling_state_stays(store: Store, now: datetime) -> None:
    store.sync_feeds([DAILY], now)
    state = learn(store, now)
    relabelled = replace(DAILY, publisher="Daily Group", tags=("c",), every=None)
    store.sync_feeds([relabelled], now + MINUTE)
    assert store.feeds() == [(relabelled, state)]


@pytest.mark.parametrize(
    "change", [{"url": "https://example.org/new"}, {"kind": "json_feed"}], ids=["another address", "another kind"]
)
def test_a_feed_that_reads_differently_is_read_afresh(store: Store, now: datetime, change: dict[str, str]) -> None:
    store.sync_feeds([DAILY], now)
    state = learn(store, now)
    changed = replace(DAILY, **change)  # type: ignore[arg-type]
    store.sync_feeds([changed], now + MINUTE)
    afresh = replace(
        state,
        url=changed.url,
        etag="",
        last_modified="",
        body_hash="",
        failures=0,
        last_error="",
        next_due_at=now + MINUTE,
    )
    assert store.feeds() == [(changed, afresh)]


def test_a_poll_of_the_old_address_comes_too_late(store: Store, now: datetime) -> None:
    store.sync_feeds([DAILY], now)
    (lease,) = store.claim_feeds(now, limit=1, ttl=MINUTE)
    store.sync_feeds([replace(DAILY, url="https://example.org/new")], now)
    with pytest.raises(LeaseLost), store.unit() as unit:
        unit.finish_feed(lease, lease.state)


def test_a_feed_no_longer_declared_rests_and_comes_back_with_its_state(store: Store, now: datetime) -> None:
    store.sync_feeds([DAILY], now)
    state = learn(store, now)
    store.sync_feeds([WEEKLY], now)
    assert [feed for feed, _ in store.feeds()] == [WEEKLY]
    assert [lease.feed for lease in store.claim_feeds(now + 60 * MINUTE, limit=9, ttl=MINUTE)] == [WEEKLY]
    store.sync_feeds([DAILY], now)
    assert store.feeds() == [(DAILY, state)]


def test_a_poll_of_a_feed_no_longer_declared_is_dropped(store: Store, now: datetime) -> None:
    store.sync_feeds([DAILY], now)
    (lease,) = store.claim_feeds(now, limit=1, ttl=MINUTE)
    store.sync_feeds([], now)
    with pytest.raises(LeaseLost), store.unit() as unit:
        unit.finish_feed(lease, lease.state)


def test_declaring_the_same_again_changes_nothing_even_under_a_lease(store: Store, now: datetime) -> None:
    store.sync_feeds([DAILY, WEEKLY], now)
    leases = store.claim_feeds(now, limit=9, ttl=MINUTE)
    before = store.feeds()
    store.sync_feeds([DAILY, WEEKLY], now + MINUTE)
    assert store.feeds() == before
    with store.unit() as unit:
        for lease in leases:
            unit.finish_feed(lease, lease.state)
