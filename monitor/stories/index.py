"""Which readings share rare words with a new one: an inverted index over what is remembered, and nothing else."""

from collections import Counter, deque
from collections.abc import Iterable
from math import log

from monitor.stories.reading import Reading
from monitor.stories.words import EVERYDAY, EVERYDAY_OF

_POSTINGS = 300  # the newest that a stem keeps: an event's reports come close together
_RARE_STEMS = 7  # of a title, to propose candidates by
_CANDIDATES = 40


class Index:
    """Stems of the remembered titles, their weights and where they stand."""

    def __init__(self) -> None:
        self._size = 0
        self._used: Counter[str] = Counter()
        self._postings: dict[str, deque[str]] = {}

    def add(self, reading: Reading) -> None:
        self._size += 1
        for stem in reading.title:
            self._used[stem] += 1
            self._postings.setdefault(stem, deque(maxlen=_POSTINGS)).append(reading.id)

    def drop(self, reading: Reading) -> None:
        """Forget one that was added; the oldest first, so that its postings stand at the front."""
        self._size -= 1
        for stem in reading.title:
            self._used[stem] -= 1
            posted = self._postings[stem]
            if posted and posted[0] == reading.id:
                posted.popleft()
            if not self._used[stem]:
                del self._used[stem], self._postings[stem]

    def mass(self, stem: str) -> float:
        """How much it tells that two titles share this stem: its squared IDF over what is remembered.

        A prior of everyday words stands in for a stream that has only begun.
        """
        used = self._used.get(stem, 0) + EVERYDAY.get(stem, 1)
        return log(1 + (self._size + EVERYDAY_OF) / used) ** 2

    def candidates(self, stems: Iterable[str]) -> list[str]:
        """Ids of readings that share rare stems, those that share most first."""
        masses = sorted(((self.mass(stem), stem) for stem in stems if stem in self._postings), reverse=True)
        shared: Counter[str] = Counter()
        for mass, stem in masses[:_RARE_STEMS]:
            for known in self._postings[stem]:
                shared[known] += mass  # type: ignore[assignment]
        return [known for known, _ in shared.most_common(_CANDIDATES)]
