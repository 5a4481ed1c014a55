"""When a feed's silence is unlike it: against the longest pause it ever made, so that no night or weekend is one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.model import FeedState, ParsedFeed

_TIMES = 3  # the longest pause so far
_KNOWN_AFTER = timedelta(days=8)  # one weekend, and the days on both sides of it
_AT_LEAST = timedelta(days=1)
_PINNED = 2  # the oldest entries of a document tell of no pause: some are pinned for months
_LEAST_TIMES = 5


def longest_pause(state: FeedState, parsed: ParsedFeed, newest: datetime | None) -> timedelta | None:
    """The longest time between two items that this feed ever showed; None while nothing can be said.

    Args:
        newest: When its newest item was published, as far as we know.
    """
    since = newest - state.last_item_at if newest and state.last_item_at else timedelta(0)
    known = state.longest_pause or timedelta(0)
    return max(known, since, *_pauses(_dated(parsed)), timedelta(0)) or None


def overdue_at(state: FeedState, parsed: ParsedFeed, now: datetime) -> datetime | None:
    """From when on it is silent against its own rhythm; None while that is not known.

    Args:
        state: With the document's longest pause and newest item in it.
    """
    if not state.longest_pause or state.last_item_at is None:
        return None
    times, first = _dated(parsed), state.first_polled_at or now
    shown = max(now - first, times[0] - times[-1] if times else timedelta(0))
    least = _AT_LEAST if shown >= _KNOWN_AFTER else _KNOWN_AFTER
    due = state.last_item_at + max(_TIMES * state.longest_pause, least)
    return due if due > first else None  # silent before we came: `monitor feeds doctor` tells of it


def _dated(parsed: ParsedFeed) -> Sequence[datetime]:
    """When its entries were published, newest first; () where too few of them say so."""
    times = sorted(parsed.published, reverse=True)[:-_PINNED]
    return times if len(times) >= _LEAST_TIMES else ()


def _pauses(times: Sequence[datetime]) -> list[timedelta]:
    return [later - earlier for later, earlier in pairwise(times)]
