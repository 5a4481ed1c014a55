"""The whole story: collect -> detect -> deliver. It carries values from part to part and decides nothing itself."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alerts import lifecycle, outbox, retry
from monitor.channels.base import Channel
from monitor.errors import DeliveryError, SourceError
from monitor.model import (
    Alert,
    Document,
    FeedLease,
    Item,
    Notification,
    NotificationLease,
    Observation,
    Outcome,
    ParsedFeed,
    Route,
)
from monitor.rules.rule import Rule, RuleSet
from monitor.sources import cadence, identity
from monitor.sources.fetch import Fetcher
from monitor.sources.parse import Parser
from monitor.store.store import Store
from monitor.store.unit import Unit
from monitor.stories import Stories


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What one poll of one feed brought.

    Attributes:
        unchanged: The publisher or the body's hash said that there is nothing new.
        error: Why the feed could not be read, or "".
    """

    feed_id: str
    new: int = 0
    unchanged: bool = False
    historic: bool = False
    observations: int = 0
    alerts: tuple[Alert, ...] = ()
    error: str = ""


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
    parsed = None if unchanged else await parser.parse(lease.feed, document)
    return Collected(document=document, body_hash=body_hash, parsed=parsed)


# --- detect ---------------------------------------------------------------------------------------------------------


class Detector:
    """Rules, stories and routes: what turns new items into alerts. The same for live runs, tests and backtests."""

    def __init__(
        self, rules: RuleSet, stories: Stories, routes: Sequence[Route] = (), bounds: cadence.Bounds = cadence.DEFAULT
    ) -> None:
        self.rules = rules
        self.stories = stories
        self.routes = routes
        self.bounds = bounds

    def commit(self, lease: FeedLease, collected: Collected, store: Store, now: datetime) -> PollReport:
        """Store one poll, all of it or nothing: items, observations, alerts, notifications, the feed's new state."""
        items = self._new_items(lease, collected.parsed, store, now)
        state = cadence.after_success(
            lease.state, lease.feed, collected.document, collected.parsed, len(items), now, self.bounds
        )
        with store.unit() as unit:
            unit.finish_feed(lease, replace(state, body_hash=collected.body_hash))
            new = unit.add_items(items)
            observations, alerts = self.detect(unit, new, now)
        return PollReport(
            feed_id=lease.feed.id,
            new=len(new),
            unchanged=collected.parsed is None,
            historic=lease.state.first_polled_at is None,
            observations=len(observations),
            alerts=tuple(alerts),
        )

    def commit_failure(self, lease: FeedLease, error: SourceError, store: Store, now: datetime) -> PollReport:
        """Store why a feed could not be read, and when to try again."""
        with store.unit() as unit:
            unit.finish_feed(lease, cadence.after_failure(lease.state, lease.feed, error, now, self.bounds))
        return PollReport(feed_id=lease.feed.id, error=error.message)

    def detect(self, unit: Unit, items: Sequence[Item], now: datetime) -> tuple[Sequence[Observation], list[Alert]]:
        """Match new items and judge the rules they touch; everything found is saved into the unit."""
        observations = self.rules.match(items)
        unit.save(Outcome(observations=tuple(observations)))
        by_rule: dict[str, list[Observation]] = {}
        for observation in observations:
            if not observation.historic:
                by_rule.setdefault(observation.rule, []).append(observation)
        touched = (rule for rule in self.rules.rules if rule.id in by_rule)
        return observations, [alert for rule in touched for alert in self._judge(rule, by_rule[rule.id], unit, now)]

    def tick(self, store: Store, now: datetime) -> list[Alert]:
        """Judge every rule because time passed: silences begin, windows close, alerts end."""
        with store.unit() as unit:
            return [alert for rule in self.rules.rules for alert in self._judge(rule, (), unit, now)]

    def _new_items(self, lease: FeedLease, parsed: ParsedFeed | None, store: Store, now: datetime) -> Sequence[Item]:
        if parsed is None:
            return ()
        keys = [key for item in parsed.items for key in identity.keys(lease.feed.url, item)]
        known = store.known(lease.feed.id, keys)
        historic = lease.state.first_polled_at is None
        return self.stories.assign(identity.new_items(lease.feed, parsed, known, historic=historic, now=now))

    def _judge(self, rule: Rule, new: Sequence[Observation], unit: Unit, now: datetime) -> Iterator[Alert]:
        open_alerts = unit.open_alerts(rule.id)
        for compiled in rule.alerts:
            mine = {alert.group: alert for alert in open_alerts if alert.name == compiled.rule.name}
            verdicts = {verdict.group: verdict for verdict in compiled.condition.judge(rule.id, new, unit, now)}
            for group, verdict in verdicts.items():
                before = mine.get(group) or unit.last_alert(rule.id, compiled.rule.name, group)
                after = lifecycle.advance(before, verdict, compiled.rule, now)
                yield from self._keep(after, before, verdict.observations, unit, now)
            for group in sorted(mine.keys() - verdicts.keys()):
                yield from self._keep(lifecycle.expire(mine[group], compiled.rule, now), mine[group], (), unit, now)

    def _keep(
        self, after: Alert | None, before: Alert | None, because: Sequence[Observation], unit: Unit, now: datetime
    ) -> Iterator[Alert]:
        if after is not None:
            notifications = outbox.notifications(after, before, because, self.routes, now)
            unit.save(Outcome(alerts=(after,), notifications=notifications))
            yield after


# --- deliver --------------------------------------------------------------------------------------------------------


async def deliver(lease: NotificationLease, channels: Mapping[str, Channel], now: datetime) -> Notification:
    """Send one notification and say what became of it; never raises for a channel's failure."""
    notification = lease.notification
    channel = channels.get(notification.channel)
    if channel is None:
        missing = DeliveryError(notification.channel, "no such channel in the configuration", permanent=True)
        return retry.after_failure(notification, missing, now)
    try:
        receipt = await channel.send(notification.message, now)
    except DeliveryError as error:
        return retry.after_failure(notification, error, now)
    return retry.after_success(notification, receipt)
