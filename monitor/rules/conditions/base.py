"""What a condition is: it looks at a rule's observations and answers with verdicts that give their reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel

from monitor.model import Observation, Verdict


class History(Protocol):
    """The observations stored so far, those just added among them. Oldest first, by `at`."""

    def observations(
        self, rule: str, since: datetime | None = None, limit: int | None = None
    ) -> Sequence[Observation]: ...


@runtime_checkable
class Watch(Protocol):
    """A history that also knows how long, without a gap, the feeds have been polled."""

    def watched_since(self, rule: str, now: datetime) -> datetime | None:
        """Since when the feeds a rule reads have been polled with success; None when they are not now."""
        ...


@runtime_checkable
class Health(Protocol):
    """A history that can say what keeps it from watching."""

    def unwatched(self, rule: str, now: datetime) -> str:
        """What is not watched now, e.g. "3 of 9 feeds failing since 14:05 UTC"; "" when all is."""
        ...


@runtime_checkable
class Reads(Protocol):
    """A condition that looks at other rules, so that it is judged when one of them observes something."""

    @property
    def reads(self) -> tuple[str, ...]: ...


@runtime_checkable
class Lasts(Protocol):
    """A condition that ends its alerts itself, and between firing and ending says nothing.

    Attributes:
        lasts: How long an alert lives at most without a new report, where its rule does not say: not so short that it
            ends in between, and then opens once more for the same cause.
    """

    @property
    def lasts(self) -> timedelta: ...


class Condition(Protocol):
    """When observations deserve an alert. Pure: the same history and time give the same verdicts."""

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        """The verdicts that this moment gives; none when there is nothing to say.

        Args:
            new: Those of the rule that were just added; empty when only time passed.
        """
        ...


class ConditionKind(Protocol):
    """One line of the table `CONDITIONS`.

    Attributes:
        SPEC: What may stand below `when`, the condition's own key included.
    """

    @property
    def SPEC(self) -> type[BaseModel]: ...

    def build(self, spec: Any, group: tuple[str, ...], *, confirmed: bool) -> Condition:
        """The condition for one alert.

        Args:
            spec: A `SPEC` that was accepted.
            group: The alert's `group:`; empty for the condition's own way.
            confirmed: Whether its verdicts must hold everything that could confirm them.
        """
        ...


# --- what all of them ask and answer --------------------------------------------------------------------------------

_LOOKBACK = timedelta(days=3660)


def watched_since(history: History, rule: str, now: datetime) -> datetime | None:
    """Since when we have watched without a gap; None when we do not now.

    A history that does not know its watch is asked for the rule's first observation that was not mere history: it
    shows that we were looking then, though not that no feed failed since.
    """
    if isinstance(history, Watch):
        return history.watched_since(rule, now)
    return next((each.at for each in history.observations(rule, now - _LOOKBACK) if not each.historic), None)


def unwatched(history: History, rule: str, now: datetime) -> str:
    """What is not watched now, in words; "" when all is, or nobody knows."""
    return history.unwatched(rule, now) if isinstance(history, Health) else ""


def why_unwatched(history: History, rule: str, now: datetime) -> str:
    """Why nothing can be said now, in words."""
    failing = unwatched(history, rule, now)
    return f"not watched: {failing}" if failing else "not known since when the feeds have been watched"


def quiet(reason: str, group: str = "") -> Verdict:
    """There is no cause for an alert, and an open one may end."""
    return Verdict(group=group, firing=False, reason=reason)


def undecided(reason: str, group: str = "") -> Verdict:
    """There is no cause for an alert, and none to end an open one."""
    return Verdict(group=group, firing=False, reason=reason, holds=True)
