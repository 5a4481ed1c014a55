"""Refusals in words an operator understands."""

import sqlite3

import psycopg.errors
import pytest

from monitor.store.errors import translate


def refusal(name: str, text: str) -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refusal("SQLITE_BUSY_SNAPSHOT", "database is locked"), "locked by another process"),
        (refusal("SQLITE_LOCKED_SHAREDCACHE", "table is locked"), "another connection of this process"),
        (refusal("SQLITE_FULL", "database or disk is full"), "the disk is full"),
        (refusal("SQLITE_IOERR_WRITE", "disk I/O error"), "is the disk full or failing"),
        (refusal("SQLITE_READONLY_DBMOVED", "attempt to write"), "right to write to the file and its directory"),
        (refusal("SQLITE_ERROR", "no such table: feed"), "migrate it first"),
        (refusal("SQLITE_ERROR", "no such column: feed.x"), "migrate it first"),
        (psycopg.errors.UndefinedTable("relation"), "migrate it first"),
        (psycopg.errors.UndefinedColumn("column"), "migrate it first"),
        (psycopg.errors.DiskFull("no space"), "the server's disk is full"),
        (psycopg.errors.OutOfMemory("memory"), "out of resources"),
        (psycopg.errors.TooManyConnections("sorry"), "no connection left"),
        (psycopg.errors.LockNotAvailable("timeout"), "locked by another process"),
        (psycopg.errors.AdminShutdown("terminating"), "shutting down or was restarted"),
        (psycopg.errors.ReadOnlySqlTransaction("standby"), "read-only"),
        (psycopg.errors.InvalidPassword("no"), "user or password was refused"),
        (psycopg.errors.InvalidCatalogName("no"), "create it first"),
        (psycopg.errors.DeadlockDetected("dead"), "try again"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_known_refusals_are_explained(error: Exception, words: str) -> None:
    message = str(translate(error, "db.example/news"))
    assert message.startswith("database db.example/news: ")
    assert words in message
    assert str(error) in message


def test_an_unknown_refusal_is_passed_on_in_one_line() -> None:
    assert str(translate(RuntimeError("what\n  now"), "x.db")) == "database x.db: what now"
