"""What the store knows for deciding when and what to tell, the same in every database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.model import (
    Alert,
    Feed,
    Item,
    Message,
    Notification,
    NotificationKind,
    NotificationState,
    Observation,
    Outcome,
    Severity,
)
from monitor.store import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TARGET = ("desk", "mail", "")
ALERT = Alert(
    id="a1",
    rule="envoys",
    rule_version="v1",
    name="n",
    group="",
    severity=Severity.MEDIUM,
    title="t",
    reason="r",
    opened_at=NOON,
    updated_at=NOON,
)
TOLD = Notification(
    id="n1",
    alert_id="a1",
    route="desk",
    channel="mail",
    message=Message(title="t", body=""),
    created_at=NOON,
    next_attempt_at=NOON,
)
HELD = replace(TOLD, id="n2", state=NotificationState.HELD, bundle="catch-up", next_attempt_at=NOON + HOUR)


def save(store: Store, notifications: Sequence[Notification]) -> None:
    with store.unit() as unit:
        unit.save(Outcome(alerts=(ALERT,), notifications=tuple(notifications)))


def test_what_a_route_told_at_once_is_one_alert_for_each_message(store: Store) -> None:
    update = replace(TOLD, id="n3", kind=NotificationKind.UPDATE, created_at=NOON + HOUR)
    others = [
        replace(TOLD, id="n4", route="other"),
        replace(TOLD, id="n5", channel="chat"),
        replace(TOLD, id="n6", address="b@x.example"),
        replace(TOLD, id="n7", state=NotificationState.MUTED),
        replace(TOLD, id="n8", kind=NotificationKind.ESCALATION),
    ]
    save(store, [TOLD, HELD, update, *others])
    assert store.told_alerts(TARGET, NOON) == [ALERT, ALERT]
    assert store.told_alerts(TARGET, NOON + HOUR) == [ALERT]
    assert store.told_alerts(("desk", "mail", "b@x.example"), NOON) == [ALERT]


def test_everything_written_about_an_alert_is_found_and_alerts_by_their_ids(store: Store) -> None:
    save(store, [HELD, TOLD])
    assert store.notifications_of("a1") == [TOLD, HELD]
    assert store.notifications_of("a2") == []
    assert store.alerts_by_id(["a1", "a2"]) == {"a1": ALERT}
    assert store.alerts_by_id([]) == {}


def test_what_is_held_says_until_when_and_can_be_settled(store: Store) -> None:
    save(store, [TOLD, HELD])
    assert (store.held_until("catch-up"), store.held_until("storm")) == (NOON + HOUR, None)
    with store.unit() as unit:
        unit.settle([HELD, TOLD], NotificationState.MUTED, "muted by Anna", NOON)
    assert store.held_until("catch-up") is None
    settled = store.notification("n2")
    assert settled is not None
    assert (settled.state, settled.reason, settled.bundle) == (NotificationState.MUTED, "muted by Anna", "")
    assert [event.state for event in store.history("n2")] == [NotificationState.HELD, NotificationState.MUTED]
    assert store.notification("n1") == TOLD, "it was not held"


def test_coverage_counts_feeds_that_are_read_stale_and_never_read(store: Store) -> None:
    assert store.coverage(NOON) == "0 of 0 feeds read"
    store.sync_feeds([Feed(id=name, url=f"https://{name}.example") for name in ("a", "b", "c")], NOON)
    for lease in store.claim_feeds(NOON, limit=2, ttl=HOUR):
        read = NOON if lease.feed.id == "a" else NOON - 9 * HOUR
        state = replace(lease.state, first_polled_at=read, last_success_at=read, next_due_at=NOON)
        with store.unit() as unit:
            unit.finish_feed(lease, state)
    assert store.coverage(NOON) == "1 of 3 feeds read, 1 stale, 1 never read"


def test_coverage_counts_a_feed_that_is_read_and_silent_against_its_own_rate(store: Store) -> None:
    store.sync_feeds([Feed(id="a", url="https://a.example")], NOON)
    [lease] = store.claim_feeds(NOON, limit=1, ttl=HOUR)
    state = replace(lease.state, first_polled_at=NOON, last_success_at=NOON, overdue_at=NOON - HOUR)
    with store.unit() as unit:
        unit.finish_feed(lease, state)
    assert store.coverage(NOON) == "1 of 1 feeds read, 1 silent"


def test_the_last_sign_of_life_is_that_of_any_service(store: Store) -> None:
    assert store.last_seen() is None
    store.beat("one", NOON)
    store.beat("two", NOON - HOUR)
    assert store.last_seen() == NOON


def test_observations_of_rules_are_counted_by_their_times(store: Store) -> None:
    item = Item(id="i1", feed_id="f", title="t", first_seen_at=NOON)
    seen = Observation(id="o1", rule="envoys", rule_version="v1", item_id="i1", at=NOON)
    others = (replace(seen, id="o2", rule="other"), replace(seen, id="o3", at=NOON - HOUR))
    with store.unit() as unit:
        unit.add_items([item])
        unit.save(Outcome(observations=(seen, *others)))
    assert store.observation_times(["envoys"], NOON) == [("envoys", NOON)]
    assert store.observation_times([], NOON) == []
