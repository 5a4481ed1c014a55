"""Where readers ask: every request is checked, done in one transaction, and answered; a second one does no harm."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.alerts.links import LASTS, Purpose
from monitor.channels.base import Channel
from monitor.errors import RequestError
from monitor.model import Acknowledgement, Alert, Mute, Notification, Outcome, Subscription, SubscriptionState
from monitor.readers import letters, mutes, wishes, words
from monitor.readers.mutes import PREVIEW, MuteWish
from monitor.readers.wishes import Catalogue, Wish, Wrong
from monitor.rules.rule import RuleSet
from monitor.store.store import Store
from monitor.store.unit import Unit

ASK_AGAIN_AFTER = (timedelta(0), timedelta(minutes=10), timedelta(hours=1), timedelta(days=1))
"""How old a request must be for each further letter that asks to confirm it."""
STRANGERS_AN_HOUR = 60
"""How many may ask to subscribe within an hour: a bound on letters to people who never asked."""
_HOUR = timedelta(hours=1)


class Acknowledged(NamedTuple):
    """Who takes care of an alert, and whether that is news."""

    by: Acknowledgement
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Every method may raise RequestError, with all that is wrong, and StoreError.

    Attributes:
        pages: Whether there are pages to confirm on (`web:`).
    """

    store: Store
    channels: Mapping[str, Channel]
    rules: RuleSet
    pages: bool = False

    @property
    def offered(self) -> Catalogue:
        """What there is to choose from."""
        return wishes.catalogue(self.rules)

    # --- subscriptions ----------------------------------------------------------------------------------------------

    def enrol(self, wish: Wish, now: datetime, origin: str = "command") -> Subscription:
        """Subscribe somebody at once: for the operator, and for those whose address is proof enough, such as a chat."""
        self._check(wishes.examine(wish, self.channels, self.offered))
        with self.store.unit() as unit:
            known = _of_target(unit, wish)
            if known and known.state is SubscriptionState.ACTIVE:
                raise RequestError(("address", f"is subscribed already: {known.id}"))
            subscription = replace(_made(wish, origin, now, known), state=SubscriptionState.ACTIVE, confirmed_at=now)
            unit.keep_subscription(subscription)
        return subscription

    def ask(self, wish: Wish, now: datetime, origin: str = "link") -> None:
        """Ask the owner of an address whether to subscribe it. The answer is the same whether it is known or not."""
        self._check(wishes.examine(wish, self.channels, self.offered))
        if not self.pages:
            raise RequestError(
                ("", "nobody could be asked to confirm it: there are no pages (`web:`); `--confirmed` asks nobody")
            )
        if not wish.address:
            raise RequestError(("address", "is missing"))
        with self.store.unit() as unit:
            self._write(unit, wish, now, origin)

    def confirm(self, subscription_id: str, now: datetime) -> Subscription:
        """Make a subscription work that its owner was asked about; one that works already stays as it is."""
        with self.store.unit() as unit:
            subscription = _known(unit, subscription_id)
            if subscription.state is SubscriptionState.ENDED:
                raise RequestError(("", "this subscription was ended; subscribe anew"))
            if subscription.state is SubscriptionState.PENDING:
                subscription = replace(subscription, state=SubscriptionState.ACTIVE, confirmed_at=now)
                unit.keep_subscription(subscription)
        return subscription

    def change(self, subscription_id: str, wish: Wish) -> Subscription:
        """Replace what a subscription brings and when; its channel and address stay."""
        with self.store.unit() as unit:
            before = _known(unit, subscription_id)
            if before.state is not SubscriptionState.ACTIVE:
                raise RequestError(("", f"this subscription is {before.state}"))
            wanted = replace(wish, channel=before.channel, address=before.address, name=before.name)
            self._check(wishes.examine(wanted, self.channels, self.offered))
            after = replace(
                before,
                rules=wanted.rules,
                tags=wanted.tags,
                langs=wanted.langs,
                at_least=wanted.at_least,
                schedule=wanted.schedule,
            )
            unit.keep_subscription(after)
        return after

    def end(self, subscription_id: str, now: datetime) -> Subscription:
        """End a subscription, and what waits to be sent for it; one that was ended stays so."""
        with self.store.unit() as unit:
            subscription = _known(unit, subscription_id)
            if subscription.state is not SubscriptionState.ENDED:
                subscription = replace(subscription, state=SubscriptionState.ENDED, ended_at=now)
                unit.keep_subscription(subscription)
                unit.drop_for(subscription_id, now, "the subscription was ended")
        return subscription

    def move(self, channel: str, address: str, to: str) -> None:
        """Follow readers whose address became another one, such as a group that Telegram gave another id."""
        with self.store.unit() as unit:
            for known in unit.subscriptions(SubscriptionState.ACTIVE):
                if (known.channel, known.address) == (channel, address):
                    unit.keep_subscription(replace(known, address=to))

    # --- mutes ------------------------------------------------------------------------------------------------------

    def mute(self, wish: MuteWish, now: datetime) -> Mute:
        """Hold notifications back from now on; a mute of the same scope is replaced, so a second click is harmless."""
        self._check([*mutes.examine(wish), *self._unknown_rule(wish)])
        if wish.alert_id:
            self._require_alert(wish.alert_id)
        mute = mutes.made(wish, now)
        with self.store.unit() as unit:
            same = [each for each in unit.mutes(now) if mutes.scope_of(each) == wish.scope]
            if same:
                mute = replace(mute, id=same[0].id, created_at=same[0].created_at)
            unit.keep_mute(mute)
        return mute

    def preview(self, wish: MuteWish, now: datetime) -> list[Notification]:
        """What the mute would have held back lately, had it been there."""
        self._check([*mutes.examine(wish), *self._unknown_rule(wish)])
        return self.store.muted_by(mutes.made(wish, now), now - PREVIEW)

    def muted(self, reader: str, now: datetime) -> list[tuple[Mute, str]]:
        """What one reader muted that goes on, and each in words."""
        return [(mute, self.in_words(mute)) for mute in self.store.mutes(now) if mute.subscription == reader]

    def in_words(self, mute: Mute) -> str:
        """What a mute holds back, and until when."""
        alert = self.store.alert(mute.alert_id) if mute.alert_id else self._of_story(mute) if mute.story else None
        rule = self.offered.rules.get(mute.rule, mute.rule)
        return words.muted(mute, rule, alert.title if alert else "")

    def lift(self, mute_id: str, now: datetime, reader: str = "") -> Mute:
        """End a mute now; one that was lifted stays so.

        Args:
            reader: Only a mute of this reader's own; "" for the operator, who may lift any.
        """
        with self.store.unit() as unit:
            mute = unit.mute(mute_id)
            if mute is None or reader not in ("", mute.subscription):
                raise RequestError(("", "there is no such mute"))
            if mute.lifted_at is None:
                mute = replace(mute, lifted_at=now)
                unit.keep_mute(mute)
        return mute

    # --- acknowledgements -------------------------------------------------------------------------------------------

    def acknowledge(self, alert_id: str, author: str, now: datetime, reason: str = "") -> Acknowledged:
        """Take care of an alert; where somebody was first, they stay."""
        mine = Acknowledgement(alert_id=alert_id, author=author, reason=reason, at=now)
        self._check(mutes.examine(MuteWish(alert_id=alert_id, author=author, reason=reason)))
        self._require_alert(alert_id)
        with self.store.unit() as unit:
            first = unit.acknowledge(mine)
            return Acknowledged(by=unit.acknowledgement(alert_id) or mine, first=first)

    def _write(self, unit: Unit, wish: Wish, now: datetime, origin: str) -> None:
        """Write a letter to the owner of the address: no matter how often somebody asks, there are few."""
        known = _of_target(unit, wish)
        if known and known.state is SubscriptionState.ACTIVE:
            letter = letters.known_already(known, self.offered, f"{now:%Y-%m-%d}")
            unit.save(Outcome(notifications=(letters.posted(letter, known, now),)))
            return
        if known is None or now - known.created_at >= LASTS[Purpose.CONFIRM]:
            _bound_strangers(unit, now)
            known = None
        asked = _made(wish, origin, now, known)
        unit.keep_subscription(asked)
        times = sum(now - asked.created_at >= after for after in ASK_AGAIN_AFTER)
        letter = letters.confirmation(asked, self.offered, str(times))
        unit.save(Outcome(notifications=(letters.posted(letter, asked, now),)))

    def _require_alert(self, alert_id: str) -> None:
        if self.store.alert(alert_id) is None:
            raise RequestError(("alert", "there is no such alert"))

    def _of_story(self, mute: Mute) -> Alert | None:
        """The latest alert about what is muted."""
        alerts = self.store.alerts(rule=mute.rule or None)
        return next((alert for alert in alerts if alert.group == mute.story), None)

    def _unknown_rule(self, wish: MuteWish) -> Iterable[Wrong]:
        """A rule that neither is there nor ever alerted: rules that are gone, or built in, can be muted."""
        if wish.rule and not self.store.alerts(rule=wish.rule, limit=1):
            yield from wishes.unknown("rule", "rule", [wish.rule], self.offered.rules)

    def _check(self, wrong: Iterable[Wrong]) -> None:
        if reasons := list(wrong):
            raise RequestError(*reasons)


