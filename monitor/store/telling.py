"""What decides when and what to tell: who was told of what, and what digests show."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

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


def last_alerts(connection: Connection, entry: tuple[str, str], groups: Sequence[str]) -> dict[str, Alert]:
    """The alert of each group that opened last.

    Args:
        entry: The rule, and the name of the entry below its `alerts:`.
    """
    found = (row for some in portions(groups) for row in connection.execute(_last_alerts(entry, some)))
    return {row.group: to_alert(row) for row in found}


def _last_alerts(entry: tuple[str, str], groups: Sequence[str]) -> Select[Any]:
    rule, name = entry
    mine = (ALERT.c.rule == rule, ALERT.c.name == name, ALERT.c.group.in_(groups))
    latest = select(ALERT.c.group, func.max(ALERT.c.opened_at).label("at")).where(*mine)
    last = latest.group_by(ALERT.c.group).subquery()
    query = select(*ALERT_COLUMNS).join(last, (last.c.group == ALERT.c.group) & (last.c.at == ALERT.c.opened_at))
    return query.where(*mine).order_by(ALERT.c.id)  # of two that opened at once, the one that comes last by its id


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
    """How many of the feeds are read now: "42 of 45 feeds read, 2 stale, 1 silent, 1 never read"."""
    states = feeds.health(connection)
    never = sum(state.first_polled_at is None for state in states)
    fresh = [state for state in states if replace(state, overdue_at=None).watched(now)]
    counts = (
        (len(fresh), f"of {len(states)} feeds read"),
        (len(states) - len(fresh) - never, "stale"),
        (sum(state.silent(now) for state in fresh), "silent"),
        (never, "never read"),
    )
    return ", ".join(f"{count} {what}" for place, (count, what) in enumerate(counts) if count or not place)


def last_seen(connection: Connection) -> datetime | None:
    """When any service was last at work; None when none ever was."""
    seen: datetime | None = connection.scalar(select(func.max(HEARTBEAT.c.at)))
    return seen
