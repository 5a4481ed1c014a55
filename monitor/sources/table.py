"""The kinds of source there are. A new kind is one module, and one line here."""

from collections.abc import Mapping

from monitor.model import Document, ParsedFeed
from monitor.sources.base import Source
from monitor.sources.json_feed import JsonFeed
from monitor.sources.syndication import Syndication
from monitor.sources.web_page import WebPage

SOURCES: Mapping[str, Source] = {
    "syndication": Syndication(),
    "json_feed": JsonFeed(),
    "web_page": WebPage(),
}


def choose(kind: str, document: Document) -> Source:
    """The kind the feed declares if it recognises the document, else another that does: nobody has to say which."""
    declared = SOURCES[kind]
    others = (source for source in SOURCES.values() if source.recognises(document))
    return declared if declared.recognises(document) else next(others, declared)


def parse(kind: str, document: Document) -> ParsedFeed:
    """The entries of the document.

    Raises:
        ParseError: No kind of source can read it.
    """
    return choose(kind, document).parse(document)
