"""RSS, RDF and Atom: plain RSS by `plain_rss`, everything else by feedparser."""

from datetime import timedelta
from importlib import import_module

from monitor.model import Document, ParsedFeed
from monitor.sources import base, bounds, plain_rss, skips
from monitor.sources.entries import Channel, Reading, item
from monitor.text import clean

_MAX_TTL = timedelta(days=1)
_BY_FEEDPARSER = "monitor.sources.by_feedparser"  # 9 MB that most feeds do without


class Syndication:
    """RSS, RDF and Atom."""

    def recognises(self, document: Document) -> bool:
        return base.first_byte(document) != b"{"

    def parse(self, document: Document) -> ParsedFeed:
        body, notes = bounds.bounded(document)
        plain = plain_rss.read(body, document.content_type)
        reading = Reading(channel=plain, well_formed=True) if plain else _by_feedparser(document, body)
        entries = reading.channel.entries[: base.MAX_ITEMS]
        return ParsedFeed(
            title=clean.title(reading.channel.title, base.MAX_TITLE),
            ttl=_ttl(reading.channel),
            skips=skips.skips(body),
            items=tuple(item(entry, document.url, document.fetched_at) for entry in entries),
            notes=(*notes, reading.wrong) if reading.wrong else notes,
            well_formed=reading.well_formed,
        )


def _by_feedparser(document: Document, body: bytes) -> Reading:
    reading: Reading = import_module(_BY_FEEDPARSER).read(document, body)
    return reading


def _ttl(channel: Channel) -> timedelta | None:
    written = channel.ttl.strip()[:6]
    minutes = int(written) if written.isascii() and written.isdigit() else 0
    period = skips.period(channel.period, channel.frequency)
    return min(max(timedelta(minutes=minutes), period or timedelta(0)), _MAX_TTL) or None
