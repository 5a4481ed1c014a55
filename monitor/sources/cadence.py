"""When a feed is polled again: as often as it publishes, as seldom as its publisher asks, and never given up."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.errors import FetchError, SourceError
from monitor.model import Document, Feed, FeedState, ParsedFeed

_POLLS_PER_ITEM = 4  # so that an item waits an eighth of the usual pause on average
_QUIET_SHARE = 10  # a feed silent for ten hours is asked once an hour
_SLOWER = 1.5  # for feeds without dates: after a poll without news; half as long after one with
_RHYTHM_OVER = 20  # newest items that show the present rhythm

_HINTS_UP_TO = timedelta(hours=1)  # ttl and max-age are often defaults nobody thought about
_RETRY_AFTER_UP_TO = timedelta(days=1)
_FIRST_RETRY = timedelta(minutes=10)
_NOBODY_ANSWERS = timedelta(minutes=30)  # the fault may be our own line: come back soon after it is mended
_GONE = timedelta(days=1)
_MAX_DOUBLINGS = 20
_MAX_ERROR = 500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Between which pauses a feed without a fixed one may move."""

    least: timedelta = timedelta(minutes=1)
    most: timedelta = timedelta(hours=6)

    def clamp(self, pause: timedelta) -> timedelta:
        return min(max(pause, self.least), self.most)


DEFAULT = Bounds()


def after_success(
    state: FeedState,
    feed: Feed,
    document: Document,
    parsed: ParsedFeed | None,
    new: int,
    now: datetime,
    bounds: Bounds = DEFAULT,
) -> FeedState:
    """The feed's state after a poll that worked.

    Args:
        parsed: None when the document is the one we know.
        new: How many new items it brought.
    """
    answered = document.body is not None
    last_item_at = _newest(parsed, now) or now if new else state.last_item_at
    interval = feed.every or _rhythm(replace(state, last_item_at=last_item_at), parsed, new, now, bounds)
    pause = feed.every or _spread(feed.id, bounds.clamp(max(interval, _hint(document, parsed))))
    return replace(
        state,
        url=document.moved_to or state.url,
        etag=document.etag if answered else document.etag or state.etag,
        last_modified=document.last_modified if answered else document.last_modified or state.last_modified,
        next_due_at=now + pause,
        interval=interval,
        failures=0,
        first_polled_at=state.first_polled_at or now,
        last_polled_at=now,
        last_success_at=now,
        last_item_at=last_item_at,
        last_error="",
    )


def after_failure(
    state: FeedState, feed: Feed, error: SourceError, now: datetime, bounds: Bounds = DEFAULT
) -> FeedState:
    """The feed's state after a poll that failed: longer pauses up to a ceiling, and what the publisher asked for."""
    pause = _spread(feed.id, _backoff(state.failures, feed.every or state.interval, _ceiling(error, bounds)))
    return replace(
        state,
        next_due_at=now + max(pause, _asked(error)),
        failures=state.failures + 1,
        last_polled_at=now,
        last_error=error.message[:_MAX_ERROR],
    )


def _rhythm(state: FeedState, parsed: ParsedFeed | None, new: int, now: datetime, bounds: Bounds) -> timedelta:
    """The pause that fits how often items came lately."""
    usual = _usual_pause(parsed)
    if usual is not None:
        usual /= _POLLS_PER_ITEM
    elif parsed is None or state.last_item_at is None:
        usual = state.interval
    else:
        usual = state.interval / 2 if new else state.interval * _SLOWER
    silent = now - state.last_item_at if state.last_item_at else timedelta(0)
    return bounds.clamp(max(usual, silent / _QUIET_SHARE))


def _usual_pause(parsed: ParsedFeed | None) -> timedelta | None:
    """Between the newest items; None when too few are dated, or all at once."""
    times = sorted((item.published_at for item in parsed.items if item.published_at), reverse=True) if parsed else []
    times = times[:_RHYTHM_OVER]
    return (times[0] - times[-1]) / (len(times) - 1) if len(times) > 2 and times[0] > times[-1] else None


def _newest(parsed: ParsedFeed | None, now: datetime) -> datetime | None:
    times = [item.published_at for item in parsed.items if item.published_at] if parsed else []
    return min(max(times), now) if times else None


def _hint(document: Document, parsed: ParsedFeed | None) -> timedelta:
    """How long the publisher says that asking again is of no use."""
    hints = (document.max_age, parsed.ttl if parsed else None)
    return min(max(hint or timedelta(0) for hint in hints), _HINTS_UP_TO)


def _backoff(failures: int, usual: timedelta, ceiling: timedelta) -> timedelta:
    first = min(usual, _FIRST_RETRY)
    return min(first * (1 << min(failures, _MAX_DOUBLINGS)), ceiling)


def _ceiling(error: SourceError, bounds: Bounds) -> timedelta:
    unanswered = isinstance(error, FetchError) and error.status is None
    return _NOBODY_ANSWERS if unanswered else bounds.most


def _asked(error: SourceError) -> timedelta:
    """How long the publisher wants us to stay away."""
    if not isinstance(error, FetchError):
        return timedelta(0)
    return _GONE if error.gone else min(error.retry_after or timedelta(0), _RETRY_AFTER_UP_TO)


def _spread(feed_id: str, pause: timedelta) -> timedelta:
    """Up to a tenth longer, always the same for one feed, so that feeds do not all come due together."""
    share = hashlib.blake2b(feed_id.encode("utf-8", "replace"), digest_size=2).digest()
    return pause * (1 + int.from_bytes(share, "big") / 0xFFFF / 10)
