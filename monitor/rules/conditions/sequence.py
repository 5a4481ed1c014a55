"""`{sequence: [rule-a, rule-b], within: 5d}`: A, then B; with `without: rule-c` A and then, in that time, no C."""

from collections.abc import Sequence as Sequence_
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field, model_validator

from monitor.model import Observation, Verdict
from monitor.rules.conditions.base import Condition, History
from monitor.rules.durations import Span, in_words
from monitor.rules.schema import Id, Strict


class SequenceSpec(Strict):
    """Which rules, in which order, in how long."""

    sequence: Annotated[list[Id], Field(min_length=1, max_length=10)]
    within: Span
    without: Id | None = None

    @model_validator(mode="after")
    def _two_steps(self) -> "SequenceSpec":
        if len(self.sequence) < 2 and self.without is None:
            raise ValueError("a sequence has two rules or more, or one rule and without:")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """Observations of several rules, one after the other."""

    SPEC: ClassVar[type[BaseModel]] = SequenceSpec

    steps: tuple[str, ...]
    within: timedelta
    without: str | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        return (*self.steps, self.without) if self.without else self.steps

    @classmethod
    def build(cls, spec: SequenceSpec, group: tuple[str, ...], *, confirmed: bool) -> Condition:
        del group, confirmed
        return cls(steps=tuple(spec.sequence), within=spec.within, without=spec.without)

    def judge(self, rule: str, new: Sequence_[Observation], history: History, now: datetime) -> Sequence_[Verdict]:
        del rule, new
        since = now - self.within if self.without is None else now - 2 * self.within
        seen = [history.observations(step, since) for step in self.steps]
        chain = _latest_chain(seen, self.within, before=now if self.without is None else now - self.within)
        if chain and self.without is not None and _came(history.observations(self.without, chain[-1].at), chain[-1]):
            chain = ()
        if not chain or all(each.historic for each in chain):
            return [Verdict(group="", firing=False, reason=self._words("not"))]
        return [Verdict(group="", firing=True, reason=self._words(""), observations=chain)]

    def _words(self, negation: str) -> str:
        steps = " then ".join(self.steps) + (f" without {self.without}" if self.without else "")
        return f"{negation} {steps} within {in_words(self.within)}".strip()


def _latest_chain(
    seen: Sequence_[Sequence_[Observation]], within: timedelta, *, before: datetime
) -> tuple[Observation, ...]:
    """The newest observation of the last rule, with the newest fitting one of each rule before it; or nothing."""
    for last in reversed([each for each in seen[-1] if each.at <= before]):
        chain = [last]
        for earlier in reversed(seen[:-1]):
            fits = [each for each in earlier if each.at <= chain[0].at and last.at - each.at <= within]
            chain = [max(fits, key=lambda each: each.at), *chain] if fits else []
            if not chain:
                break
        if chain:
            return tuple(chain)
    return ()


def _came(observations: Sequence_[Observation], after: Observation) -> bool:
    return any(each.at >= after.at for each in observations)
