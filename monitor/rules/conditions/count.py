"""`{count: 3, within: 72h, distinct: story}`: that many within a window that slides with time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field

from monitor.model import Observation, Verdict
from monitor.rules.conditions.base import Condition, History
from monitor.rules.conditions.groups import KEYS, by_group
from monitor.rules.durations import Span, in_words
from monitor.rules.schema import Strict

_PLURALS = {"story": "stories", "country": "countries"}


class CountSpec(Strict):
    """How many of what, in how long."""

    count: Annotated[int, Field(ge=1, le=100_000, strict=True)]
    within: Span
    distinct: Literal["story", "publisher", "owner", "speaker", "country"] = "story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Enough different ones in a window."""

    SPEC: ClassVar[type[BaseModel]] = CountSpec

    count: int
    within: timedelta
    distinct: str = "story"
    group: tuple[str, ...] = ()

    @classmethod
    def build(cls, spec: CountSpec, group: tuple[str, ...], *, confirmed: bool) -> Condition:
        del confirmed
        return cls(count=spec.count, within=spec.within, distinct=spec.distinct, group=group)

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        del new
        # twice the window, so that groups which fell below the count are judged once more and can end
        known = by_group(history.observations(rule, now - 2 * self.within), self.group)
        return [self._verdict(group, observations, now) for group, observations in known.items()]

    def _verdict(self, group: str, observations: Sequence[Observation], now: datetime) -> Verdict:
        recent = [each for each in observations if now - self.within < each.at <= now]
        values = {KEYS[self.distinct](each) for each in recent} - {""}
        firing = len(values) >= self.count and not all(each.historic for each in recent)
        what = _PLURALS.get(self.distinct, f"{self.distinct}s")
        reason = f"{len(values)} of {self.count} {what} in {in_words(self.within)}"
        return Verdict(
            group=group,
            firing=firing,
            reason=reason.replace(f" of {self.count}", "") if firing else reason,
            observations=tuple(recent) if firing else (),
        )
