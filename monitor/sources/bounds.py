"""What is done to a document before feedparser sees it, so that a hostile one costs little.

The worker process has limits of its own; these keep the known traps from ever reaching them.
"""

import re

from monitor.errors import ParseError
from monitor.model import Document
from monitor.sources import base

_MAX_ENTITIES = 100  # declarations; thousands of chained ones crash expat and with it the interpreter
_MAX_AUTHOR = 500  # bytes; feedparser looks for an e-mail address in quadratic time
_HEAD = 4096
_EMPTY = "answered with an empty document: the publisher may be in trouble, or the feed has ended"

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_LONG_AUTHOR = re.compile(
    rb"(<(?:[a-z]{1,20}:)?(?:author|creator|contributor|publisher|owner|managingeditor|webmaster|name|email)"
    rb"(?:\s[^<>]{0,300})?>\s*(?:<!\[CDATA\[)?[^<\]]{%d})[^<\]]+" % _MAX_AUTHOR,
    re.IGNORECASE,
)
_CHARACTER = re.compile(rb"&#(?:[xX][0-9a-fA-F]{4,}|\d{5,});?")  # references that may be out of range
_ENTRY_END = re.compile(rb"</(?:[a-zA-Z0-9]{1,20}:)?(?:item|entry)\s{0,10}>")
_WEB_PAGE = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def bounded(document: Document) -> tuple[bytes, tuple[str, ...]]:
    """The body to parse, and notes on what was left out of it.

    Raises:
        ParseError: There is nothing in it, or it declares entities like an attack.
    """
    body = document.body or b""
    if not base.first_byte(document):
        raise ParseError(document.feed_id, _EMPTY)
    _refuse_entities(document.feed_id, body)
    body, entries = _first_entries(_CHARACTER.sub(_in_range, _LONG_AUTHOR.sub(rb"\1", body)))
    return body, (base.cut_note(entries),) if entries > base.MAX_ITEMS else ()


def is_web_page(body: bytes) -> bool:
    """Whether it begins like HTML."""
    return bool(_WEB_PAGE.search(body[:_HEAD]))


def _refuse_entities(feed_id: str, body: bytes) -> None:
    wide = b"\0" in body[:_HEAD]
    found = len(_ENTITY.findall(body.replace(b"\0", b"") if wide else body))
    if found > _MAX_ENTITIES:
        raise ParseError(feed_id, f"declares {found} XML entities, as attacks do; a feed needs none")


def _in_range(match: re.Match[bytes]) -> bytes:
    """The reference, or one to the replacement character where feedparser would raise."""
    digits = match[0].strip(b"&#;").lstrip(b"xX0")[:8] or b"0"
    number = int(digits, 16 if match[0][2:3] in b"xX" else 10)
    return match[0] if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else b"&#xFFFD;"


def _first_entries(body: bytes) -> tuple[bytes, int]:
    """The body without the entries after the first MAX_ITEMS, and how many it had; what stands around them is kept."""
    ends = [match.end() for match in _ENTRY_END.finditer(body)]
    if len(ends) <= base.MAX_ITEMS:
        return body, len(ends)
    return body[: ends[base.MAX_ITEMS - 1]] + body[ends[-1] :], len(ends)
