"""False alarms and delays of conditions over time, on simulated series of statements, stories and packages.

Each figure is measured: false alarms are alerts opened in 90 days without a change; a change is found when an alert
opens after it. Conditions are judged every six hours, as alerts are kept by the service (monitor.alerts.lifecycle).
"""

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from monitor.alerts import lifecycle
from monitor.model import Alert, AlertRule, Amount, Observation, Severity, Stance
from monitor.rules.conditions.base import Condition, Lasts
from monitor.rules.conditions.table import CONDITIONS

START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(hours=6)
DAY = timedelta(days=1)
RULE = AlertRule(rule="r", rule_title="r", rule_version="1", name="a", severity=Severity.LOW)
# How a statement that truly hardens, repeats or softens is read, where a leaning is read at all
READ = {-1: (0.80, 0.17, 0.03), 0: (0.17, 0.66, 0.17), 1: (0.03, 0.17, 0.80)}
FIXED, MINOR, MAJOR = (0.55, 0.30, 0.15), (0.40, 0.35, 0.25), (0.15, 0.30, 0.55)


@dataclass
class Series:
    """Observations in memory, watched since the beginning."""

    seen: list[Observation] = field(default_factory=list)
    first: int = 0

    def observations(self, rule: str, since: datetime | None = None, limit: int | None = None) -> Sequence[Observation]:
        while self.first < len(self.seen) and since and self.seen[self.first].at < since:
            self.first += 1
        return self.seen[self.first :]

    def watched_since(self, rule: str, now: datetime) -> datetime:
        return START


def condition(when: dict[str, Any]) -> Condition:
    kind = CONDITIONS[next(iter(when))]
    return kind.build(kind.SPEC.model_validate(when), (), confirmed=False)


def opened(judge: Condition, seen: Sequence[Observation], days: int) -> list[float]:
    """On which days alerts open; only what has come is in the history."""
    series, alert, times, coming = Series(), None, [], iter(seen)
    rule = replace(RULE, expires=judge.lasts) if isinstance(judge, Lasts) else RULE
    following = next(coming, None)
    for number in range(int(days * DAY / STEP)):
        now = START + number * STEP
        while following and following.at <= now:
            series.seen.append(following)
            following = next(coming, None)
        verdicts = {each.group: each for each in judge.judge("r", (), series, now)}
        after = lifecycle.advance(alert, verdicts[""], rule, now) if verdicts else _expired(alert, rule, now)
        if after is not None and (alert is None or after.id != alert.id):
            times.append((now - START) / DAY)
        alert = after or alert
    return times


def _expired(alert: Alert | None, rule: AlertRule, now: datetime) -> Alert | None:
    return lifecycle.expire(alert, rule, now) if alert else None


def observation(number: int, day: float, **fields: Any) -> Observation:
    at = START + day * DAY
    known = {"rule": "r", "rule_version": "1", "item_id": str(number), "story": str(number)}
    return Observation(id=f"{number:06}", **known, publisher=f"p{number % 7}", at=at, **fields)


def arrivals(random: Random, per_day: Callable[[float], float], days: int, burst: float) -> list[float]:
    """Times at a rate that varies from day to day; `burst` is the overdispersion (0: Poisson)."""
    times: list[float] = []
    for day in range(days):
        rate = per_day(day)
        rate *= random.gammavariate(1 / burst, burst) if burst else 1
        times += [day + random.random() for _ in range(_poisson(random, rate))]
    return sorted(times)


def _poisson(random: Random, rate: float) -> int:
    count, chance, limit = 0, random.random(), math.exp(-rate)
    while chance > limit:
        count, chance = count + 1, chance * random.random()
    return count


# --- what is simulated ----------------------------------------------------------------------------------------------


def statements(random: Random, per_day: float, change: Sequence[float], at: int, days: int) -> list[Observation]:
    """Statements of a fixed speaker whose shares change on a day, as our readers see them."""
    times = arrivals(random, lambda _: per_day, days, 0)
    return [observation(n, day, stance=_read(random, change if day >= at else FIXED)) for n, day in enumerate(times)]


def _read(random: Random, shares: Sequence[float]) -> Stance:
    truth = random.choices((-1, 0, 1), shares)[0]
    score = random.choices((-1.0, 0.0, 1.0), READ[truth])[0]
    return Stance(score=score, label="")


