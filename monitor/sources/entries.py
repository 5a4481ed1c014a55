"""From the fields of an entry, as some library read them, to a clean ParsedItem: the same for every kind of source."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from monitor.model import ParsedItem
from monitor.sources import base, dates
from monitor.text import clean

# Most links: absolute, and nothing in them that would be taken off or written otherwise.
_PLAIN_LINK = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?/[\w.~/%+,:@=-]*(?:\?[\w.~/%+,:@=&-]+)?", re.ASCII)
_LANG = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as written: untrusted, any length, with or without markup.

    Attributes:
        link: Absolute or relative to the document.
        texts: Summary, content and whatever else holds prose, in any order.
        published, updated: Dates as written.
    """

    guid: str = ""
    link: str = ""
    title: str = ""
    texts: Sequence[str] = ()
    author: str = ""
    publisher: str = ""
    lang: str = ""
    tags: Iterable[str] = ()
    published: str = ""
    updated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A document as written: what it says of itself, and its entries in its order."""

    title: str = ""
    ttl: str = ""
    period: str = ""
    frequency: str = ""
    entries: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a document was read.

    Attributes:
        well_formed: Whether it is XML as it should be.
        wrong: What is not as it should be, in words; "" for nothing.
    """

    channel: Channel
    well_formed: bool
    wrong: str = ""


def item(entry: Entry, url: str, now: datetime) -> ParsedItem:
    """The entry of the document at `url`, cleaned and bounded.

    The longest text is the body; when it is the only one it is the summary, and the body stays empty.
    """
    summary, body = _summary_and_body(entry.texts)
    updated_at = dates.parse(entry.updated, now)
    return ParsedItem(
        guid=clean.harmless(entry.guid).strip(),
        link=web_link(entry.link, url),
        title=clean.title(entry.title, base.MAX_TITLE),
        summary=summary,
        body=body,
        author=clean.title(entry.author, base.MAX_NAME),
        publisher=clean.title(entry.publisher, base.MAX_NAME),
        lang=language(entry.lang),
        tags=_tags(entry.tags),
        published_at=dates.parse(entry.published, now) or updated_at,  # Atom demands only `updated`
        updated_at=updated_at,
    )


def web_link(link: str, url: str = "") -> str:
    """The link, made absolute against the document's url; "" unless it leads to the web."""
    link = clean.harmless(link).strip()
    if len(link) <= base.MAX_LINK and _PLAIN_LINK.fullmatch(link):
        return link
    try:
        absolute = urljoin(url, link) if link else ""
        safe = urlsplit(absolute).scheme in ("http", "https") and bool(urlsplit(absolute).hostname)
    except ValueError:
        return ""
    return absolute if safe and len(absolute) <= base.MAX_LINK and not re.search(r"\s", absolute) else ""


def language(code: str) -> str:
    """ISO 639-1 from what a publisher declared ("uk-UA"), or ""."""
    match = _LANG.fullmatch(code.strip())
    return match[1].lower() if match else ""


def _summary_and_body(texts: Sequence[str]) -> tuple[str, str]:
    cleaned = list(dict.fromkeys(text for text in (clean.paragraphs(raw, base.MAX_BODY) for raw in texts) if text))
    if not cleaned:
        return "", ""
    body = max(cleaned, key=len)
    others = [text for text in cleaned if text != body]
    if others:
        return clean.paragraphs(others[0], base.MAX_SUMMARY), body
    short = len(body) <= base.MAX_SUMMARY
    return (body, "") if short else ("", body)


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    named = (clean.title(tag, base.MAX_NAME) for tag in tags)
    return tuple(dict.fromkeys(tag for tag in named if tag))[: base.MAX_TAGS]
