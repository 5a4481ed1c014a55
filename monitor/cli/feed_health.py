"""`monitor feeds show` and `monitor feeds doctor`: when a feed is polled and why, what is wrong with it, what to do."""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from monitor import yamlfile
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, now, settings_from
from monitor.cli.output import ago, as_json, plain, say, table
from monitor.cli.stored import store_of
from monitor.errors import ConfigError, Problem, SourceError
from monitor.model import ARTICLE_READ, Feed, FeedLease, FeedState, ParsedFeed, ParsedItem
from monitor.settings import Settings
from monitor.sources import diagnosis, stubs
from monitor.sources.access import OPEN, Access
from monitor.sources.articles import Articles
from monitor.sources.cadence import said
from monitor.sources.diagnosis import Finding
from monitor.sources.fetch import Fetcher
from monitor.sources.parse import Parser

AT_ONCE = 20
PAGES_OF = timedelta(days=7)
Pair = tuple[Feed, FeedState]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One feed, and what was found."""

    feed: str
    findings: Sequence[Finding]

    @property
    def serious(self) -> bool:
        """Whether items are lost or late."""
        return any(finding.serious for finding in self.findings)


def show(
    feed_id: Annotated[str, typer.Argument(metavar="FEED", help="The feed's id.")],
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Show one feed: what is declared, how it fares, and when it is polled next and why.

    Example:

        monitor feeds show example-news
    """
    at = now()
    settings = settings_from(config)
    with store_of(settings) as store:
        ((feed, state),) = _chosen(store.feeds(), [feed_id], settings)
        pages = store.articles.of_feed(feed.id, at - PAGES_OF)
    if json:
        as_json({**plain(feed), "state": learnt(state), "pages": pages})
        return
    for name, value in (
        *_declared(feed),
        *_access(settings.access.get(feed.id, OPEN)),
        *_state(feed, state, at),
        *_pages(feed, pages),
    ):
        if value:
            say(f"{name:<13} {value}")


