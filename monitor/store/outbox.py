"""The outbox: who sends which notification now, what became of it, and every step on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update

from monitor.model import Notification, NotificationEvent, NotificationKind, NotificationLease, NotificationState
from monitor.store import leases
from monitor.store.errors import LeaseLost
from monitor.store.rows import EVENT_COLUMNS, NOTIFICATION_COLUMNS, to_event, to_notification, to_row
from monitor.store.statements import insert_new, portions
from monitor.store.tables import NOTIFICATION, NOTIFICATION_EVENT

MAYBE_TWICE = "whoever was sending this ended before it was written down: it may come twice"
_WAITING = (NotificationState.PENDING, NotificationState.HELD)
_UNTOLD = (*_WAITING, NotificationState.DEAD)
_AFTER_SENDING = ("state", "attempts", "next_attempt_at", "sent_at", "receipt", "reason")
_REMEMBERED = 1000  # attempts that a new process looks back on, so that it keeps to the rates
_EVENT = insert(NOTIFICATION_EVENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which notifications are meant: those that fit everything that is given. Nothing given means none."""

    ids: Sequence[str] = ()
    channel: str | None = None
    state: NotificationState | None = None
    subscription: str | None = None


def add(connection: Connection, notifications: Sequence[Notification]) -> None:
    """Write notifications unless they are known by their id."""
    rows = [{**to_row(value), **leases.FREE} for value in notifications]
    new = insert_new(connection, NOTIFICATION, rows)
    _note(connection, [_step(each, each.created_at) for each in notifications if each.id in new])


# --- sending --------------------------------------------------------------------------------------------------------


def claim(
    connection: Connection,
    now: datetime,
    *,
    limit: int,
    ttl: timedelta,
    channels: Sequence[str] | None = None,
    spared: Sequence[str] = (),
) -> list[NotificationLease]:
    """Take notifications that are due, the longest due first.

    Args:
        channels: Only of these; None means all.
        spared: None for these addresses.
    """
    queue = _due(of_channels=channels is not None, spared=bool(spared))
    asked = {"channels": list(channels or ()), "spared": list(spared)}
    taken = leases.take(connection, queue, now=now, limit=limit, ttl=ttl, **asked)
    claimed = [to_notification(row) for row in taken.rows]
    _note(connection, [_step(each, now) | {"reason": MAYBE_TWICE} for each in claimed if each.id in taken.expired])
    return [NotificationLease(notification=each, token=taken.token, until=taken.until) for each in claimed]


@cache
def _due(*, of_channels: bool, spared: bool) -> leases.Queue:
    due = [NOTIFICATION.c.state == NotificationState.PENDING, NOTIFICATION.c.next_attempt_at <= bindparam("now")]
    if of_channels:
        due.append(NOTIFICATION.c.channel.in_(bindparam("channels", expanding=True)))
    if spared:
        due.append(NOTIFICATION.c.address.not_in(bindparam("spared", expanding=True)))
    return leases.queue(NOTIFICATION_COLUMNS, due, NOTIFICATION.c.next_attempt_at)


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
    _note(connection, [_step(notification, now)])


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


def attempts_since(connection: Connection, since: datetime) -> list[tuple[str, str, datetime]]:
    """Channel, address and time of the latest attempts to send, the oldest first."""
    steps = NOTIFICATION_EVENT.c
    latest = select(steps.notification_id, steps.at).where(steps.attempts > 0).order_by(steps.number.desc())
    recent = latest.limit(_REMEMBERED).subquery()
    targets = select(NOTIFICATION.c.channel, NOTIFICATION.c.address, recent.c.at)
    query = targets.join(recent, recent.c.notification_id == NOTIFICATION.c.id).where(recent.c.at >= since)
    return [(row.channel, row.address, row.at) for row in connection.execute(query.order_by(recent.c.at))]


def take_over(connection: Connection, now: datetime) -> None:
    """Free everything a service held that was killed, and note that it may have been sent."""
    held = NOTIFICATION.c.lease_until.is_not(None)
    _move(connection, [held], now, {"reason": MAYBE_TWICE})


# --- held back ------------------------------------------------------------------------------------------------------


def held(connection: Connection, now: datetime) -> list[Notification]:
    """Those held until now or earlier, in the order in which they were written."""
    due = (NOTIFICATION.c.state == NotificationState.HELD, NOTIFICATION.c.next_attempt_at <= now)
    query = select(*NOTIFICATION_COLUMNS).where(*due).order_by(NOTIFICATION.c.created_at, NOTIFICATION.c.id)
    return [to_notification(row) for row in connection.execute(query)]


def bundle(connection: Connection, digest: Notification, parts: Sequence[Notification], now: datetime) -> bool:
    """Write a digest and mark the notifications it tells; False, and nothing is done, when its id is known."""
    if select_one(connection, digest.id) is not None:
        return False
    add(connection, [digest])
    told = {"state": NotificationState.BUNDLED, "bundle": digest.id, "reason": f"told in {digest.kind} {digest.id[:8]}"}
    for some in portions([part.id for part in parts]):
        _move(connection, [NOTIFICATION.c.id.in_(some), NOTIFICATION.c.state == NotificationState.HELD], now, told)
    return True


def settle(
    connection: Connection, parts: Sequence[Notification], state: NotificationState, reason: str, now: datetime
) -> None:
    """End the waiting of held notifications: muted, dropped, or to be sent now."""
    values = {"state": state, "reason": reason, "next_attempt_at": now, "bundle": ""}
    for some in portions([part.id for part in parts]):
        _move(connection, [NOTIFICATION.c.id.in_(some), NOTIFICATION.c.state == NotificationState.HELD], now, values)


