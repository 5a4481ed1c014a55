"""Puts the text of their pages into new entries that are stubs, before anything else reads them."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.model import Article, FeedLease, ParsedFeed
from monitor.pipeline import Collected
from monitor.sources import identity, stubs
from monitor.sources.articles import Articles
from monitor.sources.stubs import Stub
from monitor.store.store import Store


@dataclass(slots=True, kw_only=True)
class FullText:
    """Between collecting and detecting: what comes out is committed like any other poll.

    Attributes:
        database: Runs work in the thread that the store is used from.
        private: Feeds that are asked with secrets.
        waiting: How many polls wait for pages now.
    """

    store: Store
    articles: Articles
    database: Callable[..., Awaitable[Any]]
    private: Collection[str] = ()
    waiting: int = 0

    async def complete(self, lease: FeedLease, collected: Collected, now: datetime) -> Collected:
        """The same with the text of pages; a first poll is history, whose pages nobody asks for."""
        parsed = collected.parsed
        if lease.feed.article is None or parsed is None or lease.state.first_polled_at is None:
            return collected
        wanted, kept = await self.database(self._wanted, lease, parsed, now)
        if not wanted:
            return collected
        articles = await self._articles(lease, [stub for stub in wanted if stub.key not in kept], now)
        return replace(collected, parsed=stubs.completed(parsed, wanted, kept | articles))

    async def _articles(self, lease: FeedLease, wanted: list[Stub], now: datetime) -> Mapping[str, Article]:
        self.waiting += 1
        try:
            reading = await self.articles.read(lease.feed, wanted, now)
        finally:
            self.waiting -= 1
        if reading.asked:
            await self.database(self.store.articles.keep, list(reading.asked.values()))
        return reading.all

    def _wanted(self, lease: FeedLease, parsed: ParsedFeed, now: datetime) -> tuple[list[Stub], dict[str, Article]]:
        keys = [key for item in parsed.items for key in identity.keys(lease.feed.url, item)]
        known = self.store.known(lease.feed.id, keys)
        private = lease.feed.id in self.private
        found = stubs.wanted(lease.feed, parsed, known, private=private, now=now)
        return found, self.store.articles.kept([stub.key for stub in found])
