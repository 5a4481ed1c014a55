"""What stands behind an address somebody wants to add: a feed, or a site whose feed has to be found."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from monitor.cli.options import now
from monitor.errors import FetchError, SourceError
from monitor.model import Document, Feed, FeedLease, FeedState, ParsedFeed
from monitor.settings import Settings
from monitor.sources.bounds import is_web_page
from monitor.sources.diagnosis import shown
from monitor.sources.discovery import candidates
from monitor.sources.fetch import Fetcher
from monitor.sources.parse import Parser


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The address to poll, and what to tell about it."""

    url: str
    said: str


def find(url: str, settings: Settings) -> Found:
    """The feed at this address, or of the site there; the address itself when neither can be found out now."""
    return asyncio.run(_find(url, settings))


async def _find(url: str, settings: Settings) -> Found:
    fetcher, parser = Fetcher(settings.polling.limits), Parser()
    finder = _Finder(fetcher, parser, now())
    try:
        return await finder.find(url)
    finally:
        await fetcher.aclose()
        parser.close()


@dataclass(frozen=True, slots=True)
class _Finder:
    fetcher: Fetcher
    parser: Parser
    now: datetime

    async def find(self, url: str) -> Found:
        try:
            page = await self._fetch(url)
        except FetchError as error:
            return Found(url=url, said=f"It could not be asked now: it {error.message}.")
        try:
            return Found(url=url, said=_brief(await self._parse(page)))
        except SourceError as error:
            if not is_web_page(page.body or b""):
                return Found(url=url, said=f"Careful: it {error.message}.")
        return await self._of_site(url, page)

    async def _of_site(self, url: str, page: Document) -> Found:
        """One after the other: a site should not be asked ten things at once."""
        for candidate in candidates(page):
            try:
                parsed = await self._parse(await self._fetch(candidate.url))
            except SourceError:
                continue
            if parsed.items:
                return Found(
                    url=candidate.url, said=f"{shown(url)} is a web page; its feed was found. {_brief(parsed)}"
                )
        hint = "no feed was found on it: give the feed's own address"
        return Found(url=url, said=f"Careful: {shown(url)} is a web page, and {hint}.")

    async def _fetch(self, url: str) -> Document:
        feed = Feed(id="feed", url=url)
        state = FeedState(feed_id=feed.id, url=url, next_due_at=self.now)
        return await self.fetcher.fetch(FeedLease(feed=feed, state=state, token="", until=self.now), self.now)

    async def _parse(self, document: Document) -> ParsedFeed:
        return await self.parser.parse(Feed(id="feed", url=document.url), document)


def _brief(parsed: ParsedFeed) -> str:
    return f"It has {len(parsed.items)} entries" + (f', the latest "{parsed.items[0].title}".' if parsed.items else ".")
