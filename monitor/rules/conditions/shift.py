"""`{shift: stance, window: 7d, baseline: 28d}`: the recent statements lean another way than those before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import ClassVar, Literal

from pydantic import BaseModel

from monitor.model import Observation, Turn, Verdict
from monitor.rules.conditions.base import Condition, History, quiet, undecided
from monitor.rules.conditions.groups import by_group, stories
from monitor.rules.conditions.statistics import mann_whitney
from monitor.rules.durations import Span, in_words
from monitor.rules.schema import Strict

LEAST_NOW = 5
LEAST_BEFORE = 12
LEAST_OWNERS = 2
DISTANCE = 0.5  # on the scale from -1 to 1
CHANCE = 0.01  # at 0.05 seven times as many false alarms were measured (benchmarks/conditions.py)
ENDS = 0.1  # nearer than this the shift is over; between the two an open alert stays open
SINCE = 0.4  # from the two windows before: what turned longer ago is the new usual, and no shift any more
_SHOWN = 5
_QUOTE = 120


class ShiftSpec(Strict):
    """What is compared, over how long, against how long before."""

    shift: Literal["stance"]
    window: Span
    baseline: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """The stance of recent statements differs from the baseline in earnest: in size, and not by chance."""

    SPEC: ClassVar[type[BaseModel]] = ShiftSpec

    window: timedelta
    baseline: timedelta
    group: tuple[str, ...] = ()

    @classmethod
    def build(cls, spec: ShiftSpec, group: tuple[str, ...], *, confirmed: bool) -> Condition:
        del confirmed
        return cls(window=spec.window, baseline=spec.baseline, group=group)

    @property
    def lasts(self) -> timedelta:
        return self.baseline

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        del new
        known = (each for each in history.observations(rule, now - self.window - self.baseline) if each.at <= now)
        groups = by_group(known, self.group) or {"": []}
        return [self._verdict(group, observations, now) for group, observations in groups.items()]

    def _verdict(self, group: str, observations: Sequence[Observation], now: datetime) -> Verdict:
        statements = _statements(observations)
        sides = _Sides(
            now=[each for each in statements if each.at > now - self.window],
            before=[each for each in statements if each.at <= now - self.window],
        )
        if not sides.enough:
            return undecided(f"{self._filled(sides)}, {LEAST_NOW} and {LEAST_BEFORE} needed", group)
        owners = {each.owner or each.publisher for each in observations if each.at > now - self.window}
        told = len(owners) >= LEAST_OWNERS and not all(each.historic for each in sides.now)
        if sides.differ and told and sides.since(now - 3 * self.window) >= SINCE:
            return Verdict(
                group=group, firing=True, reason=self._reason(sides), observations=sides.shown, turn=sides.turn
            )
        tell = undecided if abs(sides.distance) >= ENDS else quiet
        return tell(self._figures(sides), group)

    def _filled(self, sides: "_Sides") -> str:
        spans = f"in {in_words(self.window)}, {len(sides.before)} in {in_words(self.baseline)} before"
        return f"{len(sides.now)} statements with a leaning {spans}"

    def _figures(self, sides: "_Sides") -> str:
        recent = f"stance {_figure(sides.now)} in {in_words(self.window)} ({len(sides.now)} statements)"
        return f"{recent} against {_figure(sides.before)} in {in_words(self.baseline)} ({len(sides.before)})"

    def _reason(self, sides: "_Sides") -> str:
        recent, earlier = sides.shown[-1], sides.shown[0]
        return f"{self._figures(sides)}: now {_quoted(recent)}, before {_quoted(earlier)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """Statements now and before, oldest first."""

    now: Sequence[Observation]
    before: Sequence[Observation]

    @property
    def enough(self) -> bool:
        return len(self.now) >= LEAST_NOW and len(self.before) >= LEAST_BEFORE

    @property
    def distance(self) -> float:
        return fmean(map(_score, self.now)) - fmean(map(_score, self.before))

    def since(self, at: datetime) -> float:
        """How far the statements now lean on, the way they turned, from those of the baseline since a time.

        What turned longer ago is the new usual, though the baseline still remembers the old.
        """
        lately = [each for each in self.before if each.at > at] or [self.before[-1]]
        return (fmean(map(_score, self.now)) - fmean(map(_score, lately))) * (1 if self.distance > 0 else -1)

    @property
    def differ(self) -> bool:
        if abs(self.distance) < DISTANCE:
            return False
        return mann_whitney([*map(_score, self.now)], [*map(_score, self.before)]) <= CHANCE

    @property
    def shown(self) -> tuple[Observation, ...]:
        """The latest statement of the baseline, then the newest that lean the new way."""
        usual, sign = fmean(map(_score, self.before)), 1 if self.distance > 0 else -1
        typical = [each for each in self.now if (_score(each) - usual) * sign > 0]
        return (self.before[-1], *typical[-_SHOWN:])

    @property
    def turn(self) -> Turn:
        return Turn(before=self.before[-1])


def _statements(observations: Sequence[Observation]) -> list[Observation]:
    """Each speaker once in a story, by the first report that shows a leaning; `unread` is not zero and left out."""
    read = [each for each in observations if each.stance is not None and each.stance.score is not None]
    first = {(number, each.speaker): each for number, some in enumerate(stories(read)) for each in reversed(some)}
    return sorted(first.values(), key=lambda each: (each.at, each.id))


def _score(observation: Observation) -> float:
    assert observation.stance is not None
    assert observation.stance.score is not None
    return observation.stance.score


def _figure(statements: Sequence[Observation]) -> str:
    return f"{fmean(map(_score, statements)):+.1f}"


def _quoted(statement: Observation) -> str:
    words = statement.quote or statement.title
    shown = words if len(words) <= _QUOTE else f"{words[:_QUOTE].rsplit(' ', 1)[0]} …"
    return f"“{shown}” ({statement.at:%d %b})"