def packages(random: Random, per_week: Callable[[float], float], days: int) -> list[Observation]:
    """Packages whose sums differ widely: log-normal around 100 million."""
    times = arrivals(random, lambda day: per_week(day) / 7, days, 0)
    return [observation(n, day, amounts=(_sum(random),), donor=f"donor {n}") for n, day in enumerate(times)]


def _sum(random: Random) -> Amount:
    value = round(random.lognormvariate(math.log(100e6), 1.0))
    return Amount(value=value, currency="USD", usd=value)  # type: ignore[arg-type]


# --- what is printed ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """Of many runs: alerts in 90 days without a change, and how soon a change is found."""

    false: float
    week: float = 0.0
    fortnight: float = 0.0
    again: float = 0.0

    def __str__(self) -> str:
        return f"{self.false:5.2f}   {self.week:4.2f} / {self.fortnight:4.2f}   {self.again:4.2f}"


def measured(judge: Condition, make: Callable[[Random, bool], list[Observation]], warm: int, runs: int) -> Figures:
    """Runs without a change over 90 days after the warm-up, and runs with one on the last day of it."""
    false = week = fortnight = again = 0.0
    for number in range(runs):
        quiet = opened(judge, make(Random(number), False), warm + 90)
        false += sum(day >= warm for day in quiet)
        after = [day - warm for day in opened(judge, make(Random(number + 10_000), True), warm + 28) if day >= warm]
        week += any(day <= 7 for day in after)
        fortnight += any(day <= 14 for day in after)
        again += max(len(after) - 1, 0)
    return Figures(false / runs, week / runs, fortnight / runs, again / runs)


def shift(runs: int) -> None:
    judge = condition({"shift": "stance", "window": "7d", "baseline": "28d"})
    for per_day in (0.5, 1, 3):
        for name, change in (("minor", MINOR), ("major", MAJOR)):

            def make(random: Random, changes: bool, rate: float = per_day, to: Any = change) -> list[Observation]:
                return statements(random, rate, to if changes else FIXED, 42, 42 + 90)

            print(f"shift, {per_day:>4} read a day, {name:>6}        {measured(judge, make, 42, runs)}", flush=True)


def spike(runs: int) -> None:
    judge = condition({"spike": "24h", "baseline": "28d", "at_least": 5})
    for per_day in (0.5, 2, 8, 30):
        for burst in (0.0, 0.5):

            def make(random: Random, changes: bool, rate: float = per_day, more: float = burst) -> list[Observation]:
                times = arrivals(random, lambda day: rate * (5 if changes and day == 35 else 1), 35 + 90, more)
                return [observation(n, day) for n, day in enumerate(times)]

            print(
                f"spike x5, {per_day:>4} a day, overdispersion {burst}   {measured(judge, make, 35, runs)}", flush=True
            )


def dip(runs: int) -> None:
    judge = condition({"dip": "1d", "baseline": "28d"})
    for per_day in (8, 16, 30):

        def make(random: Random, changes: bool, rate: float = per_day) -> list[Observation]:
            times = arrivals(random, lambda day: rate * (0.1 if changes and day >= 35 else 1), 35 + 90, 0.1)
            return [observation(n, day) for n, day in enumerate(times)]

        print(f"dip to a tenth, {per_day:>4} a day             {measured(judge, make, 35, runs)}", flush=True)


def pace(runs: int) -> None:
    judge = condition({"pace": "7d", "baseline": "8w"})
    for per_week in (2, 4, 5, 12):
        for factor in (0.0, 3.0):

            def make(random: Random, changes: bool, rate: float = per_week, to: float = factor) -> list[Observation]:
                return packages(random, lambda day: rate * (to if changes and day >= 63 else 1), 63 + 90)

            name = "stop" if not factor else f"x{factor:.0f}"
            print(f"pace, {per_week:>3} packages a week, {name:>5}       {measured(judge, make, 63, runs)}", flush=True)


MEASURES = {"shift": shift, "spike": spike, "dip": dip, "pace": pace}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each kind")
    parser.add_argument("--only", choices=sorted(MEASURES), nargs="+", default=list(MEASURES))
    chosen = parser.parse_args()
    print("                                       false   found within   again")
    print("                                       in 90 d  7 / 14 days   in 28 d")
    for name in chosen.only:
        MEASURES[name](chosen.runs)


if __name__ == "__main__":
    main()
