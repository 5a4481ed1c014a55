"""JSON Feed."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Document, ParsedFeed
from monitor.sources import base
from monitor.sources.json_feed import JsonFeed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
VERSION = "https://jsonfeed.org/version/1.1"


def document(body: bytes) -> Document:
    return Document(feed_id="herald", url="https://herald.example/feed", status=200, body=body, fetched_at=NOW)


def parse(body: bytes) -> ParsedFeed:
    return JsonFeed().parse(document(body))


def feed(*items: object, **fields: object) -> ParsedFeed:
    return parse(json.dumps({"version": VERSION, "items": items, **fields}).encode())


def test_every_field_is_read() -> None:
    parsed = feed(
        {
            "id": "7",
            "url": "/7",
            "title": "Talks",
            "summary": "Short",
            "content_html": "<p>Longer text</p>",
            "date_published": "2026-06-01T12:00:00+02:00",
            "date_modified": "2026-06-01T13:00:00+02:00",
            "authors": [{"name": "A"}, {"name": "B"}],
            "tags": ["war", 7],
            "language": "uk",
        },
        title="The <b>Herald</b>",
        language="en",
    )
    (item,) = parsed.items
    assert parsed.title == "The Herald"
    assert (item.guid, item.link, item.title) == ("7", "https://herald.example/7", "Talks")
    assert (item.summary, item.body, item.author, item.lang) == ("Short", "Longer text", "A, B", "uk")
    assert (item.tags, item.published_at) == (("war", "7"), datetime(2026, 6, 1, 10, tzinfo=UTC))
    assert item.updated_at == datetime(2026, 6, 1, 10, tzinfo=UTC) + timedelta(hours=1)


def test_what_an_item_lacks_is_taken_from_elsewhere() -> None:
    (item,) = feed({"external_url": "https://x.example/1", "author": {"name": "Old"}}, language="en").items
    assert (item.link, item.author, item.lang) == ("https://x.example/1", "Old", "en")


def test_plain_text_goes_before_html() -> None:
    (item,) = feed({"content_text": "plain", "content_html": "<p>html</p>"}).items
    assert item.summary == "plain"


@pytest.mark.parametrize("wrong", [True, {}, [], None, [["x"]]])
def test_a_field_of_the_wrong_type_is_left_out(wrong: object) -> None:
    names = ("url", "title", "summary", "content_text", "date_published", "authors", "author", "tags", "language")
    (item,) = feed({"id": 3.5, **dict.fromkeys(names, wrong)}).items
    assert item.guid == "3.5"
    assert (item.link, item.title, item.summary, item.author, item.lang) == ("", "", "", "", "")


def test_an_author_of_the_wrong_type_does_not_hide_the_next() -> None:
    assert feed({"authors": ["A", {"name": ["B"]}, {"name": "C"}]}).items[0].author == "C"


def test_items_that_are_no_objects_are_left_out_with_a_note() -> None:
    parsed = feed({"id": "1"}, "text", None)
    assert [item.guid for item in parsed.items] == ["1"]
    assert parsed.notes == ("2 of its items are no JSON objects",)


def test_only_the_first_thousand_items_are_read() -> None:
    parsed = feed(*({"id": n} for n in range(base.MAX_ITEMS + 1)))
    assert len(parsed.items) == base.MAX_ITEMS
    assert parsed.notes == ("has 1001 entries; the first 1000 were read",)


@pytest.mark.parametrize(
    "version", [VERSION, "https://jsonfeed.org/version/1", "http://www.jsonfeed.org/version/1", "1.1"]
)
def test_every_spelling_of_the_version_is_known(version: str) -> None:
    assert feed({"id": "1"}, version=version).items


@pytest.mark.parametrize(
    ("body", "message"),
    {
        b'{"a"': "is broken JSON",
        b"{" * 100_000: "is broken JSON",
        b'{"a":' * 100_000: "is broken JSON",
        b'{"items": []}': "no JSON Feed",
        b'{"version": "https://jsonfeed.org/version/1", "items": {}}': "no JSON Feed",
        b'{"version": "https://api.example/2", "items": []}': "`version` does not name jsonfeed.org",
        b'{"version": [1], "items": []}': "`version` does not name jsonfeed.org",
        b"[]": "no JSON Feed",
        b'{"n": ' + b"9" * 5000 + b"}": "is broken JSON",
    }.items(),
)
def test_what_is_no_json_feed_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse(body)


def test_broken_letters_do_not_break_the_document() -> None:
    body = b'\xef\xbb\xbf{"version": "1", "items": [{"title": "caf\xe9 \\ud800"}]}'
    assert parse(body).items[0].title == "caf\ufffd "[:5].strip()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(sorted(["id", "url", "title", "tags", "authors"])), inner)
    ),
    max_leaves=12,
)


@given(st.lists(json_values, max_size=4), json_values)
@example([{"id": 10**400}], "")
def test_whatever_json_holds_it_is_read_or_refused(items: list[object], title: object) -> None:
    feed(*items, title=title, language=title)


@given(st.binary(max_size=200))
def test_nothing_but_parse_errors_is_raised(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(b"{" + body)
