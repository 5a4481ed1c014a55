"""Reading monitor.yaml: everything that is wrong is found at once, with its place and what would be right."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr, ValidationError

from monitor import yamlfile
from monitor.alerts.escalation import Escalation
from monitor.channels.base import ChannelSpec
from monitor.errors import ConfigError, Problem
from monitor.judge.budget import Budget
from monitor.judge.endpoint import ModelAccess
from monitor.model import Feed, Route
from monitor.settings import subscriptions
from monitor.settings.schema import (
    ArticleSection,
    ChannelSection,
    Document,
    FeedOptions,
    FeedSection,
    JudgeSection,
    OpmlSection,
    PollingSection,
    Subscription,
    is_web_address,
)
from monitor.settings.secrets import SecretMissing, Secrets
from monitor.settings.values import Bot, Delivery, Heartbeat, History, Judging, Polling, Settings, Web
from monitor.sources import opml, page, web_page
from monitor.sources.access import Access
from monitor.sources.fetch import FetchLimits
from monitor.sources.table import SOURCES

Loc = tuple[str | int, ...]
EXTRA = "install monitor[article], or write article: {selector: ...} with a CSS selector"
_SECRET = ("auth", "headers", "proxy")


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in this file; MONITOR_DATABASE in the environment goes before `database:`.

    Raises:
        ConfigError: Something in it is wrong; every problem is listed.
    """
    settings, problems = examine(path, environ)
    if problems:
        raise ConfigError(problems)
    return settings


def examine(path: Path, environ: Mapping[str, str] = os.environ) -> tuple[Settings, list[Problem]]:
    """What can be made of this file, and everything that is wrong in it; for `check`, which looks further.

    Raises:
        ConfigError: Nothing can be made of it.
    """
    file = yamlfile.read(path)
    document, problems, broken = _validated(file)
    reading = _Reading(
        file=file,
        document=document,
        secrets=_secrets(document, path, environ),
        channel_names=_names(file.data, "channels") or tuple(document.channels),
        broken=broken,
    )
    settings = reading.settings(environ)
    problems += reading.problems
    return settings, sorted(problems, key=lambda problem: (problem.path != path, problem.line, problem.column))


def _validated(file: yamlfile.YamlFile) -> tuple[Document, list[Problem], frozenset[str | int]]:
    """The file without its broken sections, what is wrong with those, and which they are."""
    data = {} if file.data is None else file.data
    try:
        return Document.model_validate(data), [], frozenset()
    except ValidationError as error:
        problems = file.problems(error, yamlfile.keys_of(Document))
        if not isinstance(data, dict):
            raise ConfigError(problems) from None
        broken = frozenset(details["loc"][0] for details in error.errors(include_url=False, include_input=False))
    whole = {key: value for key, value in data.items() if key not in broken}
    return Document.model_validate(whole), problems, broken


def _names(data: object, section: str) -> tuple[str, ...]:
    found = data.get(section) if isinstance(data, dict) else None
    return tuple(map(str, found)) if isinstance(found, dict) else ()


