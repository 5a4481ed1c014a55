"""How likely two items tell one event, and what rules it out."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from math import fsum, sqrt

from monitor.stories.days import other_day
from monitor.stories.numbers import agree
from monitor.stories.reading import Reading
from monitor.stories.words import PLACE

_EDITION = timedelta(hours=8)  # after this long an outlet writes of something new, in the same words
_TALLY = timedelta(hours=10)  # a toll rises within hours; the tally of the next night comes later
_ANOTHER = timedelta(hours=12)
_LEAD = 0.6  # what a word of the summary counts, where one of a title counts 1


def differ(one: Reading, other: Reading) -> str | None:
    """Why these two tell different events whatever their words, or None."""
    gap = abs(one.at - other.at)
    if one.outlet == other.outlet and gap > _EDITION:
        return "a new edition of the same outlet"
    if gap > _TALLY and agree(one.numbers, other.numbers) is False:
        return "other numbers"
    if gap > _ANOTHER and one.again != other.again:
        return "it happened again"
    if other_day(one.days, other.days):
        return "another day"
    if _renamed(one, other):
        return "the same of another name"
    return "a report and a piece about it" if one.aside != other.aside else None


def _renamed(one: Reading, other: Reading) -> bool:
    """Whether two titles are one sentence about two places, or two persons: nothing but these tells them apart."""
    here, there = set(one.stems).difference(other.stems), set(other.stems).difference(one.stems)
    if not here or not there or not (here <= one.names and there <= other.names):
        return False
    return not {_is_place(name) for name in here}.isdisjoint(_is_place(name) for name in there)


def _is_place(name: str) -> bool:
    return name.startswith(PLACE)


def copies(one: Reading, other: Reading) -> bool:
    """Whether one is the other printed again: the same title, and no two summaries that an outlet wrote apart."""
    if one.text == other.text:
        return True
    return one.title == other.title and not (one.told and other.told and differ(one, other))


class Likeness:
    """How much of each title another one covers, less what their names and numbers have against it: 0 to 1.

    Args:
        masses: What every stem weighs.
    """

    def __init__(self, reading: Reading, masses: Mapping[str, float]) -> None:
        self._reading = reading
        self._mass = masses.__getitem__
        self._stems = frozenset(reading.stems)
        self._lead = frozenset(reading.lead)
        self._total = self._sum(reading.stems)

    def to(self, other: Reading) -> float:
        """The likeness of the other one to the reading this was made for."""
        return self.words(other) * self.doubt(other)

    def words(self, other: Reading) -> float:
        """What the words alone say."""
        shared = self._sum(self._stems.intersection(other.stems))
        there = shared + _LEAD * self._sum(self._stems.intersection(other.lead))
        back = shared + _LEAD * self._sum(self._lead.intersection(other.stems))
        total = self._total * self._sum(other.stems)
        return sqrt(there * back / total) if total else 0.0

    def doubt(self, other: Reading) -> float:
        """What numbers, names, outlet and time leave of that: 0 to 1."""
        return _doubt(self._reading, other)

    def _sum(self, stems: Iterable[str]) -> float:
        return fsum(map(self._mass, stems))


def _doubt(one: Reading, other: Reading) -> float:
    numbers = 0.8 if agree(one.numbers, other.numbers) is False else 1.0
    outlet = 0.8 if one.outlet == other.outlet else 1.0
    return numbers * outlet * _names(one, other) * _fresh(abs(one.at - other.at))


def _fresh(gap: timedelta) -> float:
    """Reports of one event come within hours; what comes a day later in the same words is mostly the next step."""
    return 1 - 0.4 * min(1.0, gap / timedelta(hours=72))


def _names(one: Reading, other: Reading) -> float:
    here = one.names.difference(other.stems, other.lead)
    there = other.names.difference(one.stems, one.lead)
    if not here or not there:
        return 1.0
    places = any(map(_is_place, here)) and any(map(_is_place, there))
    shared = one.names.intersection(other.stems) or other.names.intersection(one.stems)
    return (0.75 if places else 1.0) * (1.0 if shared else 0.8)
