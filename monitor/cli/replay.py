"""Invented publishers on disk, and the feed document each of them would serve at a given moment."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, field_validator

from monitor import yamlfile
from monitor.errors import ConfigError, Problem
from monitor.model import Feed

SHOWN = 20  # how many items a document holds, newest first, like a publisher's feed
KINDS = {"rss": "syndication", "atom": "syndication", "json": "json_feed"}


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Entry(BaseModel):
    """One piece of news; `at` is UTC unless it says otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: Annotated[datetime, AfterValidator(_utc)]
    title: str
    summary: str = ""
    link: str = ""


class Publisher(BaseModel):
    """One file of the archive: the labels of a feed, and its news in the order they appeared.

    Attributes:
        site: Where its pages would be; links are made from it where an item has none.
        encoding: Of the rendered XML.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    publisher: str
    owner: str
    country: str
    lang: str
    state_media: bool = False
    site: str
    format: Literal["rss", "atom", "json"] = "rss"
    encoding: Literal["utf-8", "windows-1251", "koi8-u"] = "utf-8"
    items: tuple[Entry, ...]

    @field_validator("items")
    @classmethod
    def _in_order(cls, items: tuple[Entry, ...]) -> tuple[Entry, ...]:
        times = [entry.at.replace(second=0, microsecond=0) for entry in items]
        if not items:
            raise ValueError("needs at least one item")
        if times != sorted(set(times)):
            raise ValueError("must stand in the order of `at`, no two at the same minute")
        return items

    def link(self, entry: Entry) -> str:
        """Where the entry can be read; different for each entry of a publisher."""
        return entry.link or f"{self.site}/{entry.at:%Y/%m/%d/%H%M}"

    def feed(self, url: str) -> Feed:
        """The feed to declare for this publisher when its document is served at `url`."""
        return Feed(
            id=(urlsplit(self.site).hostname or "").removesuffix(".example"),
            url=url,
            kind=KINDS[self.format],
            title=self.publisher,
            publisher=self.publisher,
            owner=self.owner,
            country=self.country,
            lang=self.lang,
            state_media=self.state_media,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Every publisher of a replay, by the name of its file."""

    publishers: Mapping[str, Publisher]

    @classmethod
    def load(cls, path: Path) -> "Archive":
        """The archive in this directory, one YAML file per publisher.

        Raises:
            ConfigError: With every problem of every file.
        """
        publishers: dict[str, Publisher] = {}
        problems: list[Problem] = []
        for file in sorted(path.glob("*.yaml")):
            try:
                publishers[file.stem] = _read(file)
            except ConfigError as error:
                problems += error.problems
        if not publishers and not problems:
            problems = [Problem(path=path, message="holds no *.yaml file", hint="one file for each publisher")]
        if problems:
            raise ConfigError(problems)
        return cls(publishers=publishers)

    @property
    def first_at(self) -> datetime:
        """When the earliest item appears."""
        return min(publisher.items[0].at for publisher in self.publishers.values())

    @property
    def last_at(self) -> datetime:
        """When the latest item appears."""
        return max(publisher.items[-1].at for publisher in self.publishers.values())

    def document(self, name: str, now: datetime) -> tuple[str, bytes]:
        """Content type and body of what this publisher serves at `now`: its newest items, newest first."""
        source = self.publishers[name]
        shown = [entry for entry in source.items if entry.at <= now][-SHOWN:]
        return RENDERERS[source.format](source, shown[::-1])


def _read(path: Path) -> Publisher:
    file = yamlfile.read(path)
    try:
        return Publisher.model_validate(file.data)
    except ValidationError as error:
        raise ConfigError(file.problems(error, yamlfile.keys_of(Publisher))) from error


def _tags(**fields: str) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items() if value)


def _xml(source: Publisher, kind: str, text: str) -> tuple[str, bytes]:
    head = f'<?xml version="1.0" encoding="{source.encoding}"?>\n'
    body = (head + text + "\n").encode(source.encoding, "xmlcharrefreplace")
    return f"application/{kind}+xml; charset={source.encoding}", body


def _rss(source: Publisher, shown: Sequence[Entry]) -> tuple[str, bytes]:
    about = _tags(title=source.publisher, link=source.site, language=source.lang, description=NOTICE)
    items = "\n".join(f"<item>{_rss_item(source, entry)}</item>" for entry in shown)
    return _xml(source, "rss", f'<rss version="2.0"><channel>{about}\n{items}</channel></rss>')


def _rss_item(source: Publisher, entry: Entry) -> str:
    link, date = source.link(entry), format_datetime(entry.at)
    return _tags(title=entry.title, link=link, guid=link, pubDate=date, description=entry.summary)


def _atom(source: Publisher, shown: Sequence[Entry]) -> tuple[str, bytes]:
    newest = shown[0] if shown else source.items[0]
    about = _tags(title=source.publisher, id=source.site, subtitle=NOTICE, updated=newest.at.isoformat())
    entries = "\n".join(f"<entry>{_atom_entry(source, entry)}</entry>" for entry in shown)
    return _xml(source, "atom", f'<feed xmlns="http://www.w3.org/2005/Atom">{about}\n{entries}</feed>')


def _atom_entry(source: Publisher, entry: Entry) -> str:
    link, date = source.link(entry), entry.at.isoformat()
    fields = _tags(title=entry.title, id=link, published=date, updated=date, summary=entry.summary)
    return f"<link href={quoteattr(link)}/>{fields}"


def _json(source: Publisher, shown: Sequence[Entry]) -> tuple[str, bytes]:
    about = {"title": source.publisher, "home_page_url": source.site, "description": NOTICE, "language": source.lang}
    items = [_json_item(source, entry) for entry in shown]
    feed = {"version": "https://jsonfeed.org/version/1.1", **about, "items": items}
    return "application/feed+json", json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _json_item(source: Publisher, entry: Entry) -> dict[str, str]:
    link, date = source.link(entry), entry.at.isoformat()
    return {"id": link, "url": link, "title": entry.title, "content_text": entry.summary, "date_published": date}


NOTICE = "Invented for a demonstration: no such publisher exists, and nobody said or did this."
RENDERERS: Mapping[str, Callable[[Publisher, Sequence[Entry]], tuple[str, bytes]]] = {
    "rss": _rss,
    "atom": _atom,
    "json": _json,
}
