"""The outbox: who sends which notification now, and what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.model import Notification, NotificationLease, NotificationState
from monitor.store import leases
from monitor.store.rows import NOTIFICATION_COLUMNS, to_notification, to_row
from monitor.store.tables import NOTIFICATION


def claim(
    connection: Connection, now: datetime, *, limit: int, ttl: timedelta, channels: Sequence[str] | None = None
) -> list[NotificationLease]:
    """Take notifications that are due, the longest due first; only of these channels, if any are named."""
    due = [NOTIFICATION.c.state == NotificationState.PENDING, NOTIFICATION.c.next_attempt_at <= now]
    if channels is not None:
        due.append(NOTIFICATION.c.channel.in_(channels))
    token, until, rows = leases.claim(
        connection, NOTIFICATION_COLUMNS, due, NOTIFICATION.c.next_attempt_at, now=now, limit=limit, ttl=ttl
    )
    return [NotificationLease(notification=to_notification(row), token=token, until=until) for row in rows]


def release(connection: Connection, held: Sequence[NotificationLease]) -> None:
    """Give notifications back unsent; they are due at once."""
    leases.release(connection, NOTIFICATION, [(lease.notification.id, lease.token) for lease in held])


def finish(connection: Connection, lease: NotificationLease, notification: Notification) -> None:
    """Keep what became of a notification.

    Raises:
        LeaseLost: It is no longer held under this lease.
    """
    leases.finish(connection, NOTIFICATION, lease.notification.id, lease.token, to_row(notification))
