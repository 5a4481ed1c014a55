"""The whole story: collect -> detect -> deliver. It carries values from part to part and decides nothing itself."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.alerting import Alerting
from monitor.alerts import lifecycle, outbox, retry, service
from monitor.alerts.links import Links
from monitor.channels.base import Channel
from monitor.dispatch import Dispatcher
from monitor.errors import DeliveryError, SourceError
from monitor.model import (
    Alert,
    AlertRule,
    Document,
    FeedLease,
    FeedState,
    Item,
    KnownItem,
    Notification,
    NotificationLease,
    Observation,
    Outcome,
    ParsedFeed,
    Verdict,
)
from monitor.retelling import Retelling
from monitor.rules import judging
from monitor.rules.rule import RuleSet
from monitor.sources import cadence, identity, memory, withdrawals
from monitor.sources.fetch import Fetcher
from monitor.sources.parse import Parser
from monitor.sources.withdrawals import Gaps
from monitor.store.store import Store
from monitor.store.unit import Unit
from monitor.stories import Stories


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What one poll of one feed brought.

    Attributes:
        unchanged: The publisher or the body's hash said that there is nothing new.
        error: Why the feed could not be read, or "".
        pages: What became of the pages behind new items (`Item.article`), and of how many.
    """

    feed_id: str
    new: int = 0
    unchanged: bool = False
    historic: bool = False
    observations: int = 0
    alerts: tuple[Alert, ...] = ()
    error: str = ""
    pages: Mapping[str, int] = field(default_factory=dict)


# --- collect --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A fetched document, and what it says unless it is the one we know already."""

    document: Document
    body_hash: str
    parsed: ParsedFeed | None


async def collect(lease: FeedLease, fetcher: Fetcher, parser: Parser, now: datetime) -> Collected:
    """Fetch and parse one feed.

    Raises:
        SourceError: The feed could not be read.
    """
    document = await fetcher.fetch(lease, now)
    known = lease.state.body_hash
    body_hash = known if document.body is None else hashlib.blake2b(document.body, digest_size=16).hexdigest()
    unchanged = document.body is None or body_hash == known
    parsed = None if unchanged else await parser.parse(lease.feed, document, lease.state.entries)
    return Collected(document=document, body_hash=body_hash, parsed=parsed)


# --- detect ---------------------------------------------------------------------------------------------------------


