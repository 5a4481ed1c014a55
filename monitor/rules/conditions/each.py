"""`each`: an observation arrived; one alert per story, later reports join it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import BaseModel

from monitor.model import Observation, Verdict
from monitor.rules.conditions.base import Condition, History
from monitor.rules.conditions.groups import by_group, publishers
from monitor.rules.schema import Strict

_CONFIRMABLE = timedelta(days=30)


class EachSpec(Strict):
    """Nothing but the word."""

    each: Literal[True]


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """Every observation.

    Attributes:
        whole_story: Also give the story's earlier observations, so that they can confirm each other.
    """

    SPEC: ClassVar[type[BaseModel]] = EachSpec

    group: tuple[str, ...] = ("story",)
    whole_story: bool = False

    @classmethod
    def build(cls, spec: EachSpec, group: tuple[str, ...], *, confirmed: bool) -> Condition:
        del spec
        return cls(group=group or ("story",), whole_story=confirmed)

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        groups = by_group((each for each in new if not each.historic), self.group)
        if groups and self.whole_story:
            known = by_group(history.observations(rule, now - _CONFIRMABLE), self.group)
            groups = {group: known.get(group) or fresh for group, fresh in groups.items()}
        return [
            Verdict(group=group, firing=True, reason=_reason(observations), observations=tuple(observations))
            for group, observations in groups.items()
        ]


def _reason(observations: Sequence[Observation]) -> str:
    reports = "1 report" if len(observations) == 1 else f"{len(observations)} reports"
    names = publishers(observations)
    return f"{reports} by {', '.join(names[:5])}" if names else reports
