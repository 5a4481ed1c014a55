"""Which entries a publisher took out of a feed, told apart from those that merely scrolled off its end.

Entries that left the middle of a feed in order of time were taken out. Many feeds are an editor's choice, though, from
which something leaves every day: only one that has kept its entries for days says anything by dropping one. Servers
that answer for each other are not always on a par, so an entry has to be missing from two documents.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.model import FeedState, ParsedFeed, SeenEntry
from monitor.sources import identity
from monitor.sources.memory import Memory

KEPT_FOR = timedelta(days=3)  # without another gap, before one tells something
_AT_ONCE = 2  # more are a feed that was built anew
_OLDER = 2  # that remain: one may be pinned to the top, or to the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """What is missing from a document that stood in the one before.

    Attributes:
        missing: Entries to look for once more, in the next document.
        dropped_at: When entries last left the middle of the feed; None when they never did.
        withdrawn: Entries that were taken out, as far as anybody can tell from a feed.
    """

    missing: tuple[SeenEntry, ...] = ()
    dropped_at: datetime | None = None
    withdrawn: tuple[SeenEntry, ...] = ()


def gaps(feed_url: str, state: FeedState, before: Memory, parsed: ParsedFeed, now: datetime) -> Gaps:
    """Compare a document with what is remembered of the one before.

    Args:
        state: As it was before this document.
    """
    if not before.entries or not _in_order(parsed):
        return Gaps(dropped_at=before.dropped_at)
    here = _Standing.of(feed_url, parsed)
    inner = [entry for entry in before.entries.values() if here.lacks(entry) and here.has_older(entry, before)]
    left = tuple(entry for entry in inner if entry.missing and here.has_newer(entry))
    open_ones = tuple(replace(entry, missing=True) for entry in inner if entry not in left)
    keeps = max(filter(None, (before.dropped_at, state.first_polled_at)), default=now)
    told = left if now - keeps >= KEPT_FOR and len(left) <= _AT_ONCE else ()
    return Gaps(missing=open_ones, dropped_at=now if left else before.dropped_at, withdrawn=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """The entries of a document: everything they are recognised by, and when they were published."""

    keys: frozenset[str]
    times: tuple[datetime, ...]

    @classmethod
    def of(cls, feed_url: str, parsed: ParsedFeed) -> "_Standing":
        fresh = (key for item in parsed.items for key in identity.keys(feed_url, item))
        seen = (key for entry in parsed.seen for key in _keys(entry))
        return cls(keys=frozenset((*fresh, *seen)), times=tuple(parsed.published))

    def lacks(self, entry: SeenEntry) -> bool:
        """Whether nothing here is it: under its own name, its headline, or another name at the very same moment."""
        return self.keys.isdisjoint(_keys(entry)) and entry.published_at not in self.times

    def has_older(self, entry: SeenEntry, before: Memory) -> bool:
        """Whether enough of what was older than it is still here."""
        at = entry.published_at
        older = (one for one in before.entries.values() if at and one.published_at and one.published_at < at)
        return sum(not self.keys.isdisjoint(_keys(one)) for one in older) >= _OLDER

    def has_newer(self, entry: SeenEntry) -> bool:
        at = entry.published_at
        return at is not None and any(time > at for time in self.times)


def _keys(entry: SeenEntry) -> list[str]:
    return [key for key in (entry.guid, entry.link, entry.title) if key]


def _in_order(parsed: ParsedFeed) -> bool:
    """Whether the newest stand first; what stands by rank, or at random, comes and goes without a meaning."""
    fresh, seen = (item.published_at for item in parsed.items), (entry.published_at for entry in parsed.seen)
    return all(all(one >= next_ for one, next_ in pairwise(filter(None, times))) for times in (fresh, seen))
