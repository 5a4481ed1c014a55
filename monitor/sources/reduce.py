"""A document cut into its entries, so that only those not read before are parsed: parsing is what costs most.

An entry is recognised by a hash of its bytes. Whatever cannot be cut with certainty is left whole. A document stays
what it is when well-formed entries are taken out of it; only then do the others read the same without them.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from monitor.model import Document
from monitor.sources import base

DIGEST_SIZE = 8  # bytes; entries are compared with those of the same feed only
_MAX_SIZE = 2 * 1024 * 1024  # bytes; larger documents would hold up the event loop
_UNSAFE = (b"\0", b"\x1b", b"<!ENTITY")  # wide or shifting encodings; entities, which may be anything

_MARK = re.compile(rb"<(?:!--|!\[CDATA\[|\?|(/?)((?:[A-Za-z][\w.-]{0,20}:)?(?:item|entry))(?=[\s/>]))")
_CLOSED_BY = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_NAMESPACE = re.compile(rb"\bxmlns[^<>=]{0,100}=\s*(?:\"[^\"<]*\"|'[^'<]*')")
_XML_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}\bencoding\s*=\s*[\"']([\w.:-]{1,40})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_ASCII = ("us-ascii", "ascii")  # said by default; readers go on to what else is declared

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """A document and where its entries stand, in its order.

    Attributes:
        digests: One for each entry: of its bytes, and of the namespaces declared around it.
    """

    body: bytes
    entries: tuple[_Span, ...]
    digests: tuple[bytes, ...]

    def only(self, wanted: Collection[int]) -> bytes:
        """The document without the entries whose numbers are not wanted."""
        unwanted = (span for number, span in enumerate(self.entries) if number not in wanted)
        return b"".join(_outside(self.body, unwanted))


def split(document: Document) -> Pieces | None:
    """The pieces of a document, or None when it has to be parsed whole."""
    body = document.body or b""
    if len(body) > _MAX_SIZE or any(mark in body for mark in _UNSAFE) or not _is_readable(document, body):
        return None
    entries = _entries(body)
    if not entries or len(entries) > base.MAX_ITEMS:
        return None
    around = b"".join(_outside(body, entries))
    key = blake2b(b"\0".join(_NAMESPACE.findall(around)), digest_size=16).digest()
    digests = (blake2b(body[start:end], digest_size=DIGEST_SIZE, key=key).digest() for start, end in entries)
    return Pieces(body=body, entries=tuple(entries), digests=tuple(digests))


def _entries(body: bytes) -> list[_Span] | None:
    """Where the entries begin and end; None when they are nested, unclosed, or of several kinds."""
    found: list[_Span] = []
    name, begun, position = b"", -1, 0
    while mark := _MARK.search(body, position):
        if mark[2] is None:  # comments and the like may hold anything
            position = body.find(_CLOSED_BY[mark[0]], mark.end())
        elif not mark[1]:
            if begun >= 0 or mark[2] != (name or mark[2]):
                return None
            name, begun, position = mark[2], mark.start(), mark.end()
        else:
            position = body.find(b">", mark.end()) + 1
            if begun < 0 or mark[2] != name or not position:
                return None
            found.append((begun, position))
            begun = -1
        if position < 0:
            return None
    return found if begun < 0 else None


def _outside(body: bytes, spans: Iterator[_Span] | list[_Span]) -> Iterator[bytes]:
    position = 0
    for start, end in spans:
        yield body[position:start]
        position = end
    yield body[position:]


def _is_readable(document: Document, body: bytes) -> bool:
    """Whether every declared encoding fits the whole document, so that a part of it is not read in another."""
    declared = [match[1].decode() for match in [_XML_ENCODING.match(body.removeprefix(b"\xef\xbb\xbf"))] if match]
    declared += [match[1] for match in [_CHARSET.search(document.content_type)] if match]
    encodings = {name.lower() for name in declared} - set(_ASCII)
    return all(_fits(body, encoding) for encoding in encodings or {"utf-8"})


def _fits(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True
