"""Keeping the database small, and a copy of it safe."""

import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, exists, insert, select

from monitor.errors import StoreError
from monitor.store.engine import Database
from monitor.store.tables import FORMER_ITEM, ITEM, OBSERVATION


def prune(connection: Connection, before: datetime) -> int:
    """Forget items first seen before a time that no rule selected; answers with how many.

    Their keys stay, with link and title: when an archive is published again, its entries are recognised as old news.
    """
    observed = exists().where(OBSERVATION.c.item_id == ITEM.c.id)
    old = (ITEM.c.first_seen_at < before, ~observed)
    kept = select(ITEM.c.id, ITEM.c.link, ITEM.c.title).where(*old)
    connection.execute(insert(FORMER_ITEM).from_select(["id", "link", "title"], kept))
    return connection.execute(delete(ITEM).where(*old)).rowcount


def backup(database: Database, path: Path) -> None:
    """Copy a SQLite database while it is in use.

    Raises:
        StoreError: The path exists already, or the database has its own tools for that.
    """
    if not database.is_sqlite:
        raise StoreError(f"database {database.name}: back up PostgreSQL with pg_dump")
    if path.exists():
        raise StoreError(f"backup {path}: the file exists already; choose another name")
    with database.raw_sqlite() as connection:
        _copy(connection, path)


def _copy(connection: sqlite3.Connection, path: Path) -> None:
    try:
        connection.execute("VACUUM INTO ?", (str(path),))
    except sqlite3.Error:
        path.unlink(missing_ok=True)
        raise
