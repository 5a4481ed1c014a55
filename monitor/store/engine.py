"""Connections: how SQLite and PostgreSQL are opened, and whose turn it is to write."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import StaticPool

from monitor.errors import StoreError
from monitor.store.errors import translate

_KINDS = "use sqlite:///path/to/file.db or postgresql://user:password@host/name"
# FULL, not NORMAL: with WAL + NORMAL a power cut loses commits already acknowledged, and an alert must survive it.
_PRAGMAS = ("synchronous=FULL", "foreign_keys=ON")
# For what may be done again after a power cut, such as the mark that a message was sent: no wait for the disk. A killed
# process loses nothing even so, and the next other commit makes it last.
_QUICK = ("synchronous=NORMAL", "foreign_keys=ON")
_PAUSE = 0.02  # seconds
_WRITERS_TURN = 7166_2841  # any number, as long as all replicas use the same
_TAKE_TURN = text(
    "SELECT set_config('lock_timeout', :wait, true),"
    # A replica frozen in mid transaction must not hold the others up for ever.
    " set_config('idle_in_transaction_session_timeout', '60s', true),"
    " pg_advisory_xact_lock(:turn)"
)
_DO_NOT_WAIT = text("SELECT set_config('synchronous_commit', 'off', true)")


class Database:
    """One database, as readers and writers of this process see it. Safe to use from several threads."""

    def __init__(self, address: str, wait: timedelta) -> None:
        self.url = _parse(address)
        self.wait = wait
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.in_memory = self.is_sqlite and self.url.database in (None, "", ":memory:")
        self.name = _name(self.url)
        self._writer = self._engine("BEGIN IMMEDIATE", *_PRAGMAS)
        self._reader = self._quick = self._writer
        if self.is_sqlite and not self.in_memory:
            self._reader = self._engine("BEGIN", *_PRAGMAS, "query_only=ON")
            self._quick = self._engine("BEGIN IMMEDIATE", *_QUICK)
        # SQLite's own waiting is a lottery; threads of one process can queue up instead.
        self._turn = threading.RLock() if self.is_sqlite else nullcontext()
        self._read_turn = self._turn if self.in_memory else nullcontext()
        self._shared = threading.local()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        if shared := self._open():
            yield shared
            return
        with self._read_turn, self._connect(self._reader) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, *, in_turn: bool = True, lasting: bool = True) -> Iterator[Connection]:
        """A transaction, all or nothing.

        Args:
            in_turn: Wait until no other writer of any replica is in its own; False where row locks are enough.
            lasting: Wait for the disk; False for what may be undone by a power cut.
        """
        if shared := self._open():
            yield shared
            return
        with self._turn, self._connect(self._writer if lasting else self._quick) as connection, connection.begin():
            if in_turn and not self.is_sqlite:
                wait = f"{round(self.wait.total_seconds() * 1000)}ms"
                connection.execute(_TAKE_TURN, {"wait": wait, "turn": _WRITERS_TURN})
            if not lasting and not self.is_sqlite:
                connection.execute(_DO_NOT_WAIT)
            yield connection

    @contextmanager
    def together(self, *, in_turn: bool = True, lasting: bool = True) -> Iterator[None]:
        """One transaction for all that this thread reads and writes inside: all of it or nothing."""
        with self.write(in_turn=in_turn, lasting=lasting) as connection:
            self._shared.connection = connection
            try:
                yield
            finally:
                del self._shared.connection

    def _open(self) -> Connection | None:
        return getattr(self._shared, "connection", None)

    @contextmanager
    def rebuild(self) -> Iterator[Connection]:
        """A transaction for migrations: rebuilding a parent table must not delete its children."""
        if self.in_memory:  # another engine would be another database
            with self.write() as connection:
                yield connection
            return
        engine = self._engine("BEGIN IMMEDIATE", *_PRAGMAS[:-1], "foreign_keys=OFF")
        try:
            with self._turn, self._connect(engine) as connection, connection.begin():
                if not self.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _WRITERS_TURN + 1})
                yield connection
        finally:
            engine.dispose()

    @contextmanager
    def raw_sqlite(self) -> Iterator[sqlite3.Connection]:
        """The driver's own connection, outside any transaction."""
        with self._read_turn, self._connect(self._writer) as connection:
            raw = connection.connection.driver_connection
            try:
                yield cast("sqlite3.Connection", raw)
            except sqlite3.Error as error:
                raise translate(error, self.name) from error

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        self._reader.dispose()
        self._quick.dispose()

    @contextmanager
    def _connect(self, engine: Engine) -> Iterator[Connection]:
        try:
            connection = engine.connect()
        except exc.TimeoutError as error:
            raise StoreError(f"database {self.name}: all connections of this process are in use") from error
        with connection:
            yield connection

    def _engine(self, begin: str, *pragmas: str) -> Engine:
        try:
            engine = create_engine(self.url, hide_parameters=True, **self._options())
        except ModuleNotFoundError as error:
            raise StoreError(f"database {self.name}: its driver is missing, install monitor[postgres]") from error
        event.listen(engine, "handle_error", self._on_error, retval=True)
        if self.is_sqlite:
            _speak_sqlite(engine, begin, pragmas, self.wait)
        return engine

    def _options(self) -> dict[str, Any]:
        pool = {"pool_timeout": self.wait.total_seconds()}
        if self.in_memory:
            return {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        if self.is_sqlite:
            return {"connect_args": {"timeout": self.wait.total_seconds()}, **pool}
        connect = {} if "connect_timeout" in self.url.query else {"connect_timeout": 10}
        return {"pool_pre_ping": True, "connect_args": connect, **pool}

    def _on_error(self, context: ExceptionContext) -> StoreError | None:
        error = context.original_exception
        if context.is_pre_ping or not isinstance(error, Exception):
            return None  # the pool finds a dead connection by this error, and opens another
        return translate(error, self.name)


def _speak_sqlite(engine: Engine, begin: str, pragmas: tuple[str, ...], wait: timedelta) -> None:
    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin too late, and never for a SELECT
        _switch_to_wal(connection, wait)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


def _switch_to_wal(connection: sqlite3.Connection, wait: timedelta) -> None:
    """SQLite does not always wait by itself where two processes open a new file at once."""
    until = time.monotonic() + wait.total_seconds()
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
        if url.drivername == "postgres":
            url = url.set(drivername="postgresql")
        known = url.get_driver_name() in ("pysqlite", "psycopg")
    except (exc.ArgumentError, exc.NoSuchModuleError, ValueError):
        known = False
    if not known:  # not quoted: what cannot be parsed may be a password
        raise StoreError(f"this is no address of a database; {_KINDS}")
    return url


def _name(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return f"{url.host or 'local'}/{url.database or ''}"
