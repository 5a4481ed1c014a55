"""Feeds: what is declared, what polling has taught us, who polls it now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, insert, select, update

from monitor.model import Feed, FeedLease, FeedState
from monitor.store import leases
from monitor.store.rows import FEED_COLUMNS, state_row, to_feed, to_row
from monitor.store.tables import FEED

_PIECE = 100  # rows read at a time
_NOW: BindParameter[datetime] = bindparam("now", type_=FEED.c.next_due_at.type)
_IS_DUE = (FEED.c.enabled, FEED.c.next_due_at <= _NOW)
_IS_NAMED = (FEED.c.enabled, FEED.c.id.in_(bindparam("named", expanding=True)))
_DUE, _NAMED = (leases.queue(FEED_COLUMNS, which, FEED.c.next_due_at) for which in (_IS_DUE, _IS_NAMED))
_IN_TURN = select(FEED.c.id, FEED.c.fetch_url).where(*_IS_DUE, leases.free(FEED, _NOW)).order_by(FEED.c.next_due_at)
_OF_THE_LAST_DOCUMENT = ("etag", "last_modified", "body_hash", "entries")
_HEALTH = [field.name for field in fields(FeedState) if field.name not in _OF_THE_LAST_DOCUMENT]
_HEALTH_OF_ALL = (
    select(*(FEED.c[{"feed_id": "id", "url": "fetch_url"}.get(name, name)] for name in _HEALTH))
    .where(FEED.c.enabled)
    .order_by(FEED.c.id)
)


def sync(connection: Connection, feeds: Sequence[Feed], now: datetime) -> None:
    """Make the stored feeds those that are declared; one no longer declared is disabled and keeps its state."""
    declared = {feed.id: feed for feed in feeds}
    stored = {row.id: row for row in connection.execute(select(FEED))}
    new = [feed for feed in declared.values() if feed.id not in stored]
    if new:
        connection.execute(insert(FEED), [_new_row(feed, now) for feed in new])
    _update(connection, [_declared_row(feed) for feed in declared.values() if _changed(feed, stored.get(feed.id))])
    _update(connection, [_start_again(feed, now) for feed in declared.values() if _moved(feed, stored.get(feed.id))])
    gone = (feed_id for feed_id, row in stored.items() if row.enabled and feed_id not in declared)
    _update(connection, [{"row_id": feed_id, "enabled": False, **leases.FREE} for feed_id in gone])


def enabled(connection: Connection) -> list[tuple[Feed, FeedState]]:
    """The declared feeds and their states, by id."""
    rows = connection.execute(select(*FEED_COLUMNS).where(FEED.c.enabled).order_by(FEED.c.id))
    return [to_feed(row) for row in rows]


def others_readable_until(connection: Connection, feed_id: str, now: datetime) -> datetime | None:
    """When one of the other declared feeds was last read; now where there is no other."""
    others, read_at = connection.execute(
        select(func.count(), func.max(FEED.c.last_success_at)).where(FEED.c.enabled, FEED.c.id != feed_id)
    ).one()
    return read_at if others else now


def health(connection: Connection) -> list[FeedState]:
    """How the declared feeds are doing, by id; without their last documents, most of what is known of a feed."""
    return [FeedState(**dict(zip(_HEALTH, row, strict=True))) for row in connection.execute(_HEALTH_OF_ALL)]


def claim(
    connection: Connection,
    now: datetime,
    *,
    limit: int,
    ttl: timedelta,
    feed_ids: Sequence[str] = (),
    room: Callable[[str], bool] | None = None,
) -> list[FeedLease]:
    """Take feeds that are due, the longest due first; named ones are due whenever they are named."""
    if room and not feed_ids:
        feed_ids = _with_room(connection, now, limit, room)
        if not feed_ids:
            return []
    if feed_ids:
        taken = leases.take(connection, _NAMED, now=now, limit=limit, ttl=ttl, named=list(feed_ids))
    else:
        taken = leases.take(connection, _DUE, now=now, limit=limit, ttl=ttl)
    pairs = (to_feed(row) for row in taken.rows)
    return [FeedLease(feed=feed, state=state, token=taken.token, until=taken.until) for feed, state in pairs]


def _with_room(connection: Connection, now: datetime, limit: int, room: Callable[[str], bool]) -> list[str]:
    """Which of the due feeds to take; read piece by piece, because nearly always the first ones will do."""
    in_turn = _IN_TURN.execution_options(yield_per=_PIECE)
    with connection.execute(in_turn, {"now": now}) as rows:
        return list(islice((row.id for row in rows if room(row.fetch_url)), limit))


def release(connection: Connection, held: Sequence[FeedLease]) -> None:
    """Give feeds back unpolled; they are due at once."""
    leases.release(connection, FEED, [(lease.feed.id, lease.token) for lease in held])


def finish(connection: Connection, lease: FeedLease, state: FeedState) -> None:
    """Keep what polling taught us, and give the feed back.

    Raises:
        LeaseLost: The feed is no longer held under this lease.
    """
    before = state_row(lease.state)  # nobody changes it while the lease holds, and most polls change little of it
    learned = {name: value for name, value in state_row(state).items() if value != before[name]}
    leases.finish(connection, FEED, lease.feed.id, lease.token, learned)


def _new_row(feed: Feed, now: datetime) -> dict[str, Any]:
    state = FeedState(feed_id=feed.id, url=feed.url, next_due_at=now)
    if feed.every is not None:
        state = replace(state, interval=feed.every)
    return {**to_row(feed), **state_row(state), "enabled": True, **leases.FREE}


def _changed(feed: Feed, row: Row[Any] | None) -> bool:
    return row is not None and (not row.enabled or to_feed(row)[0] != feed)


def _moved(feed: Feed, row: Row[Any] | None) -> bool:
    return row is not None and (row.url, row.kind, row.options) != (feed.url, feed.kind, feed.options)


def _declared_row(feed: Feed) -> dict[str, Any]:
    row = to_row(feed)
    return {"row_id": row.pop("id"), **row, "enabled": True}


def _start_again(feed: Feed, now: datetime) -> dict[str, Any]:
    """Another address or kind: its validators say nothing, and a poll under way reads the old one."""
    validators = {"etag": "", "last_modified": "", "body_hash": "", "entries": b""}
    state = {"fetch_url": feed.url, "next_due_at": now, "failures": 0, "last_error": "", **validators}
    return {"row_id": feed.id, **state, **leases.FREE}


def _update(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        names: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "row_id"}
        connection.execute(update(FEED).where(FEED.c.id == bindparam("row_id")).values(names), rows)
