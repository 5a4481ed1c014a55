"""`{total: amount, at_least: 1bn USD, within: 7d}`: packages add up, each counted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, WithJsonSchema

from monitor.model import Observation, Verdict
from monitor.rules.conditions.base import Condition, History, quiet
from monitor.rules.conditions.groups import by_group
from monitor.rules.conditions.guard import parse_amount
from monitor.rules.conditions.packages import OLD_PACKAGE, all_historic, dollars, reports_of, sum_of
from monitor.rules.durations import Span, in_words
from monitor.rules.ledger import Package, packages
from monitor.rules.schema import Strict


def _dollars(value: Any) -> Any:
    amount, currency = parse_amount(str(value))
    if currency != "USD":
        raise ValueError(f'"{value}": write the sum in USD; other currencies are converted at a dated reference rate')
    return amount


Dollars = Annotated[Decimal, BeforeValidator(_dollars), WithJsonSchema({"type": "string", "examples": ["1bn USD"]})]


class TotalSpec(Strict):
    """How much in how long."""

    total: Literal["amount"]
    at_least: Dollars
    within: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The sums of the packages that became known in a window reach a limit."""

    SPEC: ClassVar[type[BaseModel]] = TotalSpec

    at_least: Decimal
    within: timedelta
    group: tuple[str, ...] = ()

    @classmethod
    def build(cls, spec: TotalSpec, group: tuple[str, ...], *, confirmed: bool) -> Condition:
        del confirmed
        return cls(at_least=spec.at_least, within=spec.within, group=group)

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        del new
        known = history.observations(rule, now - self.within - OLD_PACKAGE)
        groups = by_group((each for each in known if each.at <= now), self.group) or {"": []}
        return [self._verdict(group, found, now) for group, found in groups.items()]

    def _verdict(self, group: str, known: Sequence[Observation], now: datetime) -> Verdict:
        recent = [each for each in packages(known) if each.first_seen_at > now - self.within and each.amount]
        total = sum_of(recent)
        reason = self._reason(recent, total)
        if total < self.at_least or all_historic(recent):
            return quiet(reason, group)
        return Verdict(group=group, firing=True, reason=reason, observations=reports_of(recent, known))

    def _reason(self, recent: Sequence[Package], total: Decimal) -> str:
        count = "1 package" if len(recent) == 1 else f"{len(recent)} packages"
        unknown = sum(each.amount is not None and each.amount.usd is None for each in recent)
        left_out = f", {unknown} of them without a rate left out" if unknown else ""
        return f"{dollars(total)} of {dollars(self.at_least)} in {in_words(self.within)}, {count}{left_out}"
