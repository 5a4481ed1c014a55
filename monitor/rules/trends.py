"""How much is told now against before: counts of stories, and whether the difference is more than chance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import comb

from monitor.model import Observation
from monitor.rules.conditions.groups import story

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
BASELINE = timedelta(days=28)
_CHANCE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """New stories now against before.

    Attributes:
        direction: "rising", "falling", "steady", or "" while nothing can be compared.
        reason: The figures in words, or why there are none.
    """

    direction: str
    reason: str

    def __str__(self) -> str:
        return f"{self.direction}: {self.reason}" if self.direction else self.reason


def first_told(observations: Iterable[Observation]) -> list[datetime]:
    """When each story was first told, in order."""
    first: dict[str, datetime] = {}
    for each in observations:
        first[story(each)] = min(each.at, first.get(story(each), each.at))
    return sorted(first.values())


def daily(times: Sequence[datetime], now: datetime) -> tuple[int, ...]:
    """New stories in each of the last seven times 24 hours, the earliest first."""
    return tuple(_count(times, now - (days + 1) * DAY, now - days * DAY) for days in reversed(range(7)))


def trend(times: Sequence[datetime], since: datetime | None, now: datetime) -> Trend:
    """The last week against the four weeks before; in the first two weeks, the second half of them against the first.

    Args:
        since: Since when we have been watching; what is older is incomplete and not compared.
    """
    watched = now - since if since else timedelta(0)
    if since is None or watched < 2 * DAY:
        return Trend(direction="", reason="too early to tell")
    recent = WEEK if watched >= 2 * WEEK else watched / 2
    before = min(watched - recent, BASELINE)
    many = _count(times, now - recent, now)
    usual = _count(times, now - recent - before, now - recent)
    few = f"{many} in the last {_days(recent)} against"
    if watched < 2 * WEEK:
        return Trend(direction=_direction(many, usual, 0.5), reason=f"{few} {usual} in the {_days(before)} before")
    rate = f"{usual * (WEEK / before):.1f} a week in the {_days(before)} before"
    return Trend(direction=_direction(many, usual, recent / (recent + before)), reason=f"{few} {rate}")


def _count(times: Sequence[datetime], after: datetime, until: datetime) -> int:
    return sum(after < time <= until for time in times)


def _direction(many: int, usual: int, share: float) -> str:
    """Whether so many of all are more, or fewer, than chance would give a part of the time."""
    total = many + usual
    chances = [comb(total, n) * share**n * (1 - share) ** (total - n) for n in range(total + 1)]
    if sum(chances[many:]) <= _CHANCE:
        return "rising"
    return "falling" if sum(chances[: many + 1]) <= _CHANCE else "steady"


def _days(span: timedelta) -> str:
    if span < 2 * DAY:
        return f"{round(span / timedelta(hours=1))} hours"
    return f"{round(span / DAY)} days"
