"""What the operator is told about the service itself: alerts like any others, of rules that are built in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.errors import FetchError, ParseError, SourceError
from monitor.model import AlertRule, Feed, FeedState, Notification, Severity, Verdict

FAILS_FOR = timedelta(hours=6)
FAILS_TIMES = 5
OFFLINE_FOR = timedelta(hours=1)
OTHER_TIMES = 3  # a web page instead of a feed once or twice is a publisher at work
NEW_FOR = timedelta(days=1)
SETTLES_WITHIN = timedelta(minutes=10)
_NEVER = timedelta.max
_HOUR = timedelta(hours=1)


def _built_in(
    *, rule: str, rule_title: str, name: str, severity: Severity, title: str, expires: timedelta
) -> AlertRule:
    return AlertRule(
        rule=rule,
        rule_title=rule_title,
        rule_version="built in",
        name=name,
        severity=severity,
        tags=("service",),
        title=title,
        expires=expires,
    )


FEED = _built_in(
    rule="monitor-feeds",
    rule_title="Feeds",
    name="unreadable",
    severity=Severity.HIGH,
    title="Feed {group} cannot be read",
    expires=_NEVER,
)
SILENT = _built_in(
    rule=FEED.rule,
    rule_title="Feeds",
    name="silent",
    severity=Severity.MEDIUM,
    title="Feed {group} is silent against its own rate",
    expires=_NEVER,
)
NETWORK = _built_in(
    rule="monitor-network",
    rule_title="Network",
    name="offline",
    severity=Severity.HIGH,
    title="No feed can be read",
    expires=_NEVER,
)
CHANNEL = _built_in(
    rule="monitor-channels",
    rule_title="Channels",
    name="undelivered",
    severity=Severity.CRITICAL,
    title="Channel {group} lost a message",
    expires=timedelta(days=1),
)
RULES = _built_in(
    rule="monitor-rules",
    rule_title="Rules",
    name="unusable",
    severity=Severity.HIGH,
    title="Rule files hold mistakes; the last good version keeps working",
    expires=_NEVER,
)
WATCH = _built_in(
    rule="monitor-watch",
    rule_title="Watch",
    name="begun",
    severity=Severity.INFO,
    title="The watch has begun",
    expires=timedelta(days=1),
)

OPINIONS = _built_in(
    rule="monitor-opinions",
    rule_title="Second opinions",
    name="unavailable",
    severity=Severity.MEDIUM,
    title="No second opinions: {group}",
    expires=_NEVER,
)
BOT = _built_in(
    rule="monitor-bot",
    rule_title="Telegram bot",
    name="deaf",
    severity=Severity.HIGH,
    title="The Telegram bot hears nobody",
    expires=_NEVER,
)
NO_ANSWER, SPENT = "the model does not answer", "the budget of the day is spent"


def judge_feed(
    feed: Feed, before: FeedState, after: FeedState, until: datetime | None = None, error: SourceError | None = None
) -> Verdict | None:
    """Whether a feed has failed for long, is gone or something else, is back, or gives nothing to say.

    Args:
        before, after: What was known of it before and after the latest poll.
        until: Until when other feeds could be read: what fails after that is not the feed's own. None when they never
            could; now where there is no other.
        error: What the latest poll failed with.
    """
    if after.failures == 0:
        return Verdict(group=feed.id, firing=False, reason="readable again") if before.failures else None
    working = after.last_success_at or after.first_polled_at
    since = f"since {working:%Y-%m-%d %H:%M} UTC" if working else "it never answered"
    times = "1 failure" if after.failures == 1 else f"{after.failures} failures in a row"
    reason = f"{times}, {since}: {after.last_error}"
    return Verdict(group=feed.id, firing=True, reason=reason) if _worth_telling(after, working, until, error) else None


def judge_network(feeds: Sequence[FeedState], now: datetime) -> Verdict:
    """Whether no feed can be read any more: then it is our network rather than every publisher."""
    read_at = max((feed.last_success_at for feed in feeds if feed.last_success_at), default=None)
    fewest = min((feed.failures for feed in feeds), default=0)
    lasts = now - read_at >= OFFLINE_FOR if read_at else fewest >= OTHER_TIMES
    if len(feeds) < 2 or not fewest or not lasts:
        return Verdict(group="", firing=False, reason="feeds can be read again")
    since = f"since {read_at:%Y-%m-%d %H:%M} UTC" if read_at else "so far"
    latest = max(feeds, key=lambda feed: feed.last_polled_at or now)
    lately = f"{latest.feed_id}: {latest.last_error}"
    reason = f"none of {len(feeds)} feeds could be read {since}: is the network down here? Latest, {lately}"
    return Verdict(group="", firing=True, reason=reason)


def judge_silence(feed: Feed, before: FeedState, after: FeedState, now: datetime) -> Verdict | None:
    """Whether a feed that can be read brings nothing for longer than is its way, or does again.

    Args:
        before, after: What was known of it before and after the latest poll.
    """
    if after.silent(now):
        since = f" since {after.last_item_at:%Y-%m-%d %H:%M} UTC" if after.last_item_at else ""
        usual = f"; its longest pause before was {after.longest_pause / _HOUR:.0f} h" if after.longest_pause else ""
        return Verdict(group=feed.id, firing=True, reason=f"nothing new{since}, although it can be read{usual}")
    return Verdict(group=feed.id, firing=False, reason="it has news again") if before.silent(now) else None


def _worth_telling(
    state: FeedState, working: datetime | None, until: datetime | None, error: SourceError | None
) -> bool:
    """At once when the publisher ends the feed; soon when it now sends something else; late when it may recover."""
    if isinstance(error, FetchError) and error.gone:
        return True
    if isinstance(error, ParseError) and state.failures >= OTHER_TIMES:
        return True
    lasts = until is not None and (working is None or until - working >= FAILS_FOR)
    return lasts and state.failures >= FAILS_TIMES


def judge_channel(lost: Notification) -> Verdict:
    """A channel that gave a message up: which, for whom, why, and where the others are."""
    whom = f" to {lost.address}" if lost.address else ""
    reason = f"“{lost.message.title}”{whom}: {lost.reason}; `monitor outbox list --state dead` shows all"
    return Verdict(group=lost.channel, firing=True, reason=reason)


def judge_bot(why: str) -> Verdict:
    """Whether people in chats are heard.

    Args:
        why: Why not; "" when they are.
    """
    return Verdict(group="", firing=bool(why), reason=why or "it hears everybody again")


def judge_rules(problems: Sequence[str]) -> Verdict:
    """Whether the rule files are in order."""
    return Verdict(group="", firing=bool(problems), reason="\n".join(problems) or "all rule files are in order again")


def judge_watch(feeds: Sequence[FeedState], now: datetime) -> Verdict | None:
    """That a new installation watches its feeds: said when each was polled once, or after a while without some."""
    times = [feed.first_polled_at for feed in feeds if feed.first_polled_at is not None]
    if not times or not timedelta(0) <= now - min(times) < NEW_FOR:
        return None
    untried = any(feed.last_polled_at is None for feed in feeds)
    if untried and now - min(times) < SETTLES_WITHIN:
        return None
    feeds_watched = "1 feed" if len(feeds) == 1 else f"{len(feeds)} feeds"
    unread = f"; {len(feeds) - len(times)} could not be read yet" if len(times) < len(feeds) else ""
    return Verdict(group="", firing=True, reason=f"watching {feeds_watched}{unread}")
