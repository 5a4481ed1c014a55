"""What people asked not to hear of for a while; the alerts themselves are kept."""

from collections.abc import Iterable
from datetime import datetime

from monitor.model import Alert, Mute, Route


def muted(alert: Alert, route: Route, mutes: Iterable[Mute], now: datetime) -> str | None:
    """Why this route is not told of the alert, in words, or None when no mute covers it."""
    return next((_why(mute) for mute in mutes if _active(mute, now) and _covers(mute, alert, route)), None)


def _active(mute: Mute, now: datetime) -> bool:
    lifted = mute.lifted_at is not None and mute.lifted_at <= now
    return not lifted and (mute.until is None or mute.until > now)


def _covers(mute: Mute, alert: Alert, route: Route) -> bool:
    asked = (
        (mute.rule, alert.rule),
        (mute.story, alert.group),
        (mute.alert_id, alert.id),
        (mute.subscription, route.subscription or route.name),
    )
    return all(wanted in ("", given) for wanted, given in asked)


def _why(mute: Mute) -> str:
    until = f"until {mute.until:%Y-%m-%d %H:%M} UTC" if mute.until else "until it is lifted"
    return f"muted by {mute.author} {until}" + (f": {mute.reason}" if mute.reason else "")
