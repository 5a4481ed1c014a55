"""The outbox: what waits in it and why, and every step on the way; what is sent now is in `outgoing`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from monitor.model import Notification, NotificationEvent, NotificationKind, NotificationState
from monitor.store import leases
from monitor.store.rows import EVENT_COLUMNS, NOTIFICATION_COLUMNS, to_event, to_notification, to_row
from monitor.store.statements import insert_new, portions
from monitor.store.tables import NOTIFICATION, NOTIFICATION_EVENT

MAYBE_TWICE = "whoever was sending this ended before it was written down: it may come twice"
_WAITING = (NotificationState.PENDING, NotificationState.HELD)
_UNTOLD = (*_WAITING, NotificationState.DEAD)
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
    note(connection, [step(each, each.created_at) for each in notifications if each.id in new])


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
    note(connection, [_event(row.id, now, row.state, row.attempts, row.reason) for row in moved])
    return len(moved)


def step(notification: Notification, at: datetime) -> dict[str, Any]:
    """Where a notification stands now, as a row of its history."""
    return _event(notification.id, at, notification.state, notification.attempts, notification.reason)


def _event(notification_id: str, at: datetime, state: NotificationState, attempts: int, reason: str) -> dict[str, Any]:
    return {"notification_id": notification_id, "at": at, "state": state, "attempts": attempts, "reason": reason}


def note(connection: Connection, steps: Sequence[Mapping[str, Any]]) -> None:
    """Add to the histories."""
    if steps:
        connection.execute(_EVENT, steps)
