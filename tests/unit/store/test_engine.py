"""Addresses of databases: what is accepted, how they are named, and what never shows."""

import sys
from contextlib import closing
from datetime import timedelta

import pytest

from monitor.errors import StoreError
from monitor.store.engine import Database

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("sqlite://", "in memory"),
        ("sqlite:///data/monitor.db", "data/monitor.db"),
        ("sqlite:////var/lib/monitor.db", "/var/lib/monitor.db"),
        ("postgresql://who:planted@db.example:5432/news", "db.example/news"),
        ("postgresql+psycopg://who:planted@db.example/news", "db.example/news"),
        ("postgres://who:planted@db.example/news", "db.example/news"),
        ("postgresql://who@/news?host=/run/postgresql&password=planted", "local/news"),
    ],
)
def test_a_database_is_named_without_user_and_password(address: str, name: str) -> None:
    with closing(Database(address, SECOND)) as database:
        assert database.name == name


@pytest.mark.parametrize(
    "address",
    [
        "",
        "monitor.db",
        "mysql://who:planted@db.example/news",
        "postgresql+asyncpg://who:planted@db.example/news",
        "sqlite+planted:///monitor.db",
        "planted://db.example/news",
        "postgresql://who:planted@db.example:planted/news",
    ],
)
def test_anything_else_is_refused_without_quoting_it(address: str) -> None:
    with pytest.raises(StoreError, match=r"use sqlite:///path/to/file\.db or postgresql://") as caught:
        Database(address, SECOND)
    assert "planted" not in str(caught.value)


def test_a_missing_driver_names_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"install monitor\[postgres\]"):
        Database("postgresql://who:planted@db.example/news", SECOND)


def test_an_unreachable_server_is_named_and_the_password_is_not() -> None:
    address = "postgresql://who:planted@127.0.0.1:1/news?connect_timeout=2"
    with (
        closing(Database(address, SECOND)) as database,
        pytest.raises(StoreError, match=r"127\.0\.0\.1/news: .*refused") as caught,
        database.read(),
    ):
        pass
    assert "planted" not in str(caught.value)


def test_sqlite_keeps_what_was_committed_over_a_power_cut_and_checks_references(tmp_path: object) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/monitor.db", SECOND)) as database:
        for transaction in (database.read, database.write):
            with transaction() as connection:
                found = [
                    connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
                ]
            assert found == ["wal", 2, 1, 1000]


def test_what_may_be_done_again_does_not_wait_for_the_disk(tmp_path: object) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/monitor.db", SECOND)) as database:
        with database.together(lasting=False), database.write() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
        with database.write() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_reader_cannot_write(tmp_path: object) -> None:
    with (
        closing(Database(f"sqlite:///{tmp_path}/monitor.db", SECOND)) as database,
        database.read() as connection,
        pytest.raises(StoreError, match="read-only"),
    ):
        connection.exec_driver_sql("CREATE TABLE t (x)")


def test_a_process_that_uses_up_its_connections_is_told(tmp_path: object) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/monitor.db", timedelta(milliseconds=50))) as database:
        readers = [database.read() for _ in range(15)]
        for reader in readers:
            reader.__enter__()
        with pytest.raises(StoreError, match="all connections"), database.read():
            pass
        for reader in readers:
            reader.__exit__(None, None, None)
