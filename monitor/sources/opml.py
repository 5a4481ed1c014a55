"""Lists of feeds as OPML, the format every feed reader imports and exports.

Groups and categories become tags, parted at commas. What OPML has no word for stands in attributes of our own, which
other readers ignore: id, kind, every, publisher, owner, country, language, stateMedia.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from monitor.errors import ConfigError, Problem
from monitor.model import Feed
from monitor.sources.table import SOURCES
from monitor.text import clean

_MAX_SIZE = 5_000_000  # bytes
_MAX_FEEDS = 20_000
_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_PAUSE = re.compile(r"(\d{1,6})([smhd])")
_ARTICLES = {"": None, "false": None, "true": ""}  # what is neither is a selector
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n<head><title>Feeds</title></head>\n<body>'
_FOOT = "</body>\n</opml>\n"


def read(path: Path) -> list[Feed]:
    """The feeds a file lists, in its order; one without an id gets one made from its address.

    Raises:
        ConfigError: The file cannot be used; every problem in it is listed.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError([Problem(path=path, message=f"cannot be read: {error.strerror}")]) from error
    reader = _Reader(path)
    reader.read(data)
    if reader.problems:
        raise ConfigError(reader.problems)
    return reader.feeds


def write(feeds: Iterable[Feed]) -> str:
    """The same feeds as an OPML document; addresses are written with the passwords they hold."""
    outlines = ("  <outline " + " ".join(_written(feed)) + "/>" for feed in feeds)
    return "\n".join((_HEAD, *outlines, _FOOT))


def _written(feed: Feed) -> Iterator[str]:
    attributes = {
        "type": "rss",
        "id": feed.id,
        "text": feed.title or feed.id,
        "title": feed.title,
        "xmlUrl": feed.url,
        "category": ",".join(tag.replace(",", " ") for tag in feed.tags),
        "kind": feed.kind if feed.kind != "syndication" else "",
        "every": f"{feed.every.total_seconds():.0f}s" if feed.every else "",
        "publisher": feed.publisher,
        "owner": feed.owner,
        "country": feed.country,
        "language": feed.lang,
        "stateMedia": "true" if feed.state_media else "",
        "options": json.dumps(dict(feed.options), ensure_ascii=False) if feed.options else "",
        "article": "" if feed.article is None else feed.article or "true",
    }
    return (f"{name}={quoteattr(clean.harmless(value))}" for name, value in attributes.items() if value)


class _Reader:
    """Goes through the outlines, remembering the groups they stand in."""

    def __init__(self, path: Path) -> None:
        self.feeds: list[Feed] = []
        self.problems: list[Problem] = []
        self._path = path
        self._groups: list[str] = []
        self._ids: set[str] = set()
        self._has_opml = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity

    def read(self, data: bytes) -> None:
        if len(data) > _MAX_SIZE:
            return self._wrong(f"is larger than {_MAX_SIZE // 1_000_000} MB", line=0)
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            self._wrong(f"is not well-formed XML: {expat.ErrorString(error.code)}", line=error.lineno)
        except _Stop:
            pass
        if not self._has_opml and not self.problems:
            self._wrong("is no OPML: there is no <opml> in it", line=0)
        return None

    def _wrong(self, message: str, hint: str = "", line: int | None = None) -> None:
        line = self._parser.CurrentLineNumber if line is None else line
        self.problems.append(Problem(path=self._path, message=message, line=line, hint=hint))

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._has_opml = self._has_opml or name.lower() == "opml"
        if name.lower() != "outline":
            return
        lower = {key.lower(): value.strip() for key, value in attributes.items()}
        url = lower.get("xmlurl", "")
        self._groups.append("" if url else lower.get("title") or lower.get("text", ""))
        if url:
            self._feed(url, lower)

    def _end(self, name: str) -> None:
        if name.lower() == "outline":
            self._groups.pop()

    def _entity(self, *_: object) -> None:
        self._wrong("declares XML entities, which a list of feeds does not need", "take the <!ENTITY ...> lines out")
        raise _Stop

    def _feed(self, url: str, attributes: Mapping[str, str]) -> None:
        if len(self.feeds) >= _MAX_FEEDS:
            self._wrong(f"lists more than {_MAX_FEEDS} feeds")
            raise _Stop
        kind = attributes.get("kind", "syndication")
        if kind not in SOURCES:
            self._wrong(f'unknown kind of feed "{kind}"', f"known: {', '.join(sorted(SOURCES))}")
        if _scheme(url) not in ("http", "https", "feed"):
            self._wrong("the address of a feed does not begin with http:// or https://", "correct its xmlUrl")
        self.feeds.append(
            Feed(
                id=self._id(attributes.get("id", ""), url),
                url=url,
                kind=kind,
                title=attributes.get("title") or _unless(attributes.get("id", ""), attributes.get("text", "")),
                publisher=attributes.get("publisher", ""),
                owner=attributes.get("owner", ""),
                country=attributes.get("country", "").upper(),
                lang=attributes.get("language", "").lower(),
                state_media=attributes.get("statemedia", "").lower() in ("true", "yes", "1"),
                tags=_tags(self._groups, attributes.get("category", "")),
                every=self._every(attributes.get("every", "")),
                options=self._options(attributes.get("options", "")),
                article=_ARTICLES.get(attributes.get("article", ""), attributes.get("article")),
            )
        )

    def _id(self, declared: str, url: str) -> str:
        wanted = declared or _slug(url)
        free = wanted
        number = 1
        while not declared and free in self._ids:
            number += 1
            free = f"{wanted}-{number}"
        self._ids.add(free)
        return free

    def _every(self, written: str) -> timedelta | None:
        match = _PAUSE.fullmatch(written)
        if written and (not match or not int(match[1])):
            self._wrong(f'every="{written}" is no pause', 'write it like every="15m": a number and s, m, h or d')
        return int(match[1]) * _UNITS[match[2]] if match else None

    def _options(self, written: str) -> Mapping[str, str]:
        try:
            found = json.loads(written or "{}")
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and all(isinstance(value, str) for value in found.values()):
            return found
        self._wrong("options are no JSON object of texts", """write them like options='{"item": "article"}'""")
        return {}


class _Stop(Exception):
    """Nothing further is worth reading."""


def _tags(groups: Sequence[str], category: str) -> tuple[str, ...]:
    named = (part.strip().lstrip("/") for names in (*groups, category) for part in names.split(","))
    return tuple(dict.fromkeys(tag for tag in named if tag))


def _unless(feed_id: str, text: str) -> str:
    """The text, unless it is only there because OPML demands one."""
    return "" if text == feed_id else text


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _slug(url: str) -> str:
    """ "example.org-world-rss" from "https://www.example.org/world/rss.xml?key=secret"."""
    parts = urlsplit(url) if _scheme(url) else None
    host = re.sub(r"^www\.", "", (parts.hostname or "") if parts else "")
    path = re.sub(r"\.\w+$", "", parts.path) if parts else ""
    return re.sub(r"[^a-z0-9.]+", "-", f"{host}{path}".lower()).strip("-.")[:80] or "feed"