def _known(unit: Unit, subscription_id: str) -> Subscription:
    subscription = unit.subscription(subscription_id)
    if subscription is None:
        raise RequestError(("", "there is no such subscription"))
    return subscription


def _of_target(unit: Unit, wish: Wish) -> Subscription | None:
    """The subscription of this channel and address that works or waits, the working one first."""
    for state in (SubscriptionState.ACTIVE, SubscriptionState.PENDING):
        for subscription in reversed(unit.subscriptions(state)):
            if wishes.same_target(wish, subscription):
                return subscription
    return None


def _made(wish: Wish, origin: str, now: datetime, known: Subscription | None) -> Subscription:
    """The subscription of this wish; one that waits to be confirmed is written anew under its id."""
    return Subscription(
        id=known.id if known else secrets.token_hex(8),
        name=wish.name or wish.address or wish.channel,
        channel=wish.channel,
        address=wish.address,
        rules=wish.rules,
        tags=wish.tags,
        langs=wish.langs,
        at_least=wish.at_least,
        schedule=wish.schedule,
        origin=origin,
        created_at=known.created_at if known else now,
    )


def _bound_strangers(unit: Unit, now: datetime) -> None:
    waiting = unit.subscriptions(SubscriptionState.PENDING)
    if sum(now - each.created_at < _HOUR for each in waiting) >= STRANGERS_AN_HOUR:
        raise RequestError(("", "too many people subscribe at the moment; try again in an hour"))