def told(connection: Connection, route: str, since: datetime) -> int:
    """How many alerts and updates a route was to be told at once since then."""
    later = (NotificationState.HELD, NotificationState.BUNDLED, NotificationState.MUTED)
    query = select(func.count()).where(
        NOTIFICATION.c.route == route,
        NOTIFICATION.c.created_at >= since,
        NOTIFICATION.c.state.not_in(later),
        NOTIFICATION.c.kind.in_((NotificationKind.ALERT, NotificationKind.UPDATE)),
    )
    return connection.scalar(query) or 0


# --- by hand --------------------------------------------------------------------------------------------------------


def retry(connection: Connection, choice: Choice, now: datetime) -> int:
    """Send again, now, what has not been told; answers with how many.

    By id also what was held, muted or dropped; else only what is dead or waits for another attempt, unless a state is
    named. What was sent, or told in a digest, stays.
    """
    by_name = (*_UNTOLD, NotificationState.MUTED, NotificationState.DROPPED)
    states = by_name if choice.ids or choice.state else (NotificationState.DEAD, NotificationState.PENDING)
    again = {"state": NotificationState.PENDING, "attempts": 0, "next_attempt_at": now, "bundle": ""}
    return _move_chosen(connection, choice, states, now, {**again, "reason": "to be sent again, by hand"})


def drop(connection: Connection, choice: Choice, now: datetime, reason: str) -> int:
    """Never send what waits or is dead; answers with how many. What is being sent just now is left alone."""
    dropped = {"state": NotificationState.DROPPED, "reason": f"dropped: {reason}"}
    return _move_chosen(connection, choice, _UNTOLD, now, dropped)


def _move_chosen(
    connection: Connection,
    choice: Choice,
    states: Sequence[NotificationState],
    now: datetime,
    values: Mapping[str, object],
) -> int:
    if replace(choice, ids=tuple(choice.ids)) == Choice():
        return 0
    idle = NOTIFICATION.c.lease_until.is_(None) | (NOTIFICATION.c.lease_until <= now)
    where: list[ColumnElement[bool]] = [idle, NOTIFICATION.c.state.in_(states)]
    if choice.channel is not None:
        where.append(NOTIFICATION.c.channel == choice.channel)
    if choice.state is not None:
        where.append(NOTIFICATION.c.state == choice.state)
    if choice.subscription is not None:
        where.append(NOTIFICATION.c.subscription == choice.subscription)
    if not choice.ids:
        return _move(connection, where, now, values)
    return sum(_move(connection, [*where, NOTIFICATION.c.id.in_(some)], now, values) for some in portions(choice.ids))


# --- what happened --------------------------------------------------------------------------------------------------


def select_one(connection: Connection, notification_id: str) -> Notification | None:
    """One notification by its whole id."""
    row = connection.execute(select(*NOTIFICATION_COLUMNS).where(NOTIFICATION.c.id == notification_id)).first()
    return to_notification(row) if row else None


def beginning(connection: Connection, prefix: str, limit: int) -> list[Notification]:
    """Those whose id begins so."""
    fits = NOTIFICATION.c.id.startswith(prefix, autoescape=True)
    query = select(*NOTIFICATION_COLUMNS).where(fits).order_by(NOTIFICATION.c.id).limit(limit)
    return [to_notification(row) for row in connection.execute(query)]


def history(connection: Connection, notification_id: str) -> list[NotificationEvent]:
    """Every step of a notification, in order."""
    mine = NOTIFICATION_EVENT.c.notification_id == notification_id
    query = select(*EVENT_COLUMNS).where(mine).order_by(NOTIFICATION_EVENT.c.number)
    return [to_event(row) for row in connection.execute(query)]


def waiting(connection: Connection) -> dict[str, int]:
    """How many wait for each channel, held or to be sent."""
    query = select(NOTIFICATION.c.channel, func.count().label("many")).where(NOTIFICATION.c.state.in_(_WAITING))
    return {row.channel: row.many for row in connection.execute(query.group_by(NOTIFICATION.c.channel))}


def maybe_twice(connection: Connection) -> int:
    """How often a crash may have made a message come twice."""
    query = select(func.count()).select_from(NOTIFICATION_EVENT).where(NOTIFICATION_EVENT.c.reason == MAYBE_TWICE)
    return connection.scalar(query) or 0


def _move(
    connection: Connection, where: Sequence[ColumnElement[bool]], now: datetime, values: Mapping[str, object]
) -> int:
    """Change rows in one step and note it for each; senders that still hold one will be refused."""
    steps = (NOTIFICATION.c.id, NOTIFICATION.c.state, NOTIFICATION.c.attempts, NOTIFICATION.c.reason)
    change = update(NOTIFICATION).where(*where).values(**values, **leases.FREE).returning(*steps)
    moved = connection.execute(change).all()
    _note(connection, [_event(row.id, now, row.state, row.attempts, row.reason) for row in moved])
    return len(moved)


def _step(notification: Notification, at: datetime) -> dict[str, Any]:
    return _event(notification.id, at, notification.state, notification.attempts, notification.reason)


def _event(notification_id: str, at: datetime, state: NotificationState, attempts: int, reason: str) -> dict[str, Any]:
    return {"notification_id": notification_id, "at": at, "state": state, "attempts": attempts, "reason": reason}


def _note(connection: Connection, steps: Sequence[Mapping[str, Any]]) -> None:
    if steps:
        connection.execute(_EVENT, steps)
