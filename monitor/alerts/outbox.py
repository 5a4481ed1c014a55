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
) -> tuple[Notification, ...]:
    """One notification for each channel that should hear of an opening; later reports send nothing.

    Args:
        previous: The alert as it was before, or the last one of its group.
        observations: Those that opened the alert, oldest first.
        ending: Why it ended, where that is news too; "" keeps endings quiet.
    """
    if not _opened(alert, previous) and not ending:
        return ()
    told = replace(alert, title=f"Over: {alert.title}", reason=ending) if ending else alert
    message = render(told, observations)
    return tuple(_notification(alert, route, message, now) for route in routes_for(alert, routes))


def _opened(alert: Alert, previous: Alert | None) -> bool:
    return alert.state is AlertState.FIRING and (previous is None or previous.id != alert.id)


def _notification(alert: Alert, route: Route, message: Message, now: datetime) -> Notification:
    identity = "\0".join((alert.id, alert.state, route.channel))
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