def doctor(
    feeds: Annotated[list[str] | None, typer.Argument(metavar="[FEED]...", help="These feeds; all if none.")] = None,
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Ask every feed now, and say what is wrong with it and what to do; nothing is stored.

    The exit code is 1 when a feed loses items or brings them late.

    Examples:

        monitor feeds doctor
        monitor feeds doctor --json | jq -r '.[] | select(.findings[].kind == "gone") | .feed'
    """
    settings = settings_from(config)
    with store_of(settings) as store:
        pairs = _chosen(store.feeds(), feeds or (), settings)
    with _progress() as progress:
        task = progress.add_task("", total=len(pairs))
        found = asyncio.run(_examine(pairs, settings, lambda: progress.advance(task)))
    if json:
        as_json([one for one in found if one.findings])
    else:
        _tell(found)
    if any(one.serious for one in found):
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Asking:
    fetcher: Fetcher
    parser: Parser
    articles: Articles

    async def close(self) -> None:
        await self.fetcher.aclose()
        self.parser.close()
        self.articles.close()


async def _examine(pairs: Sequence[Pair], settings: Settings, done: Callable[[], None]) -> list[Diagnosis]:
    fetcher = Fetcher(settings.polling.limits, access=settings.access)
    asking = _Asking(fetcher, Parser(), Articles(fetcher))
    room = asyncio.Semaphore(AT_ONCE)

    async def one(feed: Feed, state: FeedState) -> Diagnosis:
        async with room:
            findings = await _ask(feed, state, asking)
        done()
        return Diagnosis(feed=feed.id, findings=findings)

    try:
        return list(await asyncio.gather(*(one(*pair) for pair in pairs)))
    finally:
        await asking.close()


async def _ask(feed: Feed, state: FeedState, asking: _Asking) -> Sequence[Finding]:
    """Fetch from the declared address without validators: a "not modified" would tell nothing."""
    at = now()
    blank = FeedState(feed_id=feed.id, url=feed.url, next_due_at=at)
    try:
        document = await asking.fetcher.fetch(FeedLease(feed=feed, state=blank, token="", until=at), at)
        parsed = await asking.parser.parse(feed, document)
    except SourceError as error:
        return [diagnosis.of_error(error)]
    page = await _page(feed, parsed, asking.articles, at)
    return [*diagnosis.of_document(feed, state, document, parsed, at), *diagnosis.of_page(feed, page)]


async def _page(feed: Feed, parsed: ParsedFeed, articles: Articles, at: datetime) -> ParsedItem | None:
    """The first stub, with what became of its page; None when there is none, or nobody wants to read it."""
    found = stubs.wanted(feed, parsed, {}, private=False, now=at)[:1] if feed.article is not None else []
    reading = await articles.read(feed, found, at)
    whole = stubs.completed(ParsedFeed(items=tuple(stub.entry for stub in found)), found, reading.all)
    return next(iter(whole.items), None)


def _progress() -> Progress:
    """On a terminal's stderr, so that the answer can be piped."""
    columns = (TextColumn("Asking feeds"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def _tell(found: Sequence[Diagnosis]) -> None:
    rows = [
        (one.feed, "problem" if finding.serious else "note", finding.kind, finding.message, finding.advice)
        for one in sorted(found, key=lambda one: (not one.serious, one.feed))
        for finding in sorted(one.findings, key=lambda finding: not finding.serious)
    ]
    if rows:
        table(("feed", "", "kind", "what is wrong", "what to do"), rows)
    ill = sum(one.serious for one in found)
    say(f"{len(found)} feeds asked: {ill} with problems." if ill else f"{len(found)} feeds asked: no problems.")


def _chosen(stored: Sequence[Pair], wanted: Sequence[str], settings: Settings) -> list[Pair]:
    known = {feed.id: (feed, state) for feed, state in stored}
    problems = [
        Problem(path=settings.path, message=f'there is no feed "{name}"', hint=yamlfile.suggestion(name, known))
        for name in wanted
        if name not in known
    ]
    if problems:
        raise ConfigError(problems)
    return [known[name] for name in wanted] if wanted else list(known.values())


def learnt(state: FeedState) -> dict[str, object]:
    """What polling has taught us, as far as it means anything to people."""
    hidden = ("feed_id", "url", "etag", "body_hash", "entries")
    return {key: value for key, value in plain(state).items() if key not in hidden}


def _declared(feed: Feed) -> list[tuple[str, object]]:
    owner = f" (owned by {feed.owner})" if feed.owner and feed.owner != feed.publisher else ""
    return [
        ("feed", f"{feed.id}, {feed.kind}"),
        ("address", diagnosis.shown(feed.url)),
        ("publisher", f"{feed.publisher}{owner}" if feed.publisher else ""),
        ("labels", ", ".join(part for part in (feed.country, feed.lang, *feed.tags) if part)),
        ("options", ", ".join(f"{name}: {value}" for name, value in feed.options.items())),
        ("article", feed.article or "found on the pages of stubs" if feed.article is not None else ""),
    ]


def _access(access: Access) -> list[tuple[str, object]]:
    """Which secrets go along, never what they are."""
    kinds = [*["password"] * bool(access.auth), *access.headers, *["proxy"] * bool(access.proxy)]
    return [("asked with", ", ".join(kinds))]


def _pages(feed: Feed, pages: Counter[str]) -> list[tuple[str, object]]:
    if feed.article is None:
        return []
    unread = [f"{count} not, because {why}" for why, count in pages.most_common() if why != ARTICLE_READ]
    told = [f"{pages[ARTICLE_READ]} of {pages.total()} read in {PAGES_OF.days} days", *unread]
    return [("pages", "; ".join(told) if pages else "none asked for yet: those of the first poll are not")]


def _state(feed: Feed, state: FeedState, at: datetime) -> list[tuple[str, object]]:
    wait = max(state.next_due_at - at, timedelta(0))
    moved = state.url if state.url != feed.url else ""
    return [
        ("moved to", diagnosis.shown(moved) if moved else ""),
        ("last read", ago(state.last_success_at, at)),
        ("latest item", ago(state.last_item_at, at)),
        ("last error", state.last_error),
        ("next poll", f"in {said(wait)}" if wait else "now"),
        ("because", state.why or "it has not been polled yet"),
    ]
