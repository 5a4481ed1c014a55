"""One suite over every kind of source, and all real feed documents at hand."""

import csv
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Document, Feed, KnownItem, ParsedFeed
from monitor.sources import identity, reduce, table
from monitor.text import clean

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://herald.example/news/feed"
Entry = dict[str, str]


def document(body: bytes, url: str = URL) -> Document:
    return Document(feed_id="herald", url=url, status=200, body=body, fetched_at=NOW)


def as_rss(entries: list[Entry]) -> bytes:
    items = "".join(
        f"<item><guid>{entry['id']}</guid><link>{entry['link']}</link><title><![CDATA[{entry['title']}]]></title>"
        f"<description><![CDATA[{entry['text']}]]></description><pubDate>{entry['date']}</pubDate></item>"
        for entry in entries
    )
    return f"<rss version='2.0'><channel><title>Herald</title><language>uk</language>{items}</channel></rss>".encode()


def as_atom(entries: list[Entry]) -> bytes:
    items = "".join(
        f"<entry><id>{entry['id']}</id><link href='{entry['link']}'/>"
        f"<title type='html'><![CDATA[{entry['title']}]]></title>"
        f"<summary type='html'><![CDATA[{entry['text']}]]></summary><published>{entry['date']}</published></entry>"
        for entry in entries
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='uk'><title>Herald</title>{items}</feed>".encode()


def as_rdf(entries: list[Entry]) -> bytes:
    items = "".join(
        f"<item rdf:about='{entry['id']}'><link>{entry['link']}</link><title><![CDATA[{entry['title']}]]></title>"
        f"<description><![CDATA[{entry['text']}]]></description><dc:date>{entry['date']}</dc:date></item>"
        for entry in entries
    )
    return (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='x'><title>Herald</title>"
        f"<dc:language>uk</dc:language></channel>{items}</rdf:RDF>"
    ).encode()


def as_json_feed(entries: list[Entry]) -> bytes:
    items = [
        {
            "id": entry["id"],
            "url": entry["link"],
            "title": entry["title"],
            "content_html": entry["text"],
            "date_published": entry["date"],
        }
        for entry in entries
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Herald", "language": "uk", "items": items}
    return json.dumps(feed).encode()


FORMATS: dict[str, Callable[[list[Entry]], bytes]] = {
    "rss": as_rss,
    "atom": as_atom,
    "rdf": as_rdf,
    "json_feed": as_json_feed,
}
every_format = pytest.mark.parametrize("write", FORMATS.values(), ids=FORMATS)
every_kind = pytest.mark.parametrize("kind", table.SOURCES)
STORY = {
    "id": "story-1",
    "link": "/world/1",
    "title": "Перемовини &amp; умови <b>сьогодні</b>",
    "text": "<p>Перший абзац.</p><p>Другий<script>alert(1)</script> абзац.</p>",
    "date": "2026-06-01T12:00:00+02:00",
}


@every_format
@every_kind
def test_a_story_reads_the_same_in_every_format(write: Callable[[list[Entry]], bytes], kind: str) -> None:
    parsed = table.parse(kind, document(write([STORY])))
    (item,) = parsed.items
    assert parsed.title == "Herald"
    assert (item.guid, item.link, item.lang) == ("story-1", "https://herald.example/world/1", "uk")
    assert item.title == "Перемовини & умови сьогодні"
    assert (item.summary, item.body) == ("Перший абзац.\nДругий абзац.", "")
    assert item.published_at == datetime(2026, 6, 1, 10, tzinfo=UTC)


@every_format
def test_entries_stay_in_document_order(write: Callable[[list[Entry]], bytes]) -> None:
    body = write([{**STORY, "id": str(number)} for number in (3, 1, 2)])
    assert [item.guid for item in table.parse("syndication", document(body)).items] == ["3", "1", "2"]


@every_format
def test_a_feed_may_be_empty(write: Callable[[list[Entry]], bytes]) -> None:
    assert table.parse("syndication", document(write([]))).items == ()


@every_format
@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "mailto:a@b.example"]
)
def test_links_only_lead_to_the_web(write: Callable[[list[Entry]], bytes], link: str) -> None:
    (item,) = table.parse("syndication", document(write([{**STORY, "link": link}]))).items
    assert item.link == ""


@every_format
@pytest.mark.parametrize("date", ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "no date", "-0001-11-30T00:00:00Z"])
def test_impossible_dates_are_none(write: Callable[[list[Entry]], bytes], date: str) -> None:
    (item,) = table.parse("syndication", document(write([{**STORY, "date": date}]))).items
    assert item.published_at is None


@every_format
def test_hostile_characters_come_out_harmless(write: Callable[[list[Entry]], bytes]) -> None:
    hostile = {name: f"{value}\u202e\u200b\ufeff" for name, value in STORY.items() if name in ("title", "text")}
    (item,) = table.parse("syndication", document(write([{**STORY, **hostile}]))).items
    assert all(clean.harmless(text) == text for text in (item.title, item.summary))


@every_format
def test_huge_fields_are_cut(write: Callable[[list[Entry]], bytes]) -> None:
    huge = {**STORY, "title": "word " * 20_000, "text": "<p>word</p>" * 50_000}
    (item,) = table.parse("syndication", document(write([huge]))).items
    assert len(item.title) <= 1000
    assert len(item.summary + item.body) <= 20_000


