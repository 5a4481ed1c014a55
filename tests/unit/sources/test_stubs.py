"""Which new entries are stubs, and what becomes of them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.model import ARTICLE_READ, Article, Feed, KnownItem, ParsedFeed, ParsedItem
from monitor.sources import identity, stubs

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FEED = Feed(id="herald", url="https://herald.example/rss", article="")
ENTRY = ParsedItem(
    guid="1", link="https://herald.example/harbour-1", title="Envoy says harbour talks may resume", summary="A stub."
)
TEXT = "The envoy told reporters that the talks about the harbour may resume.\nOfficials named the depth of the basin."
ARTICLE = Article(key="k", title="Herald", text=TEXT, read_at=NOW)


def wanted(*entries: ParsedItem, feed: Feed = FEED, known: dict[str, KnownItem] | None = None, private: bool = False):
    return stubs.wanted(feed, ParsedFeed(items=entries), known or {}, private=private, now=NOW)


def key(entry: ParsedItem = ENTRY, feed: Feed = FEED, *, private: bool = False) -> str:
    [stub] = wanted(entry, feed=feed, private=private)
    return stub.key


def test_new_entries_with_little_text_are_stubs():
    assert [stub.entry for stub in wanted(ENTRY)] == [ENTRY]


@pytest.mark.parametrize("change", [{"link": ""}, {"title": ""}, {"summary": "x" * 1000}, {"body": "x" * 1000}])
def test_others_are_not(change: dict[str, str]):
    assert wanted(replace(ENTRY, **change)) == []


def test_an_entry_that_is_known_is_no_stub_even_with_another_headline():
    known = {name: KnownItem(id="i", link=ENTRY.link, title=ENTRY.title) for name in identity.keys(FEED.url, ENTRY)}
    assert wanted(ENTRY, known=known) == []
    assert wanted(replace(ENTRY, title="Envoy corrects himself"), known=known) == []


def test_one_page_has_one_key_whatever_trackers_add_to_its_link():
    assert key() == key(replace(ENTRY, link=f"{ENTRY.link}?utm_source=rss"), replace(FEED, id="other"))


def test_pages_that_are_read_otherwise_or_with_secrets_are_others():
    keys = {key(), key(feed=replace(FEED, article="div.story")), key(private=True)}
    keys.add(key(feed=replace(FEED, id="other"), private=True))
    assert len(keys) == 4


@pytest.mark.parametrize("link", ["https://herald.example/", "https://herald.example", FEED.url])
def test_behind_a_front_page_there_is_nothing_to_ask_for(link: str):
    assert stubs.objection(FEED, link) == stubs.FRONT
    assert stubs.objection(FEED, ENTRY.link) == ""


def test_a_link_with_a_password_is_not_followed():
    assert "password" in stubs.objection(FEED, "https://user:secret@herald.example/1")


def test_the_text_becomes_the_body_and_nothing_else_changes():
    assert stubs.with_article(ENTRY, ARTICLE) == replace(ENTRY, body=TEXT, article=ARTICLE_READ)


def test_what_the_feed_gives_already_does_not_stand_twice():
    entry = replace(ENTRY, summary="Officials named the depth of the basin.")
    repeated = replace(ARTICLE, text=f"{ENTRY.title}\n{TEXT}")
    assert (
        stubs.with_article(entry, repeated).body
        == "The envoy told reporters that the talks about the harbour may resume."
    )


def test_a_page_that_could_not_be_read_leaves_the_stub_with_the_reason():
    assert stubs.with_article(ENTRY, replace(ARTICLE, text="", why="its page is gone")) == replace(
        ENTRY, article="its page is gone"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Before you continue, we and our 812 partners ask for your consent to store cookies on your device." * 3,
        "Weather for tomorrow: rain in the north, later snow. Roads will be icy, and trains are late." * 3,
    ],
)
def test_a_page_that_tells_nothing_of_the_headline_is_another_one(text: str):
    told = stubs.with_article(ENTRY, replace(ARTICLE, text=text))
    assert told.body == ""
    assert "tells nothing of the headline" in told.article


def test_endings_do_not_hide_that_a_page_tells_of_its_headline():
    entry = replace(ENTRY, title="Посланець: переговори щодо гавані поновлять")
    article = replace(
        ARTICLE, text="Переговорів про гавань не припиняли, заявив посланець журналістам у понеділок. " * 2
    )
    assert stubs.with_article(entry, article).article == ARTICLE_READ


def test_a_page_that_holds_no_more_than_the_feed_is_left():
    entry = replace(ENTRY, summary=TEXT.replace("\n", " ") + " And more.")
    assert "no more than the feed" in stubs.with_article(entry, ARTICLE).article


def test_only_stubs_change_in_a_document_and_order_stays():
    full = replace(ENTRY, guid="2", link="https://herald.example/2", summary="x" * 2000)
    parsed = ParsedFeed(items=(full, ENTRY), digests=(b"a", b"b"))
    found = stubs.wanted(FEED, parsed, {}, private=False, now=NOW)
    done = stubs.completed(parsed, found, {found[0].key: ARTICLE})
    assert done == replace(parsed, items=(full, replace(ENTRY, body=TEXT, article=ARTICLE_READ)))
