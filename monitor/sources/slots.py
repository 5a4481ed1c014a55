"""Room for so many requests at once, and for so many to one host."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Slots:
    """A bound for all hosts together and one for each."""

    def __init__(self, *, at_once: int, per_host: int) -> None:
        self._all = asyncio.Semaphore(at_once)
        self._per_host = per_host
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()

    @asynccontextmanager
    async def one(self, host: str) -> AsyncIterator[None]:
        """Wait for room and hold it."""
        self._users[host] += 1
        try:
            async with self._hosts.setdefault(host, asyncio.Semaphore(self._per_host)), self._all:
                yield
        finally:
            self._users[host] -= 1
            if not self._users[host]:  # do not remember every host ever asked
                del self._users[host], self._hosts[host]
