"""What decides when and what to tell: who was told of what, and what digests show."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.model import Alert, Notification, NotificationKind, NotificationState
from monitor.store import feeds
from monitor.store.rows import ALERT_COLUMNS, NOTIFICATION_COLUMNS, to_alert, to_notification
from monitor.store.statements import portions
from monitor.store.tables import ALERT, HEARTBEAT, NOTIFICATION, OBSERVATION

_NOT_AT_ONCE = (NotificationState.HELD, NotificationState.BUNDLED, NotificationState.MUTED)
_ABOUT_ONE = (NotificationKind.ALERT, NotificationKind.UPDATE)


def told_alerts(connection: Connection, target: tuple[str, str, str], since: datetime) -> list[Alert]:
    """What a route told its target at once since then: one alert for each message."""
    route, channel, address = target
    query = select(*ALERT_COLUMNS).join(NOTIFICATION, NOTIFICATION.c.alert_id == ALERT.c.id)
    told = query.where(
        NOTIFICATION.c.route == route,
        NOTIFICATION.c.created_at >= since,
        NOTIFICATION.c.channel == channel,
        NOTIFICATION.c.address == address,
        NOTIFICATION.c.state.not_in(_NOT_AT_ONCE),
        NOTIFICATION.c.kind.in_(_ABOUT_ONE),
    )
    return [to_alert(row) for row in connection.execute(told)]


def notifications_of(connection: Connection, alert_id: str) -> list[Notification]:
    """Everything written about an alert, the first first."""
    query = select(*NOTIFICATION_COLUMNS).where(NOTIFICATION.c.alert_id == alert_id)
    rows = connection.execute(query.order_by(NOTIFICATION.c.created_at, NOTIFICATION.c.id))
    return [to_notification(row) for row in rows]


def alerts_by_id(connection: Connection, ids: Sequence[str]) -> dict[str, Alert]:
    """These alerts, as far as they are known."""
    query = select(*ALERT_COLUMNS)
    found = (row for some in portions(ids) for row in connection.execute(query.where(ALERT.c.id.in_(some))))
    return {row.id: to_alert(row) for row in found}


def held_until(connection: Connection, bundle: str) -> datetime | None:
    """When the last of what is held for this bundle is due; None when nothing is."""
    held = (NOTIFICATION.c.state == NotificationState.HELD, NOTIFICATION.c.bundle == bundle)
    until: datetime | None = connection.scalar(select(func.max(NOTIFICATION.c.next_attempt_at)).where(*held))
    return until


def observation_times(connection: Connection, rules: Collection[str], since: datetime) -> list[tuple[str, datetime]]:
    """The rule and the time of every observation of these rules since then."""
    query = select(OBSERVATION.c.rule, OBSERVATION.c.at).where(OBSERVATION.c.rule.in_(rules), OBSERVATION.c.at >= since)
    return [(row.rule, row.at) for row in connection.execute(query)]


def coverage(connection: Connection, now: datetime) -> str:
    """How many of the feeds are read now: "42 of 45 feeds read, 2 stale, 1 never read"."""
    states = [state for _, state in feeds.enabled(connection)]
    never = sum(state.first_polled_at is None for state in states)
    read = sum(state.watched(now) is not None for state in states)
    counts = ((read, f"of {len(states)} feeds read"), (len(states) - read - never, "stale"), (never, "never read"))
    return ", ".join(f"{count} {what}" for place, (count, what) in enumerate(counts) if count or not place)


def last_seen(connection: Connection) -> datetime | None:
    """When any service was last at work; None when none ever was."""
    seen: datetime | None = connection.scalar(select(func.max(HEARTBEAT.c.at)))
    return seen
