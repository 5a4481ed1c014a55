"""What a condition is: it looks at a rule's observations and answers with verdicts that give their reason."""

from collections.abc import Sequence
from datetime import datetime
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
