"""How much may be asked: in 24 hours, in all and for each rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was asked within the window.

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
    """What may be asked within 24 hours.

    Attributes:
        calls: Of all rules together.
        per_rule: Calls of one rule.
        tokens: As the service counts them, question and answer.
    """

    calls: int = 300
    per_rule: int = 100
    tokens: int = 500_000

    def objection(self, spent: Spent) -> str:
        """Why nothing more may be asked now, or ""."""
        if spent.calls >= self.calls:
            return f"{spent.calls} calls in 24 hours, {self.calls} are allowed"
        if spent.tokens >= self.tokens:
            return f"{spent.tokens} tokens in 24 hours, {self.tokens} are allowed"
        return ""

    def used_up(self, spent: Spent) -> tuple[str, ...]:
        """The rules that may ask nothing more now."""
        return tuple(rule for rule, calls in spent.by_rule.items() if calls >= self.per_rule)
