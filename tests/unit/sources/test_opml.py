"""Lists of feeds."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigError
from monitor.model import Feed
from monitor.sources import opml
from monitor.sources.table import SOURCES

FULL = Feed(
    id="herald",
    url="https://user:pw@herald.example/feed?a=1&b=2",
    kind="json_feed",
    title='The "Herald" & <Co>',
    publisher="Herald",
    owner="Holding",
    country="UA",
    lang="uk",
    state_media=True,
    tags=("war", "front page"),
    every=timedelta(minutes=5),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feeds.opml"


def read(path: Path, body: str) -> list[Feed]:
    path.write_text(f'<opml version="2.0"><head/><body>{body}</body></opml>', "utf-8")
    return opml.read(path)


def problems(path: Path, body: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(path, body)
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


def test_what_was_written_is_read_again(path: Path) -> None:
    feeds = [FULL, Feed(id="plain", url="http://plain.example/rss")]
    path.write_text(opml.write(feeds), "utf-8")
    assert opml.read(path) == feeds


def test_an_export_of_another_reader_is_read(path: Path) -> None:
    feeds = read(
        path,
        '<outline text="World"><outline text="Europe, East">'
        '<outline type="rss" text="Herald" xmlUrl="https://www.herald.example/world/rss.xml" htmlUrl="https://x.example"'
        ' category="/News/War,World"/></outline></outline>'
        '<outline TEXT="Plain" XMLURL=" feed://plain.example "/>',
    )
    assert [(feed.id, feed.title, feed.tags) for feed in feeds] == [
        ("herald.example-world-rss", "Herald", ("World", "Europe", "East", "News/War")),
        ("plain.example", "Plain", ()),
    ]
    assert feeds[1].url == "feed://plain.example"


def test_ids_made_from_addresses_hold_no_secrets_and_differ(path: Path) -> None:
    feeds = read(
        path, '<outline xmlUrl="https://u:pw@a.example/f.xml?key=s"/><outline xmlUrl="https://a.example/f?x"/>'
    )
    assert [feed.id for feed in feeds] == ["a.example-f", "a.example-f-2"]


def test_groups_do_not_reach_beyond_their_end(path: Path) -> None:
    feeds = read(
        path, '<outline text="A"><outline xmlUrl="http://a.example"/></outline><outline xmlUrl="http://b.example"/>'
    )
    assert [feed.tags for feed in feeds] == [("A",), ()]


@pytest.mark.parametrize(
    ("written", "meant"), {"true": True, "Yes": True, "1": True, "false": False, "": False}.items()
)
def test_state_media_is_marked(path: Path, written: str, meant: bool) -> None:
    (feed,) = read(path, f'<outline xmlUrl="http://a.example" stateMedia="{written}"/>')
    assert feed.state_media is meant


@pytest.mark.parametrize(("written", "pause"), {"90s": 90, "15m": 900, "2h": 7200, "1d": 86400}.items())
def test_a_pause_is_a_number_and_a_unit(path: Path, written: str, pause: int) -> None:
    (feed,) = read(path, f'<outline xmlUrl="http://a.example" every="{written}"/>')
    assert feed.every == timedelta(seconds=pause)


@pytest.mark.parametrize("written", ["[1]", "{", "item: li", '{"item": 1}', "[" * 100_000])
def test_options_are_texts_by_name(path: Path, written: str) -> None:
    (told,) = problems(path, f"<outline xmlUrl='http://a.example' options='{written}'/>")
    assert told.startswith("1: options are no JSON object of texts")


def test_every_problem_is_told_with_its_line(path: Path) -> None:
    told = problems(
        path,
        '\n<outline xmlUrl="ftp://a.example"/>\n<outline xmlUrl="http://b.example" kind="rss"/>'
        '\n<outline xmlUrl="http://c.example" every="often"/>\n<outline xmlUrl="http://[broken"/>',
    )
    assert [line[:2] for line in told] == ["2:", "3:", "4:", "5:"]
    assert "does not begin with http:// or https://" in told[0]
    assert 'unknown kind of feed "rss" (known: json_feed, syndication, web_page)' in told[1]
    assert 'every="often" is no pause' in told[2]


@pytest.mark.parametrize(
    ("content", "message"),
    {
        b"<opml><body>": "is not well-formed XML: no element found",
        b"": "is not well-formed XML: no element found",
        b"<html><body/></html>": "is no OPML",
        b"<opml>\n<x y=z/></opml>": "2: is not well-formed XML",
        b"<!DOCTYPE o [<!ENTITY a 'b'>]><opml>&a;</opml>": "declares XML entities",
        b" " * 5_000_001: "is larger than 5 MB",
    }.items(),
    ids=range(6),
)
def test_what_is_no_opml_is_refused_in_words(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        opml.read(path)


def test_a_missing_file_is_named(path: Path) -> None:
    with pytest.raises(ConfigError, match=r"feeds\.opml: cannot be read: No such file"):
        opml.read(path)


def test_no_list_is_endless(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opml, "_MAX_FEEDS", 3)
    (told,) = problems(path, '<outline xmlUrl="http://a.example"/>' * 5)
    assert "lists more than 3 feeds" in told


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"]), min_size=1, max_size=8).filter(
    lambda text: text.isascii()
)
feeds = st.builds(
    Feed,
    id=words,
    url=words.map(lambda path: f"https://herald.example/{path}"),
    kind=st.sampled_from(sorted(SOURCES)),
    title=st.just("") | words,
    publisher=words,
    owner=words,
    country=st.sampled_from(["", "UA", "PL"]),
    lang=st.sampled_from(["", "uk"]),
    state_media=st.booleans(),
    tags=st.lists(words.map(lambda tag: tag.replace(",", "").lstrip("/")).filter(bool), unique=True, max_size=3).map(
        tuple
    ),
    every=st.none() | st.integers(1, 100_000).map(lambda seconds: timedelta(seconds=seconds)),
    options=st.dictionaries(words, words, max_size=2),
    article=st.none() | st.just("") | words.filter(lambda word: word not in ("true", "false")),
)


@given(st.lists(feeds, unique_by=lambda feed: feed.id, max_size=4))
def test_any_list_comes_back_equal(tmp_path_factory: pytest.TempPathFactory, listed: list[Feed]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.opml"
    path.write_text(opml.write(listed), "utf-8")
    assert opml.read(path) == listed
