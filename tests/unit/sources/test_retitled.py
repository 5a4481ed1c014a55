"""Which known items got another headline from their publisher."""

from dataclasses import replace
from datetime import UTC, datetime

from monitor.model import Feed, KnownItem, ParsedFeed, ParsedItem, SeenEntry
from monitor.sources import identity

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = "https://herald.example"
FEED = Feed(id="herald", url=f"{SITE}/feed", publisher="The Herald")
FIRST = ParsedItem(guid="id-1", link=f"{SITE}/1", title="Headline one")


def after(first: ParsedItem, *now: ParsedItem, seen: tuple[SeenEntry, ...] = ()) -> list[str]:
    """The new headlines of known items when a feed held `first` and now holds other entries."""
    [item] = identity.new_items(FEED, ParsedFeed(items=(first,)), {}, historic=False, now=NOW)
    known = dict.fromkeys(item.keys, KnownItem(id=item.id, link=item.link, title=item.title))
    found = identity.retitled(FEED, ParsedFeed(items=now, seen=seen), known)
    assert set(found) <= {item.id}
    return [entry.title for entry in found.values()]


def test_another_headline_under_the_same_guid_or_link_is_one():
    assert after(FIRST, replace(FIRST, title="Headline two")) == ["Headline two"]
    assert after(FIRST, replace(FIRST, guid="moved", title="Headline two")) == ["Headline two"]


def test_case_and_punctuation_make_no_other_headline():
    assert after(FIRST, replace(FIRST, title="HEADLINE – one!")) == []


def test_the_same_entry_and_a_new_one_are_none():
    assert after(FIRST, FIRST, ParsedItem(guid="id-2", link=f"{SITE}/2", title="Headline two")) == []


def test_a_guid_used_again_for_another_page_is_a_new_item_not_a_headline():
    assert after(FIRST, replace(FIRST, link=f"{SITE}/2", title="Another story")) == []


def test_one_link_for_many_entries_tells_nothing():
    other = ParsedItem(guid="id-2", link=FIRST.link, title="Headline two")
    assert after(replace(FIRST, guid=""), other, replace(other, guid="id-3", title="Headline three")) == []
    [key] = [key for key in identity.keys(FEED.url, other) if key.startswith("l:")]
    standing = SeenEntry(digest=b"", link=key, title="t:another")
    assert after(replace(FIRST, guid=""), other, seen=(standing,)) == []


def test_an_entry_that_lost_its_headline_keeps_the_old_one():
    assert after(FIRST, replace(FIRST, title="", summary="Some text without a headline")) == []


def test_an_entry_known_by_its_headline_alone_is_new_under_another():
    bare = ParsedItem(guid="", link="", title="Headline one")
    assert after(bare, replace(bare, title="Headline two")) == []
