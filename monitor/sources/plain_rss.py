"""RSS as nearly everybody writes it, read at a fourteenth of what feedparser takes: the same values, or none.

A document is read here only when every element of it is named below, stands where it belongs and holds nothing unusual.
All else is left to feedparser, whose ways this follows: other dialects, broken XML, second titles, unescaped markup.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from monitor.sources.entries import Channel, Entry

# What feedparser takes for UTF-8 without a word; the rest it has doubts about, and notes them.
_CONTENT_TYPE = re.compile(
    r"|(?:application/(?:xml|[\w.-]+\+xml)|text/xml(?=\s*;))(?:\s*;\s*charset=[\"']?(?i:utf-8)[\"']?)?"
)
_XML_ENCODING = re.compile(rb"<\?.*encoding=[\"'](.*?)[\"'].*\?>")
_UNSAFE = re.compile(rb"\0|<!(?:doctype|entity)", re.IGNORECASE)  # wide encodings; entities, which may be anything
_BOM = b"\xef\xbb\xbf"
_WINDOWS = re.compile("[\x80-\x9f]")
_INHERITED = ("lang", "base")  # attributes that reach into every element below

_NAMESPACES = {
    "": "",
    "com-wordpress:feed-additions:1": "",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://search.yahoo.com/mrss": "media:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://purl.org/rss/1.0/modules/slash/": "slash:",
    "http://purl.org/rss/1.0/modules/syndication/": "sy:",
    "http://purl.org/syndication/thread/1.0": "thr:",
    "http://wellformedweb.org/commentapi/": "wfw:",
}
_PREFIXES = frozenset(_NAMESPACES.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Element:
    """What an element may hold.

    Attributes:
        kept: Under which name its text is kept; "" when it tells us nothing.
        attributes: Those it may have; None for any.
    """

    kept: str = ""
    attributes: Collection[str] | None = ()
    within: Mapping[str, "_Element"] = field(default_factory=dict)


def _kept(*names: str) -> dict[str, _Element]:
    return {name: _Element(kept=name) for name in names}


def _ignored(*names: str, within: Mapping[str, _Element] | None = None) -> dict[str, _Element]:
    return {name: _Element(attributes=None, within=within or {}) for name in names}


_MEDIA = _ignored("media:thumbnail", "media:credit", "media:copyright", "media:text")
_ITEM = {
    **_kept("title", "link", "description", "content:encoded", "author", "pubdate", "updated"),
    "guid": _Element(kept="guid", attributes=("isPermaLink",)),
    "category": _Element(kept="tags", attributes=("domain",)),
    "dc:subject": _Element(kept="tags"),
    "dc:creator": _Element(kept="author"),
    "dc:date": _Element(kept="updated"),
    "source": _Element(kept="source", attributes=("url",)),
    **_ignored("comments", "enclosure", "post-id", "feedburner:origlink", "slash:comments", "slash:section"),
    **_ignored("thr:total", "wfw:comment", "wfw:commentrss", "dc:identifier", "dc:format", "dc:type", "dc:rights"),
    **_MEDIA,
    **_ignored("media:content", within=_MEDIA),
}
_CHANNEL = {
    **_kept("title", "language", "ttl", "sy:updateperiod", "sy:updatefrequency"),
    "dc:language": _Element(kept="language"),
    "item": _Element(kept="item", within=_ITEM),
    **_ignored("link", "description", "copyright", "generator", "docs", "rating", "category", "cloud", "pubdate"),
    **_ignored("lastbuilddate", "managingeditor", "webmaster", "sy:updatebase", "dc:date", "dc:rights", "dc:creator"),
    **_ignored("skiphours", within=_ignored("hour")),
    **_ignored("skipdays", within=_ignored("day")),
    "image": _Element(within={name: _Element() for name in ("url", "title", "link", "width", "height", "description")}),
    **_ignored("feedburner:info", "feedburner:emailserviceid", "feedburner:feedburnerhostname"),
}
_DOCUMENT = {"rss": _Element(attributes=("version",), within={"channel": _Element(within=_CHANNEL)})}


class _Unfamiliar(Exception):
    """Something that only feedparser knows how to take."""


def read(body: bytes, content_type: str) -> Channel | None:
    """What the document says; None when it has to be read by feedparser."""
    declared = _XML_ENCODING.match(body)
    encoding = declared[1].lower() if declared else b"utf-8"
    if encoding != b"utf-8" or not _CONTENT_TYPE.fullmatch(content_type) or _UNSAFE.search(body):
        return None
    try:
        return _Reader().read(body.removeprefix(_BOM))
    except (_Unfamiliar, expat.ExpatError):
        return None


class _Reader:
    """Walks through the document, and stops at what it does not know."""

    def __init__(self) -> None:
        self._feed: dict[str, Any] = {}
        self._items: list[dict[str, Any]] = []
        self._values = self._feed
        self._names: dict[str, str] = {}
        self._around: list[_Element] = []
        self._element = _Element(within=_DOCUMENT)
        self._text: list[str] = []

    def read(self, body: bytes) -> Channel:
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartNamespaceDeclHandler = _check_prefix
        parser.Parse(body, True)
        return _channel(self._feed, self._items)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        short = self._names.get(name) or self._names.setdefault(name, _short(name))
        element = self._element.within.get(short)
        if element is None:
            raise _Unfamiliar
        if attributes:
            _check_attributes(element, attributes)
        self._around.append(self._element)
        self._element = element
        self._text.clear()
        if element.kept == "item":
            self._values = {"tags": []}
            self._items.append(self._values)
        elif element.kept == "guid":
            self._values["permalink"] = attributes.get("isPermaLink", "true") == "true"

    def _end(self, _name: str) -> None:
        element, self._element = self._element, self._around.pop()
        if element.kept == "item":
            self._values = self._feed
        elif element.kept == "tags":
            self._values["tags"].append(_value(self._text))
        elif element.kept:
            if element.kept in self._values:
                raise _Unfamiliar
            self._values[element.kept] = _value(self._text)


def _short(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    prefix = _NAMESPACES.get(namespace.lower())
    if prefix is None:
        raise _Unfamiliar
    return prefix + local.lower()


def _check_prefix(prefix: str | None, uri: str) -> None:
    """One prefix that everybody uses for another namespace would be taken for that."""
    if f"{prefix}:" in _PREFIXES and _NAMESPACES.get(uri.lower()) != f"{prefix}:":
        raise _Unfamiliar


def _check_attributes(element: _Element, attributes: Mapping[str, str]) -> None:
    if element.attributes is not None and not attributes.keys() <= set(element.attributes):
        raise _Unfamiliar
    if any(name.rpartition(" ")[2].lower() in _INHERITED for name in attributes):
        raise _Unfamiliar


def _value(pieces: list[str]) -> str:
    """The text of an element; feedparser repairs what was encoded twice, or in another encoding."""
    text = "".join(pieces).strip()
    if not text.isascii() and (_WINDOWS.search(text) or _is_encoded_twice(text)):
        raise _Unfamiliar
    return text


def _is_encoded_twice(text: str) -> bool:
    try:
        text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _channel(feed: Mapping[str, str], items: Sequence[Mapping[str, Any]]) -> Channel:
    lang = feed.get("language", "")
    return Channel(
        title=feed.get("title", ""),
        ttl=feed.get("ttl", ""),
        period=feed.get("sy:updateperiod", ""),
        frequency=feed.get("sy:updatefrequency", ""),
        entries=[_entry(item, lang) for item in items],
    )


def _entry(item: Mapping[str, Any], lang: str) -> Entry:
    guid, author = item.get("guid", ""), item.get("author", "")
    link = _address(item["link"]) if "link" in item else guid if item.get("permalink") else ""
    if "@" in author:
        raise _Unfamiliar
    texts = [item[name] for name in ("description", "content:encoded") if name in item]
    return Entry(
        guid=_address(guid) if item.get("permalink") else guid,
        link="" if link == guid and ":" not in guid else link,
        title=item.get("title", ""),
        texts=texts,
        author=author,
        publisher=item.get("source", ""),
        lang=lang,
        tags=item["tags"],
        published=item.get("pubdate", ""),
        updated=item.get("updated", ""),
    )


def _address(written: str) -> str:
    if ":///" in written or ("&" in written and ";" in written):
        raise _Unfamiliar
    return written
