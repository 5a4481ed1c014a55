"""Hostile documents are cut down before feedparser sees them."""

from datetime import UTC, datetime

import pytest

from monitor.errors import ParseError
from monitor.model import Document
from monitor.sources import base, bounds

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def document(body: bytes | None) -> Document:
    return Document(feed_id="herald", url="https://herald.example/feed", status=200, body=body, fetched_at=NOW)


def bounded(body: bytes) -> bytes:
    return bounds.bounded(document(body))[0]


@pytest.mark.parametrize("body", [b"", b" \r\n\t ", b"\xef\xbb\xbf", None])
def test_an_empty_document_is_told_from_a_broken_one(body: bytes | None) -> None:
    with pytest.raises(ParseError, match="herald: answered with an empty document"):
        bounds.bounded(document(body))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_floods_of_entity_declarations_are_refused(encoding: str) -> None:
    declared = "".join(f"<!ENTITY e{n} '&e{n - 1};'>" for n in range(1, 200))
    with pytest.raises(ParseError, match="declares 199 XML entities"):
        bounds.bounded(document(f"<!DOCTYPE rss [{declared}]><rss/>".encode(encoding)))


def test_a_few_entity_declarations_are_kept() -> None:
    body = b"<!DOCTYPE rss [<!ENTITY nbsp '&#160;'>]><rss/>"
    assert bounded(body) == body


@pytest.mark.parametrize("name", ["author", "dc:creator", "itunes:author", "managingEditor", "name", "email"])
@pytest.mark.parametrize("opening", ["", "<![CDATA["])
def test_endless_authors_are_cut(name: str, opening: str) -> None:
    body = f"<{name} role='x'>{opening}{'a.' * 5000}</{name}><title>{'b' * 5000}</title>".encode()
    assert len(bounded(body)) < 5700
    assert b"b" * 5000 in bounded(body)


def test_authors_of_usual_length_are_kept() -> None:
    body = b"<author>someone@herald.example (Some One)</author>"
    assert bounded(body) == body


@pytest.mark.parametrize(
    "reference", ["&#99999999999;", "&#xD800;", "&#xdfff;", "&#55296;", "&#x110000;", "&#" + "9" * 5000 + ";"]
)
def test_references_to_no_character_are_replaced(reference: str) -> None:
    assert bounded(f"<t>{reference}</t>".encode()) == b"<t>&#xFFFD;</t>"


@pytest.mark.parametrize(
    "reference", ["&#8217;", "&#x2019;", "&#128512;", "&#x1F600;", "&#x000041;", "&#0000065;", "&amp;"]
)
def test_references_to_characters_are_kept(reference: str) -> None:
    body = f"<t>{reference}</t>".encode()
    assert bounded(body) == body


@pytest.mark.parametrize("name", ["item", "entry", "rss:item"])
def test_what_follows_the_first_thousand_entries_is_left_out(name: str) -> None:
    entries = b"".join(f"<{name}>{n}</{name} >".encode() for n in range(base.MAX_ITEMS + 5))
    body, notes = bounds.bounded(document(b"<rss><channel>" + entries + b"<link/></channel></rss>"))
    assert body.endswith(f"<{name}>{base.MAX_ITEMS - 1}</{name} ><link/></channel></rss>".encode())
    assert notes == (f"has {base.MAX_ITEMS + 5} entries; the first {base.MAX_ITEMS} were read",)


def test_a_thousand_entries_are_all_read() -> None:
    body = b"<item></item>" * base.MAX_ITEMS
    assert bounds.bounded(document(body)) == (body, ())


@pytest.mark.parametrize(
    "body", [b"<!DOCTYPE HTML><p>", b"\n<!doctype  html>", b"<!-- x --><html lang='en'>", b"<HTML>"]
)
def test_web_pages_are_recognised(body: bytes) -> None:
    assert bounds.is_web_page(body)


@pytest.mark.parametrize("body", [b"<rss/>", b"<feed><title>html</title>", b"<htmlish/>"])
def test_feeds_are_no_web_pages(body: bytes) -> None:
    assert not bounds.is_web_page(body)
