"""Cutting a document into entries, so that only unseen ones are parsed."""

from datetime import UTC, datetime

import pytest

from monitor.model import Document
from monitor.sources import base, reduce

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HEAD, TAIL = b"<?xml version='1.0'?><rss version='2.0'><channel><title>Herald</title>", b"</channel></rss>"


def document(body: bytes, content_type: str = "") -> Document:
    return Document(
        feed_id="herald", url="https://h.example", status=200, body=body, content_type=content_type, fetched_at=NOW
    )


def rss(*entries: bytes, head: bytes = HEAD) -> bytes:
    return head + b"\n".join(entries) + TAIL


def item(title: str, more: bytes = b"") -> bytes:
    return f"<item><title>{title}</title>".encode() + more + b"</item>"


def pieces(body: bytes, content_type: str = "") -> reduce.Pieces:
    found = reduce.split(document(body, content_type))
    assert found
    return found


def test_a_document_is_cut_at_its_entries_and_what_stands_around_them_stays():
    found = pieces(rss(item("one"), item("two"), item("three")))
    assert found.only({0, 1, 2}) == found.body
    assert found.only({1}) == HEAD + b"\n" + item("two") + b"\n" + TAIL
    assert found.only(()) == HEAD + b"\n\n" + TAIL


def test_atom_and_prefixed_entries_are_cut_too():
    assert len(pieces(b"<feed><entry/ ><id>1</id></entry ><entry a='1'>x</entry></feed>").entries) == 2
    assert len(pieces(b"<a:feed><a:entry>1</a:entry><a:entry>2</a:entry></a:feed>").entries) == 2


@pytest.mark.parametrize(
    "text", [b"<![CDATA[ <item> </item> ]]>", b"<!-- </item> -->", b"<?php </item> ?>", b"<items/><itemised/>"]
)
def test_what_only_looks_like_an_entry_is_part_of_one(text: bytes):
    assert len(pieces(rss(item("one", text), text, item("two"))).entries) == 2


def test_an_entry_is_known_by_its_bytes_wherever_it_stands():
    before, after = pieces(rss(item("one"), item("two"))), pieces(rss(item("zero"), item("one"), item("two!")))
    assert before.digests[0] == after.digests[1]
    assert before.digests[1] not in after.digests


def test_entries_are_not_known_where_other_namespaces_are_declared():
    declared = HEAD.replace(b"<rss ", b"<rss xmlns:dc='http://purl.org/dc/elements/1.1/' ")
    entry = item("one", b"<dc:creator>A</dc:creator>")
    assert pieces(rss(entry)).digests != pieces(rss(entry, head=declared)).digests


@pytest.mark.parametrize(
    "body",
    {
        "no entries": rss(),
        "nested": rss(b"<item><item></item></item>"),
        "unclosed": rss(b"<item>"),
        "closed twice": rss(b"<item></item></item>"),
        "closed nowhere": HEAD + b"<item>one</item",
        "two kinds": rss(item("one"), b"<entry>two</entry>"),
        "a kind inside": rss(b"<item><media:item></media:item></item>"),
        "self-closing": rss(b"<item/>", item("one")),
        "an open comment": rss(item("one"), b"<!-- "),
        "open text": rss(item("one"), b"<![CDATA["),
        "entities": b"<!DOCTYPE rss [<!ENTITY x 'y'>]>" + rss(item("one")),
        "wide": rss(item("one")).decode().encode("utf-16"),
        "shifting": rss(item("\x1b$B!!\x1b(B")),
        "not what it declares": rss(b"<item>\xe9</item>", head=HEAD.replace(b"'1.0'", b"'1.0' encoding='utf-8'")),
        "not in any encoding": rss(b"<item>\xe9</item>"),
        "in one nobody knows": rss(item("one"), head=HEAD.replace(b"'1.0'", b"'1.0' encoding='klingon'")),
        "too many": rss(item("one") * (base.MAX_ITEMS + 1)),
        "too large": rss(item("x" * 2 * 1024 * 1024)),
    }.values(),
)
def test_what_cannot_be_cut_with_certainty_is_left_whole(body: bytes):
    assert reduce.split(document(body)) is None


def test_a_document_of_its_declared_encoding_is_cut():
    body = rss(item("один"), head=HEAD.replace(b"'1.0'", b"'1.0' encoding='windows-1251'")).decode()
    assert len(pieces(body.encode("cp1251")).entries) == 1
    assert len(pieces(rss("<item>один</item>".encode("cp1251")), "text/xml; charset=windows-1251").entries) == 1


def test_ascii_is_no_more_than_a_default():
    assert len(pieces(rss(item("один")), "text/xml; charset=us-ascii").entries) == 1


def test_cutting_hostile_documents_takes_linear_time():
    for mark in (b"<!--", b"<![CDATA[", b"<item ", b"<?", b"<a:item ", b"</item ", b"<?xml encoding", b"xmlns"):
        reduce.split(document(HEAD + mark * (1_900_000 // len(mark))))
