"""The few statements that are not the same words in every database."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_AT_ONCE = 5_000  # values in one IN (...): below what either database refuses

T = TypeVar("T")


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> set[Any]:
    """Insert rows unless their primary key is known; answers with the first key column of those inserted."""
    if not rows:
        return set()
    new = _insert(connection, table).on_conflict_do_nothing().returning(next(iter(table.primary_key)))
    return set(connection.scalars(new, rows))


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, or replace those whose primary key is known already; the last of equal keys wins."""
    if rows:
        insert = _insert(connection, table)
        new = {name: insert.excluded[name] for name in rows[0]}
        connection.execute(insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=new), rows)


def portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a long list into pieces that fit into one statement."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
