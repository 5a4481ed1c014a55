"""Which readings share rare words with a new one: an inverted index over what is remembered, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from heapq import nlargest
from math import log, log2

from monitor.stories.reading import Reading
from monitor.stories.words import EVERYDAY, EVERYDAY_OF

_NEWEST = 200  # readings that a stem proposes: reports of an event come close together
_RARE_STEMS = 7  # of a title, to propose by
_CANDIDATES = 20
_LEAST_SHARE = 0.12  # of a title; with less it could not be alike enough
_STEPS = 16  # from so many items to twice as many, each of them 4 %


class Masses(dict[str, float]):
    """How much it tells that two titles share a stem: its squared IDF over what is remembered, reckoned when asked.

    A prior of everyday words stands in for a stream that has only begun. How much is remembered counts in steps, so
    that a mass stays until its stem is used once more or less: the same after a restart, and seldom reckoned.
    """

    def __init__(self, used: Mapping[str, int], step: int) -> None:
        super().__init__()
        self._used = used
        self._of = 2 ** (step / _STEPS)

    def __missing__(self, stem: str) -> float:
        used = self._used.get(stem, 0) + EVERYDAY.get(stem, 1)
        mass = self[stem] = log(1 + self._of / used) ** 2
        return mass


class Index:
    """Stems of the remembered titles, their weights and where they stand."""

    def __init__(self) -> None:
        self._size = 0
        self._used: dict[str, int] = {}
        self._step = _step(0)
        self._masses = Masses(self._used, self._step)
        self._postings: dict[str, list[Reading]] = {}

    def add(self, reading: Reading) -> None:
        """Remember it as the newest."""
        self._resize(+1)
        for stem in reading.stems:
            self._used[stem] = self._used.get(stem, 0) + 1
            self._masses.pop(stem, None)
            posted = self._postings.setdefault(stem, [])
            posted.append(reading)
            if len(posted) > 2 * _NEWEST:
                del posted[:-_NEWEST]

    def drop(self, reading: Reading) -> None:
        """Forget one that was added."""
        self._resize(-1)
        for stem in reading.stems:
            self._used[stem] -= 1
            self._masses.pop(stem, None)
            posted = self._postings[stem]
            if reading in posted:
                posted.remove(reading)
            if not self._used[stem]:
                del self._used[stem], self._postings[stem]

    def masses(self) -> Masses:
        """What every stem weighs now; to be asked for anew after a change."""
        return self._masses

    def candidates(self, stems: Iterable[str], masses: Masses) -> list[Reading]:
        """Readings that share rare stems, those that share most first, and of these the newest."""
        heaviest = sorted(((masses[stem], stem) for stem in stems), reverse=True)
        least = _LEAST_SHARE * sum(mass for mass, _ in heaviest)
        shared: defaultdict[Reading, float] = defaultdict(float)
        for mass, stem in heaviest[:_RARE_STEMS]:
            for known in self._postings.get(stem, ())[-_NEWEST:]:
                shared[known] += mass
        enough = [known for known, mass in shared.items() if mass >= least]
        return nlargest(_CANDIDATES, reversed(enough), key=shared.__getitem__)

    def _resize(self, change: int) -> None:
        self._size += change
        step = _step(self._size)
        if step != self._step:
            self._step, self._masses = step, Masses(self._used, step)


def _step(size: int) -> int:
    return round(_STEPS * log2(size + EVERYDAY_OF))
