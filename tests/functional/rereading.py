"""A document that is polled again: what is read of it by parsing only its new entries, against parsing all of it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from monitor.errors import ParseError
from monitor.model import Document, Feed, ParsedFeed
from monitor.sources import identity, memory
from monitor.sources.parse import Parser

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def reread(parser: Parser, feed: Feed, before: bytes, after: bytes) -> str:
    """How parsing only what is new compares with parsing all: "same" or "different".

    Also "whole" when all of it had to be parsed, and "unchanged" when every entry was known byte for byte, though what
    stands around them is broken now.
    """
    first = _read(parser, feed, before, b"")
    part = _read(parser, feed, after, memory.pack(feed.url, first) if first else b"")
    if part is None or not part.seen:
        return "whole"
    full = _read(parser, feed, after, b"")
    if full is None or not full.digests:
        return "unchanged" if not part.items else "different"
    return "same" if _same(feed, part, full) else "different"


def _same(feed: Feed, part: ParsedFeed, full: ParsedFeed) -> bool:
    """The new entries are read alike, and the others known by the same keys and dates."""
    new = set(part.digests)
    items = tuple(item for item, digest in zip(full.items, full.digests, strict=True) if digest in new)
    known = {entry.digest: replace(entry, missing=False) for entry in part.seen}
    others = {entry.digest: entry for entry in identity.seen(feed.url, full) if entry.digest not in new}
    return part.items == items and known == others and (part.ttl, part.skips) == (full.ttl, full.skips)


def _read(parser: Parser, feed: Feed, body: bytes, remembered: bytes) -> ParsedFeed | None:
    document = Document(feed_id=feed.id, url=feed.url, status=200, body=body, fetched_at=NOW)
    try:
        return asyncio.run(parser.parse(feed, document, remembered))
    except ParseError:
        return None
