"""Tests of monitor.alerts.escalation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.alerts.escalation import Escalation, escalated
from monitor.alerts.outbox import notifications
from monitor.model import Alert, NotificationKind, Observation, Route, Severity

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEEN = Observation(id="o1", rule="envoys", rule_version="v1", item_id="i1", title="Report", at=NOW)
ALERT = Alert(
    id="a1",
    rule="envoys",
    rule_version="v1",
    name="n",
    group="",
    severity=Severity.HIGH,
    title="Envoys meet",
    reason="r",
    observation_ids=("o1",),
    opened_at=NOW,
    updated_at=NOW,
)
PAGER = Route(name="escalation", channel="pager")
ESCALATION = Escalation(routes=(PAGER,))


def test_a_loud_alert_is_told_to_the_second_route_with_what_is_wrong() -> None:
    [message] = escalated(ALERT, [SEEN], ESCALATION, NOW)
    assert (message.kind, message.channel, message.route) == (NotificationKind.ESCALATION, "pager", "escalation")
    assert message.message.title == "Nobody acknowledged: Envoys meet"
    assert "Report" in message.message.body


def test_it_is_another_message_than_the_first_and_the_same_when_written_again() -> None:
    [first] = notifications(ALERT, None, [SEEN], [PAGER], NOW)
    [second] = escalated(ALERT, [SEEN], ESCALATION, NOW)
    [again] = escalated(ALERT, [SEEN], ESCALATION, NOW + timedelta(hours=1))
    assert first.id != second.id == again.id


def test_quieter_alerts_wake_nobody() -> None:
    assert escalated(replace(ALERT, severity=Severity.MEDIUM), [SEEN], ESCALATION, NOW) == []


def test_an_alert_about_the_second_channel_does_not_take_it() -> None:
    assert escalated(replace(ALERT, group="pager"), [SEEN], ESCALATION, NOW) == []
