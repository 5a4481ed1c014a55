"""What a database says when it refuses, in the words of the person who runs it."""

import sqlite3
from collections.abc import Mapping

from monitor.errors import StoreError


class LeaseLost(StoreError):
    """Another worker took the lease over, or the feed changed: throw the work away."""


# SQLite's own names for its errors, and PostgreSQL's SQLSTATEs; the longest beginning that fits is used.
_WORDS: Mapping[str, str] = {
    "SQLITE_BUSY": "it is locked by another process; wait, or stop what else is writing to it",
    "SQLITE_LOCKED": "it is locked by another connection of this process",
    "SQLITE_FULL": "the disk is full; free some space",
    "SQLITE_IOERR": "reading or writing failed; is the disk full or failing?",
    "SQLITE_READONLY": "it is read-only; give this user the right to write to the file and its directory",
    "SQLITE_CANTOPEN": "it cannot be opened; does its directory exist, and may this user write there?",
    "SQLITE_PERM": "this user may not open it",
    "SQLITE_CORRUPT": "the file is damaged; restore a backup",
    "SQLITE_NOTADB": "the file is no SQLite database",
    "SQLITE_CONSTRAINT": "a row was refused",
    "08": "the connection failed or was cut",
    "22": "a value was refused",
    "23": "a row was refused",
    "25006": "it is read-only; is it a standby?",
    "28": "user or password was refused",
    "3D": "no such database; create it first",
    "40": "another transaction was in the way; try again",
    "42501": "this user lacks a right",
    "42P01": "its tables are missing; migrate it first",
    "42703": "its tables are of another version; migrate it first",
    "53": "the server is out of resources",
    "53100": "the server's disk is full; free some space",
    "53300": "the server has no connection left",
    "55P03": "it is locked by another process; wait, or stop what else is writing to it",
    "57P": "the server is shutting down or was restarted",
}


def translate(error: Exception, database: str) -> StoreError:
    """What to raise in place of an error of the database library.

    Args:
        database: What the operator calls it, without secrets.
    """
    words = _words(error)
    detail = _detail(error)
    return StoreError(f"database {database}: {words} ({detail})" if words else f"database {database}: {detail}")


def _words(error: Exception) -> str:
    if isinstance(error, sqlite3.Error):
        if "no such table" in str(error) or "no column named" in str(error) or "no such column" in str(error):
            return "its tables are missing or of another version; migrate it first"
        return _longest(getattr(error, "sqlite_errorname", ""))
    if "surrogates not allowed" in str(error):
        return "a text holds half a character (a lone surrogate)"
    return _longest(getattr(error, "sqlstate", None) or "")


def _longest(code: str) -> str:
    fitting = [beginning for beginning in _WORDS if code.startswith(beginning)]
    return _WORDS[max(fitting, key=len)] if fitting else ""


def _detail(error: Exception) -> str:
    return " ".join(str(error).split())
