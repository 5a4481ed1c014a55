"""The store, as the rest of the program sees it: values go in, values come out, every refusal is a StoreError."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select

from monitor.model import (
    Alert,
    AlertState,
    Feed,
    FeedLease,
    FeedState,
    Item,
    KnownItem,
    Notification,
    NotificationLease,
    NotificationState,
    Observation,
)
from monitor.store import feeds, housekeeping, items, keys, leases, migrate, outbox, outgoing, views
from monitor.store.articles import KeptArticles
from monitor.store.delivery import DeliveryReader
from monitor.store.engine import Database
from monitor.store.errors import LeaseLost
from monitor.store.opinions import Opinions
from monitor.store.outbox import Choice
from monitor.store.outgoing import Due
from monitor.store.statements import upsert
from monitor.store.tables import FEED, HEARTBEAT, OPINION
from monitor.store.unit import Unit
from monitor.store.views import Counts


class Store(DeliveryReader):
    """Everything that is kept. Safe to use from several threads; any method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str, *, wait: timedelta = timedelta(seconds=10)) -> "Store":
        """Prepare the use of a database; nothing is contacted yet.

        Args:
            url: `sqlite:///file`, `sqlite://` (in memory, for tests and backtests), or `postgresql://...`.
            wait: How long to wait for other writers before giving up.
        """
        return cls(Database(url, wait))

    def _reading(self) -> AbstractContextManager[Connection]:
        return self._database.read()

    def close(self) -> None:
        """Give all connections back."""
        self._database.close()

    def migrate(self) -> None:
        """Bring the tables to this version; refuses a database from a newer one."""
        migrate.migrate(self._database)

    def schema_version(self) -> str:
        """The revision of the tables; "" before the first migration."""
        with self._database.read() as connection:
            return migrate.version(connection)

    # --- feeds ------------------------------------------------------------------------------------------------------

    def sync_feeds(self, declared: Sequence[Feed], now: datetime) -> None:
        """Make the stored feeds those that are declared; what polling has taught us stays."""
        with self._database.write() as connection:
            feeds.sync(connection, declared, now)

    def feeds(self) -> list[tuple[Feed, FeedState]]:
        """The declared feeds and their states, by id."""
        with self._database.read() as connection:
            return feeds.enabled(connection)

    def claim_feeds(
        self,
        now: datetime,
        *,
        limit: int,
        ttl: timedelta,
        feed_ids: Sequence[str] = (),
        room: Callable[[str], bool] | None = None,
    ) -> list[FeedLease]:
        """Take feeds that are due and in nobody's hands, the longest due first.

        Args:
            feed_ids: Take these instead, due or not.
            room: Asked for each feed, by its address, whether it can be polled now; those that cannot stay due.
        """
        with self._database.write(in_turn=False) as connection:
            return feeds.claim(connection, now, limit=limit, ttl=ttl, feed_ids=feed_ids, room=room)

    def release_feeds(self, leases: Sequence[FeedLease]) -> None:
        """Give feeds back unpolled; they are due at once."""
        with self._database.write(in_turn=False) as connection:
            feeds.release(connection, leases)

    # --- one poll ---------------------------------------------------------------------------------------------------

    def known(self, feed_id: str, keys: Iterable[str]) -> dict[str, KnownItem]:
        """Which of a feed's keys are known, and the item stored under each; pruned items count as known."""
        asked = list(keys)
        if not asked:
            return {}
        with self._database.read() as connection:
            return items.known(connection, feed_id, asked)

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """One transaction, alone among all writers: committed at the end of the block, undone by any exception."""
        with self._database.write() as connection:
            yield Unit(connection)

    @contextmanager
    def together(self, *, in_turn: bool = True, lasting: bool = True) -> Iterator[None]:
        """Make all units and readings of this thread inside the block one transaction, for one wait for the disk.

        An exception undoes all of them: do each anew on its own then.

        Args:
            in_turn: Alone among all writers, as units must be; False where rows are only claimed or finished.
            lasting: False for what may be undone by a power cut, though by nothing else; it does not wait for the disk.
        """
        with self._database.together(in_turn=in_turn, lasting=lasting):
            yield

    # --- the outbox -------------------------------------------------------------------------------------------------

    def due_notifications(
        self, now: datetime, *, limit: int, channels: Sequence[str] | None = None, spared: Sequence[str] = ()
    ) -> list[Due]:
        """What could be sent now and is in nobody's hands, the longest due first; it stays there for others, too.

        Args:
            channels: Only those for these channels; None means all.
            spared: Addresses that are left out.
        """
        with self._database.read() as connection:
            return outgoing.due(connection, now, limit=limit, channels=channels, spared=spared)

    def begin_notification(self, due: Due, now: datetime, ttl: timedelta) -> NotificationLease | None:
        """Take a notification to send it now; None when it was sent, taken or changed since it was looked at."""
        with self._database.write(in_turn=False) as connection:
            return outgoing.begin(connection, due, now, ttl)

    def release_notifications(self, leases: Sequence[NotificationLease]) -> None:
        """Give notifications back unsent; they are due at once."""
        with self._database.write(in_turn=False) as connection:
            outgoing.release(connection, leases)

    def finish_notification(self, lease: NotificationLease, notification: Notification, now: datetime) -> None:
        """Keep what became of a notification.

        Raises:
            LeaseLost: Another worker has taken it over.
        """
        with self._database.write(in_turn=False) as connection:
            outgoing.finish(connection, lease, notification, now)

    def finish_notifications(
        self, finished: Sequence[tuple[NotificationLease, Notification]], now: datetime
    ) -> list[LeaseLost]:
        """Keep what became of several, with one wait for the disk; answers with why some were refused."""
        with self._database.write(in_turn=False) as connection:
            return outgoing.finish_all(connection, finished, now)

    def attempts_since(self, since: datetime) -> list[tuple[str, str, datetime]]:
        """Channel, address and time of the latest attempts to send, the oldest first; not more than a thousand."""
        with self._database.read() as connection:
            return outgoing.attempts_since(connection, since)

    def pause_channels(self, pauses: Mapping[str, datetime]) -> None:
        """Keep until when channels are left alone, across restarts."""
        with self._database.write(in_turn=False) as connection:
            outgoing.pause(connection, pauses)

    def pauses(self, now: datetime) -> dict[str, datetime]:
        """Channels that are left alone now, and until when."""
        with self._database.read() as connection:
            return outgoing.pauses(connection, now)

    def retry_notifications(
        self,
        now: datetime,
        *,
        ids: Sequence[str] = (),
        channel: str | None = None,
        state: NotificationState | None = None,
    ) -> int:
        """Send again, now, what fits all that is given; answers with how many.

        By id or state also what was held, muted or dropped; by channel alone what is dead or waits for another
        attempt. What was sent, or told in a digest, stays as it is.
        """
        with self._database.write() as connection:
            return outbox.retry(connection, Choice(ids=ids, channel=channel, state=state), now)

    def drop_notifications(
        self,
        now: datetime,
        *,
        reason: str,
        ids: Sequence[str] = (),
        channel: str | None = None,
        state: NotificationState | None = None,
    ) -> int:
        """Never send what waits or is dead and fits all that is given; answers with how many."""
        with self._database.write() as connection:
            return outbox.drop(connection, Choice(ids=ids, channel=channel, state=state), now, reason)

    # --- what is shown ----------------------------------------------------------------------------------------------

    def counts(self) -> Counts:
        """How much is stored."""
        with self._database.read() as connection:
            return views.counts(connection)

    def recent_items(self, since: datetime) -> list[Item]:
        """Items first seen at this time or later, oldest first."""
        with self._database.read() as connection:
            return views.recent_items(connection, since)

    def item(self, item_id: str) -> Item | None:
        """One item, or None when it is unknown or was pruned."""
        with self._database.read() as connection:
            return views.item(connection, item_id)

    def alert(self, alert_id: str) -> Alert | None:
        """One alert, or None when it is unknown."""
        with self._database.read() as connection:
            return views.alert(connection, alert_id)

    def alerts(
        self,
        *,
        limit: int = 100,
        rule: str | None = None,
        state: AlertState | None = None,
        since: datetime | None = None,
    ) -> list[Alert]:
        """Alerts, the latest opened first."""
        with self._database.read() as connection:
            return views.alerts(connection, limit=limit, rule=rule, state=state, since=since)

    def observations_of(self, alert: Alert) -> list[Observation]:
        """The observations an alert rests on, in the alert's order."""
        with self._database.read() as connection:
            return views.observations_of(connection, alert)

    def observations(self, rule: str, since: datetime | None = None) -> list[Observation]:
        """A rule's observations, oldest first; only those that count at `since` or later."""
        with self._database.read() as connection:
            return Unit(connection).observations(rule, since)

    def notifications(
        self,
        *,
        limit: int = 100,
        state: NotificationState | None = None,
        alert_id: str | None = None,
        channel: str | None = None,
    ) -> list[Notification]:
        """Notifications, the latest written first."""
        with self._database.read() as connection:
            return views.notifications(connection, limit=limit, state=state, alert_id=alert_id, channel=channel)

    @property
    def articles(self) -> KeptArticles:
        """Pages that were read."""
        return KeptArticles(self._database)

    @contextmanager
    def opinions(self) -> Iterator[Opinions]:
        """Second opinions, to be read."""
        with self._database.read() as connection:
            yield Opinions(connection)

    # --- the running service ----------------------------------------------------------------------------------------

    def take_over(self, now: datetime) -> None:
        """Free what a killed service held, so that a restart goes on at once.

        Only where one service runs on a file; on PostgreSQL others may be at work, and leases are left to expire.
        """
        if self._database.is_sqlite:
            with self._database.write() as connection:
                leases.break_all(connection, FEED)
                outbox.take_over(connection, now)
                leases.break_all(connection, OPINION)

    def key(self, name: str) -> bytes:
        """The secret key of this name, the same for all services on this database; made when first asked for."""
        with self._database.write() as connection:
            return keys.key(connection, name)

    def beat(self, service: str, now: datetime) -> None:
        """Note that a service is at work."""
        with self._database.write(in_turn=False) as connection:
            upsert(connection, HEARTBEAT, [{"service": service, "at": now}])

    def last_beat(self, service: str) -> datetime | None:
        """When a service was last seen at work."""
        with self._database.read() as connection:
            return connection.execute(select(HEARTBEAT.c.at).where(HEARTBEAT.c.service == service)).scalar()

    # --- housekeeping -----------------------------------------------------------------------------------------------

    def prune(self, before: datetime) -> int:
        """Forget items first seen before a time that no rule selected, but not that they are known; how many."""
        with self._database.write() as connection:
            return housekeeping.prune(connection, before)

    def backup(self, path: Path) -> None:
        """Copy a SQLite database to a new file while it is in use."""
        housekeeping.backup(self._database, path)
