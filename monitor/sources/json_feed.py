"""JSON Feed (versions 1 and 1.1), read generously: a field of the wrong type is left out, not the entry."""

import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ValidationError

from monitor.errors import ParseError
from monitor.model import Document, ParsedFeed, ParsedItem
from monitor.sources import base
from monitor.sources.entries import Entry, item
from monitor.text import clean

_VERSION = re.compile(r"(?:https?://(?:www\.)?jsonfeed\.org/version/)?\d+(?:\.\d+)?$")


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _named(value: object) -> object:
    return value if isinstance(value, dict) else {}


Text = Annotated[str, BeforeValidator(_text)]


class _Author(BaseModel):
    name: Text = ""


_Authors = Annotated[list[Annotated[_Author, BeforeValidator(_named)]], BeforeValidator(_list)]


class _Item(BaseModel):
    id: Text = ""
    url: Text = ""
    external_url: Text = ""
    title: Text = ""
    summary: Text = ""
    content_text: Text = ""
    content_html: Text = ""
    date_published: Text = ""
    date_modified: Text = ""
    language: Text = ""
    author: Annotated[_Author, BeforeValidator(_named)] = _Author()
    authors: _Authors = []
    tags: Annotated[list[Text], BeforeValidator(_list)] = []

    @property
    def author_name(self) -> str:
        return ", ".join(author.name for author in (*self.authors, self.author) if author.name)


class _Feed(BaseModel):
    version: Text
    title: Text = ""
    language: Text = ""
    items: list[Any]


class JsonFeed:
    """JSON Feed."""

    def recognises(self, document: Document) -> bool:
        return base.first_byte(document) == b"{"

    def parse(self, document: Document) -> ParsedFeed:
        feed = _read(document)
        entries = feed.items[: base.MAX_ITEMS]
        notes = [base.cut_note(len(feed.items))] if len(feed.items) > base.MAX_ITEMS else []
        items = [_item(raw, feed, document) for raw in entries if isinstance(raw, dict)]
        if len(items) < len(entries):
            notes.append(f"{len(entries) - len(items)} of its items are no JSON objects")
        return ParsedFeed(title=clean.title(feed.title, base.MAX_TITLE), items=tuple(items), notes=tuple(notes))


def _read(document: Document) -> _Feed:
    try:
        feed = _Feed.model_validate(json.loads((document.body or b"").decode("utf-8-sig", "replace")))
    except ValidationError as error:
        raise ParseError(document.feed_id, "is JSON but no JSON Feed: it lacks `version` or a list `items`") from error
    except (ValueError, RecursionError) as error:
        raise ParseError(document.feed_id, f"is broken JSON: {str(error)[:100]}") from error
    if not _VERSION.match(feed.version):
        raise ParseError(document.feed_id, "is JSON but no JSON Feed: `version` does not name jsonfeed.org/version/1")
    return feed


def _item(raw: dict[str, Any], feed: _Feed, document: Document) -> ParsedItem:
    read = _Item.model_validate(raw)
    entry = Entry(
        guid=read.id,
        link=read.url or read.external_url,
        title=read.title,
        texts=(read.summary, read.content_text or read.content_html),
        author=read.author_name,
        lang=read.language or feed.language,
        tags=read.tags,
        published=read.date_published,
        updated=read.date_modified,
    )
    return item(entry, document.url, document.fetched_at)
