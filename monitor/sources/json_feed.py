"""JSON Feed (versions 1 and 1.1), read generously: a field of the wrong type is left out, not the entry."""

import json
import re
from typing import Any

from monitor.errors import ParseError
from monitor.model import Document, ParsedFeed, ParsedItem
from monitor.sources import base
from monitor.sources.entries import Entry, item
from monitor.text import clean

_VERSION = re.compile(r"(?:https?://(?:www\.)?jsonfeed\.org/version/)?\d+(?:\.\d+)?$")
_TEXTS = (
    *("id", "url", "external_url", "title", "summary", "content_text", "content_html"),
    *("date_published", "date_modified", "language"),
)


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


class JsonFeed:
    """JSON Feed."""

    def recognises(self, document: Document) -> bool:
        return base.first_byte(document) == b"{"

    def parse(self, document: Document) -> ParsedFeed:
        feed = _read(document)
        entries = feed["items"][: base.MAX_ITEMS]
        notes = [base.cut_note(len(feed["items"]))] if len(feed["items"]) > base.MAX_ITEMS else []
        items = [_item(raw, feed, document) for raw in entries if isinstance(raw, dict)]
        if len(items) < len(entries):
            notes.append(f"{len(entries) - len(items)} of its items are no JSON objects")
        title = clean.title(_text(feed.get("title")), base.MAX_TITLE)
        return ParsedFeed(title=title, items=tuple(items), notes=tuple(notes))


def _read(document: Document) -> dict[str, Any]:
    """The feed, with a version that names one and a list of items."""
    try:
        feed = json.loads((document.body or b"").decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ParseError(document.feed_id, f"is broken JSON: {str(error)[:100]}") from error
    if not isinstance(feed, dict) or "version" not in feed or not isinstance(feed.get("items"), list):
        raise ParseError(document.feed_id, "is JSON but no JSON Feed: it lacks `version` or a list `items`")
    if not _VERSION.match(_text(feed["version"])):
        raise ParseError(document.feed_id, "is JSON but no JSON Feed: `version` does not name jsonfeed.org/version/1")
    return feed


def _item(raw: dict[str, Any], feed: dict[str, Any], document: Document) -> ParsedItem:
    texts = {name: _text(raw.get(name)) for name in _TEXTS}
    entry = Entry(
        guid=texts["id"],
        link=texts["url"] or texts["external_url"],
        title=texts["title"],
        texts=(texts["summary"], texts["content_text"] or texts["content_html"]),
        author=_author(raw),
        lang=texts["language"] or _text(feed.get("language")),
        tags=[_text(tag) for tag in _list(raw.get("tags"))],
        published=texts["date_published"],
        updated=texts["date_modified"],
    )
    return item(entry, document.url, document.fetched_at)


def _author(raw: dict[str, Any]) -> str:
    authors = [*_list(raw.get("authors")), raw.get("author")]
    names = (_text(author.get("name")) for author in authors if isinstance(author, dict))
    return ", ".join(name for name in names if name)
