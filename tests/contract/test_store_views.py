"""What status and the lists show, and what housekeeping leaves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.model import (
    Alert,
    AlertState,
    Feed,
    Item,
    KnownItem,
    Message,
    Notification,
    NotificationState,
    Observation,
    Outcome,
    Severity,
)
from monitor.store import Counts, Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def item(name: str, hours: int = 0) -> Item:
    first_seen_at = NOON + hours * HOUR
    return Item(
        id=name, feed_id="feed", keys=(f"guid:{name}",), title=name, link=f"http://{name}", first_seen_at=first_seen_at
    )


def observation(name: str, item_id: str = "item") -> Observation:
    return Observation(id=name, rule="rule", rule_version="1", item_id=item_id, at=NOON)


def alert(name: str, hours: int = 0, rule: str = "rule", observations: tuple[str, ...] = ()) -> Alert:
    return Alert(
        id=name,
        rule=rule,
        rule_version="1",
        name="any",
        group="",
        severity=Severity.LOW,
        title=name,
        reason="because",
        observation_ids=observations,
        opened_at=NOON + hours * HOUR,
        updated_at=NOON,
    )


def ended(alert: Alert) -> Alert:
    return replace(alert, state=AlertState.RESOLVED, ended_at=NOON)


def notification(name: str, alert_id: str, hours: int, state: NotificationState) -> Notification:
    return Notification(
        id=name,
        alert_id=alert_id,
        alert_state=AlertState.FIRING,
        route="all",
        channel="mail",
        message=Message(title="", body=""),
        state=state,
        created_at=NOON + hours * HOUR,
        next_attempt_at=NOON,
    )


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with some of everything."""
    outcome = Outcome(
        observations=(observation("o1"), observation("o2"), observation("o3")),
        alerts=(
            alert("first", 0, observations=("o3", "o1")),
            ended(alert("second", 1)),
            alert("third", 2, rule="other"),
        ),
        notifications=(
            notification("n1", "first", 0, NotificationState.SENT),
            notification("n2", "first", 1, NotificationState.PENDING),
            notification("n3", "third", 2, NotificationState.DEAD),
        ),
    )
    with store.unit() as unit:
        unit.add_items([item("item"), item("later", 1), item("between", 1)])
        unit.save(outcome)
    return store


def test_counts_of_an_empty_store_are_zero(store: Store) -> None:
    assert store.counts() == Counts(**dict.fromkeys(Counts.__dataclass_fields__, 0))


def test_counts_tell_how_much_there_is_of_everything(filled: Store) -> None:
    filled.sync_feeds([Feed(id=name, url="https://example.org") for name in "abcd"], NOON)
    leases = filled.claim_feeds(NOON, limit=2, ttl=HOUR)
    with filled.unit() as unit:
        unit.finish_feed(leases[0], replace(leases[0].state, failures=3))
        unit.finish_feed(leases[1], replace(leases[1].state, first_polled_at=NOON))
    filled.sync_feeds([Feed(id=name, url="https://example.org") for name in "abc"], NOON)
    assert filled.counts() == Counts(
        feeds=3,
        feeds_failing=1,
        feeds_unread=2,
        items=3,
        observations=3,
        alerts=3,
        alerts_firing=2,
        notifications_pending=1,
        notifications_held=0,
        notifications_sent=1,
        notifications_dead=1,
        maybe_twice=0,
    )


def test_alerts_come_latest_first_and_can_be_chosen(filled: Store) -> None:
    def names(**choice: object) -> list[str]:
        return [each.id for each in filled.alerts(**choice)]  # type: ignore[arg-type]

    assert names() == ["third", "second", "first"]
    assert names(limit=2) == ["third", "second"]
    assert names(rule="rule") == ["second", "first"]
    assert names(state=AlertState.FIRING) == ["third", "first"]
    assert names(since=NOON + HOUR) == ["third", "second"]
    assert names(rule="rule", state=AlertState.FIRING, since=NOON) == ["first"]


def test_notifications_come_latest_first_and_can_be_chosen(filled: Store) -> None:
    assert [each.id for each in filled.notifications()] == ["n3", "n2", "n1"]
    assert [each.id for each in filled.notifications(limit=1)] == ["n3"]
    assert [each.id for each in filled.notifications(state=NotificationState.SENT)] == ["n1"]
    assert [each.id for each in filled.notifications(alert_id="first")] == ["n2", "n1"]


def test_an_alert_shows_its_observations_in_its_own_order(filled: Store) -> None:
    first = filled.alert("first")
    assert first is not None
    assert filled.observations_of(first) == [observation("o3"), observation("o1")]
    assert filled.observations_of(replace(first, observation_ids=("o2", "gone"))) == [observation("o2")]


def test_what_is_unknown_is_none(filled: Store) -> None:
    assert filled.alert("none") is None
    assert filled.item("none") is None


def test_recent_items_come_oldest_first(filled: Store) -> None:
    assert [each.id for each in filled.recent_items(NOON)] == ["item", "between", "later"]
    assert [each.id for each in filled.recent_items(NOON + HOUR)] == ["between", "later"]


# --- housekeeping ---------------------------------------------------------------------------------------------------


def test_pruning_forgets_old_items_that_no_rule_selected(filled: Store) -> None:
    with filled.unit() as unit:
        unit.add_items([item("old", -1), item("older", -2)])
    assert filled.prune(NOON + HOUR) == 2
    assert [each.id for each in filled.recent_items(NOON - 9 * HOUR)] == ["item", "between", "later"]
    assert filled.prune(NOON + HOUR) == 0


def test_a_pruned_item_that_is_published_again_is_old_news(filled: Store) -> None:
    with filled.unit() as unit:
        unit.add_items([item("old", -1)])
    filled.prune(NOON)
    assert filled.known("feed", ["guid:old"]) == {"guid:old": KnownItem(id="old", link="http://old", title="old")}
    with filled.unit() as unit:
        assert unit.add_items([item("old", 5)]) == []
    assert filled.item("old") is None


def test_a_backup_taken_in_use_opens_with_everything_committed(filled: Store, url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    if url.startswith("postgresql"):
        with pytest.raises(StoreError, match="pg_dump"):
            filled.backup(copy)
        return
    filled.backup(copy)
    restored = Store.open(f"sqlite:///{copy}")
    restored.migrate()
    assert restored.counts() == filled.counts()
    assert restored.alerts() == filled.alerts()
    restored.close()


def test_a_backup_never_overwrites_a_file(tmp_path: Path) -> None:
    store = Store.open("sqlite://")
    (tmp_path / "precious").write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        store.backup(tmp_path / "precious")
    with pytest.raises(StoreError, match="cannot be opened"):
        store.backup(tmp_path / "no such directory" / "copy.db")
    store.close()


# --- one database, several stores -----------------------------------------------------------------------------------


def test_two_stores_on_one_database_see_the_same(filled: Store, open_store: Callable[..., Store]) -> None:
    other = open_store()
    assert other.counts() == filled.counts()
    with other.unit() as unit:
        unit.save(Outcome(alerts=(ended(alert("first")),)))
    assert [each.id for each in filled.alerts(state=AlertState.FIRING)] == ["third"]


def test_a_store_in_memory_serves_several_threads() -> None:
    store = Store.open("sqlite://")
    store.migrate()

    def store_one(number: int) -> int:
        with store.unit() as unit:
            unit.add_items([item(f"item-{number}")])
        return len(store.recent_items(NOON))

    with ThreadPoolExecutor(8) as pool:
        assert max(pool.map(store_one, range(50))) == 50
    store.close()
