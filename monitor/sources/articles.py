"""Reads the pages behind stubs: politely, within bounds, and never twice at once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.errors import FetchError, ParseError
from monitor.model import Article, Document, Feed
from monitor.sources import links, stubs
from monitor.sources.fetch import Fetcher
from monitor.sources.parse import Parser
from monitor.sources.slots import host_of
from monitor.sources.stubs import Stub

_PROGRAM = "monitor.sources.page_worker"  # not imported here: what it finds articles with is 20 MB of memory
_ENOUGH_FAILURES = 3  # in a row; more would be knocking at a closed door
_REST = timedelta(hours=1)
_BUSY = frozenset({429, 503})
_PAUSE = timedelta(minutes=10)  # when a host is busy and does not say for how long
_MAX_PAUSE = timedelta(days=1)
_MAX_HOSTS = 1000
_REASONS = {
    401: "asks for a password (401)",
    402: "asks for payment (402)",
    403: "refuses us (403): it may be for subscribers only, or block automatic readers",
    404: "is not there (404)",
    410: "is gone (410)",
    429: "asks for fewer requests (429)",
    451: "may not be shown for legal reasons (451)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLimits:
    """What reading pages may cost.

    Attributes:
        pages: Of one poll; the entries that stand first.
        deadline: In seconds, for all pages of one poll together.
        at_once: Pages of all feeds in flight.
        reading: In seconds, for finding the article on one page.
    """

    pages: int = 10
    deadline: float = 20.0
    at_once: int = 10
    reading: float = 5.0

    @classmethod
    def beside(cls, feeds: int) -> "ArticleLimits":
        """Where so many feeds are asked at once: pages take no more than half of the room."""
        return cls(at_once=max(1, min(cls().at_once, feeds // 2)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What became of stubs, by key.

    Attributes:
        asked: Of those whose page was asked for.
        unasked: Of the others, with the reason; another poll may ask.
    """

    asked: Mapping[str, Article]
    unasked: Mapping[str, Article]

    @property
    def all(self) -> dict[str, Article]:
        """Of all of them."""
        return {**self.unasked, **self.asked}


class Articles:
    """Has one process of its own to find articles in, which begins with the first page: feeds never wait for it."""

    def __init__(self, fetcher: Fetcher, limits: ArticleLimits = ArticleLimits()) -> None:
        self._fetcher = fetcher
        self._limits = limits
        self._room = asyncio.Semaphore(limits.at_once)
        self._reader = Parser(workers=1, deadline=limits.reading, program=_PROGRAM)
        self._hosts: dict[str, _Host] = {}
        self._under_way: dict[str, asyncio.Task[Article]] = {}

    async def read(self, feed: Feed, wanted: Sequence[Stub], now: datetime) -> Reading:
        """What became of each stub, not later than the deadline."""
        chosen: dict[str, Stub] = {}
        unasked: dict[str, Article] = {}
        for stub in wanted:
            if why := self._objection(feed, stub, chosen, now):
                unasked[stub.key] = Article(key=stub.key, why=why, read_at=now)
            else:
                chosen.setdefault(stub.key, stub)
        asked = await self._all(feed, chosen, now)
        late = f"its page was not read within {self._limits.deadline:g} s"
        missed = {key: Article(key=key, why=late, read_at=now) for key in chosen.keys() - asked.keys()}
        return Reading(asked=asked, unasked=unasked | missed)

    def close(self) -> None:
        """Kill the process."""
        self._reader.close()

    def _objection(self, feed: Feed, stub: Stub, chosen: Mapping[str, Stub], now: datetime) -> str:
        if stub.key in chosen:
            return ""
        if len(chosen) >= self._limits.pages:
            return f"it came with many others: {self._limits.pages} pages are read in one poll"
        return stubs.objection(feed, stub.entry.link) or self._host(stub.entry.link).resting(now)

    async def _all(self, feed: Feed, chosen: Mapping[str, Stub], now: datetime) -> dict[str, Article]:
        """Those that can be had within the deadline; what another poll is reading is waited for."""
        own = {key: self._begun(feed, stub, now) for key, stub in chosen.items() if key not in self._under_way}
        tasks = {key: self._under_way[key] for key in chosen}
        try:
            if tasks:
                await asyncio.wait(tasks.values(), timeout=self._limits.deadline)
        finally:
            for task in own.values():
                task.cancel()
        return {key: task.result() for key, task in tasks.items() if task.done() and not task.cancelled()}

    def _begun(self, feed: Feed, stub: Stub, now: datetime) -> asyncio.Task[Article]:
        task = self._under_way[stub.key] = asyncio.create_task(self._one(feed, stub, now))
        task.add_done_callback(lambda _: self._under_way.pop(stub.key, None))
        return task

    async def _one(self, feed: Feed, stub: Stub, now: datetime) -> Article:
        host = self._host(stub.entry.link)
        nothing = Article(key=stub.key, read_at=now)
        async with self._room:
            if why := host.resting(now):  # since it was chosen
                return replace(nothing, why=why)
            try:
                document = await self._fetcher.page(feed, stub.entry.link, now)
            except FetchError as error:
                host.failed(error, now)
                return replace(nothing, why=f"its page {_REASONS.get(error.status or 0, error.message)}")
        host.answered()
        return await self._article(feed, document, nothing)

    async def _article(self, feed: Feed, document: Document, nothing: Article) -> Article:
        if not links.names_a_page(document.url):
            return replace(nothing, why=stubs.FRONT)
        try:
            title, text = await self._reader.ask(feed.id, (document, feed.article or ""))
        except ParseError as error:
            return replace(nothing, why=f"its page {error.message}")
        return replace(nothing, title=title, text=text)

    def _host(self, link: str) -> "_Host":
        if len(self._hosts) >= _MAX_HOSTS:
            self._hosts.clear()
        return self._hosts.setdefault(host_of(link), _Host())


@dataclass(slots=True)
class _Host:
    """Whether a host has had enough of us."""

    failures: int = 0
    until: datetime | None = None

    def resting(self, now: datetime) -> str:
        """Why it is left alone, or ""."""
        if self.until is None or now >= self.until:
            return ""
        return "its site is left alone for a while, as it asked for or after several failures"

    def answered(self) -> None:
        self.failures, self.until = 0, None

    def failed(self, error: FetchError, now: datetime) -> None:
        self.failures += 1
        if error.status in _BUSY or error.retry_after:
            self.until = now + min(error.retry_after or _PAUSE, _MAX_PAUSE)
        elif self.failures >= _ENOUGH_FAILURES:
            self.until = now + _REST
