"""What a publisher says differently is kept differently, and who was told is known."""

from dataclasses import replace
from datetime import datetime

from monitor.model import (
    Alert,
    AlertState,
    Item,
    Message,
    Notification,
    Observation,
    Outcome,
    Severity,
)
from monitor.store import Store

NOON = datetime.fromisoformat("2026-03-01T12:00:00+00:00")
ITEM = Item(id="item", feed_id="feed", keys=("g:1",), title="Ready", link="https://n.example/1", first_seen_at=NOON)
SEEN = Observation(id="a", rule="rule-a", rule_version="1", item_id="item", title="Ready", at=NOON)
ALERT = Alert(
    id="alert", rule="rule-a", rule_version="1", name="any", group="", severity=Severity.LOW, title="t", reason="r",
    observation_ids=("a",), opened_at=NOON, updated_at=NOON,
)  # fmt: skip


def told(channel: str) -> Notification:
    return Notification(
        id=channel, alert_id="alert", alert_state=AlertState.FIRING, route="r", channel=channel,
        message=Message(title="t", body="b"), created_at=NOON, next_attempt_at=NOON,
    )  # fmt: skip


def fill(store: Store) -> None:
    with store.unit() as unit:
        unit.add_items([ITEM])
        unit.save(Outcome(observations=(SEEN, replace(SEEN, id="b", rule="rule-b")), alerts=(ALERT,)))


def test_a_revised_item_and_its_readings_replace_the_old_ones(store: Store):
    fill(store)
    new = replace(ITEM, title="Not ready")
    with store.unit() as unit:
        assert unit.item("item") == ITEM
        unit.revise(new, [replace(SEEN, title="Not ready")])
    assert store.item("item") == new
    assert [each.title for each in store.observations("rule-a")] == ["Not ready"]
    assert [each.title for each in store.observations("rule-b")] == ["Ready"]
    assert store.known("feed", ["g:1"])["g:1"].title == "Not ready"


def test_observations_are_found_by_item_and_by_alert(store: Store):
    fill(store)
    with store.unit() as unit:
        assert [each.rule for each in unit.observations_from("item")] == ["rule-a", "rule-b"]
        assert unit.observations_from("nothing") == []
        assert unit.observations_of(ALERT) == [SEEN]
        assert unit.item("nothing") is None


def test_who_was_told_of_an_alert_is_known(store: Store):
    fill(store)
    with store.unit() as unit:
        assert unit.notifications_of("alert") == []
        unit.save(Outcome(notifications=(told("mail"), told("desk"))))
        assert {each.channel for each in unit.notifications_of("alert")} == {"mail", "desk"}


def test_observations_can_be_read_outside_a_unit(store: Store):
    fill(store)
    assert store.observations("rule-a") == store.observations("rule-a", NOON) == [SEEN]
    assert store.observations("rule-a", NOON.replace(hour=13)) == []
