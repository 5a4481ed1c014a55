"""Rows as a queue: one worker at a time gets a row, for a while, and proves with a token that it is still the one."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from monitor.store.errors import LeaseLost

FREE: Mapping[str, object] = {"lease_token": "", "lease_until": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Rows taken under one token."""

    token: str
    until: datetime
    rows: list[Row[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How rows are taken; who takes often keeps it, for putting it together costs more than to run it.

    Attributes:
        chosen: Which rows; asks for `now` and `limit`, and for what else its conditions name.
        taken: Takes these `ids` for this `token`, `until` then.
    """

    order: Column[Any]
    chosen: Select[Any]
    taken: ReturningUpdate[Any]


def queue(columns: Sequence[Column[Any]], due: Sequence[ColumnElement[bool]], order: Column[Any]) -> Queue:
    """Rows that are due and in nobody's hands, the longest due first."""
    table = order.table
    now: BindParameter[datetime] = bindparam("now", type_=order.type)
    chosen = select(table.c.id).where(*due, free(table, now)).order_by(order)
    taken = update(table).where(table.c.id.in_(bindparam("ids", expanding=True)))
    held = taken.values(lease_token=bindparam("token"), lease_until=bindparam("until"))
    return Queue(
        order=order,
        # SQLite ignores FOR UPDATE; there nobody else writes between the two statements.
        chosen=chosen.limit(bindparam("limit", type_=Integer)).with_for_update(skip_locked=True),
        taken=held.returning(*columns),
    )


def claim(
    connection: Connection,
    columns: Sequence[Column[Any]],
    due: Sequence[ColumnElement[bool]],
    order: Column[Any],
    *,
    now: datetime,
    limit: int,
    ttl: timedelta,
) -> Claimed:
    """Take rows that are due and in nobody's hands, the longest due first."""
    return take(connection, queue(columns, due, order), now=now, limit=limit, ttl=ttl)


def take(
    connection: Connection, queue: Queue, *, now: datetime, limit: int, ttl: timedelta, **asked: object
) -> Claimed:
    """Take rows of a queue, with what else its conditions ask for."""
    token, until = secrets.token_hex(16), now + ttl
    ids = connection.scalars(queue.chosen, {"now": now, "limit": limit, **asked}).all()
    taken = {"ids": ids, "token": token, "until": until}
    rows = connection.execute(queue.taken, taken).all() if ids else ()
    return Claimed(token=token, until=until, rows=sorted(rows, key=lambda row: row._mapping[queue.order.name]))


def free(table: Table, now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """In nobody's hands, or held too long."""
    return table.c.lease_until.is_(None) | (table.c.lease_until <= now)


def break_all(connection: Connection, table: Table) -> None:
    """Take every row out of its worker's hands; what they bring later is refused."""
    connection.execute(update(table).where(table.c.lease_until.is_not(None)).values(**FREE))


def finish(connection: Connection, table: Table, row_id: str, token: str, values: Mapping[str, Any]) -> None:
    """Write the result of the work, and give the row back.

    Raises:
        LeaseLost: The row is no longer held under this token.
    """
    finished = _finished(table, tuple(values))
    if connection.execute(finished, {"row_id": row_id, "token": token, **values}).rowcount == 0:
        raise LeaseLost(
            f"{table.name} {row_id}: another worker has taken over, or it was changed; this work is dropped"
        )


@cache
def _finished(table: Table, names: tuple[str, ...]) -> Update:
    """Made once: putting this statement together costs more than to run it."""
    mine = (table.c.id == bindparam("row_id"), table.c.lease_token == bindparam("token"))
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    return update(table).where(*mine).values({**values, **FREE})


def release(connection: Connection, table: Table, held: Iterable[tuple[str, str]]) -> None:
    """Give rows (id, token) back as they are; those no longer held are left alone."""
    rows = [{"row_id": row_id, "token": token} for row_id, token in held]
    mine = (table.c.id == bindparam("row_id"), table.c.lease_token == bindparam("token"))
    if rows:
        connection.execute(update(table).where(*mine).values(**FREE), rows)
