"""What a unit and the store both answer about delivery, and what a unit may change."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Connection

from monitor.errors import StoreError
from monitor.model import (
    Acknowledgement,
    Alert,
    Mute,
    Notification,
    NotificationEvent,
    NotificationState,
    Subscription,
    SubscriptionState,
)
from monitor.store import health, outbox, readers, telling


class DeliveryReader:
    """Readings; each in a transaction of its own, or in that of the unit."""

    def _reading(self) -> AbstractContextManager[Connection]:
        raise NotImplementedError

    def subscriptions(self, state: SubscriptionState | None = None) -> list[Subscription]:
        """Subscriptions in a state, or all, the oldest first."""
        with self._reading() as connection:
            return readers.subscriptions(connection, state)

    def subscription(self, subscription_id: str) -> Subscription | None:
        """One subscription, or None when it is unknown."""
        with self._reading() as connection:
            return readers.subscription(connection, subscription_id)

    def mutes(self, now: datetime) -> list[Mute]:
        """Mutes neither lifted nor over, the oldest first."""
        with self._reading() as connection:
            return readers.mutes(connection, now)

    def mute(self, mute_id: str) -> Mute | None:
        """One mute, over or not, or None when it is unknown."""
        with self._reading() as connection:
            return readers.mute(connection, mute_id)

    def muted_by(self, mute: Mute, since: datetime) -> list[Notification]:
        """The notifications written since then that a mute would have held back, the latest first."""
        with self._reading() as connection:
            return readers.muted_by(connection, mute, since)

    def acknowledgement(self, alert_id: str) -> Acknowledgement | None:
        """Who takes care of an alert, or None."""
        with self._reading() as connection:
            return readers.acknowledgement(connection, alert_id)

    def waiting_for_acknowledgement(self, before: datetime) -> list[Alert]:
        """Open alerts whose first message was sent before then, never acknowledged, never escalated."""
        with self._reading() as connection:
            return readers.waiting_for_acknowledgement(connection, before)

    def held(self, now: datetime) -> list[Notification]:
        """Notifications held until now or earlier, in the order in which they were written."""
        with self._reading() as connection:
            return outbox.held(connection, now)

    def told(self, route: str, since: datetime) -> int:
        """How many alerts and updates a route was to be told at once since then: not held, bundled or muted."""
        with self._reading() as connection:
            return outbox.told(connection, route, since)

    def told_alerts(self, target: tuple[str, str, str], since: datetime) -> list[Alert]:
        """What a route told its target (route, channel, address) at once since then: one alert for each message."""
        with self._reading() as connection:
            return telling.told_alerts(connection, target, since)

    def notifications_of(self, alert_id: str) -> list[Notification]:
        """Everything written about an alert, the first first."""
        with self._reading() as connection:
            return telling.notifications_of(connection, alert_id)

    def alerts_by_id(self, ids: Sequence[str]) -> dict[str, Alert]:
        """These alerts, as far as they are known."""
        with self._reading() as connection:
            return telling.alerts_by_id(connection, ids)

    def held_until(self, bundle: str) -> datetime | None:
        """When the last of what is held for this bundle is due; None when nothing is."""
        with self._reading() as connection:
            return telling.held_until(connection, bundle)

    def observation_times(self, rules: Collection[str], since: datetime) -> list[tuple[str, datetime]]:
        """The rule and the time of every observation of these rules since then."""
        with self._reading() as connection:
            return telling.observation_times(connection, rules, since)

    def coverage(self, now: datetime) -> str:
        """How many of the feeds are read now: "42 of 45 feeds read, 2 stale, 1 silent, 1 never read"."""
        with self._reading() as connection:
            return telling.coverage(connection, now)

    def last_seen(self) -> datetime | None:
        """When any service was last at work; None when none ever was."""
        with self._reading() as connection:
            return telling.last_seen(connection)

    def notification(self, id_prefix: str) -> Notification | None:
        """The notification whose id begins so, or None.

        Raises:
            StoreError: Several do.
        """
        with self._reading() as connection:
            found = outbox.beginning(connection, id_prefix, limit=2) if id_prefix else []
        if len(found) > 1:
            raise StoreError(f'several notifications begin with "{id_prefix}": write more of the id')
        return found[0] if found else None

    def history(self, notification_id: str) -> list[NotificationEvent]:
        """Every step of a notification, in order."""
        with self._reading() as connection:
            return outbox.history(connection, notification_id)

    def waiting(self) -> dict[str, int]:
        """How many notifications wait for each channel, held or to be sent; of channels that exist no more, too."""
        with self._reading() as connection:
            return outbox.waiting(connection)

    def signs(self, channels: Collection[str]) -> health.Signs:
        """What waits to be done, on these channels if it is a message, and what was done last."""
        with self._reading() as connection:
            return health.signs(connection, channels)


class DeliveryUnit(DeliveryReader):
    """What may be changed in a unit besides."""

    _connection: Connection

    def keep_subscription(self, subscription: Subscription) -> None:
        """Add a subscription, or replace it."""
        readers.keep_subscription(self._connection, subscription)

    def forget_unconfirmed(self, before: datetime) -> int:
        """Forget who was asked to confirm before a time and never did, address, letters and all; how many."""
        return readers.forget_unconfirmed(self._connection, before)

    def drop_for(self, subscription_id: str, now: datetime, reason: str) -> int:
        """Never send what waits for a subscription; answers with how many."""
        return outbox.drop(self._connection, outbox.Choice(subscription=subscription_id), now, reason)

    def keep_mute(self, mute: Mute) -> None:
        """Add a mute, or replace it."""
        readers.keep_mute(self._connection, mute)

    def acknowledge(self, acknowledgement: Acknowledgement) -> bool:
        """Keep who takes care of an alert; False when somebody was first."""
        return readers.acknowledge(self._connection, acknowledgement)

    def bundle(self, digest: Notification, parts: Sequence[Notification], now: datetime) -> bool:
        """Write a digest and mark the held notifications it tells; False, and nothing is done, when its id is known."""
        return outbox.bundle(self._connection, digest, parts, now)

    def settle(self, parts: Sequence[Notification], state: NotificationState, reason: str, now: datetime) -> None:
        """End the waiting of held notifications: muted, dropped, or to be sent now."""
        outbox.settle(self._connection, parts, state, reason, now)
