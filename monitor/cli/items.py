"""Items from files, for commands that work without the database: JSON lines, feed documents, lists of feeds."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from monitor.errors import ConfigError, MonitorError, Problem, SourceError
from monitor.model import Document, Feed, FeedLease, FeedState, Item
from monitor.sources import identity, opml
from monitor.sources.base import MAX_BODY, MAX_SUMMARY, MAX_TITLE
from monitor.sources.fetch import Fetcher
from monitor.sources.parse import Parser
from monitor.text import clean

STDIN = "-"
_HEAD = 2000  # bytes that show what a file is
_DATES = ("%Y", "%Y-%m", "%Y-%m-%d")
Complain = Callable[[str], None]


class Line(BaseModel):
    """One item as a line of JSON; keys it does not know are left alone."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str = ""
    title: str = ""
    summary: str | None = ""
    body: str | None = ""
    author: str | None = ""
    published: datetime | None = None
    source: str | None = ""
    owner: str | None = ""
    country: str | None = ""
    url: str | None = ""
    lang: str | None = ""
    state_media: bool = False
    tags: list[str] = Field(default_factory=list)

    @field_validator("published", mode="before")
    @classmethod
    def _any_precision(cls, value: object) -> object:
        if not isinstance(value, str) or len(value) > 10:
            return value or None
        return _parse_date(value)

    @field_validator("published")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value

    def item(self, number: int, now: datetime) -> Item:
        """The line as an item, cleaned as one from a feed would be; first seen when it was published."""
        return Item(
            id=self.id or f"line-{number}",
            feed_id=self.source or "file",
            title=clean.title(self.title, MAX_TITLE),
            summary=clean.paragraphs(self.summary or "", MAX_SUMMARY),
            body=clean.paragraphs(self.body or "", MAX_BODY),
            author=clean.line(self.author or "", MAX_TITLE),
            link=self.url or "",
            publisher=clean.line(self.source or "", MAX_TITLE),
            owner=self.owner or "",
            country=self.country or "",
            lang=self.lang or "",
            state_media=self.state_media,
            tags=tuple(self.tags),
            published_at=self.published,
            first_seen_at=self.published or now,
        )


def items(names: Sequence[str], now: datetime, complain: Complain) -> Iterator[Item]:
    """The items of these files ("-" is the standard input), in order; lines are read as they come.

    Args:
        complain: Is told of a line or feed that cannot be read; the others go on.

    Raises:
        ConfigError: A file cannot be read at all.
    """
    for name in names:
        if name == STDIN:
            yield from _items_of(sys.stdin.buffer, Path("standard input"), now, complain)
            continue
        try:
            with Path(name).open("rb") as file:
                yield from _items_of(file, Path(name), now, complain)
        except OSError as error:
            raise ConfigError([Problem(path=Path(name), message=f"cannot be read: {error.strerror}")]) from error


def _items_of(file: BinaryIO, path: Path, now: datetime, complain: Complain) -> Iterator[Item]:
    first = file.readline()
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _is_line(start):
        yield from _from_lines(chain([start], file), path, now, complain)
        return
    data = first + file.read()
    if b"<opml" in data[:_HEAD].lower():
        yield from asyncio.run(_from_feeds(opml.read(path), now, complain))
    elif data.strip():
        yield from asyncio.run(_from_document(data, path, now))


def _is_line(start: bytes) -> bool:
    """Whether a file that begins so holds items, one JSON object a line, and not a feed in JSON."""
    try:
        return start.startswith(b"{") and "items" not in json.loads(start)
    except ValueError:
        return start.startswith(b"{") and start.rstrip().endswith(b"}")


def _from_lines(lines: Iterable[bytes], path: Path, now: datetime, complain: Complain) -> Iterator[Item]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield Line.model_validate_json(line).item(number, now)
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            where = "".join(f"{part}: " for part in wrong["loc"])
            complain(f"{path}:{number}: is no item in JSON: {where}{wrong['msg']}")


async def _from_document(data: bytes, path: Path, now: datetime) -> list[Item]:
    """The items of a feed somebody saved.

    Raises:
        ConfigError: It is no feed.
    """
    feed = Feed(id=path.stem, url=path.absolute().as_uri())
    document = Document(feed_id=feed.id, url=feed.url, status=200, body=data, fetched_at=now)
    parser = Parser(workers=1)
    try:
        return identity.new_items(feed, await parser.parse(feed, document), {}, historic=False, now=now)
    except SourceError as error:
        hint = "give a feed, a list of feeds (OPML), or one JSON object a line"
        raise ConfigError([Problem(path=path, message=error.message, hint=hint)]) from error
    finally:
        parser.close()


async def _from_feeds(feeds: Sequence[Feed], now: datetime, complain: Complain) -> list[Item]:
    """What the feeds hold at this moment."""
    fetcher, parser = Fetcher(), Parser()

    async def of(feed: Feed) -> list[Item]:
        state = FeedState(feed_id=feed.id, url=feed.url, next_due_at=now)
        lease = FeedLease(feed=feed, state=state, token="", until=now)  # nobody else wants it
        try:
            parsed = await parser.parse(feed, await fetcher.fetch(lease, now))
        except MonitorError as error:
            complain(str(error))
            return []
        return identity.new_items(feed, parsed, {}, historic=False, now=now)

    try:
        return [item for found in await asyncio.gather(*map(of, feeds)) for item in found]
    finally:
        await fetcher.aclose()
        parser.close()


def _parse_date(text: str) -> datetime | None:
    """A date that may lack day or month; None for anything else."""
    for form in _DATES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
