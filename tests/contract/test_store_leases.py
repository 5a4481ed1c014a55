"""Whoever claims works alone, and only as long as the lease lasts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.errors import StoreError
from monitor.model import (
    Alert,
    AlertState,
    Feed,
    FeedLease,
    Item,
    Message,
    Notification,
    NotificationLease,
    NotificationState,
    Outcome,
    Severity,
)
from monitor.store import LeaseLost, Store
from tests.fakes import begin_due

MINUTE = timedelta(minutes=1)


def with_feeds(store: Store, count: int, now: datetime) -> list[str]:
    ids = [f"feed-{number:04}" for number in range(count)]
    store.sync_feeds([Feed(id=feed_id, url=f"https://example.org/{feed_id}") for feed_id in ids], now)
    return ids


def with_notifications(store: Store, count: int, now: datetime) -> list[str]:
    alert = Alert(
        id="alert",
        rule="rule",
        rule_version="1",
        name="any",
        group="",
        severity=Severity.HIGH,
        title="Something happened",
        reason="1 match",
        opened_at=now,
        updated_at=now,
    )
    rows = [
        Notification(
            id=f"notification-{number:04}",
            alert_id="alert",
            alert_state=AlertState.FIRING,
            route="all",
            channel="mail",
            message=Message(title="Something happened", body=""),
            created_at=now,
            next_attempt_at=now + number * timedelta(seconds=1),
        )
        for number in range(count)
    ]
    with store.unit() as unit:
        unit.save(Outcome(alerts=(alert,), notifications=tuple(rows)))
    return [row.id for row in rows]


def claim_until_empty(store: Store, now: datetime) -> list[str]:
    claimed: list[str] = []
    while leases := store.claim_feeds(now, limit=7, ttl=MINUTE):
        claimed += [lease.feed.id for lease in leases]
    return claimed


def one_feed(store: Store, now: datetime, ttl: timedelta = MINUTE) -> FeedLease:
    (lease,) = store.claim_feeds(now, limit=1, ttl=ttl)
    return lease


def one_notification(store: Store, now: datetime) -> NotificationLease:
    (lease,) = begin_due(store, now, limit=1, ttl=MINUTE)
    return lease


# --- feeds ----------------------------------------------------------------------------------------------------------


def test_eight_threads_in_two_stores_never_get_the_same_feed(
    store: Store, open_store: Callable[..., Store], now: datetime
) -> None:
    ids = with_feeds(store, 300, now)
    stores = [store, open_store()]
    with ThreadPoolExecutor(8) as pool:
        claimed = pool.map(lambda worker: claim_until_empty(stores[worker % 2], now), range(8))
        assert sorted(feed_id for some in claimed for feed_id in some) == ids


def test_the_longest_due_feed_comes_first_and_the_limit_holds(store: Store, now: datetime) -> None:
    with_feeds(store, 4, now)
    leases = store.claim_feeds(now, limit=4, ttl=MINUTE)
    with store.unit() as unit:
        for lease, minutes in zip(leases, (3, 1, 2, 9), strict=True):
            unit.finish_feed(lease, replace(lease.state, next_due_at=now + minutes * MINUTE))
    claimed = store.claim_feeds(now + 5 * MINUTE, limit=2, ttl=MINUTE)
    assert [lease.feed.id for lease in claimed] == ["feed-0001", "feed-0002"]


def test_feeds_without_room_stay_due_and_those_behind_them_come(store: Store, now: datetime) -> None:
    with_feeds(store, 300, now)
    asked: list[str] = []

    def room(url: str) -> bool:
        asked.append(url)
        return len(asked) > 250

    claimed = store.claim_feeds(now, limit=2, ttl=MINUTE, room=room)
    assert [lease.feed.url for lease in claimed] == asked[250:252]
    assert len(asked) == 252, "who comes behind is not even looked at"
    assert len(store.claim_feeds(now, limit=999, ttl=MINUTE, room=lambda url: True)) == 298
    assert store.claim_feeds(now, limit=9, ttl=MINUTE, room=lambda url: True) == []


def test_a_feed_that_is_not_due_stays(store: Store, now: datetime) -> None:
    with_feeds(store, 1, now)
    assert store.claim_feeds(now - timedelta(microseconds=1), limit=9, ttl=MINUTE) == []
    assert len(store.claim_feeds(now, limit=9, ttl=MINUTE)) == 1


def test_an_expired_lease_is_taken_over_and_a_living_one_is_not(store: Store, now: datetime) -> None:
    with_feeds(store, 1, now)
    first = one_feed(store, now)
    assert first.until == now + MINUTE
    assert store.claim_feeds(now + MINUTE - timedelta(microseconds=1), limit=1, ttl=MINUTE) == []
    second = one_feed(store, now + MINUTE)
    assert second.token != first.token


def test_a_late_finish_is_refused_and_undoes_its_whole_unit(store: Store, now: datetime) -> None:
    with_feeds(store, 1, now)
    late = one_feed(store, now)
    one_feed(store, now + MINUTE)
    news = Item(id="item", feed_id="feed-0000", keys=("key",), title="News", first_seen_at=now)

    def poll() -> None:
        with store.unit() as unit:
            unit.add_items([news])
            unit.finish_feed(late, replace(late.state, etag="late"))

    with pytest.raises(LeaseLost, match="feed-0000"):
        poll()
    assert store.item("item") is None
    assert store.known("feed-0000", ["key"]) == {}
    ((_, state),) = store.feeds()
    assert state.etag == ""


def test_an_expired_lease_nobody_took_over_may_still_finish(store: Store, now: datetime) -> None:
    with_feeds(store, 1, now)
    lease = one_feed(store, now, ttl=timedelta(0))
    with store.unit() as unit:
        unit.finish_feed(lease, replace(lease.state, etag="slow"))
    ((_, state),) = store.feeds()
    assert state.etag == "slow"


def test_a_lease_can_be_finished_once(store: Store, now: datetime) -> None:
    with_feeds(store, 1, now)
    lease = one_feed(store, now)
    with store.unit() as unit:
        unit.finish_feed(lease, lease.state)
    with pytest.raises(LeaseLost), store.unit() as unit:
        unit.finish_feed(lease, lease.state)


def test_released_feeds_are_due_at_once_with_their_state(store: Store, now: datetime) -> None:
    with_feeds(store, 3, now)
    leases = store.claim_feeds(now, limit=3, ttl=MINUTE)
    store.release_feeds(leases[:2])
    again = store.claim_feeds(now, limit=3, ttl=MINUTE)
    assert [(lease.feed, lease.state) for lease in again] == [(lease.feed, lease.state) for lease in leases[:2]]


def test_releasing_a_lost_or_no_lease_changes_nothing(store: Store, now: datetime) -> None:
    with_feeds(store, 1, now)
    lost = one_feed(store, now)
    current = one_feed(store, now + MINUTE)
    store.release_feeds([lost])
    store.release_feeds([])
    with store.unit() as unit:
        unit.finish_feed(current, current.state)


# --- notifications --------------------------------------------------------------------------------------------------


def test_eight_threads_never_send_the_same_notification(store: Store, now: datetime) -> None:
    ids = with_notifications(store, 100, now)

    def send_all(_worker: int) -> list[str]:
        sent = []
        while leases := begin_due(store, now + 10 * MINUTE, limit=3, ttl=MINUTE):
            for lease in leases:
                done = replace(lease.notification, state=NotificationState.SENT, sent_at=now, receipt="taken")
                store.finish_notification(lease, done, now)
                sent.append(lease.notification.id)
        return sent

    with ThreadPoolExecutor(8) as pool:
        assert sorted(each for some in pool.map(send_all, range(8)) for each in some) == ids
    assert {row.state for row in store.notifications()} == {NotificationState.SENT}


def test_notifications_come_when_due_the_longest_due_first(store: Store, now: datetime) -> None:
    ids = with_notifications(store, 3, now)
    claimed = begin_due(store, now + timedelta(seconds=1), limit=9, ttl=MINUTE)
    assert [lease.notification.id for lease in claimed] == ids[:2]


@pytest.mark.parametrize("state", [NotificationState.SENT, NotificationState.DEAD])
def test_a_finished_notification_is_never_claimed_again(store: Store, now: datetime, state: NotificationState) -> None:
    with_notifications(store, 1, now)
    lease = one_notification(store, now)
    store.finish_notification(lease, replace(lease.notification, state=state, reason="over"), now)
    assert begin_due(store, now + 60 * MINUTE, limit=1, ttl=MINUTE) == []


def test_a_notification_to_be_tried_again_comes_back_as_it_was_left(store: Store, now: datetime) -> None:
    with_notifications(store, 1, now)
    lease = one_notification(store, now)
    retry = replace(lease.notification, attempts=1, next_attempt_at=now + 5 * MINUTE, reason="429, again in 5 min")
    store.finish_notification(lease, retry, now)
    assert begin_due(store, now + 4 * MINUTE, limit=1, ttl=MINUTE) == []
    assert one_notification(store, now + 5 * MINUTE).notification == retry


def test_a_late_sender_is_refused(store: Store, now: datetime) -> None:
    with_notifications(store, 1, now)
    late = one_notification(store, now)
    one_notification(store, now + MINUTE)
    with pytest.raises(LeaseLost, match="notification-0000"):
        store.finish_notification(late, replace(late.notification, state=NotificationState.SENT), now)
    assert [row.state for row in store.notifications()] == [NotificationState.PENDING]


def test_released_notifications_are_due_at_once(store: Store, now: datetime) -> None:
    with_notifications(store, 1, now)
    lease = one_notification(store, now)
    store.release_notifications([lease])
    assert one_notification(store, now).notification == lease.notification


def test_a_lost_lease_is_a_store_error() -> None:
    assert issubclass(LeaseLost, StoreError)