class Detector:
    """Rules, stories and routes: what turns new items into alerts. The same for live runs, tests and backtests."""

    def __init__(
        self,
        rules: RuleSet,
        stories: Stories,
        dispatcher: Dispatcher | None = None,
        bounds: cadence.Bounds = cadence.DEFAULT,
        *,
        asks: bool = False,
    ) -> None:
        self.rules = rules
        self.stories = stories
        self.dispatcher = dispatcher or Dispatcher()
        self.bounds = bounds
        self.asks = asks

    def commit(self, lease: FeedLease, collected: Collected, store: Store, now: datetime) -> PollReport:
        """Store one poll, all of it or nothing: items, observations, alerts, notifications, the feed's new state."""
        known = self._known(lease, collected.parsed, store)
        items, history = self._new_items(lease, collected.parsed, known, now)
        state = cadence.after_success(
            lease.state, lease.feed, collected.document, collected.parsed, len(items), now, self.bounds
        )
        gaps = self._gaps(lease, collected.parsed, now)
        gone = store.known(lease.feed.id, [entry.guid or entry.link or entry.title for entry in gaps.withdrawn])
        with store.unit() as unit:
            unit.finish_feed(lease, self._learned(lease, state, collected, gaps))
            self.tell_operator(unit, service.FEED, service.judge_feed(lease.feed, lease.state, state), now)
            self.tell_operator(unit, service.SILENT, service.judge_silence(lease.feed, lease.state, state, now), now)
            new = unit.add_items(items)
            retelling = self._retelling(unit, now)
            retelling.withdraw({item.id for item in gone.values()})
            again = retelling.read_again(identity.retitled(lease.feed, collected.parsed or ParsedFeed(), known))
            found = _kept(history, new) if history is not None else self.rules.match(new)
            observations, alerts = self._judge_found(unit, [*found, *again], now)
        return PollReport(
            feed_id=lease.feed.id,
            new=len(new),
            unchanged=collected.parsed is None,
            historic=lease.state.first_polled_at is None,
            observations=len(observations),
            alerts=tuple(alerts),
            pages=Counter(item.article for item in new if item.article),
        )

    def commit_failure(self, lease: FeedLease, error: SourceError, store: Store, now: datetime) -> PollReport:
        """Store why a feed could not be read, and when to try again."""
        state = cadence.after_failure(lease.state, lease.feed, error, now, self.bounds)
        with store.unit() as unit:
            unit.finish_feed(lease, state)
            until = unit.others_readable_until(lease.feed.id, now)
            verdict = service.judge_feed(lease.feed, lease.state, state, until, error)
            self.tell_operator(unit, service.FEED, verdict, now)
        return PollReport(feed_id=lease.feed.id, error=error.message)

    def detect(self, unit: Unit, items: Sequence[Item], now: datetime) -> tuple[Sequence[Observation], list[Alert]]:
        """Match new items and judge the rules they touch; everything found is saved into the unit."""
        return self._judge_found(unit, self.rules.match(items), now)

    def _judge_found(
        self, unit: Unit, observations: Sequence[Observation], now: datetime
    ) -> tuple[Sequence[Observation], list[Alert]]:
        opinions = judging.wanted(self.rules, observations, now) if self.asks else ()
        unit.save(Outcome(observations=tuple(observations), opinions=opinions))
        by_rule: dict[str, list[Observation]] = {}
        for observation in observations:
            if not observation.historic:
                by_rule.setdefault(observation.rule, []).append(observation)
        touched = [rule for rule in self.rules.rules if rule.id in by_rule or not rule.reads.isdisjoint(by_rule)]
        alerting = self._alerting(unit, now)
        alerts = (alerting.judge(rule, by_rule.get(rule.id, ())) for rule in touched)
        return observations, [alert for some in alerts for alert in some]

    def read_otherwise(self, unit: Unit, observation: Observation, now: datetime) -> list[Alert]:
        """Take another reading of a stored observation: who was told hears what is new, its rule is judged again."""
        self._retelling(unit, now).reread(observation)
        return self._judge_found(unit, [observation], now)[1]

    def tick(self, store: Store, now: datetime) -> list[Alert]:
        """Judge every rule because time passed: silences begin, windows close, alerts end."""
        with store.unit() as unit:
            for rule in (service.CHANNEL, service.WATCH):
                over = (lifecycle.expire(alert, rule, now) for alert in unit.open_alerts(rule.rule))
                unit.save(Outcome(alerts=tuple(filter(None, over))))
            self._end_abandoned(unit, now)
            states = unit.feed_states()
            self._end_undeclared(unit, {state.feed_id for state in states}, now)
            self.tell_operator(unit, service.NETWORK, service.judge_network(states, now), now)
            alerting = self._alerting(unit, now)
            return [alert for rule in self.rules.rules for alert in alerting.judge(rule, ())]

    def _end_abandoned(self, unit: Unit, now: datetime) -> None:
        """A rule that was deleted, or an entry of its `alerts:`, leaves no alert behind that nobody would ever end."""
        judged = {(entry.rule.rule, entry.rule.name) for rule in self.rules.rules for entry in rule.alerts}
        ours = (alert for alert in unit.open_alerts() if alert.rule_version != service.FEED.rule_version)
        ended = (lifecycle.abandon(alert, judged, now) for alert in ours)
        unit.save(Outcome(alerts=tuple(alert for alert in ended if alert)))

    def _end_undeclared(self, unit: Unit, declared: Collection[str], now: datetime) -> None:
        """A feed that is not declared any more is not polled again: nothing else would end what was said of it."""
        for rule in (service.FEED, service.SILENT):
            for alert in unit.open_alerts(rule.rule):
                if alert.name == rule.name and alert.group not in declared:
                    over = Verdict(group=alert.group, firing=False, reason="it is not in the configuration any more")
                    self.tell_operator(unit, rule, over, now)

    def welcome(self, unit: Unit, now: datetime) -> None:
        """Tell the operator once that a new installation watches its feeds."""
        if self.dispatcher.routes.operator and unit.last_alert(service.WATCH.rule, service.WATCH.name, "") is None:
            self.tell_operator(unit, service.WATCH, service.judge_watch(unit.feed_states(), now), now)

    def tell_operator(self, unit: Unit, rule: AlertRule, verdict: Verdict | None, now: datetime) -> None:
        """Open or end an alert about the service itself; both are told, each once, and never over what it is about."""
        if verdict is None:
            return
        before = unit.last_alert(rule.rule, rule.name, verdict.group)
        after = lifecycle.advance(before, verdict, rule, now)
        if after is not None:
            ending = "" if verdict.firing else verdict.reason
            routes = [route for route in self.dispatcher.routes.operator if route.channel != verdict.group]
            written = outbox.notifications(after, before, (), routes, now, ending=ending)
            notifications = self.dispatcher.of(unit, now).unless_muted(after, written)
            unit.save(Outcome(alerts=(after,), notifications=notifications))

    def _known(self, lease: FeedLease, parsed: ParsedFeed | None, store: Store) -> dict[str, KnownItem]:
        keys = [key for item in (parsed.items if parsed else ()) for key in identity.keys(lease.feed.url, item)]
        return store.known(lease.feed.id, keys) if keys else {}

    def _new_items(
        self, lease: FeedLease, parsed: ParsedFeed | None, known: Mapping[str, KnownItem], now: datetime
    ) -> tuple[Sequence[Item], Sequence[Observation] | None]:
        """What is new, told apart into stories; of a first poll also what rules read from it, which is not read twice.

        Of history only what a rule selects is in a story: the rest opens no alert, and stories cost most of all.
        """
        historic = lease.state.first_polled_at is None
        items = identity.new_items(lease.feed, parsed, known, historic=historic, now=now) if parsed else ()
        if not historic:
            return self.stories.assign(items), None
        found = self.rules.match(items)
        selected = {each.item_id for each in found}
        told = {item.id: item for item in self.stories.assign([item for item in items if item.id in selected])}
        return [told.get(item.id, item) for item in items], found

    def _alerting(self, unit: Unit, now: datetime) -> Alerting:
        return Alerting(dispatch=self.dispatcher.of(unit, now), unit=unit)

    def _retelling(self, unit: Unit, now: datetime) -> Retelling:
        return Retelling(rules=self.rules, dispatch=self.dispatcher.of(unit, now), unit=unit)

    def _gaps(self, lease: FeedLease, parsed: ParsedFeed | None, now: datetime) -> Gaps:
        if parsed is None:
            return Gaps()
        return withdrawals.gaps(lease.feed.url, lease.state, memory.unpack(lease.state.entries), parsed, now)

    def _learned(self, lease: FeedLease, state: FeedState, collected: Collected, gaps: Gaps) -> FeedState:
        if collected.parsed is None:
            return replace(state, body_hash=collected.body_hash)
        entries = memory.pack(lease.feed.url, collected.parsed, gaps.missing, gaps.dropped_at)
        return replace(state, body_hash=collected.body_hash, entries=entries)


def _kept(history: Sequence[Observation], new: Sequence[Item]) -> list[Observation]:
    """What was read from history before it was told apart into stories, of items nobody stored before."""
    stories = {item.id: item.story for item in new}
    return [replace(each, story=stories[each.item_id]) for each in history if each.item_id in stories]


# --- deliver --------------------------------------------------------------------------------------------------------


def deliver(
    lease: NotificationLease, channels: Mapping[str, Channel], now: datetime, links: Links | None = None
) -> Notification:
    """Send one notification and say what became of it; never raises for a channel's failure.

    Args:
        links: Signs what its reader may do; the links are in no table.
    """
    notification = lease.notification
    channel = channels.get(notification.channel)
    if channel is None:
        missing = DeliveryError(notification.channel, "no such channel in the configuration", permanent=True)
        return retry.after_failure(notification, missing, now)
    try:
        message = replace(notification.message, id=notification.id, kind=notification.kind)
        signed = links.signed(message, notification) if links else message
        receipt = channel.send(signed, now, notification.address)
    except DeliveryError as error:
        return retry.after_failure(notification, error, now)
    return retry.after_success(notification, receipt)
