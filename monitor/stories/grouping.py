"""Stories as they grow: every item joins the story it is most like, or begins one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush, nlargest

from monitor.model import Item
from monitor.stories.index import Index
from monitor.stories.likeness import differ, likeness
from monitor.stories.reading import Reading, read

_JOIN = 0.36
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
        self._readings: dict[str, Reading] = {}
        self._story: dict[str, str] = {}
        self._by_text: dict[str, str] = {}
        self._by_link: dict[str, str] = {}
        self._oldest: list[tuple[datetime, str]] = []
        self._newest_at: datetime | None = None

    def assign(self, items: Sequence[Item]) -> list[Item]:
        """The same items in the same order, each with its story: the id of the story's first item."""
        stories = {item.id: self._place(item) for item in _in_order(items)}
        return [replace(item, story=stories[item.id]) for item in items]

    def remember(self, items: Sequence[Item]) -> None:
        """Take up items that were grouped before, as after a restart."""
        for item in _in_order(items):
            if item.story and item.id not in self._readings:
                self._forget(item.first_seen_at)
                self._keep(read(item), item.story)

    def _place(self, item: Item) -> str:
        if item.id in self._story:
            return self._story[item.id]
        self._forget(item.first_seen_at)
        reading = read(item)
        story = self._find(reading) or item.story or item.id
        self._keep(reading, story)
        return story

    def _find(self, reading: Reading) -> str | None:
        copy = self._near(reading, self._by_text.get(reading.text))
        if copy:
            return self._story[copy.id]
        same = self._near(reading, self._by_link.get(reading.link)) if reading.link else None
        if same and not differ(reading, same):
            return self._story[same.id]
        return self._most_alike(reading)

    def _most_alike(self, reading: Reading) -> str | None:
        scores: dict[str, list[float]] = {}
        for id_ in self._index.candidates(reading.title):
            known = self._near(reading, id_)
            if known:
                score = 0.0 if differ(reading, known) else likeness(reading, known, self._index.mass)
                scores.setdefault(self._story[id_], []).append(score)
        best = max(((_mean(nlargest(_NEAREST, found)), story) for story, found in scores.items()), default=(0.0, ""))
        return best[1] if best[0] >= _JOIN else None

    def _near(self, reading: Reading, id_: str | None) -> Reading | None:
        known = self._readings.get(id_) if id_ else None
        return known if known and abs(known.at - reading.at) <= self._window else None

    def _keep(self, reading: Reading, story: str) -> None:
        self._readings[reading.id] = reading
        self._story[reading.id] = story
        self._by_text[reading.text] = reading.id
        if reading.link:
            self._by_link[reading.link] = reading.id
        self._index.add(reading)
        heappush(self._oldest, (reading.seen_at, reading.id))

    def _forget(self, now: datetime) -> None:
        self._newest_at = max(now, self._newest_at or now)
        while self._oldest and self._oldest[0][0] < self._newest_at - self._window:
            gone = self._readings.pop(heappop(self._oldest)[1])
            del self._story[gone.id]
            self._index.drop(gone)
            for table, key in ((self._by_text, gone.text), (self._by_link, gone.link)):
                if table.get(key) == gone.id:
                    del table[key]


def _in_order(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.first_seen_at, item.counts_at, item.id))


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
