"""`{silence: 21d}`: nothing came, although we were watching."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import BaseModel

from monitor.model import Observation, Verdict
from monitor.rules.conditions.base import Condition, History, quiet, unwatched, watched_since, why_unwatched
from monitor.rules.durations import Span, in_words, rounded
from monitor.rules.schema import Strict


class SilenceSpec(Strict):
    """For how long."""

    silence: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """No observation for a span that was watched from end to end."""

    SPEC: ClassVar[type[BaseModel]] = SilenceSpec

    span: timedelta

    @classmethod
    def build(cls, spec: SilenceSpec, group: tuple[str, ...], *, confirmed: bool) -> Condition:
        del group, confirmed
        return cls(span=spec.silence)

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        del new
        recent = history.observations(rule, now - self.span)
        if recent:
            last = recent[-1].at
            return [quiet(f"last seen {in_words(rounded(now - last))} ago, less than {in_words(self.span)}")]
        since = watched_since(history, rule, now)
        if since is None:
            return [quiet(why_unwatched(history, rule, now))]
        if now - since < self.span:
            return [quiet(f"watched for {in_words(rounded(now - since))} of {in_words(self.span)}")]
        failing = unwatched(history, rule, now)
        watched = f"watched without a gap{f', though {failing}' if failing else ''}"
        return [Verdict(group="", firing=True, reason=f"nothing for {in_words(self.span)}, {watched}")]
