"""Opening the store for the time of one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from monitor.app import open_store
from monitor.channels.table import PART
from monitor.cli.options import now
from monitor.errors import StoreError
from monitor.model import Alert
from monitor.settings import Settings
from monitor.store.store import Store


def waiting_for_nobody(store: Store, settings: Settings) -> dict[str, int]:
    """How many messages wait for each channel that stands in the configuration no more."""
    declared = {spec.name for spec in settings.channels}
    return {name: many for name, many in store.waiting().items() if name.partition(PART)[0] not in declared}


@contextmanager
def store_of(settings: Settings) -> Iterator[Store]:
    """The store of these settings, brought up to date."""
    store = open_store(settings, now())
    try:
        yield store
    finally:
        store.close()


def find_alert(store: Store, start: str) -> Alert:
    """The alert whose id begins so.

    Raises:
        StoreError: There is none, or several.
    """
    exact = store.alert(start)
    if exact:
        return exact
    found = [alert for alert in store.alerts(limit=10_000) if alert.id.startswith(start)]
    if len(found) == 1:
        return found[0]
    what = "several alerts begin" if found else "there is no alert whose id begins"
    raise StoreError(f'alert {start}: {what} with "{start}"; `monitor alerts list` shows them')
