"""The archive of invented publishers, and the documents rendered from it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.replay import NOTICE, SHOWN, Archive, Publisher
from monitor.errors import ConfigError

HEAD = """publisher: Harbour Wire
owner: Harbour Group
country: GB
lang: en
site: https://harbour.example
"""
ONE_ITEM = HEAD + "items:\n- {at: 2025-11-01 08:00, title: A first headline, summary: With a summary.}\n"
NOON = datetime(2025, 11, 1, 12, tzinfo=UTC)


def archive(directory: Path, **files: str) -> Archive:
    for name, text in files.items():
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Archive.load(directory)


def problems(directory: Path, **files: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        archive(directory, **files)
    return [str(problem).removeprefix(f"{directory}/") for problem in caught.value.problems]


def hours(count: int) -> Archive:
    """One publisher with an item for every hour from midnight."""
    start = datetime(2025, 11, 1, tzinfo=UTC)
    items = [{"at": start + timedelta(hours=n), "title": f"Headline {n}"} for n in range(count)]
    labels = {"publisher": "P", "owner": "O", "country": "GB", "lang": "en", "site": "https://p.example"}
    return Archive(publishers={"p": Publisher.model_validate({**labels, "items": items})})


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_document_says_what_the_file_says(tmp_path: Path, form: str) -> None:
    kind, body = archive(tmp_path, harbour=f"format: {form}\n{ONE_ITEM}").document("harbour", NOON)
    if form == "json":
        (entry,) = json.loads(body)["items"]
        read = (entry["title"], entry["content_text"], entry["url"], entry["date_published"])
        assert kind == "application/feed+json"
        assert read[3] == "2025-11-01T08:00:00+00:00"
    else:
        parsed = feedparser.parse(body, response_headers={"content-type": kind})
        assert not parsed.bozo
        (entry,) = parsed.entries
        read = (entry.title, entry.summary, entry.link)
        assert entry.published_parsed[:5] == (2025, 11, 1, 8, 0)
    assert read[:3] == ("A first headline", "With a summary.", "https://harbour.example/2025/11/01/0800")


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_every_document_says_that_it_is_invented(tmp_path: Path, form: str) -> None:
    _, body = archive(tmp_path, harbour=f"format: {form}\n{ONE_ITEM}").document("harbour", NOON)
    assert NOTICE in body.decode()


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-u", "utf-8"])
def test_a_document_keeps_every_letter_in_an_old_encoding(tmp_path: Path, encoding: str) -> None:
    text = HEAD + f"encoding: {encoding}\nitems:\n- {{at: 2025-11-01 08:00, title: Песков — «позиция» ☂}}\n"
    kind, body = archive(tmp_path, neva=text).document("neva", NOON)
    assert encoding in kind
    assert feedparser.parse(body).entries[0].title == "Песков — «позиция» ☂"


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_markup_in_a_headline_stays_text(tmp_path: Path, form: str) -> None:
    text = (
        HEAD
        + f'format: {form}\nitems:\n- {{at: 2025-11-01 08:00, title: "R&D <b>up</b>", link: "https://h.example/?a=1&b=2"}}'
    )
    _, body = archive(tmp_path, harbour=text).document("harbour", NOON)
    assert b"R&amp;D &lt;b&gt;up&lt;/b&gt;" in body
    assert feedparser.parse(body).entries[0].link == "https://h.example/?a=1&b=2"


def test_the_newest_item_stands_first() -> None:
    _, body = hours(3).document("p", NOON)
    assert [entry.title for entry in feedparser.parse(body).entries] == ["Headline 2", "Headline 1", "Headline 0"]


def test_before_the_first_item_the_document_is_an_empty_feed() -> None:
    _, body = hours(3).document("p", NOON - timedelta(days=1))
    parsed = feedparser.parse(body)
    assert (parsed.bozo, parsed.entries, parsed.feed.title) == (False, [], "P")


@given(count=st.integers(1, 60), minutes=st.integers(-60, 4000))
def test_a_document_holds_the_newest_items_of_its_moment(count: int, minutes: int) -> None:
    now = datetime(2025, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    appeared = [n for n in range(count) if n * 60 <= minutes]
    _, body = hours(count).document("p", now)
    shown = [f"Headline {n}" for n in reversed(appeared)][:SHOWN]
    assert [entry.title for entry in feedparser.parse(body).entries] == shown


def test_times_without_a_zone_are_utc_and_others_are_converted(tmp_path: Path) -> None:
    later = HEAD + "items:\n- {at: '2025-11-01 08:30+02:00', title: In Kyiv}\n"
    both = archive(tmp_path, harbour=ONE_ITEM, kyiv=later)
    assert both.first_at == datetime(2025, 11, 1, 6, 30, tzinfo=UTC)
    assert both.last_at == datetime(2025, 11, 1, 8, 0, tzinfo=UTC)


def test_a_publisher_becomes_a_feed_with_its_labels(tmp_path: Path) -> None:
    text = "format: json\nstate_media: true\n" + ONE_ITEM
    feed = archive(tmp_path, harbour=text).publishers["harbour"].feed("http://127.0.0.1:8080/harbour")
    assert (feed.id, feed.url, feed.kind) == ("harbour", "http://127.0.0.1:8080/harbour", "json_feed")
    assert (feed.publisher, feed.owner, feed.country, feed.lang) == ("Harbour Wire", "Harbour Group", "GB", "en")
    assert feed.state_media


def test_every_problem_of_every_file_is_listed_with_its_line(tmp_path: Path) -> None:
    misspelt = HEAD + "items:\n- at: 2025-11-01 08:00\n  headline: x\n"
    found = problems(tmp_path, good=ONE_ITEM, misspelt=misspelt, broken="a: [")
    assert [problem.split(":")[0] for problem in found] == ["broken.yaml", "misspelt.yaml", "misspelt.yaml"]
    assert any("misspelt.yaml:8" in problem and "headline" in problem for problem in found)


def test_items_out_of_order_are_refused(tmp_path: Path) -> None:
    text = HEAD + "items:\n- {at: 2025-11-02 08:00, title: b}\n- {at: 2025-11-01 08:00, title: a}\n"
    assert "in the order of `at`" in problems(tmp_path, harbour=text)[0]


def test_two_items_in_one_minute_are_refused_because_they_would_share_a_link(tmp_path: Path) -> None:
    text = HEAD + "items:\n- {at: 2025-11-02 08:00, title: b}\n- {at: 2025-11-02 08:00:30, title: a}\n"
    assert "no two at the same minute" in problems(tmp_path, harbour=text)[0]


def test_a_publisher_without_items_is_refused(tmp_path: Path) -> None:
    assert "needs at least one item" in problems(tmp_path, harbour=HEAD + "items: []\n")[0]


def test_a_directory_without_files_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"{tmp_path}: holds no *.yaml file (one file for each publisher)"]
