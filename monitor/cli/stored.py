"""Opening the store for the time of one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from monitor.app import open_store
from monitor.cli.options import now
from monitor.settings import Settings
from monitor.store.store import Store


@contextmanager
def store_of(settings: Settings) -> Iterator[Store]:
    """The store of these settings, brought up to date."""
    store = open_store(settings, now())
    try:
        yield store
    finally:
        store.close()
