"""Who is woken when nobody says that they take care of a loud alert."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.alerts import outbox
from monitor.alerts.message import render
from monitor.model import Alert, Notification, NotificationKind, Observation, Route, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """The second route, and when it is taken.

    Attributes:
        routes: One, or one for each target of its channel.
        after: How long after the first message was sent.
    """

    routes: tuple[Route, ...]
    after: timedelta = timedelta(minutes=15)
    at_least: Severity = Severity.HIGH


def escalated(
    alert: Alert, observations: Sequence[Observation], escalation: Escalation, now: datetime
) -> list[Notification]:
    """The messages to the second route; none where the alert is not loud enough, or is about that very channel."""
    if alert.severity.rank < escalation.at_least.rank:
        return []
    message = render(replace(alert, title=f"Nobody acknowledged: {alert.title}"), observations)
    routes = [route for route in escalation.routes if route.channel != alert.group]
    return [outbox.notification(alert, route, message, now, kind=NotificationKind.ESCALATION) for route in routes]
