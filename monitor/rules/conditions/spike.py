"""`{spike: 24h, baseline: 28d, at_least: 5}`, `{dip: 7d, baseline: 12w}`: far more, or fewer, stories than usual."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from monitor.model import Observation, Verdict
from monitor.rules.conditions.base import Condition, History, quiet, watched_since, why_unwatched
from monitor.rules.conditions.groups import by_group, stories
from monitor.rules.conditions.statistics import tails
from monitor.rules.durations import Span, in_words
from monitor.rules.schema import Strict

LEAST_HISTORY = timedelta(days=7)
LEAST_WINDOWS = 4
FIRES = 0.001
ENDS = 0.01  # between the two an open alert stays open: a count at the border opens no series of alerts
_PER = {timedelta(hours=1): "an hour", timedelta(days=1): "a day", timedelta(days=7): "a week"}
_OLD_STORY = timedelta(days=3)  # so that a late report of a story does not look like a new one


class SpikeSpec(Strict):
    """How many in how long, against how long before."""

    spike: Span
    baseline: Span
    at_least: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 5


class DipSpec(Strict):
    """How few in how long, against how long before, where at least so many are usual."""

    dip: Span
    baseline: Span
    at_least: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 5


class Spike:
    """More stories in a window than the watched windows of the baseline make likely."""

    SPEC: ClassVar[type[BaseModel]] = SpikeSpec

    @classmethod
    def build(cls, spec: SpikeSpec, group: tuple[str, ...], *, confirmed: bool) -> Condition:
        del confirmed
        return Unusual(window=spec.spike, baseline=spec.baseline, at_least=spec.at_least, group=group, rising=True)


class Dip:
    """Fewer stories in a window than the watched windows of the baseline make likely."""

    SPEC: ClassVar[type[BaseModel]] = DipSpec

    @classmethod
    def build(cls, spec: DipSpec, group: tuple[str, ...], *, confirmed: bool) -> Condition:
        del group, confirmed  # a group that is silent is not among the groups
        return Unusual(window=spec.dip, baseline=spec.baseline, at_least=spec.at_least, rising=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """Another number of stories than the baseline makes likely, in one direction.

    Attributes:
        at_least: So many stories in the window of a spike; so many usual ones before a dip can be told from chance.
    """

    window: timedelta
    baseline: timedelta
    at_least: int
    rising: bool
    group: tuple[str, ...] = ()

    @property
    def lasts(self) -> timedelta:
        return self.baseline

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        del new
        counts = _Counts(self.window, self.baseline, now, watched_since(history, rule, now))
        if not counts.enough:
            return [quiet(counts.filled or why_unwatched(history, rule, now))]
        known = history.observations(rule, now - self.window - self.baseline - _OLD_STORY)
        groups = by_group((each for each in known if each.at <= now), self.group) or {"": []}
        verdicts = (self._verdict(group, observations, counts) for group, observations in groups.items())
        return [verdict for verdict in verdicts if verdict is not None]

    def _verdict(self, group: str, observations: Sequence[Observation], counts: "_Counts") -> Verdict | None:
        recent, usual = counts.recent(observations), counts.usual(observations)
        reason = counts.reason(len(recent), usual)
        if (len(recent) if self.rising else fmean(usual)) < self.at_least:
            return quiet(reason, group)
        chance = tails(len(recent), usual)[1 if self.rising else 0]
        if chance >= FIRES:
            return quiet(reason, group) if chance > ENDS else None
        members = sorted((each for reports in recent for each in reports), key=lambda each: (each.at, each.id))
        return Verdict(group=group, firing=True, reason=reason, observations=tuple(members))


@dataclass(frozen=True, slots=True)
class _Counts:
    """The present window, and how many windows before it were watched from end to end."""

    window: timedelta
    baseline: timedelta
    now: datetime
    since: datetime | None

    @property
    def windows(self) -> int:
        """How many windows of the baseline were watched."""
        if self.since is None:
            return 0
        return max(min(self.now - self.window - self.since, self.baseline) // self.window, 0)

    @property
    def enough(self) -> bool:
        """Whether the baseline says what is usual."""
        return self.windows >= LEAST_WINDOWS and self.windows * self.window >= min(LEAST_HISTORY, self.baseline)

    @property
    def filled(self) -> str:
        """How full the baseline is, in words; "" when nothing is watched now."""
        if self.since is None:
            return ""
        watched = in_words(self.windows * self.window) if self.windows else "nothing"
        needed = max(min(LEAST_HISTORY, self.baseline), LEAST_WINDOWS * self.window)
        return f"baseline: {watched} of {in_words(self.baseline)} watched, at least {in_words(needed)} needed"

    def recent(self, observations: Sequence[Observation]) -> list[list[Observation]]:
        """The stories that began in the present window; what a new feed brought as history is no news."""
        began = (reports for reports in stories(observations) if reports[0].at > self.now - self.window)
        return [reports for reports in began if not all(each.historic for each in reports)]

    def usual(self, observations: Sequence[Observation]) -> list[int]:
        """How many stories began in each watched window of the baseline, the latest first."""
        found = [0] * self.windows
        for reports in stories(observations):
            number = (self.now - self.window - reports[0].at) // self.window
            if 0 <= number < len(found):
                found[number] += 1
        return found

    def reason(self, count: int, usual: Sequence[int]) -> str:
        """The count against what is usual, in words."""
        noun = "story" if count == 1 else "stories"
        per = _PER.get(self.window) or f"in {in_words(self.window)}"
        watched = in_words(len(usual) * self.window)
        return f"{count} {noun} in {in_words(self.window)} against {fmean(usual):.1f} {per} in {watched}"
