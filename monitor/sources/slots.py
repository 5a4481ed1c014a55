"""Room for so many requests at once, for so many to one host, and time between those; polls share it fairly."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """Whom a request to this address burdens: the host, with its port where that is written."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:  # it fails when it is fetched
        return ""


def room(in_hand: Mapping[str, int], per_host: int) -> Callable[[str], bool]:
    """Takes the next poll's address and says whether its host has room for it, besides those taken before.

    A poll that only waits for its host would hold a place that another host's feed could have.
    """
    taken = Counter(in_hand)

    def take(url: str) -> bool:
        host = host_of(url)
        taken[host] += 1
        return taken[host] <= per_host

    return take


@dataclass(slots=True, kw_only=True)
class _Host:
    places: asyncio.Semaphore
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0  # on the monotonic clock


class Slots:
    """A bound for all hosts together, and one for each.

    Args:
        spacing: Seconds from the beginning of one request to a host to that of the next.
    """

    def __init__(self, *, at_once: int, per_host: int, spacing: float = 0.0) -> None:
        self._all = asyncio.Semaphore(at_once)
        self._per_host = per_host
        self._spacing = spacing
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def one(self, name: str) -> AsyncIterator[None]:
        """Wait for room and hold it."""
        host = self._hosts.setdefault(name, _Host(places=asyncio.Semaphore(self._per_host)))
        host.users += 1
        try:
            async with host.places:
                await self._enter(host)
                try:
                    yield
                finally:
                    self._all.release()
        finally:
            host.users -= 1
            self._forget(name, host)

    async def _enter(self, host: _Host) -> None:
        """The gate is held while we wait for room among all hosts, so that the next one counts from our beginning."""
        async with host.gate:
            if (early := host.free_at - time.monotonic()) > 0:
                await asyncio.sleep(early)
            await self._all.acquire()
            host.free_at = time.monotonic() + self._spacing

    def _forget(self, name: str, host: _Host) -> None:
        """Do not remember every host ever asked, only those that must be left alone for a moment."""
        if host.users or self._hosts.get(name) is not host:
            return
        if (early := host.free_at - time.monotonic()) > 0:
            asyncio.get_running_loop().call_later(early, self._forget, name, host)
        else:
            del self._hosts[name]
