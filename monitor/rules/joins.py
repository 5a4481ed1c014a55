"""Reports that tell again what an open alert tells: they join it instead of opening another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import Observation, Verdict
from monitor.rules.conditions.groups import story
from monitor.rules.rule import CompiledAlert
from monitor.rules.told import Same, Teller

WITHIN = timedelta(hours=48)
"""How far back reports of open alerts are looked at."""
MOST = 300
"""And how many of a rule's latest."""
_ONE_DAY = timedelta(hours=24)  # after its first report, what tells of an event in its words tells the next step
_COMPARED = 12  # reports of an alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An open alert, as far as it matters here.

    Attributes:
        reports: The recent ones among those it rests on, in the alert's order.
    """

    group: str
    opened_at: datetime
    reports: Sequence[Observation]


def hosts(entries: Iterable[CompiledAlert], entry: CompiledAlert) -> frozenset[str]:
    """Names of the entries whose alerts may tell an event of this one: at least as loud, and about one event each."""
    if not entry.joins:
        return frozenset()
    loud = entry.rule.severity.rank
    return frozenset(each.rule.name for each in entries if each.joins and each.rule.severity.rank >= loud)


def joined(verdicts: Iterable[Verdict], events: Sequence[Event], now: datetime) -> list[Verdict]:
    """The verdicts, those that tell again what an event tells as one more of its own; one for each group.

    A story that joined before stays with the alert it joined. Of several that come at once the first one is the event.
    """
    known = {event.group: event for event in events}
    homes = {story(each): event.group for event in events for each in event.reports}
    found: dict[str, Verdict] = {}
    for verdict in verdicts:
        moved = verdict if not verdict.firing or verdict.group in known else _moved(verdict, homes, known.values(), now)
        found[moved.group] = _both(found[moved.group], moved) if moved.group in found else moved
        if moved.firing and moved.group not in known:
            known[moved.group] = Event(group=moved.group, opened_at=now, reports=moved.observations)
    return list(found.values())


def why(new: Observation, reports: Iterable[Observation]) -> str:
    """Why a report joined an alert that rests on these; "" when it tells their story."""
    teller = Teller(new)
    same = [each for report in reports if (each := teller.same(report))]
    return max(same, key=_likeness).why if same else ""


def _moved(verdict: Verdict, homes: dict[str, str], events: Iterable[Event], now: datetime) -> Verdict:
    home = homes.get(verdict.group)
    if home is not None:
        return replace(verdict, group=home)
    best: tuple[float, Event, Same] | None = None
    for event in events:
        same = _same(verdict, event) if now - event.opened_at <= _ONE_DAY else None
        if same and (best is None or same.likeness > best[0]):
            best = same.likeness, event, same
    if best is None:
        return verdict
    _, event, same = best
    return replace(verdict, group=event.group, reason=f"{verdict.reason}; told before: {same.why}")


def _same(verdict: Verdict, event: Event) -> Same | None:
    """The closest pair of reports; every new one must tell it, or none does."""
    found = [_closest(each, event) for each in verdict.observations]
    told = [each for each in found if each is not None]
    return max(told, key=_likeness) if told and len(told) == len(found) else None


def _closest(new: Observation, event: Event) -> Same | None:
    teller = Teller(new)
    same = [each for report in event.reports[:_COMPARED] if (each := teller.same(report))]
    return max(same, key=_likeness, default=None)


def _likeness(same: Same) -> float:
    return same.likeness


def _both(one: Verdict, other: Verdict) -> Verdict:
    """Two that turned out to be of one group: what fires decides."""
    if not (one.firing and other.firing):
        return one if one.firing else other
    return replace(other, observations=tuple(dict.fromkeys((*one.observations, *other.observations))))
