"""Packages of aid as conditions add them up: those of the ledger, so that all three agree to the cent."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from monitor.model import Observation
from monitor.rules.ledger import WITHIN, Package

OLD_PACKAGE = 4 * WITHIN  # what became known before a window is not new because it is told again in it
BILLION, MILLION, THOUSAND = Decimal(10**9), Decimal(10**6), Decimal(10**3)


def sum_of(found: Iterable[Package]) -> Decimal:
    """Their sums in US dollars; those that nobody tells, or for which there is no rate, add nothing."""
    return sum((package.usd for package in found), Decimal(0))


def reports_of(found: Iterable[Package], known: Iterable[Observation]) -> tuple[Observation, ...]:
    """The observations that tell of these packages, oldest first."""
    told = {id_ for package in found for id_ in package.observation_ids}
    return tuple(sorted((each for each in known if each.id in told), key=lambda each: (each.at, each.id)))


def all_historic(found: Sequence[Package]) -> bool:
    """Whether only first polls brought them, so that they are no news."""
    return all(package.historic for package in found)


def dollars(usd: Decimal) -> str:
    """A sum as a reader likes it: "1.2bn USD"."""
    for size, name in ((BILLION, "bn"), (MILLION, "m"), (THOUSAND, "k")):
        if usd >= size:
            return f"{_short(usd / size)}{name} USD"
    return f"{_short(usd)} USD"


def _short(value: Decimal) -> str:
    return f"{value:.1f}".removesuffix(".0")
