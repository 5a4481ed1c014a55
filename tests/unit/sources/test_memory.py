"""What is remembered of a feed's last document."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.model import Feed, Item, KnownItem, ParsedFeed, ParsedItem
from monitor.sources import identity, memory, reduce

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = Feed(id="herald", url="https://herald.example/feed")
NEWS = ParsedItem(
    guid="7", link="https://herald.example/7", title="Talks", published_at=NOW - timedelta(microseconds=7)
)
WORDS = st.sampled_from(["", "a", "b", "c"])
ITEMS = st.builds(
    lambda guid, page, title: ParsedItem(guid=guid, link=page and f"https://herald.example/{page}", title=title),
    WORDS,
    WORDS,
    WORDS,
)


def document(*items: ParsedItem, ttl: timedelta | None = None) -> ParsedFeed:
    digests = tuple(blake2b(repr(item).encode(), digest_size=reduce.DIGEST_SIZE).digest() for item in items)
    return ParsedFeed(items=items, digests=digests, ttl=ttl)


def recall(parsed: ParsedFeed) -> memory.Memory:
    return memory.unpack(memory.pack(FEED.url, parsed))


def reduced(parsed: ParsedFeed, before: memory.Memory) -> ParsedFeed:
    pairs = list(zip(parsed.items, parsed.digests, strict=True))
    unseen = [(item, digest) for item, digest in pairs if digest not in before.entries]
    seen = tuple(before.entries[digest] for _, digest in pairs if digest in before.entries)
    items, digests = tuple(item for item, _ in unseen), tuple(digest for _, digest in unseen)
    return replace(parsed, items=items, digests=digests, seen=seen)


def test_entries_come_back_with_their_keys_dates_and_the_ttl():
    parsed = document(NEWS, replace(NEWS, guid="", link="", published_at=None), ttl=timedelta(minutes=30))
    assert list(recall(parsed).entries.values()) == identity.seen(FEED.url, parsed)
    assert recall(parsed).ttl == timedelta(minutes=30)


def test_entries_that_were_not_parsed_again_are_remembered_further():
    before = recall(document(NEWS))
    [seen] = before.entries.values()
    assert recall(ParsedFeed(seen=(seen,))) == before


def test_nothing_is_remembered_of_a_document_that_was_not_cut():
    assert memory.pack(FEED.url, ParsedFeed(items=(NEWS,))) == b""


@pytest.mark.parametrize("packed", [b"", b"\x01", b"\x09" + b"\0" * 4, memory.pack(FEED.url, document(NEWS))[:-1]])
def test_what_cannot_be_understood_is_forgotten(packed: bytes):
    assert memory.unpack(packed) == memory.Memory()


@given(st.lists(ITEMS, max_size=6, unique=True), st.lists(ITEMS, max_size=4, unique=True), st.integers())
def test_unseen_entries_are_judged_as_if_all_had_been_parsed(old: list[ParsedItem], new: list[ParsedItem], order: int):
    first = document(*old)
    known: dict[str, KnownItem] = {}
    for item in identity.new_items(FEED, first, {}, historic=True, now=NOW):
        known |= dict.fromkeys(item.keys, KnownItem(id=item.id, link=item.link, title=item.title))
    kept = [item for number, item in enumerate(old) if order >> number & 1]
    news = [item for item in new if item not in old]
    both = random.Random(order).sample(kept + news, len(kept) + len(news))
    whole = document(*both)
    part = reduced(whole, recall(first))
    assert list(part.items) == [item for item in both if item in news]
    expected = identity.new_items(FEED, whole, known, historic=False, now=NOW)
    # An entry whose link was shared may be taken for new when the others are gone; unparsed, it stays known.
    assume(not {_told(item) for item in expected} & {_told(item) for item in kept})
    assert identity.new_items(FEED, part, known, historic=False, now=NOW) == expected


def _told(item: Item | ParsedItem) -> tuple[str, str]:
    return item.title, item.link
