"""What status and the lists show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from monitor.model import Alert, AlertState, Item, Notification, NotificationState, Observation
from monitor.store import outbox
from monitor.store.rows import (
    ALERT_COLUMNS,
    ITEM_COLUMNS,
    NOTIFICATION_COLUMNS,
    OBSERVATION_COLUMNS,
    to_alert,
    to_item,
    to_notification,
    to_observation,
)
from monitor.store.statements import portions
from monitor.store.tables import ALERT, FEED, ITEM, NOTIFICATION, OBSERVATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much is stored.

    Attributes:
        feeds: Enabled ones.
        feeds_failing: Those of them whose last poll failed.
        feeds_unread: Those of them that were never read.
        maybe_twice: How often a crash fell where a message may come twice for it.
    """

    feeds: int
    feeds_failing: int
    feeds_unread: int
    items: int
    observations: int
    alerts: int
    alerts_firing: int
    notifications_pending: int
    notifications_held: int
    notifications_sent: int
    notifications_dead: int
    maybe_twice: int


def counts(connection: Connection) -> Counts:
    """How much is stored."""

    def count(table: Table, *where: ColumnElement[bool]) -> int:
        return connection.scalar(select(func.count()).select_from(table).where(*where)) or 0

    return Counts(
        feeds=count(FEED, FEED.c.enabled),
        feeds_failing=count(FEED, FEED.c.enabled, FEED.c.failures > 0),
        feeds_unread=count(FEED, FEED.c.enabled, FEED.c.first_polled_at.is_(None)),
        items=count(ITEM),
        observations=count(OBSERVATION),
        alerts=count(ALERT),
        alerts_firing=count(ALERT, ALERT.c.state == AlertState.FIRING),
        notifications_pending=count(NOTIFICATION, NOTIFICATION.c.state == NotificationState.PENDING),
        notifications_held=count(NOTIFICATION, NOTIFICATION.c.state == NotificationState.HELD),
        notifications_sent=count(NOTIFICATION, NOTIFICATION.c.state == NotificationState.SENT),
        notifications_dead=count(NOTIFICATION, NOTIFICATION.c.state == NotificationState.DEAD),
        maybe_twice=outbox.maybe_twice(connection),
    )


def recent_items(connection: Connection, since: datetime) -> list[Item]:
    """Items first seen at this time or later, oldest first."""
    query = select(*ITEM_COLUMNS).where(ITEM.c.first_seen_at >= since).order_by(ITEM.c.first_seen_at, ITEM.c.id)
    return [to_item(row) for row in connection.execute(query)]


def item(connection: Connection, item_id: str) -> Item | None:
    """One item, or None when it is unknown or was pruned."""
    row = connection.execute(select(*ITEM_COLUMNS).where(ITEM.c.id == item_id)).first()
    return to_item(row) if row else None


def alert(connection: Connection, alert_id: str) -> Alert | None:
    """One alert, or None when it is unknown."""
    row = connection.execute(select(*ALERT_COLUMNS).where(ALERT.c.id == alert_id)).first()
    return to_alert(row) if row else None


def alerts(
    connection: Connection, *, limit: int, rule: str | None, state: AlertState | None, since: datetime | None
) -> list[Alert]:
    """Alerts, the latest opened first; None leaves that choice open."""
    query = _chosen(select(*ALERT_COLUMNS), (ALERT.c.rule, rule), (ALERT.c.state, state))
    if since is not None:
        query = query.where(ALERT.c.opened_at >= since)
    query = query.order_by(ALERT.c.opened_at.desc(), ALERT.c.id.desc()).limit(limit)
    return [to_alert(row) for row in connection.execute(query)]


def observations_of(connection: Connection, shown: Alert) -> list[Observation]:
    """The observations an alert rests on, in the alert's order."""
    query = select(*OBSERVATION_COLUMNS)
    found = {
        row.id: to_observation(row)
        for some in portions(shown.observation_ids)
        for row in connection.execute(query.where(OBSERVATION.c.id.in_(some)))
    }
    return [found[observation_id] for observation_id in shown.observation_ids if observation_id in found]


def notifications(
    connection: Connection,
    *,
    limit: int,
    state: NotificationState | None,
    alert_id: str | None,
    channel: str | None,
) -> list[Notification]:
    """Notifications, the latest written first; None leaves that choice open."""
    chosen = ((NOTIFICATION.c.state, state), (NOTIFICATION.c.alert_id, alert_id), (NOTIFICATION.c.channel, channel))
    query = _chosen(select(*NOTIFICATION_COLUMNS), *chosen)
    query = query.order_by(NOTIFICATION.c.created_at.desc(), NOTIFICATION.c.id.desc()).limit(limit)
    return [to_notification(row) for row in connection.execute(query)]


def _chosen(query: Select[Any], *choices: tuple[ColumnElement[Any], object]) -> Select[Any]:
    return query.where(*(column == value for column, value in choices if value is not None))
