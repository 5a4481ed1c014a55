"""Held messages that are due, told together: one message for each reader and bundle, in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.alerts import muting
from monitor.alerts.digest import digest
from monitor.alerts.outbox import made_id
from monitor.alerts.schedule import quiet_until
from monitor.dispatch import Dispatch
from monitor.model import Alert, Cadence, Message, Notification, NotificationKind, NotificationState, Route

SETTLED = timedelta(seconds=30)
"""How long after they were due messages are bundled: polls that began before have been committed by then."""
DAYS = 14
"""How many days the charts of a digest show."""


@dataclass(slots=True, kw_only=True)
class Bundling:
    """One unit's worth of digests and summaries.

    Attributes:
        titles: What rules are called, by their id.
    """

    dispatch: Dispatch
    titles: Mapping[str, str] = field(default_factory=dict)
    _coverage: str | None = None

    @property
    def now(self) -> datetime:
        """When this is done."""
        return self.dispatch.now

    def run(self) -> list[Notification]:
        """Tell what is due; answers with what was written."""
        held = self.dispatch.unit.held(self.now - SETTLED)
        written = (self._tell(parts) for parts in _bundles(held))
        return [each for each in written if each is not None]

    def _tell(self, held: Sequence[Notification]) -> Notification | None:
        """One message instead of all of them; a single one that only had to wait goes out as it is."""
        route = self.dispatch.route(held[0])
        if route is None:
            self._settle(held, NotificationState.DROPPED, "dropped: the subscription was ended")
            return None
        loudest = max((part.message.severity for part in held), key=lambda severity: severity.rank)
        if quiet_until(
            route.schedule, loudest, self.now
        ):  # it was due before they began, but nobody was there to tell it
            return None
        alerts = self.dispatch.unit.alerts_by_id([part.alert_id for part in held if part.alert_id])
        parts = self._unmuted(held, alerts, route)
        if len(parts) == 1 and parts[0].bundle not in list(Cadence):
            self._settle(parts, NotificationState.PENDING, "")
        elif parts:
            return self._write(parts, alerts, route)
        return None

    def _unmuted(self, held: Sequence[Notification], alerts: Mapping[str, Alert], route: Route) -> list[Notification]:
        """Those that nobody muted while they waited; the others are settled."""
        parts = []
        for part in held:
            alert = alerts.get(part.alert_id or "")
            why = muting.muted(alert, route, self.dispatch.mutes, self.now) if alert else None
            if why is None:
                parts.append(part)
            else:
                self._settle([part], NotificationState.MUTED, why)
        return parts

    def _write(self, parts: Sequence[Notification], alerts: Mapping[str, Alert], route: Route) -> Notification:
        first = parts[0]
        written = Notification(
            id=made_id(first.bundle, *(part.id for part in parts)),
            kind=NotificationKind.DIGEST if first.bundle in list(Cadence) else NotificationKind.SUMMARY,
            route=first.route,
            channel=first.channel,
            address=first.address,
            subscription=first.subscription,
            message=self._message(parts, alerts, route),
            created_at=self.now,
            next_attempt_at=self.now,
        )
        self.dispatch.unit.bundle(written, parts, self.now)
        return written

    def _message(self, parts: Sequence[Notification], alerts: Mapping[str, Alert], route: Route) -> Message:
        if self._coverage is None:
            self._coverage = self.dispatch.unit.coverage(self.now)
        zone = route.schedule.zone
        return digest(
            parts,
            alerts,
            bundle=parts[0].bundle,
            zone=zone,
            now=self.now,
            coverage=self._coverage,
            charts=self._charts({alert.rule for alert in alerts.values()}, ZoneInfo(zone)),
            titles=self.titles,
        )

    def _charts(self, rules: Iterable[str], zone: ZoneInfo) -> dict[str, tuple[int, ...]]:
        """By rule, its observations on each of the last local days, the earliest first."""
        today = self.now.astimezone(zone).date()
        days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
        counted: Counter[tuple[str, date]] = Counter(
            (rule, at.astimezone(zone).date())
            for rule, at in self.dispatch.unit.observation_times(list(rules), self.now - timedelta(days=DAYS))
        )
        return {rule: tuple(counted[rule, day] for day in days) for rule in rules}

    def _settle(self, parts: Sequence[Notification], state: NotificationState, reason: str) -> None:
        self.dispatch.unit.settle(parts, state, reason, self.now)


def _bundles(held: Sequence[Notification]) -> Iterable[list[Notification]]:
    """Those that are told together: to one reader over one route, held for one reason."""
    groups: dict[tuple[str, ...], list[Notification]] = defaultdict(list)
    for each in held:
        groups[each.route, each.channel, each.address, each.subscription, each.bundle].append(each)
    return groups.values()
