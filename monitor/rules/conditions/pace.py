"""`{pace: 7d, baseline: 8w}`: packages, or their volume, leave the band of their own history, in either direction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import fmean
from typing import ClassVar

from pydantic import BaseModel

from monitor.model import Observation, Verdict
from monitor.rules.conditions.base import Condition, History, quiet, watched_since, why_unwatched
from monitor.rules.conditions.packages import OLD_PACKAGE, all_historic, dollars, reports_of, sum_of
from monitor.rules.conditions.statistics import tails
from monitor.rules.durations import Span, in_words
from monitor.rules.ledger import Package, packages
from monitor.rules.schema import Strict

LEAST_WINDOWS = 4
LEAST_PACKAGES = 8
FIRES = 0.002  # in each direction
ENDS = 0.05
BAND = 4  # times the largest window before, or a quarter of the smallest
FEW = 1 / 30  # a small sum tells something where so few packages are unusual, too


class PaceSpec(Strict):
    """Over how long, against how long before."""

    pace: Span
    baseline: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The number of packages in a window, or their sum, is not what it was in the watched windows before."""

    SPEC: ClassVar[type[BaseModel]] = PaceSpec

    window: timedelta
    baseline: timedelta

    @classmethod
    def build(cls, spec: PaceSpec, group: tuple[str, ...], *, confirmed: bool) -> Condition:
        del group, confirmed
        return cls(window=spec.pace, baseline=spec.baseline)

    @property
    def lasts(self) -> timedelta:
        return self.baseline

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        del new
        since = watched_since(history, rule, now)
        if since is None:
            return [quiet(why_unwatched(history, rule, now))]
        windows = max(min(now - self.window - since, self.baseline) // self.window, 0)
        earliest = now - self.window - self.baseline - OLD_PACKAGE
        known = [each for each in history.observations(rule, earliest) if each.at <= now]
        recent, *usual = self._windows(packages(known), windows, now)
        if windows < LEAST_WINDOWS or sum(map(len, usual)) < LEAST_PACKAGES:
            return [quiet(self._filled(usual))]
        verdict = self._verdict(recent, usual, known)
        return [verdict] if verdict else []

    def _windows(self, known: Sequence[Package], count: int, now: datetime) -> list[list[Package]]:
        """The packages that became known in the present window, and in each one before it."""
        found: list[list[Package]] = [[] for _ in range(count + 1)]
        for package in known:
            number = (now - package.first_seen_at) // self.window
            if number < len(found):
                found[number].append(package)
        return found

    def _filled(self, usual: Sequence[Sequence[Package]]) -> str:
        watched = f"{in_words(len(usual) * self.window)} of {in_words(self.baseline)} watched" if usual else "empty"
        needed = f"{LEAST_PACKAGES} in {in_words(LEAST_WINDOWS * self.window)} needed"
        return f"baseline: {watched}, {sum(map(len, usual))} packages, at least {needed}"

    def _verdict(
        self, recent: Sequence[Package], usual: Sequence[Sequence[Package]], known: Sequence[Observation]
    ) -> Verdict | None:
        counts, sums = [len(each) for each in usual], [sum_of(each) for each in usual]
        fewer, more = tails(len(recent), counts)
        reason, chance = self._reason(recent, counts, sums), min(fewer, more)
        total, low = sum_of(recent), fewer < FEW
        if (chance < FIRES or _outside(total, sums, BAND, low=low)) and not (recent and all_historic(recent)):
            return Verdict(group="", firing=True, reason=reason, observations=reports_of(recent, known))
        return quiet(reason) if chance > ENDS and not _outside(total, sums, 1, low=low) else None

    def _reason(self, recent: Sequence[Package], counts: Sequence[int], sums: Sequence[Decimal]) -> str:
        count = "1 package" if len(recent) == 1 else f"{len(recent)} packages"
        span, before = in_words(self.window), in_words(len(counts) * self.window)
        number = f"{count} in {span} against {fmean(counts):.1f} before ({min(counts)} to {max(counts)} in {before})"
        return f"{number}; {dollars(sum_of(recent))} against {dollars(min(sums))} to {dollars(max(sums))}"


def _outside(total: Decimal, usual: Sequence[Decimal], factor: int, *, low: bool) -> bool:
    """Whether a sum is outside the band of the usual ones, widened by a factor; below it only if that is asked for."""
    return any(usual) and (total > factor * max(usual) or (low and total * factor < min(usual)))
