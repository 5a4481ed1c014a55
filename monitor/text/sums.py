"""When two readings of a package say the same: sums of money, and how far it has come."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from monitor.model import Amount

STAGES = ("announced", "approved", "contracted", "delivered")
_ROUNDING = Decimal("0.01")  # "945.7 million" and "946 million"
_CONVERSION = Decimal("0.03")  # the same sum in two currencies, each publisher at the rate of its day


def same_sum(one: Amount, other: Amount) -> bool:
    """Whether both are the same money, rounded or in another currency."""
    if one.currency == other.currency:
        return _alike(one.value, other.value, _ROUNDING)
    return one.usd is not None and other.usd is not None and _alike(one.usd, other.usd, _CONVERSION)


def figure(amounts: Sequence[Amount], headline: str) -> Amount | None:
    """The new money among these: the largest sum of the headline, or else of the text; never a running total."""
    new = [amount for amount in amounts if not amount.total and amount.value > 0]
    shown = [amount for amount in new if amount.words and amount.words in headline] or new
    largest = max(shown, key=_worth, default=None)
    return next((amount for amount in shown if largest and same_sum(amount, largest)), None)


def furthest(stages: Iterable[str]) -> str:
    """The last stage reached among these, "" when there is none."""
    reached = set(stages)
    return next((stage for stage in reversed(STAGES) if stage in reached), "")


def _alike(one: Decimal, other: Decimal, share: Decimal) -> bool:
    return abs(one - other) <= share * max(one, other)


def _worth(amount: Amount) -> Decimal:
    return amount.usd if amount.usd is not None else Decimal(0)
