"""Since when, and how completely, the feeds have been watched: a publisher's silence is not our own failed fetches."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from monitor.model import FeedState

ENOUGH = 0.8  # of the feeds; among many, one is always failing


def watched_since(feeds: Sequence[FeedState], now: datetime) -> datetime | None:
    """Since when enough of the feeds have been read without a gap; None when too few are now."""
    known = sorted(since for feed in feeds if (since := feed.watched(now)) is not None)
    needed = ceil(ENOUGH * len(feeds))
    return known[needed - 1] if 0 < needed <= len(known) else None


def unwatched(feeds: Sequence[FeedState], now: datetime) -> str:
    """Which part of the feeds is not read now, or silent against its own rate, and since when; "" when none is."""
    lost = [feed for feed in feeds if feed.watched(now) is None]
    silent = [feed for feed in lost if feed.silent(now)]
    failing = [feed for feed in lost if not feed.silent(now)]
    parts = [_failing(failing, now), _silent(silent, now)]
    told = ", ".join(f"{many} {how}" for many, how in zip((len(failing), len(silent)), parts, strict=True) if many)
    return told and told.replace(" ", f" of {len(feeds)} feeds ", 1)


def _failing(feeds: Sequence[FeedState], now: datetime) -> str:
    times = [feed.last_success_at for feed in feeds if feed.last_success_at is not None]
    return f"failing since {_moment(min(times), now)}" if times else "never read"


def _silent(feeds: Sequence[FeedState], now: datetime) -> str:
    times = [feed.last_item_at for feed in feeds if feed.last_item_at is not None]
    return f"silent since {_moment(min(times), now)}, unlike before" if times else ""


def _moment(at: datetime, now: datetime) -> str:
    return f"{at:%H:%M} UTC" if now - at < timedelta(days=1) else f"{at:%d %b %H:%M} UTC"
