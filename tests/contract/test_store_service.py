"""What a running service asks of the store besides its data: named feeds, free channels, a sign of life, a restart."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import (
    Alert,
    AlertState,
    Feed,
    Message,
    Notification,
    Outcome,
    Severity,
)
from monitor.store import Store
from tests.fakes import begin_due

MINUTE = timedelta(minutes=1)
NOTIFICATION_ID = "notification-{}"


def with_feeds(store: Store, now: datetime, *names: str) -> None:
    store.sync_feeds([Feed(id=name, url=f"https://{name}.example/") for name in names], now)


def with_notifications(store: Store, now: datetime, *channels: str) -> None:
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
    blank = Notification(
        id="",
        alert_id="alert",
        alert_state=AlertState.FIRING,
        route="all",
        channel="",
        message=Message(title="Something happened", body=""),
        created_at=now,
        next_attempt_at=now,
    )
    rows = tuple(replace(blank, id=NOTIFICATION_ID.format(channel), channel=channel) for channel in channels)
    with store.unit() as unit:
        unit.save(Outcome(alerts=(alert,), notifications=rows))


def test_named_feeds_are_claimed_whether_due_or_not(store: Store, now: datetime) -> None:
    with_feeds(store, now + MINUTE, "a", "b")
    assert store.claim_feeds(now, limit=9, ttl=MINUTE) == []
    assert [lease.feed.id for lease in store.claim_feeds(now, limit=9, ttl=MINUTE, feed_ids=["b"])] == ["b"]
    assert store.claim_feeds(now, limit=9, ttl=MINUTE, feed_ids=["b"]) == [], "it is in somebody's hands"


def test_only_notifications_for_the_channels_asked_for_are_claimed(store: Store, now: datetime) -> None:
    with_notifications(store, now, "mail", "slack")
    assert begin_due(store, now, limit=9, ttl=MINUTE, channels=[]) == []
    [lease] = begin_due(store, now, limit=9, ttl=MINUTE, channels=["slack"])
    assert lease.notification.channel == "slack"
    [lease] = begin_due(store, now, limit=9, ttl=MINUTE)
    assert lease.notification.channel == "mail"


def test_the_last_sign_of_life_is_kept_for_each_service(store: Store, now: datetime) -> None:
    assert store.last_beat("one") is None
    store.beat("one", now)
    store.beat("two", now + MINUTE)
    store.beat("one", now + 2 * MINUTE)
    assert (store.last_beat("one"), store.last_beat("two")) == (now + 2 * MINUTE, now + MINUTE)


def test_a_restart_on_a_file_frees_what_a_killed_service_held(store: Store, url: str, now: datetime) -> None:
    with_feeds(store, now, "a")
    with_notifications(store, now, "mail")
    store.claim_feeds(now, limit=9, ttl=MINUTE)
    begin_due(store, now, limit=9, ttl=MINUTE)
    store.take_over(now)
    freed = url.startswith("sqlite")
    assert len(store.claim_feeds(now, limit=9, ttl=MINUTE)) == freed
    assert len(begin_due(store, now, limit=9, ttl=MINUTE)) == freed
    assert len(store.claim_feeds(now + MINUTE, limit=9, ttl=MINUTE)) == 1, "elsewhere the leases expire"
