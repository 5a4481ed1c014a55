"""What is sent now: looked up ahead, begun one by one, and what became of it.

Who looks takes nothing, so that a killed service has begun only what it was sending. Whoever begins first has it: a row
is begun only as it was seen, so what somebody else sent, took or changed meanwhile is left alone.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Select, Update, bindparam, select, update

from monitor.model import Notification, NotificationLease, NotificationState
from monitor.store import leases
from monitor.store.errors import LeaseLost
from monitor.store.outbox import MAYBE_TWICE, note, step
from monitor.store.rows import NOTIFICATION_COLUMNS, to_notification
from monitor.store.statements import upsert
from monitor.store.tables import NOTIFICATION, NOTIFICATION_EVENT, PAUSE

_AFTER_SENDING = ("state", "attempts", "next_attempt_at", "sent_at", "receipt", "reason")
_REMEMBERED = 1000  # attempts that a new process looks back on, so that it keeps to the rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A notification that could be sent, as it stood when it was looked at.

    Attributes:
        held_before: Token of who had begun it and did not end in time, or "".
    """

    notification: Notification
    held_before: str


def due(
    connection: Connection,
    now: datetime,
    *,
    limit: int,
    channels: Sequence[str] | None = None,
    spared: Sequence[str] = (),
) -> list[Due]:
    """What could be sent now, the longest due first.

    Args:
        channels: Only for these; None means all.
        spared: Nothing for these addresses.
    """
    query = _due(of_channels=channels is not None, spared=bool(spared))
    asked = {"now": now, "limit": limit, "channels": list(channels or ()), "spared": list(spared)}
    rows = connection.execute(query, asked)
    # the columns stand in the order of the fields, the token after them
    return [Due(notification=to_notification(row), held_before=row.lease_token) for row in rows]


def begin(connection: Connection, due: Due, now: datetime, ttl: timedelta) -> NotificationLease | None:
    """Take a notification to send it now; None when it is no longer as it was seen."""
    seen, token, until = due.notification, secrets.token_hex(16), now + ttl
    as_seen = {"seen": seen.id, "held_before": due.held_before, "tried": seen.attempts, "due": seen.next_attempt_at}
    if connection.execute(_begun(), {**as_seen, "token": token, "until": until}).rowcount == 0:
        return None
    if due.held_before:
        note(connection, [step(seen, now) | {"reason": MAYBE_TWICE}])
    return NotificationLease(notification=seen, token=token, until=until)


def release(connection: Connection, held: Sequence[NotificationLease]) -> None:
    """Give notifications back unsent; they are due at once."""
    leases.release(connection, NOTIFICATION, [(lease.notification.id, lease.token) for lease in held])


def finish(connection: Connection, lease: NotificationLease, notification: Notification, now: datetime) -> None:
    """Keep what became of a notification.

    Raises:
        LeaseLost: It is no longer held under this lease.
    """
    values = {name: getattr(notification, name) for name in _AFTER_SENDING}
    leases.finish(connection, NOTIFICATION, lease.notification.id, lease.token, values)
    note(connection, [step(notification, now)])


def finish_all(
    connection: Connection, finished: Sequence[tuple[NotificationLease, Notification]], now: datetime
) -> list[LeaseLost]:
    """Keep what became of several, each as if alone; answers with why some were refused."""
    refused: list[LeaseLost] = []
    for lease, notification in finished:
        try:
            finish(connection, lease, notification, now)
        except LeaseLost as error:
            refused.append(error)
    return refused


# --- the pace, across restarts --------------------------------------------------------------------------------------


def attempts_since(connection: Connection, since: datetime) -> list[tuple[str, str, datetime]]:
    """Channel, address and time of the latest attempts to send, the oldest first."""
    steps = NOTIFICATION_EVENT.c
    latest = select(steps.notification_id, steps.at).where(steps.attempts > 0).order_by(steps.number.desc())
    recent = latest.limit(_REMEMBERED).subquery()
    targets = select(NOTIFICATION.c.channel, NOTIFICATION.c.address, recent.c.at)
    query = targets.join(recent, recent.c.notification_id == NOTIFICATION.c.id).where(recent.c.at >= since)
    return [(row.channel, row.address, row.at) for row in connection.execute(query.order_by(recent.c.at))]


def pause(connection: Connection, pauses: Mapping[str, datetime]) -> None:
    """Keep until when channels are left alone."""
    upsert(connection, PAUSE, [{"channel": channel, "until": until} for channel, until in pauses.items()])


def pauses(connection: Connection, now: datetime) -> dict[str, datetime]:
    """Channels that are left alone, and until when."""
    return {row.channel: row.until for row in connection.execute(select(PAUSE).where(PAUSE.c.until > now))}


# --- statements, made once: putting one together costs more than to run it ------------------------------------------


@cache
def _due(*, of_channels: bool, spared: bool) -> Select[Any]:
    row, now = NOTIFICATION.c, bindparam("now", type_=NOTIFICATION.c.next_attempt_at.type)
    free = row.lease_until.is_(None) | (row.lease_until <= now)
    query = select(*NOTIFICATION_COLUMNS, row.lease_token)
    query = query.where(row.state == NotificationState.PENDING, row.next_attempt_at <= now, free)
    if of_channels:
        query = query.where(row.channel.in_(bindparam("channels", expanding=True)))
    if spared:
        query = query.where(row.address.not_in(bindparam("spared", expanding=True)))
    return query.order_by(row.next_attempt_at).limit(bindparam("limit", type_=Integer))


@cache
def _begun() -> Update:
    """Of a row that somebody else has in hand at this moment nothing is seen, rather than to wait for them."""
    row = NOTIFICATION.alias("seen")
    as_seen = (
        row.c.id == bindparam("seen"),
        row.c.lease_token == bindparam("held_before"),
        row.c.state == NotificationState.PENDING,
        row.c.attempts == bindparam("tried"),
        row.c.next_attempt_at == bindparam("due"),
    )
    found = select(row.c.id).where(*as_seen).with_for_update(skip_locked=True)
    held: dict[str, Any] = {"lease_token": bindparam("token"), "lease_until": bindparam("until")}
    return update(NOTIFICATION).where(NOTIFICATION.c.id.in_(found)).values(held)
