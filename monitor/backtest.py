"""What the rules would have done: the live engine over recorded items, on a simulated clock."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from monitor.model import Alert, Feed, Item
from monitor.opinions import Known
from monitor.pipeline import Detector
from monitor.rules.rule import RuleSet
from monitor.store import Store
from monitor.store.unit import Unit
from monitor.stories import Stories

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
_LEASE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """A finished run.

    Attributes:
        items: How many were judged; those before `since` were history for the baselines.
        alerts: Every alert as it stood at the end, the first opened first.
    """

    since: datetime
    until: datetime
    items: int
    alerts: tuple[Alert, ...]

    @property
    def weeks(self) -> float:
        """How many weeks were judged."""
        return max((self.until - self.since) / WEEK, 1 / 7)

    def by_rule(self) -> Counter[str]:
        """How many alerts each rule raised."""
        return Counter(alert.rule for alert in self.alerts)

    def by_day(self, rule: str) -> list[int]:
        """How many alerts a rule opened on each day of the run."""
        days = Counter((alert.opened_at - self.since).days for alert in self.alerts if alert.rule == rule)
        return [days[day] for day in range((self.until - self.since).days + 1)]


def run(
    rules: RuleSet,
    items: Iterable[Item],
    since: datetime,
    until: datetime,
    *,
    tick: timedelta = HOUR,
    known: Known | None = None,
) -> Backtest:
    """Play items in the order they were first seen, as one poll of each feed at each such moment.

    Args:
        items: Those first seen before `since` are history; those after `until` are left out.
        tick: How often rules are judged because time passed; the live service does it every minute.
        known: Second opinions that were given before; nobody is asked.
    """
    played = sorted((item for item in items if item.first_seen_at <= until), key=_order)
    store = Store.open("sqlite://")
    try:
        store.migrate()
        first = min([since, *(item.first_seen_at for item in played)])
        begin = since - tick * -((first - since) // tick)  # so that one tick falls on `since`
        store.sync_feeds([Feed(id=name, url="backtest:") for name in {item.feed_id for item in played}], begin)
        detector = Detector(rules, Stories(), asks=known is not None)
        for moment, batch in _moments(played, begin, until, tick):
            if batch:
                news = [replace(item, historic=item.historic or moment < since) for item in batch]
                with store.unit() as unit:
                    _poll(detector, unit, news, known, moment)
            else:
                _watch(store, moment)
            if not batch and moment >= since:
                detector.tick(store, moment)
        alerts = store.alerts(limit=1_000_000)
    finally:
        store.close()
    judged = sum(since <= item.first_seen_at for item in played)
    return Backtest(since=since, until=until, items=judged, alerts=tuple(sorted(alerts, key=_opened)))


def _poll(detector: Detector, unit: Unit, items: Sequence[Item], known: Known | None, now: datetime) -> None:
    seen, _ = detector.detect(unit, unit.add_items(detector.stories.assign(items)), now)
    if known is not None:
        known.take_in(unit, detector, seen, now)


def _watch(store: Store, now: datetime) -> None:
    """Recorded items mean that the feeds were being read: silence in a recording is silence."""
    leases = store.claim_feeds(now, limit=1_000_000, ttl=_LEASE)
    with store.unit() as unit:
        for lease in leases:
            first = lease.state.first_polled_at or now
            state = replace(lease.state, first_polled_at=first, last_polled_at=now, last_success_at=now)
            unit.finish_feed(lease, replace(state, next_due_at=now))


def _moments(
    items: Sequence[Item], begin: datetime, until: datetime, tick: timedelta
) -> Iterator[tuple[datetime, list[Item]]]:
    """Every moment at which something is judged: polls with their items, and ticks without any."""
    next_tick = begin
    for (moment, _), batch in groupby(items, key=lambda item: (item.first_seen_at, item.feed_id)):
        while next_tick <= min(moment, until):
            yield next_tick, []
            next_tick += tick
        yield moment, list(batch)
    while next_tick <= until:
        yield next_tick, []
        next_tick += tick


def _order(item: Item) -> tuple[datetime, str]:
    return item.first_seen_at, item.feed_id


def _opened(alert: Alert) -> tuple[datetime, str]:
    return alert.opened_at, alert.id
