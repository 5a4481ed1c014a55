"""What grouping costs as a month goes by: `python benchmarks/stories.py [--days 30] [--per-day 20000]`.

The news is made up: words as unequally common as in real headlines, events that several outlets report in their own
words within a day. Prints items a second for every day, and how much dearer an item of the last day is than one of the
first full one. Memory is what Python holds (tracemalloc would slow it down): the process's own peak.
"""

import argparse
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from monitor.model import Item
from monitor.stories import Stories

_START = datetime(2025, 1, 1, tzinfo=UTC)
_WORDS = 40_000
_REPORTS = (1, 1, 1, 1, 2, 2, 3, 5, 12)  # of an event, each as likely
_WARM = 3  # days until the window is full


class Press:
    """Outlets that report made-up events."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        letters = "bcdfghklmnprstvz"
        self._words = [
            "".join(self._random.choice(letters) + self._random.choice("aeiou") for _ in range(4))
            for _ in range(_WORDS)
        ]
        self._weights = list(accumulate(1 / (rank + 10) for rank in range(_WORDS)))

    def day(self, number: int, count: int) -> list[Item]:
        """The items of a day, in the order they come."""
        items: list[Item] = []
        while len(items) < count:
            items.extend(self._event(number, len(items)))
        return sorted(items[:count], key=lambda item: item.first_seen_at)

    def _event(self, day: int, first: int) -> Iterator[Item]:
        words = self._pick(11)
        begins = self._random.uniform(0, 20)
        for report in range(self._random.choice(_REPORTS)):
            at = _START + timedelta(days=day, hours=begins + self._random.uniform(0, 4))
            title = " ".join([*self._random.sample(words, 8), *self._pick(2)]).capitalize()
            name = f"outlet{self._random.randrange(900)}"
            yield Item(
                id=f"{day}-{first + report}",
                feed_id=name,
                publisher=name,
                title=title,
                summary=" ".join(self._pick(20)),
                link=f"https://{name}.example/{day}/{first + report}",
                first_seen_at=at,
            )

    def _pick(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=count)


def main() -> None:
    """Runs the month and prints its table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--days", type=int, default=30)
    options.add_argument("--per-day", type=int, default=20_000)
    chosen = options.parse_args()
    press, stories, costs = Press(), Stories(), list[float]()
    for day in range(chosen.days):
        items = press.day(day, chosen.per_day)
        costs.append(_cost(stories, items) / len(items))
        print(
            f"day {day + 1:2}: {1 / costs[-1]:7,.0f} items/s  {len(stories):7,} remembered  {_peak_mb():5.0f} MB peak",
            flush=True,
        )
    full = costs[min(_WARM, len(costs) - 1)]
    print(f"cost of an item, last day to first: {costs[-1] / costs[0]:.2f}; to first full: {costs[-1] / full:.2f}")


def _cost(stories: Stories, items: list[Item]) -> float:
    begun = time.process_time()
    for item in items:
        stories.assign([item])
    return time.process_time() - begun


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
