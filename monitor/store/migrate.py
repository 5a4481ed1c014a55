"""Bringing a database to this version's tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from monitor.errors import StoreError
from monitor.store.engine import Database

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Upgrade to the newest tables; an up-to-date database stays as it is.

    Raises:
        StoreError: The database was written by a newer version, or refused.
    """
    with database.rebuild() as connection:
        _refuse_newer(database, version(connection))
        command.upgrade(_config(connection), "head")
        _check_references(database, connection)


def version(connection: Connection) -> str:
    """The revision of the tables; "" before the first migration."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def _refuse_newer(database: Database, found: str) -> None:
    known = {script.revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions()}
    if found and found not in known:
        raise StoreError(f"database {database.name}: written by a newer version (tables {found}); install that one")


def _check_references(database: Database, connection: Connection) -> None:
    if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError(f"database {database.name}: rows refer to missing ones; restore a backup")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
