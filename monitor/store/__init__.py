"""What we keep: the only package that knows SQL."""

from monitor.store.errors import LeaseLost
from monitor.store.store import Store
from monitor.store.unit import Unit
from monitor.store.views import Counts

__all__ = ["Counts", "LeaseLost", "Store", "Unit"]
