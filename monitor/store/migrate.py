"""Bringing a database to this version's tables."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from monitor.errors import StoreError
from monitor.store.engine import Database

SCRIPTS = Path(__file__).parent / "migrations"
_UPGRADE = "monitor.store.upgrade"  # with Alembic some 8 MB: only for tables that are not the newest


def migrate(database: Database) -> None:
    """Upgrade to the newest tables; an up-to-date database stays as it is.

    Raises:
        StoreError: The database was written by a newer version, or refused.
    """
    with database.rebuild() as connection:
        found, known = version(connection), revisions()
        if found and found not in known:
            newer = f"written by a newer version (tables {found}); install that one"
            raise StoreError(f"database {database.name}: {newer}")
        if found != known[-1]:
            import_module(_UPGRADE).upgrade(connection, str(SCRIPTS))
        _check_references(database, connection)


def version(connection: Connection) -> str:
    """The revision of the tables; "" before the first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def revisions() -> list[str]:
    """All versions of the tables, the newest last: what the migrations' files are numbered with."""
    return sorted(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*_*.py"))


def _check_references(database: Database, connection: Connection) -> None:
    if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError(f"database {database.name}: rows refer to missing ones; restore a backup")
