"""How many messages a reader gets in a while: what is over the budget is held for one summary, and never dropped.

A publisher that republishes its archive, or a rule gone wrong, uses up its share; the others keep theirs. Critical
alerts have a budget of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.alerts.schedule import Hold
from monitor.model import Alert, Severity

STORM = "storm"
_BEGINNING = datetime(2000, 1, 3, tzinfo=UTC)  # a Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one route may be sent at once.

    Attributes:
        messages: Within any window; 0 sets no bound.
        share: What one publisher, or one rule, may use of it.
    """

    messages: int = 30
    window: timedelta = timedelta(hours=1)
    share: float = 0.5

    @property
    def each(self) -> int:
        """The messages about one publisher, or of one rule."""
        return max(1, int(self.messages * self.share))


def over_budget(alert: Alert, told: Sequence[Alert], budget: Allowance, now: datetime) -> Hold | None:
    """Why the alert must wait, or None while there is room.

    Args:
        told: What the route was sent at once within the window, one alert for each message.
    """
    if not budget.messages:
        return None
    like = [other for other in told if _critical(other) == _critical(alert)]
    why = _why(alert, like, budget)
    until = summary_at(budget, now)
    return Hold(until=until, bundle=STORM, reason=f"{why}; summary at {until:%H:%M} UTC") if why else None


def summary_at(budget: Allowance, now: datetime) -> datetime:
    """When what is over the budget is summed up: at the same moments for all that wait."""
    return _BEGINNING + budget.window * ((now - _BEGINNING) // budget.window + 1)


def _why(alert: Alert, told: Sequence[Alert], budget: Allowance) -> str:
    shares: tuple[tuple[str, Callable[[Alert], str]], ...] = (("publisher", _publisher), ("rule", _rule))
    if len(told) >= budget.messages:
        return f"{len(told)} messages within {_minutes(budget)}"
    for word, of in shares:
        same = sum(of(other) == of(alert) for other in told) if of(alert) else 0
        if same >= budget.each:
            return f'{same} messages of the {word} "{of(alert)}" within {_minutes(budget)}'
    return ""


def _critical(alert: Alert) -> bool:
    return alert.severity is Severity.CRITICAL


def _publisher(alert: Alert) -> str:
    """Who reported it first."""
    return alert.publishers[0] if alert.publishers else ""


def _rule(alert: Alert) -> str:
    return alert.rule


def _minutes(budget: Allowance) -> str:
    return f"{budget.window // timedelta(minutes=1)} min"
