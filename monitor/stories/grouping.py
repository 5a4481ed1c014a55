"""Stories as they grow: every item joins the story it is most like, or begins one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush, nlargest
from itertools import islice
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
        self._printed: dict[str, list[Reading]] = {}
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
        likeness = Likeness(reading, self._index.mass)
        copy = next(self._copies(reading, likeness), None)
        return self._story[copy.id] if copy else self._most_alike(reading, likeness)

    def _copies(self, reading: Reading, likeness: Likeness) -> Iterator[Reading]:
        for key in _keys(reading):
            for known in islice(reversed(self._printed.get(key, ())), _LOOK_BACK):
                retitled = key == reading.link and not differ(reading, known) and likeness.to(known) >= _RETITLED
                if self._near(reading, known) and (retitled or copies(reading, known)):
                    yield known

    def _most_alike(self, reading: Reading, likeness: Likeness) -> str | None:
        """The story whose nearest members are most like it; those it must differ from count as not alike at all."""
        found: dict[str, list[tuple[float, bool]]] = {}
        for known in self._index.candidates(reading.stems):
            if self._near(reading, known):
                pair = likeness.to(known), not differ(reading, known)
                found.setdefault(self._story[known.id], []).append(pair)
        best = max(((_score(nlargest(_NEAREST, pairs)), story) for story, pairs in found.items()), default=(0.0, ""))
        return best[1] if best[0] >= _JOIN else None

    def _near(self, reading: Reading, known: Reading) -> bool:
        return abs(known.at - reading.at) <= self._window

    def _keep(self, reading: Reading, story: str) -> None:
        self._known[reading.id] = reading
        self._story[reading.id] = story
        for key in _keys(reading):
            self._printed.setdefault(key, []).append(reading)
        self._index.add(reading)
        heappush(self._oldest, (reading.seen_at, reading.id))

    def _forget(self, now: datetime) -> None:
        self._newest_at = max(now, self._newest_at or now)
        while self._oldest and self._oldest[0][0] < self._newest_at - self._window:
            gone = self._known.pop(heappop(self._oldest)[1])
            del self._story[gone.id]
            self._index.drop(gone)
            for key in _keys(gone):
                self._printed[key].remove(gone)
                if not self._printed[key]:
                    del self._printed[key]


def _in_order(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.first_seen_at, item.counts_at, item.id))


def _keys(reading: Reading) -> list[str]:
    """What a copy is found by, the surest first."""
    return list(dict.fromkeys(key for key in (reading.text, reading.title, reading.link) if key))


def _score(nearest: Sequence[tuple[float, bool]]) -> float:
    return fsum(alike * allowed for alike, allowed in nearest) / len(nearest)
