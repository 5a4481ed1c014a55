"""Signs of work, for whoever watches the service from outside."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.model import NotificationState
from monitor.store.tables import FEED, NOTIFICATION, NOTIFICATION_EVENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is to be done, and what was done last; None where there is nothing.

    Attributes:
        poll_due_at: When the feed that waits longest is or was due.
        polled_at: When any feed was polled, whether it answered or not.
        send_due_at: When the message that waits longest is or was due; what is held waits for nothing.
        sent_at: When sending any message was tried.
    """

    poll_due_at: datetime | None = None
    polled_at: datetime | None = None
    send_due_at: datetime | None = None
    sent_at: datetime | None = None


def signs(connection: Connection, channels: Collection[str]) -> Signs:
    """What waits and what was done; messages for other channels wait until these are back, and are no sign."""
    polls = select(func.min(FEED.c.next_due_at), func.max(FEED.c.last_polled_at)).where(FEED.c.enabled)
    poll_due_at, polled_at = connection.execute(polls).one()
    unsent = (NOTIFICATION.c.state == NotificationState.PENDING, NOTIFICATION.c.channel.in_(channels))
    steps = NOTIFICATION_EVENT.c
    tried = select(steps.at).where(steps.attempts > 0).order_by(steps.number.desc()).limit(1)
    return Signs(
        poll_due_at=poll_due_at,
        polled_at=polled_at,
        send_due_at=connection.scalar(select(func.min(NOTIFICATION.c.next_attempt_at)).where(*unsent)),
        sent_at=connection.scalar(tried),
    )
