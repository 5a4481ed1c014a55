"""What monitor.yaml says of feeds: which there are, and how each is asked and read."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from monitor import yamlfile
from monitor.errors import ConfigError
from monitor.model import Feed
from monitor.settings.reading import Loc, Reading
from monitor.settings.schema import ArticleSection, FeedOptions, FeedSection, OpmlSection
from monitor.sources import opml, page, web_page
from monitor.sources.access import Access
from monitor.sources.table import SOURCES

EXTRA = "install monitor[article], or write article: {selector: ...} with a CSS selector"
_SECRET = ("auth", "headers", "proxy")


class Feeds:
    """The feeds of one file, those of its OPML files among them."""

    def __init__(self, reading: Reading) -> None:
        self._reading, self._document = reading, reading.document
        self._listed: set[str] = set()  # ids of the feeds that stand in OPML files
        self._unread = False  # whether one of these could not be read

    def declared(self) -> Iterator[Feed]:
        """Every feed, each id once or it is told."""
        seen: dict[str, str] = {}
        for number, entry in enumerate(self._document.feeds):
            loc: Loc = ("feeds", number)
            for feed in self._feeds_of(entry, loc):
                where = (
                    f"in {entry.opml}"
                    if isinstance(entry, OpmlSection)
                    else f"on line {self._reading.file.place(loc)[0]}"
                )
                if feed.id in seen:
                    self._reading.wrong(
                        loc, f'feed "{feed.id}" is declared {seen[feed.id]} and {where}', "keep one of them"
                    )
                seen.setdefault(feed.id, where)
                yield replace(feed, every=feed.every or self._document.polling.every)
        self._check_feed_options(seen)

    def _feeds_of(self, entry: FeedSection | OpmlSection, loc: Loc) -> list[Feed]:
        if isinstance(entry, FeedSection):
            return [self._feed(entry, loc)]
        path = self._reading.under(entry.opml)
        if not path.is_file():
            self._unread = True
            self._reading.wrong((*loc, "opml"), f"there is no file {path}", "monitor init writes one to start from")
            return []
        try:
            listed = opml.read(path)
        except ConfigError as error:
            self._unread = True
            self._reading.problems += error.problems
            return []
        self._listed.update(feed.id for feed in listed)
        return [self._with_options(feed, (*loc, "opml")) for feed in listed]

    def _with_options(self, feed: Feed, loc: Loc) -> Feed:
        """As its outline says, and as `feed_options` say instead."""
        given = self._document.feed_options.get(feed.id, FeedOptions())
        if given.options or given.article:
            loc = ("feed_options", feed.id)
        options = given.options or feed.options
        self._check_options(feed.kind, options, loc, f'feed "{feed.id}": ')
        declared = None if feed.article is None else ArticleSection(selector=feed.article or None)
        article = self._article(given.article if "article" in given.model_fields_set else declared, loc)
        return replace(feed, every=given.every or feed.every, options=options, article=article)

    def _check_feed_options(self, declared: Mapping[str, str]) -> None:
        if self._unread or "feeds" in self._reading.broken:
            return  # a list that cannot be read may hold them
        for feed_id in self._document.feed_options:
            loc: Loc = ("feed_options", feed_id)
            if feed_id not in declared:
                hint = yamlfile.suggestion(feed_id, declared) or "monitor feeds list names them all"
                self._reading.wrong(loc, f'there is no feed "{feed_id}"', hint)
            elif feed_id not in self._listed:
                self._reading.wrong(loc, f'feed "{feed_id}" is declared {declared[feed_id]}', "write its options there")

    def _feed(self, entry: FeedSection, loc: Loc) -> Feed:
        if entry.kind is not None and entry.kind not in SOURCES:
            known = ", ".join(sorted(SOURCES))
            hint = yamlfile.suggestion(entry.kind, SOURCES) or f"known: {known}"
            self._reading.wrong((*loc, "kind"), f'unknown kind of feed "{entry.kind}"', hint)
        self._check_options(entry.kind or "", entry.options, loc)
        values = entry.model_dump(exclude={"tags", "article", *_SECRET}, exclude_none=True)
        return Feed(**values, tags=tuple(entry.tags), article=self._article(entry.article, loc))

    def _article(self, entry: ArticleSection | None, loc: Loc) -> str | None:
        """How the pages of a feed's stubs are read, as `Feed.article` says it."""
        if entry is None:
            return None
        if entry.selector:
            if wrong := page.objection(entry.selector):
                self._reading.wrong(
                    (*loc, "article", "selector"), f"`{entry.selector}` {wrong}", 'write "div.article p"'
                )
        elif not page.can_be_found():
            self._reading.wrong(
                (*loc, "article"), "finding articles needs the extra `article`, which is not installed", EXTRA
            )
        return entry.selector or ""

    def _check_options(self, kind: str, options: Mapping[str, str], loc: Loc, whose: str = "") -> None:
        known = web_page.OPTIONS if kind == "web_page" else ()
        for name in options:
            if name not in known:
                hint = yamlfile.suggestion(name, known) or f"known: {', '.join(known) or 'none for this kind'}"
                self._reading.wrong((*loc, "options", name), f'{whose}unknown option "{name}"', hint)
        if known and "item" not in options:
            hint = 'write options: {item: "article"}, a CSS selector'
            self._reading.wrong(loc, f"{whose}a web page needs to know what its entries are", hint)

    def access(self) -> Iterator[tuple[str, Access]]:
        """What opens the feeds that are not open to everybody."""
        for feed_id, entry, loc in self._asked():
            if entry.auth or entry.headers or entry.proxy:
                headers = {
                    name: self._reading.value(text, (*loc, "headers", name)) for name, text in entry.headers.items()
                }
                auth = self._reading.filled(entry.auth or "", (*loc, "auth"))
                if entry.auth and auth and ":" not in auth:
                    self._reading.wrong((*loc, "auth"), "is not user and password", "write ${USER}:${PASSWORD}")
                yield (
                    feed_id,
                    Access(auth=auth, headers=headers, proxy=self._reading.filled(entry.proxy or "", (*loc, "proxy"))),
                )

    def _asked(self) -> Iterator[tuple[str, FeedOptions, Loc]]:
        """How feeds are asked, where monitor.yaml says so: with the feed, or by its id."""
        for number, entry in enumerate(self._document.feeds):
            if isinstance(entry, FeedSection):
                yield entry.id, entry, ("feeds", number)
        for feed_id, options in self._document.feed_options.items():
            yield feed_id, options, ("feed_options", feed_id)
