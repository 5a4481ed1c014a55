"""How much may be asked in a day: in all and for each rule. Days are those of UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was asked in a day.

    Attributes:
        by_rule: Calls.
    """

    by_rule: Mapping[str, int] = field(default_factory=dict)
    tokens: int = 0

    @property
    def calls(self) -> int:
        """Calls of all rules."""
        return sum(self.by_rule.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be asked in a day.

    Attributes:
        calls: Of all rules together.
        per_rule: Calls of one rule.
        tokens: As the service counts them, question and answer.
    """

    calls: int = 300
    per_rule: int = 100
    tokens: int = 500_000

    def empty(self, spent: Spent) -> bool:
        """Whether no rule may ask anything more."""
        return spent.calls >= self.calls or spent.tokens >= self.tokens

    def used_up(self, spent: Spent) -> set[str]:
        """The rules that may ask nothing more."""
        return {rule for rule, calls in spent.by_rule.items() if calls >= self.per_rule}

    def objection(self, spent: Spent) -> str:
        """What may not be asked any more today, in words, or ""."""
        if spent.calls >= self.calls:
            return f"{spent.calls} calls today, {self.calls} are allowed"
        if spent.tokens >= self.tokens:
            return f"{spent.tokens} tokens today, {self.tokens} are allowed"
        rules = ", ".join(sorted(self.used_up(spent)))
        return f"{self.per_rule} calls today are allowed to each rule, and made by {rules}" if rules else ""


def day_of(now: datetime) -> datetime:
    """When the day of this moment began."""
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)