def _secrets(document: Document, path: Path, environ: Mapping[str, str]) -> Secrets:
    return Secrets(environ, path.parent / document.secrets if document.secrets else None)


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One file on its way to Settings; each part adds its problems.

    Attributes:
        channel_names: Also those whose declaration is broken, so that nobody hears of them twice.
        broken: Sections that were left out of `document`.
        listed: Ids of the feeds that stand in OPML files.
        unread: Whether one of these could not be read.
    """

    file: yamlfile.YamlFile
    document: Document
    secrets: Secrets
    channel_names: tuple[str, ...]
    broken: frozenset[str | int]
    problems: list[Problem] = field(default_factory=list)
    listed: set[str] = field(default_factory=set)
    unread: bool = False

    def settings(self, environ: Mapping[str, str]) -> Settings:
        feeds = tuple(self._feeds())
        channels = tuple(self._channels())
        routes = tuple(self._routes())
        self._check_operator()
        return Settings(
            path=self.file.path,
            database=SecretStr(self._database(environ.get("MONITOR_DATABASE", ""))),
            rules=tuple(self._rules()),
            feeds=feeds,
            access=dict(self._access()),
            opml=tuple(self._under(entry.opml) for entry in self.document.feeds if isinstance(entry, OpmlSection)),
            channels=channels,
            routes=routes,
            operator=self.document.operator,
            delivery=Delivery(
                budget=self.document.delivery.budget, catch_up_after=self.document.delivery.catch_up_after
            ),
            escalation=self._escalation(),
            polling=self._polling(),
            judge=self._judge(self.document.judge),
            history=History(keep=self.document.history.keep),
            web=self._web(),
            bot=self._bot(),
            heartbeat=self._heartbeat(),
        )

    def _wrong(self, loc: Loc, message: str, hint: str = "") -> None:
        if loc[0] in self.broken:
            return
        self.problems.append(self.file.problem(loc, message, hint))

    def _under(self, name: str) -> Path:
        return self.file.path.parent / Path(name).expanduser()

    def _filled(self, text: str, loc: Loc) -> str:
        try:
            return self.secrets.fill(text)
        except SecretMissing as error:
            self._wrong(loc, str(error))
            return ""

    # --- database and rules -----------------------------------------------------------------------------------------

    def _database(self, override: str) -> str:
        url = override or self._filled(self.document.database, ("database",))
        scheme, _, rest = url.partition("://")
        if url and scheme.partition("+")[0] not in ("sqlite", "postgresql"):
            hint = "write sqlite:///monitor.db or postgresql://user:password@host/name"
            self._wrong(("database",), "unknown kind of database", hint)
        relative = scheme == "sqlite" and rest.startswith("/") and not rest.startswith("//") and rest != "/:memory:"
        return f"sqlite:///{self._under(rest[1:]).absolute()}" if relative else url

    def _rules(self) -> Iterator[Path]:
        for number, name in enumerate(self.document.rules):
            path = self._under(name)
            if not path.exists():
                self._wrong(("rules", number), f"there is no file or folder {path}")
            yield path

    # --- feeds ------------------------------------------------------------------------------------------------------

    def _feeds(self) -> Iterator[Feed]:
        seen: dict[str, str] = {}
        for number, entry in enumerate(self.document.feeds):
            loc: Loc = ("feeds", number)
            for feed in self._feeds_of(entry, loc):
                where = f"in {entry.opml}" if isinstance(entry, OpmlSection) else f"on line {self.file.place(loc)[0]}"
                if feed.id in seen:
                    self._wrong(loc, f'feed "{feed.id}" is declared {seen[feed.id]} and {where}', "keep one of them")
                seen.setdefault(feed.id, where)
                yield replace(feed, every=feed.every or self.document.polling.every)
        self._check_feed_options(seen)

    def _feeds_of(self, entry: FeedSection | OpmlSection, loc: Loc) -> list[Feed]:
        if isinstance(entry, FeedSection):
            return [self._feed(entry, loc)]
        path = self._under(entry.opml)
        if not path.is_file():
            self.unread = True
            self._wrong((*loc, "opml"), f"there is no file {path}", "monitor init writes one to start from")
            return []
        try:
            listed = opml.read(path)
        except ConfigError as error:
            self.unread = True
            self.problems += error.problems
            return []
        self.listed.update(feed.id for feed in listed)
        return [self._with_options(feed, (*loc, "opml")) for feed in listed]

    def _with_options(self, feed: Feed, loc: Loc) -> Feed:
        """As its outline says, and as `feed_options` say instead."""
        given = self.document.feed_options.get(feed.id, FeedOptions())
        if given.options or given.article:
            loc = ("feed_options", feed.id)
        options = given.options or feed.options
        self._check_options(feed.kind, options, loc, f'feed "{feed.id}": ')
        declared = None if feed.article is None else ArticleSection(selector=feed.article or None)
        article = self._article(given.article if "article" in given.model_fields_set else declared, loc)
        return replace(feed, every=given.every or feed.every, options=options, article=article)

    def _check_feed_options(self, declared: Mapping[str, str]) -> None:
        if self.unread or "feeds" in self.broken:
            return  # a list that cannot be read may hold them
        for feed_id in self.document.feed_options:
            loc: Loc = ("feed_options", feed_id)
            if feed_id not in declared:
                hint = yamlfile.suggestion(feed_id, declared) or "monitor feeds list names them all"
                self._wrong(loc, f'there is no feed "{feed_id}"', hint)
            elif feed_id not in self.listed:
                self._wrong(loc, f'feed "{feed_id}" is declared {declared[feed_id]}', "write its options there")

    def _feed(self, entry: FeedSection, loc: Loc) -> Feed:
        if entry.kind is not None and entry.kind not in SOURCES:
            known = ", ".join(sorted(SOURCES))
            hint = yamlfile.suggestion(entry.kind, SOURCES) or f"known: {known}"
            self._wrong((*loc, "kind"), f'unknown kind of feed "{entry.kind}"', hint)
        self._check_options(entry.kind or "", entry.options, loc)
        values = entry.model_dump(exclude={"tags", "article", *_SECRET}, exclude_none=True)
        return Feed(**values, tags=tuple(entry.tags), article=self._article(entry.article, loc))

    def _article(self, entry: ArticleSection | None, loc: Loc) -> str | None:
        """How the pages of a feed's stubs are read, as `Feed.article` says it."""
        if entry is None:
            return None
        if entry.selector:
            if wrong := page.objection(entry.selector):
                self._wrong((*loc, "article", "selector"), f"`{entry.selector}` {wrong}", 'write "div.article p"')
        elif not page.can_be_found():
            self._wrong((*loc, "article"), "finding articles needs the extra `article`, which is not installed", EXTRA)
        return entry.selector or ""

    def _check_options(self, kind: str, options: Mapping[str, str], loc: Loc, whose: str = "") -> None:
        known = web_page.OPTIONS if kind == "web_page" else ()
        for name in options:
            if name not in known:
                hint = yamlfile.suggestion(name, known) or f"known: {', '.join(known) or 'none for this kind'}"
                self._wrong((*loc, "options", name), f'{whose}unknown option "{name}"', hint)
        if known and "item" not in options:
            hint = 'write options: {item: "article"}, a CSS selector'
            self._wrong(loc, f"{whose}a web page needs to know what its entries are", hint)

    def _access(self) -> Iterator[tuple[str, Access]]:
        """What opens the feeds that are not open to everybody."""
        for feed_id, entry, loc in self._asked():
            if entry.auth or entry.headers or entry.proxy:
                headers = {name: self._value(text, (*loc, "headers", name)) for name, text in entry.headers.items()}
                auth = self._filled(entry.auth or "", (*loc, "auth"))
                if entry.auth and auth and ":" not in auth:
                    self._wrong((*loc, "auth"), "is not user and password", "write ${USER}:${PASSWORD}")
                yield (
                    feed_id,
                    Access(auth=auth, headers=headers, proxy=self._filled(entry.proxy or "", (*loc, "proxy"))),
                )

    def _asked(self) -> Iterator[tuple[str, FeedOptions, Loc]]:
        """How feeds are asked, where monitor.yaml says so: with the feed, or by its id."""
        for number, entry in enumerate(self.document.feeds):
            if isinstance(entry, FeedSection):
                yield entry.id, entry, ("feeds", number)
        for feed_id, options in self.document.feed_options.items():
            yield feed_id, options, ("feed_options", feed_id)

    def _value(self, text: str, loc: Loc) -> str:
        value = self._filled(text, loc)
        if any(ord(char) < 32 or ord(char) == 127 for char in value):
            self._wrong(loc, "holds control characters, which no header may have")
        return value

    # --- channels and who hears what --------------------------------------------------------------------------------

    def _channels(self) -> Iterator[ChannelSpec]:
        for name, entry in self.document.channels.items():
            loc: Loc = ("channels", name)
            yield self._channel(name, entry or ChannelSection(), loc)

    def _channel(self, name: str, entry: ChannelSection, loc: Loc) -> ChannelSpec:
        key = "url" if entry.url else "apprise"
        target = entry.url or entry.apprise
        if entry.url and entry.apprise:
            self._wrong(loc, f'channel "{name}" has both url and apprise', "keep the one that is meant")
        is_file = bool(target) and key == "apprise" and "://" not in target and "${" not in target
        line, column = self.file.place(loc, key=True)
        return ChannelSpec(
            name=name,
            kind=entry.kind or ("webhook" if entry.secret else "apprise" if target else "console"),
            url="" if is_file else self._filled(target, (*loc, key)),
            config=self._under(target) if is_file else None,
            tag=entry.tag,
            secret=self._filled(entry.secret or "", (*loc, "secret")),
            rate=entry.rate,
            path=self.file.path,
            line=line,
            column=column,
        )

    def _routes(self) -> Iterator[Route]:
        names: Counter[str] = Counter()
        for name, entry, loc in self._subscriptions():
            names[name] += 1
            if names[name] == 2:
                self._wrong(loc, f'two subscriptions are called "{name}"', "give each its own name")
            if entry.severity and entry.at_least:
                self._wrong(
                    loc, f'subscription "{name}" has both severity and at_least', "they mean the same; keep one"
                )
            if entry.quiet and entry.quiet.start == entry.quiet.end:
                self._wrong((*loc, "quiet"), "quiet hours that begin and end at the same time hold nothing")
            self._check_channel(entry.channel, (*loc, "channel"))
            yield subscriptions.route(name, entry, at_once=self._is_console(entry.channel))

    def _subscriptions(self) -> Iterator[tuple[str, Subscription, Loc]]:
        """Those that are written down; without the key, every channel hears about everything."""
        declared = self.document.subscriptions
        if declared is None:
            for channel in self.document.channels:
                yield channel, Subscription(channel=channel), ("channels", channel)
        elif isinstance(declared, dict):
            for name, entry in declared.items():
                yield name, entry, ("subscriptions", name)
        else:
            for number, named in enumerate(declared):
                yield named.name, named, ("subscriptions", number)

    def _is_console(self, name: str) -> bool:
        declared = self.document.channels.get(name) or ChannelSection()
        return declared.kind == "console" or not (declared.kind or declared.url or declared.apprise)

    def _escalation(self) -> Escalation | None:
        entry = self.document.escalation
        if entry is None:
            return None
        self._check_channel(entry.to, ("escalation", "to"))
        route = Route(name="escalation", channel=entry.to, address=entry.address or "")
        return Escalation(routes=(route,), after=entry.after, at_least=entry.at_least)

    def _check_operator(self) -> None:
        if self.document.operator:
            self._check_channel(self.document.operator, ("operator",))

    def _check_channel(self, name: str, loc: Loc) -> None:
        if name not in self.channel_names:
            hint = yamlfile.suggestion(name, self.channel_names) or f"known: {', '.join(self.channel_names)}"
            self._wrong(loc, f'there is no channel "{name}"', hint)

    # --- polling ----------------------------------------------------------------------------------------------------

    def _polling(self) -> Polling:
        entry = self.document.polling
        if entry.at_least > entry.at_most:
            self._wrong(("polling", "at_least"), "at_least must not be longer than at_most")
        if entry.spacing > timedelta(minutes=1):
            self._wrong(("polling", "spacing"), "spacing must not be longer than 1m: it is the pause between two feeds")
        return Polling(
            at_least=entry.at_least, at_most=entry.at_most, concurrency=entry.concurrency, limits=self._limits(entry)
        )

    def _limits(self, entry: PollingSection) -> FetchLimits:
        limits = FetchLimits(
            at_once=entry.concurrency,
            per_host=entry.per_host,
            spacing=entry.spacing.total_seconds(),
            allow_private_hosts=tuple(entry.allow_private_hosts),
        )
        if entry.timeout is not None:
            seconds = entry.timeout.total_seconds()
            limits = replace(limits, deadline=seconds, connect=min(limits.connect, seconds))
        if entry.max_size is not None:
            limits = replace(limits, max_raw=entry.max_size, max_decoded=entry.max_size)
        if entry.user_agent is not None:
            limits = replace(limits, user_agent=entry.user_agent)
        if entry.proxy is not None:
            limits = replace(limits, proxy=self._filled(entry.proxy, ("polling", "proxy")))
        return limits

    # --- pages ------------------------------------------------------------------------------------------------------

    def _web(self) -> Web | None:
        entry = self.document.web
        if entry is None:
            return None
        if entry.signup:
            self._check_channel(entry.signup, ("web", "signup"))
        host, _, port = entry.listen.rpartition(":")
        return Web(host=host.strip("[]"), port=int(port), public_url=entry.public_url, signup=entry.signup or "")

    def _bot(self) -> Bot | None:
        entry = self.document.bot
        if entry is None:
            return None
        self._check_channel(entry.channel, ("bot", "channel"))
        token = self._value(entry.token, ("bot", "token"))
        return Bot(token=SecretStr(token), channel=entry.channel, chats=tuple(map(str, entry.chats)))

    # --- who watches from elsewhere ---------------------------------------------------------------------------------

    def _heartbeat(self) -> Heartbeat | None:
        entry = self.document.heartbeat
        if entry is None:
            return None
        url = self._value(entry.url, ("heartbeat", "url"))
        if url and not is_web_address(url):  # not shown: it may be a secret
            self._wrong(("heartbeat", "url"), "must begin with http:// or https:// and name a host")
        if entry.every < timedelta(seconds=1):
            self._wrong(("heartbeat", "every"), "must be 1s or longer")
        return Heartbeat(url=SecretStr(url), every=entry.every, fail=entry.fail)

    # --- second opinions --------------------------------------------------------------------------------------------

    def _judge(self, entry: JudgeSection | None) -> Judging | None:
        if entry is None:
            return None
        if not timedelta(seconds=1) <= entry.timeout <= timedelta(minutes=2):
            self._wrong(("judge", "timeout"), "timeout must be between 1s and 2m")
        key = self._value(entry.key or "", ("judge", "key"))
        return Judging(
            access=ModelAccess(
                endpoint=entry.endpoint, model=entry.model, key=key, timeout=entry.timeout.total_seconds()
            ),
            budget=Budget(calls=entry.calls, per_rule=entry.calls_per_rule, tokens=entry.tokens),
        )
