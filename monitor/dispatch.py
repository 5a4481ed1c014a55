"""Who hears of an alert, and when: the decisions of `alerts` over what the store knows, within one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.alerts import escalation, muting, outbox, schedule, storm
from monitor.alerts.escalation import Escalation
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
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Who hears of what: readers of the news, the operator of the service itself."""

    readers: Sequence[Route] = ()
    operator: Sequence[Route] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """The service was away: what it finds until then is told in one summary."""

    away: timedelta
    until: datetime

    def hold(self, alert: Alert, now: datetime) -> Hold | None:
        """Why the alert waits; critical ones never do."""
        if now >= self.until or alert.severity is Severity.CRITICAL:
            return None
        hours = round(self.away / timedelta(hours=1))
        return Hold(until=self.until, bundle=CATCH_UP, reason=f"found while catching up on {hours} h of absence")


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
        catch_up: Set while the service catches up on news after an absence.
    """

    def __init__(self, routes: Routes | None = None, budget: Allowance | None = None) -> None:
        self.routes = routes or Routes()
        self.budget = budget or Allowance()
        self.catch_up: CatchUp | None = None
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
            self._by_key = {_key(route): route for route in reversed(self._routes)}
        return self._routes

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

    def escalate(self, plan: Escalation) -> list[Notification]:
        """Write to the second route about loud alerts that nobody took care of in time."""
        written: list[Notification] = []
        for alert in self.unit.waiting_for_acknowledgement(self.now - plan.after):
            if alert.severity.rank >= plan.at_least.rank and not self._snoozed(alert):
                written += escalation.escalated(alert, self.unit.observations_of(alert), plan, self.now)
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

    def _timed(self, written: Notification, alert: Alert) -> Notification:
        """The message as it is to be sent: now, later with others, or not at all."""
        if written.state is not NotificationState.PENDING:
            return written
        route = self._by_key[written.route, written.channel, written.address]
        made = self.decide(alert, route)
        if made.state is NotificationState.PENDING:
            self._at_once(route).append(alert)
        return replace(written, state=made.state, next_attempt_at=made.at, bundle=made.bundle, reason=made.reason)

    def _hold(self, alert: Alert, route: Route) -> Hold | None:
        catch_up = self.dispatcher.catch_up
        return (
            schedule.hold(route, alert.severity, self.now)
            or (catch_up.hold(alert, self.now) if catch_up else None)
            or storm.over_budget(alert, self._at_once(route), self.dispatcher.budget, self.now)
        )

    def _at_once(self, route: Route) -> list[Alert]:
        """What this route was told at once within the window, and what this unit adds."""
        key = _key(route)
        if key not in self._told:
            self._told[key] = self.unit.told_alerts(key, self.now - self.dispatcher.budget.window)
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
    return (route.name, *target(route))
