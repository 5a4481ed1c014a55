"""RSS, RDF and Atom in all their dialects, through feedparser; loaded by the first document that needs it."""

import io
from typing import Any

import feedparser

from monitor.errors import ParseError
from monitor.model import Document
from monitor.sources import base, bounds
from monitor.sources.entries import Channel, Entry, Reading

# What feedparser raises for real and for hostile documents: character references out of range, broken encodings,
# namespaces it half understands.
_RAISED = (ValueError, OverflowError, LookupError, TypeError, AttributeError, RuntimeError, AssertionError)


def read(document: Document, body: bytes) -> Reading:
    """What the document says.

    Raises:
        ParseError: It is no feed.
    """
    found = _feedparser(document, body)
    if not found.get("version") and (not found["entries"] or bounds.is_web_page(body)):
        raise ParseError(document.feed_id, _no_feed(body))
    wrong = f"is not well-formed: {str(found.get('bozo_exception', ''))[:100]}" if found.get("bozo") else ""
    return Reading(channel=_channel(found), well_formed=_is_well_formed(found), wrong=wrong)


def _feedparser(document: Document, body: bytes) -> Any:
    # BytesIO, because bytes are first tried as the name of a file; lower-case header names, because others are ignored;
    # no content-location, because a guid would be resolved against it, and change when the feed moves.
    headers = {"content-type": document.content_type} if document.content_type else {}
    try:
        return feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except _RAISED as error:
        raise ParseError(document.feed_id, f"is broken in a way no reader understands: {str(error)[:100]}") from error


def _is_well_formed(found: Any) -> bool:
    """Whether the XML parser read it to its end; only the labels of encoding and type may have been wrong."""
    wrong = found.get("bozo_exception")
    return not found.get("bozo") or isinstance(
        wrong, feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType
    )


def _no_feed(body: bytes) -> str:
    if bounds.is_web_page(body):
        return (
            "answered with a web page, not a feed: the address may have changed, ask for a login, or be the site's own;"
            " look for the feed's address on that page"
        )
    return "answered with something that is neither RSS, Atom nor JSON Feed: check the address in a browser"


def _channel(found: Any) -> Channel:
    feed = found["feed"]
    lang = str(feed.get("language") or "")
    return Channel(
        title=str(feed.get("title") or ""),
        ttl=_text(feed, "ttl"),
        period=_text(feed, "sy_updateperiod"),
        frequency=_text(feed, "sy_updatefrequency"),
        entries=[_entry(entry, lang) for entry in found["entries"][: base.MAX_ITEMS]],
    )


def _entry(found: Any, lang: str) -> Entry:
    guid, link = _text(found, "id"), _text(found, "link")
    return Entry(
        guid=guid,
        link="" if link == guid and ":" not in guid else link,  # feedparser takes any guid for a link, even "1234"
        title=_text(found, "title"),
        texts=_texts(found),
        author=_text(found.get("author_detail") or {}, "name") or _text(found, "author"),
        publisher=_publisher(found),
        lang=_text(found.get("title_detail") or {}, "language") or lang,
        tags=[_text(tag, "label") or _text(tag, "term") for tag in found.get("tags") or ()],
        published=_text(found, "published") or _text(found, "created"),
        updated=_text(found, "updated") if "updated" in found else "",  # falls back to `published` unless asked
    )


def _texts(found: Any) -> list[str]:
    contents = found.get("content")
    values = [_text(content, "value") for content in contents] if isinstance(contents, list) else []
    return [_text(found, "summary"), *values]


def _publisher(found: Any) -> str:
    source = found.get("source")
    return (_text(source, "title") if isinstance(source, dict) else "") or _text(found, "publisher")


def _text(found: Any, field: str) -> str:
    value = found.get(field) if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""
