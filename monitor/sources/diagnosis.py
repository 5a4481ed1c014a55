"""What is wrong with a feed, and what to do about it; pure, from one fetch and what was learnt before."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.errors import FetchError, SourceError
from monitor.model import ARTICLE_READ, Document, Feed, FeedState, ParsedFeed, ParsedItem
from monitor.sources.cadence import usual_pause

_STALE_AFTER = 10  # times the usual pause between items
_STALE_AT_LEAST = timedelta(days=3)  # weekends and holidays are no fault
_SHARE = 2  # more than a half

_BY_STATUS = {
    401: ("login", "set a password for it (`auth:`), or take it out"),
    403: ("refused", "the publisher blocks automatic readers: ask, or look for another address"),
    404: ("missing", "look for its new address: `monitor feeds add SITE` finds it from the home page"),
    410: ("gone", "take it out with `monitor feeds remove`, or look for its successor"),
    429: ("throttled", "poll it more rarely: give it a longer `every`"),
}
_BY_CAUSE = {
    "private": (
        "private",
        "list the host under polling.allow_private_hosts if it is yours; otherwise leave it refused",
    ),
    "tls": ("tls", "its certificate cannot be trusted: look at it in a browser; perhaps the host has changed"),
    "dns": ("dns", "the name of the host is unknown: check its spelling, and whether the publisher has moved"),
    "slow": ("slow", "nothing to do if it happens now and then; else give a longer polling.timeout"),
    "unreachable": ("unreachable", "nobody listens there: look whether the site itself still works"),
}
_TROUBLE = ("trouble", "nothing to do but wait; it is tried again")
_UNKNOWN = ("unreadable", "check the address in a browser")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing about a feed that somebody should know.

    Attributes:
        kind: One word for scripts: moved, gone, html, login, tls, dns, empty, stale, undated, no-ids, ...
        serious: True when items are lost or late because of it.
    """

    kind: str
    message: str
    advice: str
    serious: bool = True


def of_error(error: SourceError) -> Finding:
    """Why the feed cannot be read now."""
    kind, advice = _named(error)
    return Finding(kind=kind, message=error.message, advice=advice)


def of_document(feed: Feed, state: FeedState, document: Document, parsed: ParsedFeed, now: datetime) -> list[Finding]:
    """What stands out in a document that could be read."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _moved(feed, state, document),
        lambda: _empty(parsed),
        lambda: _stale(parsed, now),
        lambda: _undated(parsed),
        lambda: _without_ids(parsed),
        lambda: _noted(parsed),
    )
    return [finding for check in checks for finding in check()]


def of_page(feed: Feed, entry: ParsedItem | None) -> list[Finding]:
    """Why the page of an entry could not be read, if its feed wants that."""
    if entry is None or entry.article == ARTICLE_READ:
        return []
    advice = "correct its selector" if feed.article else "say where the article stands: `article: {selector: ...}`"
    advice += ", or take `article` out; stubs stay as they are"
    return [Finding(kind="page", message=f'"{entry.title[:60]}": {entry.article}', advice=advice, serious=False)]


def _named(error: SourceError) -> tuple[str, str]:
    if not isinstance(error, FetchError):
        return _unread(error.message)
    if error.status is not None:
        return _BY_STATUS.get(error.status, _TROUBLE if error.status >= 500 else _UNKNOWN)
    return _BY_CAUSE.get(error.cause, _UNKNOWN)


def _unread(message: str) -> tuple[str, str]:
    if "web page" in message:
        return "html", "`monitor feeds add SITE` looks for the feed's address on the page"
    if "empty document" in message:
        return "empty", "wait a day; if it stays empty, look for the feed's new address"
    return "no-feed", "check the address in a browser: it should show XML or JSON"


def _moved(feed: Feed, state: FeedState, document: Document) -> Iterator[Finding]:
    to = document.moved_to or (state.url if state.url != feed.url else "")
    if to:
        yield Finding(
            kind="moved",
            message="the publisher says it has moved for good",
            advice=f"write the new address into the configuration: {shown(to)}",
            serious=False,
        )


def _empty(parsed: ParsedFeed) -> Iterator[Finding]:
    if not parsed.items:
        yield Finding(kind="empty", message="has no entries", advice="look whether the publisher uses another feed now")


def _stale(parsed: ParsedFeed, now: datetime) -> Iterator[Finding]:
    usual = usual_pause(parsed)
    times = [item.published_at for item in parsed.items if item.published_at]
    if usual is None or not times:
        return
    silent = now - max(times)
    if silent > max(usual * _STALE_AFTER, _STALE_AT_LEAST):
        yield Finding(
            kind="stale",
            message=f"is silent for {_days(silent)}; it used to have an item every {_days(usual)}",
            advice="look whether the publisher still uses this feed",
        )


def _undated(parsed: ParsedFeed) -> Iterator[Finding]:
    undated = sum(item.published_at is None for item in parsed.items)
    if undated * _SHARE > len(parsed.items):
        yield Finding(
            kind="undated",
            message=f"{undated} of {len(parsed.items)} entries have no date that can be true",
            advice="nothing to do: they count from when they are first seen",
            serious=False,
        )


def _without_ids(parsed: ParsedFeed) -> Iterator[Finding]:
    nameless = sum(not (item.guid or item.link) for item in parsed.items)
    if nameless * _SHARE > len(parsed.items):
        yield Finding(
            kind="no-ids",
            message=f"{nameless} of {len(parsed.items)} entries have neither id nor link",
            advice="nothing to do: they are told apart by title; a corrected title counts as new",
            serious=False,
        )


def _noted(parsed: ParsedFeed) -> Iterator[Finding]:
    for note in parsed.notes:
        yield Finding(kind="noted", message=note, advice="nothing to do: what can be read is read", serious=False)


def shown(url: str) -> str:
    """An address without the password and the query in it, which may hold tokens."""
    scheme, _, rest = url.partition("?")[0].partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _days(span: timedelta) -> str:
    hours = span / timedelta(hours=1)
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours" if hours >= 2 else f"{hours * 60:.0f} min"
