"""Which entries are new: by identity, whatever publishers do to ids, links, titles and dates."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Feed, Item, KnownItem, ParsedFeed, ParsedItem
from monitor.sources import identity

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = "https://herald.example"
FEED = Feed(id="herald", url=f"{SITE}/feed", publisher="The Herald")


def entry(number: int, **changes: str) -> ParsedItem:
    plain = ParsedItem(guid=f"id-{number}", link=f"{SITE}/{number}", title=f"Headline {number}")
    return replace(plain, **changes)  # type: ignore[arg-type]


class Shelf:
    """Keeps keys as the store does: the first item that came with a key owns it."""

    def __init__(self) -> None:
        self.known: dict[str, KnownItem] = {}

    def poll(self, *entries: ParsedItem, feed: Feed = FEED) -> list[Item]:
        asked = {key for item in entries for key in identity.keys(feed.url, item)}
        known = {key: item for key, item in self.known.items() if key in asked}
        new = identity.new_items(feed, ParsedFeed(items=entries), known, historic=False, now=NOW)
        for item in new:
            for key in item.keys:
                self.known.setdefault(key, KnownItem(id=item.id, link=item.link, title=item.title))
        return new


def titles(items: Iterable[Item]) -> list[str]:
    return [item.title for item in items]


def test_the_first_poll_brings_everything_in_document_order() -> None:
    assert titles(Shelf().poll(entry(1), entry(2))) == ["Headline 1", "Headline 2"]


def test_what_was_seen_is_not_new_again() -> None:
    shelf = Shelf()
    shelf.poll(entry(1), entry(2))
    assert titles(shelf.poll(entry(3), entry(1), entry(2))) == ["Headline 3"]


def test_an_entry_listed_twice_is_one_item() -> None:
    assert len(Shelf().poll(entry(1), entry(1))) == 1
    assert len(Shelf().poll(entry(1), entry(2, link=f"{SITE}/1", title="Headline 1"))) == 1


def test_ids_are_the_same_after_a_crash_and_a_second_fetch() -> None:
    first, second = Shelf().poll(entry(1), entry(2)), Shelf().poll(entry(2), entry(1))
    assert {item.id for item in first} == {item.id for item in second}
    assert all(len(item.id) == 20 for item in first)


def test_the_same_entry_of_two_feeds_is_two_items() -> None:
    other = Feed(id="mirror", url=FEED.url)
    assert Shelf().poll(entry(1))[0].id != Shelf().poll(entry(1), feed=other)[0].id


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Better headline"},
        {"link": f"{SITE}/better-slug"},
        {"guid": "other-system-1"},
        {"guid": "other-system-1", "title": "Better headline"},
        {"guid": ""},
        {"link": ""},
        {"link": "", "title": "Better headline"},
        {"link": "http://www.herald.example/1/?utm_source=rss&at_medium=feed"},
        {"guid": "", "link": f"{SITE}/1#comments"},
    ],
)
def test_a_changed_entry_is_still_the_same(changes: dict[str, str]) -> None:
    shelf = Shelf()
    shelf.poll(entry(1))
    assert shelf.poll(entry(1, **changes)) == []


def test_a_later_date_makes_nothing_new() -> None:
    shelf = Shelf()
    shelf.poll(entry(1))
    dated = ParsedItem(guid="id-1", link=f"{SITE}/1", title="Headline 1", published_at=NOW + timedelta(hours=1))
    assert shelf.poll(dated) == []


def test_a_move_to_https_makes_nothing_new() -> None:
    shelf = Shelf()
    shelf.poll(entry(1, guid="http://herald.example/?p=1", link=""))
    assert shelf.poll(entry(1, guid="https://herald.example/?p=1", link="")) == []


def test_all_ids_changed_at_once_make_nothing_new() -> None:
    shelf = Shelf()
    shelf.poll(*(entry(n) for n in range(50)))
    assert shelf.poll(*(entry(n, guid=f"urn:uuid:{n}") for n in range(50))) == []


def test_a_reused_guid_with_other_link_and_title_is_new_once() -> None:
    shelf = Shelf()
    shelf.poll(entry(1))
    again = entry(1, link=f"{SITE}/other", title="Other news")
    assert titles(shelf.poll(again)) == ["Other news"]
    assert shelf.poll(again) == []
    assert shelf.poll(entry(1)) == []


def test_one_guid_for_everything_identifies_nothing() -> None:
    shelf = Shelf()
    first = [entry(n, guid="0") for n in range(3)]
    assert len(shelf.poll(*first)) == 3
    assert titles(shelf.poll(entry(3, guid="0"), *first)) == ["Headline 3"]


def test_one_guid_and_no_links_leave_the_titles() -> None:
    shelf = Shelf()
    first = [entry(n, guid="0", link="") for n in range(3)]
    assert len(shelf.poll(*first)) == 3
    assert titles(shelf.poll(entry(3, guid="0", link=""), *first)) == ["Headline 3"]


def test_entries_that_share_one_page_are_told_apart_by_guid() -> None:
    shelf, page = Shelf(), f"{SITE}/live"
    assert len(shelf.poll(entry(1, link=page), entry(2, link=page))) == 2
    assert titles(shelf.poll(entry(3, link=page), entry(2, link=page))) == ["Headline 3"]


def test_entries_that_share_one_page_keep_their_titles_when_ids_change() -> None:
    shelf, page = Shelf(), f"{SITE}/live"
    shelf.poll(entry(1, link=page))
    assert titles(shelf.poll(entry(1, link=page, guid="new-1"), entry(2, link=page, guid="new-2"))) == ["Headline 2"]


@pytest.mark.parametrize("link", [SITE, f"{SITE}/", "http://www.herald.example", FEED.url])
def test_a_link_to_the_front_page_or_the_feed_identifies_nothing(link: str) -> None:
    shelf = Shelf()
    assert shelf.poll(entry(1, link=link))
    assert shelf.poll(entry(2, link=link))
    assert shelf.poll(entry(2, link=link)) == []


def test_without_guid_and_link_the_title_identifies() -> None:
    shelf = Shelf()
    assert shelf.poll(entry(1, guid="", link=""))
    assert shelf.poll(entry(1, guid="", link="", title="HEADLINE – 1")) == []
    assert shelf.poll(entry(2, guid="", link=""))


def test_the_same_title_on_another_page_is_new() -> None:
    shelf = Shelf()
    shelf.poll(entry(1, guid="", title="Morning briefing"))
    assert shelf.poll(entry(2, guid="", title="Morning briefing"))


def test_entries_that_say_nothing_are_left_out() -> None:
    assert Shelf().poll(entry(1, title="")) == []


def test_an_entry_without_title_is_headed_by_its_text() -> None:
    item = Shelf().poll(entry(1, title="", summary="First words\nand more " + "x" * 200))[0]
    assert item.title.startswith("First words and more x")
    assert len(item.title) == 120


def test_items_carry_the_labels_of_their_feed() -> None:
    feed = Feed(
        id="h",
        url=SITE,
        publisher="The Herald",
        owner="Holding",
        country="PL",
        lang="pl",
        state_media=True,
        tags=("a",),
    )
    parsed = ParsedItem(guid="1", link="", title="T", publisher="Someone", lang="en", tags=("b", "a"))
    item = identity.new_items(feed, ParsedFeed(items=(parsed,)), {}, historic=True, now=NOW)[0]
    assert (item.publisher, item.owner, item.country, item.lang) == ("The Herald", "Holding", "PL", "pl")
    assert (item.state_media, item.tags, item.historic, item.first_seen_at) == (True, ("a", "b"), True, NOW)


def test_items_of_an_aggregator_carry_their_own_publisher_and_language() -> None:
    parsed = ParsedItem(guid="1", link="", title="T", publisher="Someone", lang="en")
    item = identity.new_items(Feed(id="a", url=SITE), ParsedFeed(items=(parsed,)), {}, historic=False, now=NOW)[0]
    assert (item.publisher, item.lang) == ("Someone", "en")


def test_keys_say_what_they_are_made_of() -> None:
    assert [key[:2] for key in identity.keys(FEED.url, entry(1))] == ["g:", "l:", "t:"]
    assert all(len(key) <= 24 for key in identity.keys(FEED.url, entry(1, guid="x" * 100_000)))


few = st.sampled_from(["", "a", "b", "c"])
parsed_items = st.builds(
    ParsedItem, guid=few, link=few.map(lambda name: name and f"{SITE}/{name}"), title=few, summary=few
)
documents = st.lists(parsed_items, max_size=8)


@given(st.lists(documents, max_size=5), documents)
def test_polling_the_same_document_again_brings_nothing(
    before: Sequence[list[ParsedItem]], last: list[ParsedItem]
) -> None:
    shelf = Shelf()
    for document in before:
        shelf.poll(*document)
    shelf.poll(*last)
    assert shelf.poll(*last) == []


@given(documents)
def test_new_items_never_share_an_id_or_a_key(document: list[ParsedItem]) -> None:
    new = Shelf().poll(*document)
    keys = [key for item in new for key in item.keys]
    assert len({item.id for item in new}) == len(new)
    assert len(set(keys)) == len(keys)
    assert all(item.keys for item in new)
