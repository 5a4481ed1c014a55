"""Alembic's entry: runs the migrations in the transaction that `monitor.store.migrate` opened."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import Interval, TypeDecorator

from monitor.store.tables import METADATA


def plain_types(kind: str, value: Any, _context: object) -> str | Literal[False]:
    """Write what the database keeps: a migration must not change when our column types do."""
    ours = kind == "type" and isinstance(value, TypeDecorator) and not isinstance(value, Interval)
    return f"sa.{value.impl_instance!r}" if ours else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_item=plain_types,
    render_as_batch=True,
    transactional_ddl=True,  # SQLite can, since we send BEGIN ourselves
)
with context.begin_transaction():
    context.run_migrations()
