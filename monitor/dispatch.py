"""Who hears of an alert, and when: the decisions of `alerts` over what the store knows, within one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.alerts import muting, outbox, schedule, storm
from monitor.alerts.escalation import Escalation, escalated
from monitor.alerts.routing import route_of, target
from monitor.alerts.schedule import Hold
from monitor.alerts.storm import Allowance
from monitor.model import (
    Alert,
    Mute,
    Notification,
    NotificationState,
    Observation,
    Outcome,
    Route,
    Severity,
    SubscriptionState,
    Turn,
)
from monitor.store.unit import Unit

CATCH_UP = "catch-up"
CATCHES_UP_FOR = timedelta(minutes=10)
"""How long what a service finds after an absence is held; every feed that was due has been read by then."""
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Who hears of what: readers of the news, the operator of the service itself."""

    readers: Sequence[Route] = ()
    operator: Sequence[Route] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of a message.

    Attributes:
        at: When it is sent, or told with the others of its bundle.
    """

    state: NotificationState
    at: datetime
    bundle: str = ""
    reason: str = ""


class Dispatcher:
    """The routes that are written down, and what bounds them; it opens a `Dispatch` for each unit.

    Attributes:
        catches_up_until: Until then what is found is held for one summary; None when the service was not away.
    """

    def __init__(
        self, routes: Routes | None = None, budget: Allowance | None = None, escalation: Escalation | None = None
    ) -> None:
        self.routes = routes or Routes()
        self.budget = budget or Allowance()
        self.escalation = escalation
        self.catches_up_until: datetime | None = None
        self._open: Dispatch | None = None

    def of(self, unit: Unit, now: datetime) -> "Dispatch":
        """The dispatch of this unit; the same for every alert in it, so that the store is asked once."""
        if self._open is None or self._open.unit is not unit:
            self._open = Dispatch(dispatcher=self, unit=unit, now=now)
        return self._open


@dataclass(slots=True, kw_only=True)
class Dispatch:
    """What is decided within one unit; routes, mutes and budgets are read from the store at most once."""

    dispatcher: Dispatcher
    unit: Unit
    now: datetime
    _routes: list[Route] | None = None
    _by_key: dict[_Key, Route] = field(default_factory=dict)
    _mutes: list[Mute] | None = None
    _told: dict[_Key, list[Alert]] = field(default_factory=dict)

    @property
    def routes(self) -> list[Route]:
        """Those written down, then those that readers made themselves."""
        if self._routes is None:
            own = map(route_of, self.unit.subscriptions(SubscriptionState.ACTIVE))
            self._routes = [*self.dispatcher.routes.readers, *own]
        return self._routes

    @property
    def _known(self) -> dict[_Key, Route]:
        if not self._by_key:
            self._by_key = {_key(route): route for route in reversed(self.routes)}
        return self._by_key

    def route(self, written: Notification) -> Route | None:
        """The route a notification took; None when its reader's subscription was ended.

        Where monitor.yaml does not name it any more, one that is as usual stands for it.
        """
        if (route := self._known.get(_key_of(written))) or written.subscription:
            return route
        return Route(name=written.route, channel=written.channel, address=written.address)

    def opened(
        self, alert: Alert, before: Alert | None, because: Sequence[Observation], turn: Turn | None = None
    ) -> tuple[Notification, ...]:
        """What an opening calls for; nothing for an alert that joined or ended."""
        if not outbox.opened(alert, before):
            return ()
        written = outbox.notifications(alert, before, because, self.routes, self.now, turn=turn)
        return tuple(self._timed(each, alert) for each in written)

    def tell_news(self, alert: Alert, because: Sequence[Observation], news: Sequence[str]) -> None:
        """Write new facts of an alert, to those who got or will get its first message."""
        earlier = self._earlier(alert) if news else {}
        routes = [route for route in self.routes if target(route) in earlier] if earlier else []
        written = outbox.notifications(alert, alert, because, routes, self.now, news=news)
        followed = (outbox.following(each, earlier[each.channel, each.address]) for each in written)
        self.unit.save(Outcome(notifications=tuple(self._timed(each, alert) for each in followed if each)))

    def escalate(self) -> list[Notification]:
        """Write to the second route about loud alerts that nobody took care of in time."""
        plan, written = self.dispatcher.escalation, list[Notification]()
        for alert in self.unit.waiting_for_acknowledgement(self.now - plan.after) if plan else ():
            if plan and alert.severity.rank >= plan.at_least.rank and not self._snoozed(alert):
                written += escalated(alert, self.unit.observations_of(alert), plan, self.now)
        self.unit.save(Outcome(notifications=tuple(written)))
        return written

    def decide(self, alert: Alert, route: Route) -> Decision:
        """What becomes of a message about this alert on this route, and why."""
        why = muting.muted(alert, route, self.mutes, self.now)
        if why:
            return Decision(state=NotificationState.MUTED, at=self.now, reason=why)
        hold = self._hold(alert, route)
        if hold:
            return Decision(state=NotificationState.HELD, at=hold.until, bundle=hold.bundle, reason=hold.reason)
        return Decision(state=NotificationState.PENDING, at=self.now)

    @property
    def mutes(self) -> list[Mute]:
        """Those that are going on."""
        if self._mutes is None:
            self._mutes = self.unit.mutes(self.now)
        return self._mutes

    def unless_muted(self, alert: Alert, written: Sequence[Notification]) -> tuple[Notification, ...]:
        """Messages of the service about itself: nothing holds them back but a mute."""
        whys = [
            muting.muted(alert, Route(name=each.route, channel=each.channel), self.mutes, self.now) for each in written
        ]
        return tuple(
            replace(each, state=NotificationState.MUTED, reason=why) if why else each
            for each, why in zip(written, whys, strict=True)
        )

    def _timed(self, written: Notification, alert: Alert) -> Notification:
        """The message as it is to be sent: now, later with others, or not at all."""
        if written.state is not NotificationState.PENDING:
            return written
        route = self._known[_key_of(written)]
        made = self.decide(alert, route)
        if made.state is NotificationState.PENDING:
            self._at_once(route).append(alert)
        return replace(written, state=made.state, next_attempt_at=made.at, bundle=made.bundle, reason=made.reason)

    def _hold(self, alert: Alert, route: Route) -> Hold | None:
        return (
            schedule.hold(route, alert.severity, self.now)
            or self._catching_up(alert)
            or storm.over_budget(alert, self._at_once(route), self.dispatcher.budget, self.now)
        )

    def _catching_up(self, alert: Alert) -> Hold | None:
        until = self.dispatcher.catches_up_until
        if until is None or self.now >= until or alert.severity is Severity.CRITICAL:
            return None
        return Hold(until=until, bundle=CATCH_UP, reason="found while catching up after an absence")

    def _at_once(self, route: Route) -> list[Alert]:
        """What this route was told at once within the window, and what this unit adds."""
        key = _key(route)
        if key not in self._told:
            taken = (route.name, *target(route))
            self._told[key] = self.unit.told_alerts(taken, self.now - self.dispatcher.budget.window)
        return self._told[key]

    def _earlier(self, alert: Alert) -> Mapping[tuple[str, str], list[Notification]]:
        by_target: dict[tuple[str, str], list[Notification]] = {}
        for each in self.unit.notifications_of(alert.id):
            by_target.setdefault((each.channel, each.address), []).append(each)
        return by_target

    def _snoozed(self, alert: Alert) -> bool:
        """Whether somebody muted it for everybody, and so knows of it."""
        return muting.muted(alert, Route(name="", channel=""), self.mutes, self.now) is not None


def _key(route: Route) -> _Key:
    return (route.subscription or route.name, *target(route))


def _key_of(written: Notification) -> _Key:
    return (written.subscription or written.route, written.channel, written.address)
