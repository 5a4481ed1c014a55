"""What one poll changes: all of it is committed together, or nothing."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.model import Alert, AlertState, FeedLease, FeedState, Item, Observation, Outcome
from monitor.store import feeds, items, outbox, telling, views, watch
from monitor.store.delivery import DeliveryUnit
from monitor.store.opinions import Opinions
from monitor.store.rows import ALERT_COLUMNS, OBSERVATION_COLUMNS, to_alert, to_observation, to_row
from monitor.store.statements import insert_new, upsert
from monitor.store.tables import ALERT, ITEM, OBSERVATION


class Unit(DeliveryUnit):
    """One transaction: no other writer, in this process or another, is inside a unit at the same time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._health: list[FeedState] | None = None

    def _reading(self) -> AbstractContextManager[Connection]:
        return nullcontext(self._connection)

    @property
    def opinions(self) -> Opinions:
        """Second opinions, in this transaction."""
        return Opinions(self._connection)

    def finish_feed(self, lease: FeedLease, state: FeedState) -> None:
        """Keep what polling taught us, and give the lease back.

        Raises:
            LeaseLost: Another worker took it over, or the user changed the feed: leave the unit with this error.
        """
        feeds.finish(self._connection, lease, state)
        self._health = None

    def add_items(self, new: Sequence[Item]) -> list[Item]:
        """Store items, and answer with those that nobody stored before, in the order given."""
        return items.add(self._connection, new)

    def observations(self, rule: str, since: datetime | None = None, limit: int | None = None) -> list[Observation]:
        """A rule's observations, oldest first.

        Args:
            since: Those that count at this time or later.
            limit: Only so many of the latest.
        """
        query = select(*OBSERVATION_COLUMNS).where(OBSERVATION.c.rule == rule)
        if since is not None:
            query = query.where(OBSERVATION.c.at >= since)
        query = query.order_by(OBSERVATION.c.at.desc(), OBSERVATION.c.id.desc()).limit(limit)
        return [to_observation(row) for row in reversed(self._connection.execute(query).all())]

    def item(self, item_id: str) -> Item | None:
        """One item, or None when it is unknown or was pruned."""
        return views.item(self._connection, item_id)

    def observations_of(self, alert: Alert) -> list[Observation]:
        """The observations an alert rests on, in the alert's order."""
        return views.observations_of(self._connection, alert)

    def observations_from(self, item_id: str) -> list[Observation]:
        """What rules read from an item, by rule."""
        query = select(*OBSERVATION_COLUMNS).where(OBSERVATION.c.item_id == item_id).order_by(OBSERVATION.c.rule)
        return [to_observation(row) for row in self._connection.execute(query)]

    def revise(self, item: Item, observations: Sequence[Observation]) -> None:
        """Keep an item, and what rules read from it, as its publisher says it now; its keys stay as they are."""
        upsert(self._connection, ITEM, [to_row(item)])
        upsert(self._connection, OBSERVATION, [to_row(value) for value in observations])

    def watched_since(self, rule: str, now: datetime) -> datetime | None:
        """Since when enough feeds have been read without a gap; None when they are not now.

        Any rule may select items of any feed. Where no feed is declared, as in a replay, the first item began it.
        """
        del rule
        states = self.feed_states()
        if states:
            return watch.watched_since(states, now)
        began: datetime | None = self._connection.scalar(select(func.min(ITEM.c.first_seen_at)))
        return began

    def unwatched(self, rule: str, now: datetime) -> str:
        """Which part of the feeds is not read now, and since when; "" when all are."""
        del rule
        return watch.unwatched(self.feed_states(), now)

    def feed_states(self) -> list[FeedState]:
        """How each declared feed is doing, by id, without what its last document was.

        Read once: every rule asks, and there may be thousands of feeds.
        """
        if self._health is None:
            self._health = feeds.health(self._connection)
        return self._health

    def others_readable_until(self, feed_id: str, now: datetime) -> datetime | None:
        """Until when any other declared feed could be read; None when none ever could, now where there is no other."""
        return feeds.others_readable_until(self._connection, feed_id, now)

    def open_alerts(self, rule: str | None = None) -> list[Alert]:
        """A rule's alerts that have not ended, oldest first; those of all rules when none is named."""
        query = select(*ALERT_COLUMNS).where(ALERT.c.state == AlertState.FIRING)
        if rule is not None:
            query = query.where(ALERT.c.rule == rule)
        return [to_alert(row) for row in self._connection.execute(query.order_by(ALERT.c.opened_at, ALERT.c.id))]

    def last_alert(self, rule: str, name: str, group: str) -> Alert | None:
        """The alert of this rule, name and group that opened last, ended or not."""
        query = select(*ALERT_COLUMNS).where(ALERT.c.rule == rule, ALERT.c.name == name, ALERT.c.group == group)
        row = self._connection.execute(query.order_by(ALERT.c.opened_at.desc(), ALERT.c.id.desc()).limit(1)).first()
        return to_alert(row) if row else None

    def last_alerts(self, rule: str, name: str, groups: Collection[str]) -> dict[str, Alert]:
        """The alert of each of these groups that opened last, ended or not; groups that had none are left out."""
        return telling.last_alerts(self._connection, (rule, name), sorted(groups))

    def save(self, outcome: Outcome) -> None:
        """Add observations, opinions and notifications unless their id is known; add or replace alerts."""
        insert_new(self._connection, OBSERVATION, [to_row(value) for value in outcome.observations])
        self.opinions.add(outcome.opinions)
        upsert(self._connection, ALERT, [to_row(value) for value in outcome.alerts])
        outbox.add(self._connection, outcome.notifications)
