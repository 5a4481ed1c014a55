"""Which notifications an alert's new state calls for; written with the alert, sent later."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.alerts.message import render
from monitor.alerts.routing import routes_for
from monitor.model import Alert, AlertState, Message, Notification, Observation, Route


def notifications(
    alert: Alert,
    previous: Alert | None,
    observations: Sequence[Observation],
    routes: Sequence[Route],
    now: datetime,
    *,
    ending: str = "",
    news: Sequence[str] = (),
) -> tuple[Notification, ...]:
    """One notification for each channel that should hear of an opening, or of news; mere later reports send nothing.

    Args:
        previous: The alert as it was before, or the last one of its group.
        observations: Those that opened the alert, oldest first.
        ending: Why it ended, where that is news too; "" keeps endings quiet.
        news: New facts of an alert that was told before (`alerts.facts`).
    """
    if not _opened(alert, previous) and not ending and not news:
        return ()
    message = render(_told(alert, ending, news), observations)
    return tuple(_notification(alert, route, message, now, news) for route in routes_for(alert, routes))


def _told(alert: Alert, ending: str, news: Sequence[str]) -> Alert:
    """The alert in the words of this message."""
    if news:
        return replace(alert, title=f"Updated: {alert.title}", body="\n".join(f"New: {fact}" for fact in news))
    return replace(alert, title=f"Over: {alert.title}", reason=ending) if ending else alert


def _opened(alert: Alert, previous: Alert | None) -> bool:
    return alert.state is AlertState.FIRING and (previous is None or previous.id != alert.id)


def _notification(alert: Alert, route: Route, message: Message, now: datetime, news: Sequence[str]) -> Notification:
    identity = "\0".join((alert.id, alert.state, route.channel, *news))
    return Notification(
        id=hashlib.blake2b(identity.encode("utf-8", "replace"), digest_size=8).hexdigest(),
        alert_id=alert.id,
        alert_state=alert.state,
        route=route.name,
        channel=route.channel,
        message=message,
        created_at=now,
        next_attempt_at=now,
    )
