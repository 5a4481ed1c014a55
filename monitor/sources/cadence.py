"""When a feed is polled again: as often as it publishes, as seldom as its publisher asks, and never given up."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.errors import FetchError, SourceError
from monitor.model import Document, Feed, FeedState, ParsedFeed
from monitor.sources import memory, skips
from monitor.sources.rhythm import longest_pause, overdue_at

_POLLS_PER_ITEM = 4  # so that an item waits an eighth of the usual pause on average
_QUIET_SHARE = 10  # a feed silent for ten hours is asked once an hour
_SLOWER = 1.5  # for feeds without dates: after a poll without news; half as long after one with
_RHYTHM_OVER = 20  # newest items that show the present rhythm

_HINTS_UP_TO = timedelta(hours=1)  # ttl and max-age are often defaults nobody thought about
_RETRY_AFTER_UP_TO = timedelta(days=1)
_FIRST_RETRY = timedelta(minutes=10)
_NOBODY_ANSWERS = timedelta(minutes=30)  # the fault may be our own line: come back soon after it is mended
_GONE = timedelta(days=1)
_GAP_CLOSED_UP_TO = timedelta(days=1)  # over longer gaps, what reaches back may be an item pinned to the top
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """When to poll next, and why.

    Attributes:
        interval: What the feed's own rhythm calls for; the base of the next pause.
        pause: Until the next poll.
        reasons: In the order they were applied, in words for `monitor feeds show`.
    """

    interval: timedelta
    pause: timedelta
    reasons: tuple[str, ...]


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
    chosen = pace(replace(state, last_item_at=last_item_at), feed, document, parsed, new, now, bounds)
    longest = longest_pause(state, parsed, last_item_at) if parsed else state.longest_pause
    learnt = replace(state, last_item_at=last_item_at, longest_pause=longest)
    return replace(
        state,
        url=document.moved_to or state.url,
        etag=document.etag if answered else document.etag or state.etag,
        last_modified=document.last_modified if answered else document.last_modified or state.last_modified,
        next_due_at=now + chosen.pause,
        interval=chosen.interval,
        why="; ".join(chosen.reasons),
        failures=0,
        first_polled_at=state.first_polled_at or now,
        last_polled_at=now,
        last_success_at=now,
        last_item_at=last_item_at,
        watched_since=_watched_since(state, parsed, new, now),
        longest_pause=longest,
        overdue_at=overdue_at(learnt, parsed, now) if parsed else state.overdue_at,
        last_error="",
    )


def after_failure(
    state: FeedState, feed: Feed, error: SourceError, now: datetime, bounds: Bounds = DEFAULT
) -> FeedState:
    """The feed's state after a poll that failed: longer pauses up to a ceiling, and what the publisher asked for."""
    chosen = pace_of_failure(state, feed, error, bounds)
    return replace(
        state,
        next_due_at=now + chosen.pause,
        why="; ".join(chosen.reasons),
        failures=state.failures + 1,
        last_polled_at=now,
        last_error=error.message[:_MAX_ERROR],
    )


def pace(
    state: FeedState,
    feed: Feed,
    document: Document,
    parsed: ParsedFeed | None,
    new: int,
    now: datetime,
    bounds: Bounds = DEFAULT,
) -> Pace:
    """When a feed that could be read is polled next."""
    if feed.every:
        fixed = f"every {said(feed.every)}, as configured"
        return Pace(interval=feed.every, pause=feed.every, reasons=(fixed,))
    interval, reasons = _rhythm(state, parsed, new, now, bounds)
    ttl, skipped = (parsed.ttl, parsed.skips) if parsed else memory.asked(state.entries)
    asked, by = _hint(document, ttl)
    if asked > interval:
        reasons = (*reasons, f"{by} asks for {said(asked)}")
    pause = _spread(feed.id, bounds.clamp(max(interval, asked)))
    left_alone = min(skips.end(skipped, now + pause) - now, bounds.most)
    if left_alone > pause:
        reasons = (*reasons, f"the feed asks to be left alone then (skipHours, skipDays): {said(left_alone)}")
        pause = _spread(feed.id, left_alone)
    return Pace(interval=interval, pause=pause, reasons=(*reasons, f"{said(pause)} with its share of jitter"))


def pace_of_failure(state: FeedState, feed: Feed, error: SourceError, bounds: Bounds = DEFAULT) -> Pace:
    """When a feed that could not be read is tried again."""
    ceiling = _ceiling(error, bounds)
    pause = _spread(feed.id, _backoff(state.failures, feed.every or state.interval, ceiling))
    asked, words = _asked(error)
    number = state.failures + 1
    reasons = (f"{number} {'failure' if number == 1 else 'failures in a row'}: {said(pause)}, at most {said(ceiling)}",)
    return Pace(interval=state.interval, pause=max(pause, asked), reasons=(*reasons, words) if asked else reasons)


