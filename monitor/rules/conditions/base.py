"""What a condition is: it looks at a rule's observations and answers with verdicts that give their reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import Observation, Verdict


class History(Protocol):
    """The observations stored so far, those just added among them. Oldest first, by `at`."""

    def observations(
        self, rule: str, since: datetime | None = None, limit: int | None = None
    ) -> Sequence[Observation]: ...


class Condition(Protocol):
    """When observations deserve an alert. Pure: the same history and time give the same verdicts."""

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        """The verdicts that this moment gives; none when there is nothing to say.

        Args:
            new: Those of the rule that were just added; empty when only time passed.
        """
        ...
