"""Old data opens in new versions, and the migrations lead to the very tables the code describes."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, String, inspect, text

from monitor.errors import StoreError
from monitor.model import Feed, Item, Observation, Outcome
from monitor.store import Store
from monitor.store.engine import Database
from monitor.store.migrate import SCRIPTS, revisions
from monitor.store.tables import METADATA

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def in_database(url: str, change: Callable[[Connection], None]) -> None:
    with closing(Database(url, timedelta(seconds=5))) as database, database.rebuild() as connection:
        change(connection)


def test_the_migrations_make_the_tables_the_code_describes(store: Store, url: str) -> None:
    def compare(connection: Connection) -> None:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        found = inspect(connection)
        for table in METADATA.tables.values():
            assert {index["name"] for index in found.get_indexes(table.name)} == {index.name for index in table.indexes}

    in_database(url, compare)


def test_the_files_are_numbered_in_the_order_of_the_migrations() -> None:
    newest_first = ScriptDirectory(str(SCRIPTS)).walk_revisions()
    assert revisions() == [script.revision for script in newest_first][::-1]


def test_tables_that_are_the_newest_need_no_alembic(store: Store, url: str) -> None:
    program = (
        "import sys; from monitor.store import Store; store = Store.open(sys.argv[1]); store.migrate(); "
        "store.close(); sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, url], check=True)


def test_a_second_migration_changes_nothing(store: Store) -> None:
    store.sync_feeds([Feed(id="feed", url="https://example.org")], NOW)
    version = store.schema_version()
    store.migrate()
    assert (store.schema_version(), len(store.feeds())) == (version, 1)


def test_a_database_without_tables_has_no_version_and_says_what_to_do(open_store: Callable[..., Store]) -> None:
    store = open_store()
    assert store.schema_version() == ""
    with pytest.raises(StoreError, match="migrate it first"):
        store.feeds()


def test_replicas_that_start_together_migrate_once(open_store: Callable[..., Store]) -> None:
    stores = [open_store() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Store.migrate, stores))
    assert {store.schema_version() for store in stores} == {revisions()[-1]}


def test_a_database_of_a_newer_version_is_refused(store: Store, url: str) -> None:
    in_database(url, lambda connection: _execute(connection, "UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="written by a newer version"):
        store.migrate()


def test_rebuilding_a_parent_table_keeps_its_children(store: Store, url: str) -> None:
    with store.unit() as unit:
        unit.add_items([Item(id="item", feed_id="feed", title="News", first_seen_at=NOW)])
        unit.save(Outcome(observations=(Observation(id="o", rule="r", rule_version="1", item_id="item", at=NOW),)))

    def widen(connection: Connection) -> None:
        recreate = "always" if connection.dialect.name == "sqlite" else "auto"
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("item", recreate=recreate) as batch:
            batch.add_column(Column("added", String()))

    in_database(url, widen)
    store.migrate()  # checks the references again
    assert (store.counts().items, store.counts().observations) == (1, 1)


def test_rows_that_refer_to_missing_ones_stop_a_migration_of_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/monitor.db"
    with closing(Store.open(url)) as store:
        store.migrate()
        with store.unit() as unit:
            unit.add_items([Item(id="item", feed_id="feed", title="News", first_seen_at=NOW)])
            unit.save(Outcome(observations=(Observation(id="o", rule="r", rule_version="1", item_id="item", at=NOW),)))
        in_database(url, lambda connection: _execute(connection, "DELETE FROM item"))
        with pytest.raises(StoreError, match="refer to missing ones"):
            store.migrate()


def _execute(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))
