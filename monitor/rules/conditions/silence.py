"""`{silence: 21d}`: nothing came, although we were watching."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import BaseModel

from monitor.model import Observation, Verdict
from monitor.rules.conditions.base import Condition, History, Watch
from monitor.rules.durations import Span, in_words
from monitor.rules.schema import Strict

_LOOKBACK = timedelta(days=3660)


class SilenceSpec(Strict):
    """For how long."""

    silence: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """No observation for a span that was watched from end to end.

    A history that knows its watch (`base.Watch`) decides when it began. Without one the rule's first observation that
    was not mere history does: that shows that we were looking then, though not that no feed failed since.
    """

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
            return [_quiet(f"last seen {in_words(_rounded(now - last))} ago, less than {in_words(self.span)}")]
        since = self._watched_since(rule, history, now)
        if since is None:
            return [_quiet("not known since when the feeds have been watched")]
        if now - since < self.span:
            return [_quiet(f"watched for {in_words(_rounded(now - since))} of {in_words(self.span)}")]
        return [Verdict(group="", firing=True, reason=f"nothing for {in_words(self.span)}, watched without a gap")]

    def _watched_since(self, rule: str, history: History, now: datetime) -> datetime | None:
        if isinstance(history, Watch):
            return history.watched_since(rule, now)
        watched = (each.at for each in history.observations(rule, now - _LOOKBACK) if not each.historic)
        return next(watched, None)


def _quiet(reason: str) -> Verdict:
    return Verdict(group="", firing=False, reason=reason)


def _rounded(span: timedelta) -> timedelta:
    """Whole days, or whole hours below two days: nobody reads seconds of a silence."""
    unit = timedelta(days=1) if span >= timedelta(days=2) else timedelta(hours=1)
    return unit * (span // unit)
