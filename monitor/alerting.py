"""From verdicts to alerts within one unit: what opens, what joins what is open already, and what ends."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.alerts import facts, lifecycle
from monitor.dispatch import Dispatch
from monitor.model import Alert, AlertRule, AlertState, Observation, Outcome, Turn, Verdict
from monitor.rules import joins
from monitor.rules.rule import CompiledAlert, Rule
from monitor.store.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An alert before and after a verdict, or a time, that changed it."""

    after: Alert
    before: Alert | None
    because: tuple[Observation, ...] = ()
    turn: Turn | None = None

    @property
    def joined(self) -> list[Observation]:
        """What is new in an alert that goes on."""
        before = self.before
        if before is None or before.id != self.after.id or self.after.state is not AlertState.FIRING:
            return []
        return [each for each in self.because if each.id not in before.observation_ids]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerting:
    """One unit's worth of judging rules."""

    dispatch: Dispatch
    unit: Unit

    def judge(self, rule: Rule, new: Sequence[Observation]) -> list[Alert]:
        """The alerts of a rule that changed, saved and told.

        Args:
            new: Those of the rule that were just added; empty when only time passed.
        """
        open_alerts = {alert.id: alert for alert in self.unit.open_alerts(rule.id)}
        changed: list[Alert] = []
        for compiled in rule.alerts:
            steps = self._steps(rule, compiled, new, list(open_alerts.values()))
            self._keep(steps, one_event=compiled.joins)
            changed += [step.after for step in steps]
            open_alerts |= {step.after.id: step.after for step in steps}
        return changed

    def _steps(
        self, rule: Rule, compiled: CompiledAlert, new: Sequence[Observation], open_alerts: Sequence[Alert]
    ) -> list[Step]:
        now = self.dispatch.now
        judged = compiled.condition.judge(rule.id, new, self.unit, now)
        mine = {alert.group: alert for alert in open_alerts if alert.name == compiled.rule.name}
        hosts = _hosts(rule, compiled, open_alerts) | mine
        told = self._joined(rule, judged, hosts) if compiled.joins else judged
        verdicts = {verdict.group: verdict for verdict in told}
        firing = {group for group, verdict in verdicts.items() if verdict.firing}
        open_now = {group: hosts[group] for group in firing & hosts.keys()} | mine
        ended = self.unit.last_alerts(rule.id, compiled.rule.name, verdicts.keys() - open_now.keys())
        return list(_advanced(ended | open_now, verdicts, compiled.rule, now))

    def _joined(self, rule: Rule, judged: Sequence[Verdict], hosts: Mapping[str, Alert]) -> Sequence[Verdict]:
        """The verdicts, those that tell again what an open alert tells under its group."""
        opening = [verdict for verdict in judged if verdict.firing and verdict.group not in hosts]
        if not opening or (not hosts and len(opening) == 1):
            return judged
        now = self.dispatch.now
        recent = {each.id: each for each in self.unit.observations(rule.id, now - joins.WITHIN, joins.MOST)}
        return joins.joined(judged, [_event(alert, recent) for alert in hosts.values()], now)

    def _keep(self, steps: Sequence[Step], *, one_event: bool) -> None:
        """Save all that one judgement changed with a few statements: a flood opens thousands of alerts."""
        opened = self.dispatch.opened
        written = [each for step in steps for each in opened(step.after, step.before, step.because, step.turn)]
        self.unit.save(Outcome(alerts=tuple(step.after for step in steps), notifications=tuple(written)))
        for step in steps:
            new = step.joined
            if step.before is not None and new:
                news = facts.facts(self.unit.observations_of(step.before), new, one_event=one_event)
                self.dispatch.tell_news(step.after, new, news)


def _hosts(rule: Rule, compiled: CompiledAlert, open_alerts: Iterable[Alert]) -> dict[str, Alert]:
    """Open alerts of the rule's other entries that an event may have been told by, at least as loudly."""
    others = {name for name in joins.hosts(rule.alerts, compiled) if name != compiled.rule.name}
    return {alert.group: alert for alert in open_alerts if alert.name in others and alert.state is AlertState.FIRING}


def _event(alert: Alert, recent: Mapping[str, Observation]) -> joins.Event:
    reports = [recent[id_] for id_ in alert.observation_ids if id_ in recent]
    return joins.Event(group=alert.group, opened_at=alert.opened_at, reports=reports)


def _advanced(
    earlier: Mapping[str, Alert], verdicts: Mapping[str, Verdict], rule: AlertRule, now: datetime
) -> Iterator[Step]:
    for group, verdict in verdicts.items():
        before = earlier.get(group)
        if after := lifecycle.advance(before, verdict, rule, now):
            yield Step(after=after, before=before, because=verdict.observations, turn=verdict.turn)
    for group in sorted(earlier.keys() - verdicts.keys()):
        if ended := lifecycle.expire(earlier[group], rule, now):
            yield Step(after=ended, before=earlier[group])
