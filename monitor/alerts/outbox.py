"""Which notifications an alert's new state calls for; written with the alert, sent later."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.alerts.message import render
from monitor.alerts.routing import languages, routes_for, target
from monitor.model import (
    Alert,
    AlertState,
    Message,
    Notification,
    NotificationKind,
    NotificationState,
    Observation,
    Route,
    Turn,
)


def notifications(
    alert: Alert,
    previous: Alert | None,
    observations: Sequence[Observation],
    routes: Sequence[Route],
    now: datetime,
    *,
    ending: str = "",
    news: Sequence[str] = (),
    turn: Turn | None = None,
) -> tuple[Notification, ...]:
    """One notification for each target that should hear of an opening, or of news; mere later reports send nothing.

    Args:
        previous: The alert as it was before, or the last one of its group.
        observations: Those that opened the alert, oldest first.
        ending: Why it ended, where that is news too; "" keeps endings quiet.
        news: New facts of an alert that was told before (`alerts.facts`).
        turn: What turned, where it is about a change.
    """
    if not opened(alert, previous) and not ending and not news:
        return ()
    message = render(_told(alert, ending, news), observations, turn=turn, facts=news)
    kind = NotificationKind.UPDATE if news else NotificationKind.ALERT
    takers = routes_for(alert, routes, () if news else languages(observations))  # news go to whom the first went
    return tuple(notification(alert, route, message, now, kind=kind, news=news) for route in takers)


def notification(
    alert: Alert,
    route: Route,
    message: Message,
    now: datetime,
    *,
    kind: NotificationKind = NotificationKind.ALERT,
    news: Sequence[str] = (),
) -> Notification:
    """A message about an alert on this route, to be sent at once."""
    return Notification(
        id=made_id(alert.id, alert.state, *target(route), kind, *news),
        kind=kind,
        alert_id=alert.id,
        alert_state=alert.state,
        route=route.name,
        channel=route.channel,
        address=route.address,
        subscription=route.subscription,
        message=message,
        created_at=now,
        next_attempt_at=now,
    )


def opened(alert: Alert, previous: Alert | None) -> bool:
    """Whether this is the first that anybody hears of it."""
    return alert.state is AlertState.FIRING and (previous is None or previous.id != alert.id)


def following(news: Notification, earlier: Sequence[Notification]) -> Notification | None:
    """News after what was written to the same target before: in its thread, with it while it is held, not without it.

    Args:
        earlier: About the same alert, the first written first.
    """
    news = replace(news, message=replace(news.message, thread=earlier[0].message.thread))
    held = [each for each in earlier if each.state is NotificationState.HELD]
    if held:
        last = held[-1]
        return replace(
            news, state=last.state, next_attempt_at=last.next_attempt_at, bundle=last.bundle, reason=last.reason
        )
    untold = (NotificationState.MUTED, NotificationState.DROPPED)
    return None if all(each.state in untold for each in earlier) else news


def made_id(*parts: str) -> str:
    """An id made from what a notification tells and to whom."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _told(alert: Alert, ending: str, news: Sequence[str]) -> Alert:
    """The alert in the words of this message."""
    if news:
        return replace(alert, title=f"Updated: {alert.title}", body="")
    return replace(alert, title=f"Over: {alert.title}", reason=ending) if ending else alert