def said(span: timedelta) -> str:
    """A pause in words: "45 s", "20 min", "1.5 h", "3 days"."""
    seconds = span.total_seconds()
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size * (2 if unit == "days" else 1):
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def usual_pause(parsed: ParsedFeed | None) -> timedelta | None:
    """Between the newest items; None when too few are dated, or all at once."""
    times = sorted(parsed.published, reverse=True)[:_RHYTHM_OVER] if parsed else []
    return (times[0] - times[-1]) / (len(times) - 1) if len(times) > 2 and times[0] > times[-1] else None


def _rhythm(
    state: FeedState, parsed: ParsedFeed | None, new: int, now: datetime, bounds: Bounds
) -> tuple[timedelta, tuple[str, ...]]:
    """The pause that fits how often items came lately, and why; slow hours, as at night, count as silence."""
    usual, reason = _own(state, parsed, new)
    silent = now - state.last_item_at if state.last_item_at else timedelta(0)
    reasons = [reason]
    if silent / _QUIET_SHARE > usual:
        usual = silent / _QUIET_SHARE
        reasons.append(f"silent for {said(silent)}: a tenth of that")
    if bounds.clamp(usual) != usual:
        name, bound = ("at_least", bounds.least) if usual < bounds.least else ("at_most", bounds.most)
        reasons.append(f"bounded by {name}: {said(bound)}")
    return bounds.clamp(usual), tuple(reasons)


def _own(state: FeedState, parsed: ParsedFeed | None, new: int) -> tuple[timedelta, str]:
    usual = usual_pause(parsed)
    if usual is not None:
        pause = usual / _POLLS_PER_ITEM
        return pause, f"an item every {said(usual)} lately: {said(pause)}"
    if parsed is None or state.last_item_at is None:
        return state.interval, f"nothing new to learn from: {said(state.interval)} as before"
    if new:
        return state.interval / 2, f"news without dates: half as long, {said(state.interval / 2)}"
    return state.interval * _SLOWER, f"no news and no dates: longer, {said(state.interval * _SLOWER)}"


def _watched_since(state: FeedState, parsed: ParsedFeed | None, new: int, now: datetime) -> datetime:
    """When the present time without a gap began; a document that reaches back to what we know closes a short gap."""
    since = state.watched(now)
    reaches_back = parsed is None or bool(parsed.seen) or new < len(parsed.items)
    if since is None and reaches_back and state.last_success_at and now - state.last_success_at <= _GAP_CLOSED_UP_TO:
        since = state.watched_since or state.first_polled_at
    return since or now


def _newest(parsed: ParsedFeed | None, now: datetime) -> datetime | None:
    times = parsed.published if parsed else []
    return min(max(times), now) if times else None


def _hint(document: Document, ttl: timedelta | None) -> tuple[timedelta, str]:
    """How long the publisher says that asking again is of no use, and where it says so."""
    zero = timedelta(0)
    hints = ((document.max_age or zero, "Cache-Control"), (ttl or zero, "the feed's ttl or updatePeriod"))
    asked, by = max(hints, key=lambda hint: hint[0])
    return min(asked, _HINTS_UP_TO), by


def _backoff(failures: int, usual: timedelta, ceiling: timedelta) -> timedelta:
    first = min(usual, _FIRST_RETRY)
    return min(first * (1 << min(failures, _MAX_DOUBLINGS)), ceiling)


def _ceiling(error: SourceError, bounds: Bounds) -> timedelta:
    unanswered = isinstance(error, FetchError) and error.status is None
    return _NOBODY_ANSWERS if unanswered else bounds.most


def _asked(error: SourceError) -> tuple[timedelta, str]:
    """How long the publisher wants us to stay away, in words too."""
    if not isinstance(error, FetchError):
        return timedelta(0), ""
    if error.gone:
        return _GONE, f"the publisher says it has ended (410): {said(_GONE)}"
    asked = min(error.retry_after or timedelta(0), _RETRY_AFTER_UP_TO)
    return asked, f"the publisher asked for {said(asked)} (Retry-After)"


def _spread(feed_id: str, pause: timedelta) -> timedelta:
    """Up to a tenth longer, always the same for one feed, so that feeds do not all come due together."""
    share = hashlib.blake2b(feed_id.encode("utf-8", "replace"), digest_size=2).digest()
    return pause * (1 + int.from_bytes(share, "big") / 0xFFFF / 10)
