"""Which entries of a document are new: those we have not seen, whatever their dates say.

An entry is recognised by its guid, by its link, and by its title when it has neither. Publishers break each of these:
they change all guids at once, use one guid for everything, let all entries lead to one page. So a guid or link that
several different entries of one document carry identifies none of them, and a guid that comes with another title *and*
another link is a new entry.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from monitor.model import Feed, Item, KnownItem, ParsedFeed, ParsedItem, SeenEntry
from monitor.sources import links
from monitor.text import clean

KEY_SIZE = 10  # bytes of a key, without the letter that says what it was made of
_HEADLINE = 120  # characters of the text that stand in for a missing title


def keys(feed_url: str, item: ParsedItem) -> tuple[str, ...]:
    """Every key under which the entry may be stored; what to ask the store for before `new_items`."""
    entry = _keyed(feed_url, item)
    return tuple(key for key in (entry.guid, entry.link, entry.title) if key)


def new_items(
    feed: Feed, parsed: ParsedFeed, known: Mapping[str, KnownItem], *, historic: bool, now: datetime
) -> list[Item]:
    """The entries that are not known yet, each once, as items of the feed, in document order.

    Args:
        known: What the store holds under the keys of the entries.
    """
    entries = _entries(feed, parsed)
    unsure = _unsure([*entries, *parsed.seen])
    seen: dict[str, KnownItem] = dict(known)
    found: list[Item] = []
    for entry in entries:
        own = _own_keys(entry, unsure, seen)
        if not _is_known(entry, own, seen):
            item = _item(feed, entry.item, own, historic=historic, now=now)
            found.append(item)
            seen |= dict.fromkeys(own, KnownItem(id=item.id, link=item.link, title=item.title))
    return found


def retitled(feed: Feed, parsed: ParsedFeed, known: Mapping[str, KnownItem]) -> dict[str, ParsedItem]:
    """The entries of known items whose publisher gave them another headline, by the item's id.

    Args:
        known: What the store holds under the keys of the entries.
    """
    if not known:
        return {}
    entries = _entries(feed, parsed)
    unsure = _unsure([*entries, *parsed.seen])
    found: dict[str, ParsedItem] = {}
    for entry in entries:
        item = next((known[key] for key in _own_keys(entry, unsure, known) if key in known), None)
        if item is not None and entry.item.title and _is_retitled(entry, item):
            found[item.id] = entry.item
    return found


def seen(feed_url: str, parsed: ParsedFeed) -> list[SeenEntry]:
    """What the items will be recognised by when they are not parsed again."""
    return [_seen(feed_url, item, digest) for item, digest in zip(parsed.items, parsed.digests, strict=False)]


def _seen(feed_url: str, item: ParsedItem, digest: bytes) -> SeenEntry:
    if not _says_something(item):  # it counts for nothing
        return SeenEntry(digest=digest, published_at=item.published_at)
    entry = _keyed(feed_url, item)
    return SeenEntry(digest=digest, guid=entry.guid, link=entry.link, title=entry.title, published_at=item.published_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An entry with its keys, "" where it has none."""

    item: ParsedItem
    guid: str
    link: str
    title: str


@lru_cache(maxsize=200)  # every entry of a document is asked for several times; few documents have more
def _keyed(feed_url: str, item: ParsedItem) -> _Entry:
    return _Entry(item=item, guid=_guid_key(item), link=_link_key(feed_url, item), title=_title_key(item))


def _entries(feed: Feed, parsed: ParsedFeed) -> list[_Entry]:
    return [_keyed(feed.url, item) for item in parsed.items if _says_something(item)]


def _unsure(standing: Sequence[_Entry | SeenEntry]) -> set[str]:
    """The guids and links that several different entries of the document carry."""
    return _shared((e.guid, e.title) for e in standing) | _shared((e.link, e.title) for e in standing)


def _says_something(item: ParsedItem) -> bool:
    return bool(item.title or item.summary or item.body)


def _shared(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """The first of each pair where it stands with several different seconds."""
    seconds = defaultdict(set)
    for first, second in pairs:
        seconds[first].add(second)
    return {first for first, others in seconds.items() if len(others) > 1}


def _own_keys(entry: _Entry, unsure: Container[str], seen: Mapping[str, KnownItem]) -> tuple[str, ...]:
    """The keys that say who this entry is: guid and link, or the title for want of both."""
    guid = entry.guid if entry.guid not in unsure and not _is_reused(entry, seen) else ""
    link = entry.link if entry.link not in unsure else ""
    return tuple(key for key in (guid, link) if key) or (entry.title,)


def _is_reused(entry: _Entry, seen: Mapping[str, KnownItem]) -> bool:
    """Whether the guid is known from another page with another title."""
    known = seen.get(entry.guid)
    if known is None or not known.link or not entry.item.link:
        return False
    return _is_retitled(entry, known) and links.canonical(known.link) != links.canonical(entry.item.link)


def _is_retitled(entry: _Entry, known: KnownItem) -> bool:
    return _folded(known.title) != _folded(_headline(entry.item))


def _is_known(entry: _Entry, own: Sequence[str], seen: Mapping[str, KnownItem]) -> bool:
    if any(key in seen for key in own):
        return True
    page = seen.get(entry.link)  # one page of many entries: the title tells which
    return page is not None and not _is_retitled(entry, page)


def _item(feed: Feed, item: ParsedItem, own: tuple[str, ...], *, historic: bool, now: datetime) -> Item:
    return Item(
        id=_digest(feed.id, own[0]),
        feed_id=feed.id,
        keys=own,
        title=_headline(item),
        summary=item.summary,
        body=item.body,
        author=item.author,
        link=item.link,
        publisher=feed.publisher or item.publisher,
        owner=feed.owner,
        country=feed.country,
        lang=feed.lang or item.lang,
        state_media=feed.state_media,
        tags=tuple(dict.fromkeys((*feed.tags, *item.tags))),
        published_at=item.published_at,
        first_seen_at=now,
        historic=historic,
        article=item.article,
    )


def _headline(item: ParsedItem) -> str:
    return item.title or clean.line(item.summary or item.body, _HEADLINE)


def _guid_key(item: ParsedItem) -> str:
    guid = re.sub(r"^http://", "https://", item.guid)  # a site that moves to https keeps its ids
    return f"g:{_digest(guid)}" if guid else ""


def _link_key(feed_url: str, item: ParsedItem) -> str:
    """A link to the front page, or to the feed itself, tells nothing about the entry."""
    if not item.link or not links.names_a_page(item.link):
        return ""
    link = links.canonical(item.link)
    return f"l:{_digest(link)}" if link != links.canonical(feed_url) else ""


def _title_key(item: ParsedItem) -> str:
    return f"t:{_digest(_folded(_headline(item)))}"


def _folded(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold())) or title


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=KEY_SIZE).hexdigest()
