"""Stories as they grow: every item joins the story it is most like, or begins one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush, nlargest
from math import fsum

from monitor.model import Item
from monitor.stories.index import Index
from monitor.stories.likeness import Likeness, copies, differ
from monitor.stories.reading import Reading, read

_JOIN = 0.42
_RETITLED = 0.15  # is enough under one link; not nothing, since some outlets reuse an address for whatever is newest
_LOOK_BACK = 50  # items under one title or link: a bound for feeds that title everything alike
_NEAREST = 2  # members that must be alike on average: one odd member must not chain two events


class Stories:
    """The stories of the last days.

    What it knows is exactly what it has seen within the window, so a restart that remembers those items goes on as if
    nothing had happened. Items are forgotten by `first_seen_at`, our own clock, which no publisher can set; they are
    compared by `counts_at`, when the news counts, so an old item that comes late meets only the news of its own time,
    and one dated into the future counts when it was seen.
    """

    def __init__(self, window: timedelta = timedelta(hours=72)) -> None:
        self._window = window
        self._index = Index()
        self._known: dict[str, Reading] = {}
        self._story: dict[str, str] = {}
        self._printed: dict[int, tuple[Reading, ...]] = {}
        self._oldest: list[tuple[datetime, str]] = []
        self._newest_at: datetime | None = None

    def __len__(self) -> int:
        """How many items it remembers."""
        return len(self._known)

    def assign(self, items: Sequence[Item]) -> list[Item]:
        """The same items in the same order, each with its story: the id of the story's first item."""
        stories = {item.id: self._place(item) for item in _in_order(items)}
        return [replace(item, story=stories[item.id]) for item in items]

    def remember(self, items: Sequence[Item]) -> None:
        """Take up items that were grouped before, as after a restart; those without a story are left out."""
        for item in _in_order(items):
            if item.story and item.id not in self._known:
                self._forget(item.first_seen_at)
                self._keep(read(item), item.story)

    def _place(self, item: Item) -> str:
        if item.id in self._known:
            return self._story[item.id]
        self._forget(item.first_seen_at)
        reading = read(item)
        story = item.story or self._find(reading) or item.id
        self._keep(reading, story)
        return story

    def _find(self, reading: Reading) -> str | None:
        masses = self._index.masses()
        likeness = Likeness(reading, masses)
        copy = next(self._copies(reading, likeness), None)
        if copy:
            return self._story[copy.id]
        return self._most_alike(reading, likeness, self._index.candidates(reading.stems, masses))

    def _copies(self, reading: Reading, likeness: Likeness) -> Iterator[Reading]:
        for key in _keys(reading):
            for known in reversed(self._printed.get(key, ())):
                retitled = key == reading.link and not differ(reading, known) and likeness.to(known) >= _RETITLED
                if self._near(reading, known) and (retitled or copies(reading, known)):
                    yield known

    def _most_alike(self, reading: Reading, likeness: Likeness, candidates: Sequence[Reading]) -> str | None:
        """The story whose nearest members are most like it; those it must differ from count as not alike at all."""
        members: dict[str, list[tuple[float, Reading]]] = {}
        for known in candidates:
            if self._near(reading, known):
                members.setdefault(self._story[known.id], []).append((likeness.words(known), known))
        found = ((self._judged(reading, likeness, alike), story) for story, alike in members.items())
        best = max(found, default=(0.0, ""))
        return best[1] if best[0] >= _JOIN else None

    def _judged(self, reading: Reading, likeness: Likeness, members: Sequence[tuple[float, Reading]]) -> float:
        """How like a story is; what its words already rule out is not looked at closely."""
        highest = nlargest(_NEAREST, (words for words, _ in members))
        if fsum(highest) < _JOIN * len(highest):
            return 0.0
        alike = ((words * likeness.doubt(known), known.id) for words, known in members)
        return self._score(reading, nlargest(_NEAREST, alike))

    def _score(self, reading: Reading, nearest: Sequence[tuple[float, str]]) -> float:
        if fsum(score for score, _ in nearest) < _JOIN * len(nearest):
            return 0.0
        return fsum(score for score, id_ in nearest if not differ(reading, self._known[id_])) / len(nearest)

    def _near(self, reading: Reading, known: Reading) -> bool:
        return abs(known.at - reading.at) <= self._window

    def _keep(self, reading: Reading, story: str) -> None:
        self._known[reading.id] = reading
        self._story[reading.id] = story
        for key in _keys(reading):
            self._printed[key] = (*self._printed.get(key, ()), reading)[-_LOOK_BACK:]
        self._index.add(reading)
        heappush(self._oldest, (reading.seen_at, reading.id))

    def _forget(self, now: datetime) -> None:
        self._newest_at = max(now, self._newest_at or now)
        while self._oldest and self._oldest[0][0] < self._newest_at - self._window:
            gone = self._known.pop(heappop(self._oldest)[1])
            del self._story[gone.id]
            self._index.drop(gone)
            for key in _keys(gone):
                left = tuple(known for known in self._printed.pop(key, ()) if known is not gone)
                if left:
                    self._printed[key] = left


def _in_order(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.first_seen_at, item.counts_at, item.id))


def _keys(reading: Reading) -> list[int]:
    """What a copy is found by, the surest first."""
    return list(dict.fromkeys(key for key in (reading.text, reading.title, reading.link) if key))
