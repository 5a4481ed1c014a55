"""Packages of aid: what several reports of one story give, counted once; running totals are not new money."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from monitor.model import Amount, Observation
from monitor.rules.conditions.groups import stories

BILLION, MILLION, THOUSAND = Decimal(10**9), Decimal(10**6), Decimal(10**3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package.

    Attributes:
        amount: The sum that most reports give; None when none gives one.
        reports: Oldest first.
    """

    donor: str
    amount: Amount | None
    reports: tuple[Observation, ...]

    @property
    def at(self) -> datetime:
        """When it became known."""
        return self.reports[0].at

    @property
    def usd(self) -> Decimal:
        """Its sum in US dollars; 0 where there is none, or no rate for its currency."""
        return self.amount.usd or Decimal(0) if self.amount else Decimal(0)

    @property
    def historic(self) -> bool:
        """Whether only first polls brought it."""
        return all(each.historic for each in self.reports)


def packages(observations: Sequence[Observation]) -> list[Package]:
    """One for each story, oldest first; stories that give the same sum for the same donor are one package.

    A headline that does not name the donor may be about any package of that sum.
    """
    found: list[Package] = []
    for reports in stories(observations):
        package = _of_story(reports)
        same = next((number for number, known in enumerate(found) if _same(known, package)), None)
        if same is None:
            found.append(package)
        else:
            found[same] = _joined(found[same], package)
    return found


def dollars(usd: Decimal) -> str:
    """A sum as a reader likes it: "1.2bn USD"."""
    for size, name in ((BILLION, "bn"), (MILLION, "m"), (THOUSAND, "k")):
        if usd >= size:
            return f"{_short(usd / size)}{name} USD"
    return f"{_short(usd)} USD"


def _short(value: Decimal) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _of_story(reports: Sequence[Observation]) -> Package:
    donor = next((each.donor for each in reports if each.donor), "")
    return Package(donor=donor, amount=_agreed(reports), reports=tuple(reports))


def _agreed(reports: Iterable[Observation]) -> Amount | None:
    """The largest sum of each report, as most of them give it; the first of these where they disagree."""
    largest = [amount for each in reports if (amount := _largest(each.amounts)) is not None]
    counted = Counter((amount.value, amount.currency) for amount in largest)
    return max(largest, key=lambda amount: counted[amount.value, amount.currency], default=None)


def _largest(amounts: Iterable[Amount]) -> Amount | None:
    fresh = [amount for amount in amounts if not amount.total]
    return max(fresh, key=lambda amount: amount.usd or Decimal(0), default=None)


def _same(one: Package, other: Package) -> bool:
    if one.amount is None or other.amount is None:
        return False
    sums = (one.amount.value, one.amount.currency) == (other.amount.value, other.amount.currency)
    return sums and (one.donor == other.donor or not one.donor or not other.donor)


def _joined(one: Package, other: Package) -> Package:
    return Package(donor=one.donor or other.donor, amount=one.amount, reports=(*one.reports, *other.reports))
