"""Builds the parts from Settings and ties them together; the only place that does."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar

import structlog

from monitor.alerts.links import Links
from monitor.alerts.pace import Pace
from monitor.alerts.service import CHANNEL, RULES, judge_channel, judge_rules
from monitor.bundling import Bundling
from monitor.channels.base import Channel
from monitor.channels.rates import rates
from monitor.channels.table import build as build_channels
from monitor.channels.table import expand
from monitor.dispatch import CATCH_UP, CATCHES_UP_FOR, Dispatcher, Routes
from monitor.errors import ConfigError, JudgeError, RuleError, SourceError, StoreError
from monitor.full_text import FullText
from monitor.judge.endpoint import Endpoint
from monitor.model import Alert, FeedLease, Notification, NotificationState, Route
from monitor.opinions import Asking, SecondOpinions
from monitor.pipeline import Collected, Detector, PollReport, collect
from monitor.rules.load import Loaded, load
from monitor.rules.reload import Fingerprint, fingerprint, keep_last_good
from monitor.sending import Sender
from monitor.settings import Settings
from monitor.settings.addresses import problems as address_problems
from monitor.sources.articles import ArticleLimits, Articles
from monitor.sources.cadence import Bounds
from monitor.sources.fetch import Fetcher
from monitor.sources.parse import Parser
from monitor.sources.slots import host_of, room
from monitor.store.store import Store
from monitor.stories import Stories
from monitor.text.forms import forget_dictionaries

P = ParamSpec("P")
T = TypeVar("T")
Clock = Callable[[], datetime]

POLL_LEASE = timedelta(minutes=3)  # longer than any fetch and parse may take
SEND_LEASE = timedelta(minutes=2)  # longer than any channel may take
POLLS_AT_ONCE = 100  # claimed together; few enough to finish within their lease, and to keep memory flat
ASK_LEASE = timedelta(minutes=10)  # longer than a model may take, all forms of the question together
STORY_WINDOW = timedelta(hours=72)
ARTICLES_STAY = timedelta(days=1)  # others link to the same page within hours
UNCONFIRMED_STAYS = timedelta(days=7)  # longer than any link to confirm works
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """What a front end hears while the service works; every call is made from the event loop."""

    polled: Callable[[PollReport], None] = lambda report: None
    alerted: Callable[[Alert], None] = lambda alert: None
    delivered: Callable[[Notification], None] = lambda notification: None


@dataclass(frozen=True, slots=True)
class _Turn:
    """Polls that are committed together, in one visit to the database thread."""

    works: list[Callable[[], PollReport]]
    taken: asyncio.Task[list[PollReport]]


@dataclass(slots=True, kw_only=True)
class App:
    """The running parts. `store` and `detector` are used by one thread of their own, everything else by the event loop.

    Attributes:
        links: Signs what readers may do from their messages; None where there are no pages.
    """

    settings: Settings
    store: Store
    loaded: Loaded
    detector: Detector
    channels: Mapping[str, Channel]
    fetcher: Fetcher
    parser: Parser
    articles: Articles
    clock: Clock
    opinions: SecondOpinions | None = None
    listener: Listener = field(default_factory=Listener)
    links: Links | None = None
    _database: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="database"))
    _rule_files: Fingerprint = frozenset()
    sender: Sender = field(init=False)
    full_text: FullText = field(init=False)
    _sent: list[Notification] | None = None  # while somebody waits for the list
    _turn: "_Turn | None" = None
    _in_hand: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.sender = Sender(
            store=self.store,
            channels=lambda: self.channels,
            pace=Pace(rates(self.settings.channels)),
            clock=self.clock,
            database=self.database,
            ttl=SEND_LEASE,
            lost=self._lost,
            told=self._delivered,
            links=self.links,
        )
        self.full_text = FullText(
            store=self.store, articles=self.articles, database=self.database, private=self.settings.access
        )

    async def database(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run synchronous store work in the one database thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._database, lambda: work(*args, **kwargs))

    async def claim_feeds(self, limit: int) -> list[FeedLease]:
        """Take up to `limit` due feeds, no more of one host than are asked of it at once."""
        return await self._claim(self.clock(), limit)

    async def _claim(self, now: datetime, limit: int) -> list[FeedLease]:
        free = room(self._in_hand, self.settings.polling.limits.per_host)
        return await self.database(self.store.claim_feeds, now, limit=limit, ttl=POLL_LEASE, room=free)

    async def poll(self, lease: FeedLease) -> PollReport:
        """Poll one claimed feed and commit what it brought, or why it failed."""
        now = self.clock()
        try:
            collected = await self._collect(lease, now)
        except SourceError as error:
            work = partial(self.detector.commit_failure, lease, error, self.store, now)
        else:
            collected = await self.full_text.complete(lease, collected, now)
            work = partial(self.detector.commit, lease, collected, self.store, now)
        report = await self._commit(work)
        self._tell(report)
        return report

    async def _collect(self, lease: FeedLease, now: datetime) -> Collected:
        host = host_of(lease.state.url)
        self._in_hand[host] += 1
        try:
            return await collect(lease, self.fetcher, self.parser, now)
        finally:
            self._in_hand -= Counter([host])  # forgets hosts at zero

    async def poll_due(self, feed_ids: Sequence[str] = ()) -> list[PollReport]:
        """Poll every feed that is due now, or the named ones whether due or not, and answer when all are done."""
        now = self.clock()
        if feed_ids:
            claim = partial(self.store.claim_feeds, now, ttl=POLL_LEASE)
            leases = await self.database(claim, limit=len(feed_ids), feed_ids=feed_ids)
            return list(await asyncio.gather(*(self.poll(lease) for lease in leases)))
        return await self._poll_all(now)

    async def _poll_all(self, now: datetime) -> list[PollReport]:
        """More are taken as soon as half are done: the slowest must not hold up the others."""
        reports: list[PollReport] = []
        polls: set[asyncio.Task[PollReport]] = set()
        while True:
            if len(polls) <= POLLS_AT_ONCE // 2:
                leases = await self._claim(now, POLLS_AT_ONCE - len(polls))
                polls |= {asyncio.create_task(self.poll(lease)) for lease in leases}
            if not polls:
                return reports
            done, polls = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
            reports += [task.result() for task in done]

    async def judge(self) -> list[Alert]:
        """Judge all rules because time passed."""
        alerts = await self.database(self.detector.tick, self.store, self.clock())
        for alert in alerts:
            self.listener.alerted(alert)
        return alerts

    async def ask(self) -> None:
        """Ask for a few of the second opinions that rules want; a model that is slow or gone holds up nothing else."""
        if self.opinions is None:
            return
        askings, alerts = await self.database(self.opinions.claim, self.clock(), ASK_LEASE)
        for alert in alerts:
            self.listener.alerted(alert)
        await asyncio.gather(*(self._ask(self.opinions, asking) for asking in askings))

    async def send_due(self, patience: timedelta = timedelta(0)) -> list[Notification]:
        """Send everything that is due now; answers when nothing due is left.

        Args:
            patience: How long to wait for targets that may not be sent to so fast.
        """
        end = self.clock() + patience
        sent: list[Notification] = []
        self._sent = sent
        await self.sender.work()
        while (free := self.sender.pace.next_free(self.clock())) and free <= end:
            await asyncio.sleep((free - self.clock()).total_seconds())
            await self.sender.work()
        self._sent = None
        return sent

    async def begin(self, really: datetime) -> None:
        """Take over what a killed service held; after a long absence, what it missed is told in one summary.

        Args:
            really: What time it is, whatever the clock says: heartbeats are told in it.
        """
        await self.database(self._begin, really)

    async def bundle(self) -> list[Notification]:
        """Tell what was held and is due, wake the second route, and say once that the watch has begun."""
        return await self.database(self._bundle)

    async def close(self) -> None:
        """Let go of connections, workers and the database file."""
        if self.opinions is not None:
            await self.opinions.aclose()
        await self.fetcher.aclose()
        self.parser.close()
        self.articles.close()
        self.sender.close()
        self._database.shutdown(wait=True)
        self.store.close()

    async def reload_rules(self) -> bool:
        """Take up rule files that changed; what broke keeps its last good version. Whether there was a change."""
        seen = await asyncio.to_thread(fingerprint, self.settings.rules)
        if seen == self._rule_files:
            return False
        fresh = await asyncio.to_thread(load, self.settings.rules)
        forget_dictionaries()
        self._rule_files = seen
        await self.database(self._use, keep_last_good(self.loaded, fresh))
        log.info("rules.reloaded", rules=len(self.loaded.rules.rules), problems=len(self.loaded.problems))
        for problem in self.loaded.problems:
            log.error("rules.problem", problem=str(problem))
        return True

    def _use(self, loaded: Loaded) -> None:
        """In the database thread, so that no poll is judged by two sets of rules."""
        self.loaded, self.detector.rules = loaded, loaded.rules
        verdict = judge_rules([str(problem) for problem in loaded.problems])
        with self.store.unit() as unit:
            self.detector.tell_operator(unit, RULES, verdict, self.clock())

    async def housekeeping(self) -> None:
        """Forget what is older than the settings keep, and who never confirmed."""
        await self.database(self.store.prune, self.clock() - self.settings.history.keep)
        await self.database(self.store.articles.forget, self.clock() - ARTICLES_STAY)
        await self.database(self._forget_unconfirmed)

    async def _ask(self, opinions: SecondOpinions, asking: Asking) -> None:
        came = await opinions.ask(asking)
        if isinstance(came, JudgeError):
            log.warning("opinion.failed", rule=asking.lease.opinion.rule, why=came.message)
        for alert in await self.database(opinions.keep, asking, came, self.clock()):
            self.listener.alerted(alert)

    async def _commit(self, work: Callable[[], PollReport]) -> PollReport:
        """Commit a poll together with those that wait for the same turn; on its own when that fails."""
        turn = self._turn
        if turn is None:
            works: list[Callable[[], PollReport]] = []
            taken = asyncio.create_task(self.database(self._commit_together, works))
            turn = self._turn = _Turn(works, taken)
        number = len(turn.works)
        turn.works.append(work)
        await asyncio.wait([turn.taken])  # it goes on when this poll is cancelled: others wait for it too
        if turn.taken.exception():
            return await self.database(work)
        reports = turn.taken.result()
        return reports[number] if number < len(reports) else await self._commit(work)

    def _commit_together(self, works: Sequence[Callable[[], PollReport]]) -> list[PollReport]:
        self._turn = None  # who comes from now on waits for the next turn, and so does who comes at this instant
        with self.store.together():
            return [work() for work in tuple(works)]

    def _forget_unconfirmed(self) -> None:
        with self.store.unit() as unit:
            unit.forget_unconfirmed(self.clock() - UNCONFIRMED_STAYS)

    def _begin(self, really: datetime) -> None:
        now, seen = self.clock(), self.store.last_seen()
        self.store.take_over(now)
        until = self.store.held_until(CATCH_UP)
        if seen is not None and really - seen >= self.settings.delivery.catch_up_after:
            until = now + CATCHES_UP_FOR
        self.detector.dispatcher.catches_up_until = until

    def _bundle(self) -> list[Notification]:
        titles = {rule.id: rule.title for rule in self.loaded.rules.rules}
        with self.store.unit() as unit:
            dispatch = self.detector.dispatcher.of(unit, self.clock())
            self.detector.welcome(unit, dispatch.now)
            return [*Bundling(dispatch=dispatch, titles=titles).run(), *dispatch.escalate()]

    def _lost(self, dead: Sequence[Notification]) -> None:
        for lost in {each.channel: each for each in dead}.values():
            with self.store.unit() as unit:
                self.detector.tell_operator(unit, CHANNEL, judge_channel(lost), self.clock())

    def _delivered(self, notification: Notification) -> None:
        if self._sent is not None:
            self._sent.append(notification)
        if notification.state is NotificationState.DEAD:
            log.error(
                "notification.dead", channel=notification.channel, alert=notification.alert_id, why=notification.reason
            )
        self.listener.delivered(notification)

    def _tell(self, report: PollReport) -> None:
        if report.error:
            log.warning("feed.failed", feed=report.feed_id, why=report.error)
        for why, count in report.pages.items():
            log.info("feed.pages", feed=report.feed_id, count=count, why=why)
        self.listener.polled(report)
        for alert in report.alerts:
            self.listener.alerted(alert)


def build(settings: Settings, *, clock: Clock, listener: Listener | None = None) -> App:
    """The whole service, ready to poll; the database is migrated and knows the declared feeds.

    Raises:
        ConfigError: Rules or channels are wrong; every problem is listed.
        StoreError: The database cannot be opened or migrated.
    """
    rule_files = fingerprint(settings.rules)
    loaded = load(settings.rules)
    if loaded.problems:
        raise RuleError(loaded.problems)
    forget_dictionaries()
    channels = build_channels(settings.channels)
    if wrong := address_problems(settings, channels):
        raise ConfigError(wrong)
    store = open_store(settings, clock())
    stories = Stories(STORY_WINDOW)
    stories.remember(store.recent_items(clock() - STORY_WINDOW))
    bounds = Bounds(least=settings.polling.at_least, most=settings.polling.at_most)
    detector = Detector(loaded.rules, stories, _dispatcher(settings, channels), bounds, asks=settings.judge is not None)
    fetcher = Fetcher(settings.polling.limits, access=settings.access)
    return App(
        settings=settings,
        store=store,
        loaded=loaded,
        detector=detector,
        channels=channels,
        fetcher=fetcher,
        parser=Parser(),
        articles=Articles(fetcher, ArticleLimits.beside(settings.polling.concurrency)),
        clock=clock,
        opinions=_opinions(settings, store, detector),
        listener=listener or Listener(),
        links=Links(base=settings.web.public_url, key=store.key("links")) if settings.web else None,
        _rule_files=rule_files,
    )


def _opinions(settings: Settings, store: Store, detector: Detector) -> SecondOpinions | None:
    asked = settings.judge
    return SecondOpinions(Endpoint(asked.access), asked.budget, store, detector) if asked else None


def _dispatcher(settings: Settings, channels: Mapping[str, Channel]) -> Dispatcher:
    operator = [Route(name="operator", channel=settings.operator)] if settings.operator else []
    routes = Routes(readers=expand(settings.routes, channels), operator=expand(operator, channels))
    plan = settings.escalation
    if plan is not None:
        plan = replace(plan, routes=expand(plan.routes, channels))
    return Dispatcher(routes, settings.delivery.budget, plan)


def open_store(settings: Settings, now: datetime) -> Store:
    """The store of these settings: opened, migrated, and told which feeds are declared."""
    store = Store.open(settings.database.get_secret_value())
    try:
        store.migrate()
        store.sync_feeds(settings.feeds, now)
    except StoreError:
        store.close()
        raise
    return store
