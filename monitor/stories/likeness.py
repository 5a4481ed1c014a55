"""How likely two items tell one event, and what rules it out."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from monitor.stories.numbers import agree
from monitor.stories.reading import Reading
from monitor.stories.words import PLACE

_EDITION = timedelta(hours=8)  # the same outlet after this long writes of something new, in the same words
_TALLY = timedelta(hours=10)  # a toll rises within hours; the next night's tally comes later
_LEAD = 0.6  # what a word of the summary counts, where one of a title counts 1

Mass = Callable[[str], float]


def differ(one: Reading, other: Reading) -> str | None:
    """Why these two tell different events whatever their words, or None."""
    gap = abs(one.at - other.at)
    if one.outlet == other.outlet and gap > _EDITION:
        return "a new edition of the same outlet"
    if agree(one.numbers, other.numbers) is False and gap > _TALLY:
        return "other numbers"
    if one.days and other.days and not one.days & other.days:
        return "another day of the week"
    return "a report and a piece about it" if one.aside != other.aside else None


def likeness(one: Reading, other: Reading, mass: Mass) -> float:
    """0 to 1: how much of each title the other one covers, less what their names and numbers have against it."""
    there = _covered(one, other, mass)
    back = _covered(other, one, mass)
    score = float((there * back) ** 0.5)
    if agree(one.numbers, other.numbers) is False:
        score *= 0.8
    if one.outlet == other.outlet:
        score *= 0.8
    return score * _names(one, other)


def _covered(one: Reading, other: Reading, mass: Mass) -> float:
    total = _sum(one.title, mass)
    both = _sum(one.title & other.title, mass) + _LEAD * _sum((one.title - other.title) & other.lead, mass)
    return both / total if total else 0.0


def _names(one: Reading, other: Reading) -> float:
    here, there = one.names - other.title - other.lead, other.names - one.title - one.lead
    places = any(n[0] == PLACE for n in here) and any(n[0] == PLACE for n in there)
    shared = one.names & other.title or other.names & one.title
    factor = 0.75 if places else 1.0
    return factor * (0.8 if here and there and not shared else 1.0)


def _sum(stems: Iterable[str], mass: Mass) -> float:
    return sum(map(mass, sorted(stems)))