@every_format
def test_a_moved_feed_keeps_the_identity_of_its_entries(write: Callable[[list[Entry]], bytes]) -> None:
    body = write([{**STORY, "link": "https://herald.example/1"}])
    old, new = (table.parse("syndication", document(body, url)) for url in (URL, "https://cdn.example/x/y"))
    assert identity.keys(URL, old.items[0]) == identity.keys("https://cdn.example/x/y", new.items[0])


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(FORMATS)),
    st.sampled_from(sorted(table.SOURCES)),
    st.lists(st.tuples(st.integers(0, 600), st.binary(max_size=6), st.booleans()), max_size=6),
)
def test_a_damaged_document_is_read_or_refused(name: str, kind: str, damage: list[tuple[int, bytes, bool]]) -> None:
    body = FORMATS[name]([STORY, {**STORY, "id": "story-2"}])
    for place, junk, replaces in damage:
        body = body[:place] + junk + body[place + (len(junk) if replaces else 0) :]
    try:
        parsed = table.parse(kind, document(body))
    except ParseError:
        return
    repr(parsed).encode()


# --- real documents -------------------------------------------------------------------------------------------------

# Where the table of expected entries and a reader of feeds may differ, and why we differ.
REASONS = {
    "fastfeedparser__tests__integration__malformed_rss_namespaced.xml": (
        0,
        "two XML declarations in one and a namespace prefix on every element that is never declared",
    ),
    "podcastparser__tests__data__no_enclosure.rss": (3, "the table counts podcast episodes; there are three items"),
    "gofeed__testdata__parser__json__invalid__invalid.json": (0, "the table leaves it open; the JSON is broken"),
}


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def found(path: Path) -> int:
    try:
        parsed = table.parse("syndication", document(path.read_bytes()))
    except ParseError:
        return 0
    repr(parsed).encode()
    return len(parsed.items)


def test_real_documents_have_the_entries_they_should_have(shared_data: Path) -> None:
    begun = time.monotonic()
    folder = shared_data / "feeds"
    wrong = {}
    for row in rows(folder / "index.csv"):
        number, why = REASONS.get(row["file"], (int(row["expected_entries"] or 0), ""))
        if found(folder / row["file"]) != number:
            wrong[row["file"]] = why or row["expected_basis"]
    assert not wrong
    assert time.monotonic() - begun < 120


def test_reasons_are_only_given_where_needed(shared_data: Path) -> None:
    expected = {row["file"]: row["expected_entries"] for row in rows(shared_data / "feeds" / "index.csv")}
    assert all(expected[name] != str(number) for name, (number, _) in REASONS.items())


# The index compares each snapshot with the one before it alone: entries that left and came back count as new there. We
# know them. It also counts an entry with a new title as new, which for us is the same entry.
CAME_BACK = {24: 57, 29: 3, 43: 1, 49: 1}


def test_successive_snapshots_of_a_feed_bring_what_is_new_and_nothing_else(shared_data: Path) -> None:
    feed = Feed(id="world", url="https://feed.example/world.xml")
    known: dict[str, KnownItem] = {}
    guids: set[str] = set()
    for row in rows(shared_data / "feeds" / "polling_index.csv"):
        body = (shared_data / "feeds" / row["file"]).read_bytes()
        moment = datetime.fromisoformat(row["commit_time"])
        parsed = table.parse("syndication", replace(document(body), fetched_at=moment))
        new = identity.new_items(feed, parsed, known, historic=False, now=moment)
        known |= {key: KnownItem(id=i.id, link=i.link, title=i.title) for i in new for key in i.keys}
        assert len(parsed.items) == int(row["items"])
        assert len(new) == len({item.guid for item in parsed.items} - guids)
        assert len(new) == _expected_new(row, parsed)
        assert identity.new_items(feed, parsed, known, historic=False, now=moment) == []
        guids |= {item.guid for item in parsed.items}


def _expected_new(row: dict[str, str], parsed: ParsedFeed) -> int:
    if not row["new_since_previous"]:
        return len(parsed.items)  # the first snapshot
    return int(row["new_since_previous"]) - int(row["same_guid_title_changed"]) - CAME_BACK.get(int(row["seq"]), 0)


def test_every_real_document_reads_the_same_when_reduced_to_some_of_its_entries(shared_data: Path):
    cut = 0
    for path in sorted((shared_data / "feeds").rglob("*")):
        whole = document(path.read_bytes()) if path.is_file() else document(b"")
        pieces, full = reduce.split(whole), _read(whole)
        if not pieces or not full or not full.well_formed or len(full.items) != len(pieces.entries):
            continue
        cut += 1
        for some in _choices(len(full.items)):
            part = table.parse("syndication", replace(whole, body=pieces.only(some)))
            assert part.items == tuple(full.items[number] for number in some), (path.name, some)
            assert (part.title, part.ttl, part.well_formed) == (full.title, full.ttl, True), path.name
    assert cut >= 250, "most of them can be cut"


def _read(whole: Document) -> ParsedFeed | None:
    try:
        return table.parse("syndication", whole)
    except ParseError:
        return None


def _choices(count: int) -> list[list[int]]:
    """Each entry alone (of long documents some), halves, every second one, all."""
    alone = [[number] for number in range(0, count, max(1, count // 40))]
    every = list(range(count))
    halves = [every[: count // 2], every[count // 2 :], every[::2], every[1::2], every]
    return [some for some in (*alone, *halves) if some]
