"""What the store costs: items a second beside a bare executemany, and claims among 100,000 feeds.

Run it with `python benchmarks/store.py`. Both sides commit 500 items at a time into a SQLite file with the same tables,
indexes and durability. The bare side gets rows that are ready; the store converts, and tells the new from the known.
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.model import Feed, Item
from monitor.store import Store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ITEMS, AT_ONCE, FEEDS, ROUNDS = 20_000, 500, 100_000, 5
COLUMNS = [field.name for field in fields(Item)]

Rows = Sequence[Sequence[object]]


def main() -> None:
    """Measure both sides in turn, and print the table."""
    batches = [[_item(first + number) for number in range(AT_ONCE)] for first in range(0, ITEMS, AT_ONCE)]
    with tempfile.TemporaryDirectory() as folder:
        ratios = [_compare(Path(folder), turn, batches) for turn in range(ROUNDS)]
        print(f"items, median of {ROUNDS}: {statistics.median(ratios):.2f} times executemany")
        _claims(Path(folder) / "feeds.db")


def _compare(folder: Path, turn: int, batches: Sequence[Sequence[Item]]) -> float:
    ours = _through_store(folder / f"store-{turn}.db", batches)
    bare = _executemany(folder / f"bare-{turn}.db", batches)
    print(f"items: store {ITEMS / ours:,.0f}/s, executemany {ITEMS / bare:,.0f}/s, ratio {ours / bare:.2f}")
    return ours / bare


def _through_store(path: Path, batches: Sequence[Sequence[Item]]) -> float:
    with closing(_store(path)) as store:

        def run() -> None:
            for batch in batches:
                with store.unit() as unit:
                    unit.add_items(batch)

        seconds = _timed(run)
        assert store.counts().items == ITEMS
        return seconds


def _executemany(path: Path, batches: Sequence[Sequence[Item]]) -> float:
    _store(path).close()
    into_item = f"INSERT INTO item ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
    into_key = "INSERT INTO item_key (feed_id, key, item_id) VALUES (?, ?, ?)"
    ready: list[tuple[Rows, Rows]] = [
        ([_row(item) for item in batch], [(item.feed_id, key, item.id) for item in batch for key in item.keys])
        for batch in batches
    ]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=FULL")

        def run() -> None:
            for items, keys in ready:
                connection.executemany(into_item, items)
                connection.executemany(into_key, keys)
                connection.commit()

        return _timed(run)


def _claims(path: Path) -> None:
    with closing(_store(path)) as store:
        feeds = [Feed(id=f"feed-{number}", url=f"https://example.org/{number}") for number in range(FEEDS)]
        print(f"feeds: declaring {FEEDS:,} takes {_timed(lambda: store.sync_feeds(feeds, NOW)):.1f} s,", end=" ")
        print(f"declaring them again {_timed(lambda: store.sync_feeds(feeds, NOW)):.1f} s")
        for limit in (1, 50):
            claims = [_timed(lambda: store.claim_feeds(NOW, limit=limit, ttl=MINUTE)) for _ in range(40)]  # noqa: B023
            print(f"claim of {limit} among {FEEDS:,} due feeds: median {1000 * statistics.median(claims):.1f} ms")
        nothing = [_timed(lambda: store.claim_feeds(NOW - MINUTE, limit=50, ttl=MINUTE)) for _ in range(40)]
        print(f"claim when none of {FEEDS:,} feeds is due: median {1000 * statistics.median(nothing):.1f} ms")
        with store.unit() as unit:
            print(f"how {FEEDS:,} feeds are doing: {_timed(unit.feed_states):.1f} s, once in a unit")


def _store(path: Path) -> Store:
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    return store


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _item(number: int) -> Item:
    return Item(
        id=f"{number * 2654435761 % 2**64:032x}",
        feed_id=f"feed-{number % 10}",
        keys=(f"guid:{number:027}", f"link:{number:027}"),
        title=f"A headline of common length about event number {number}",
        summary="Two or three sentences. " * 12,
        body="A few paragraphs of text. " * 30,
        link=f"https://example.org/news/2026/03/{number}",
        publisher="Example",
        lang="en",
        tags=("world", "economy"),
        published_at=NOW,
        first_seen_at=NOW,
    )


def _row(item: Item) -> Sequence[object]:
    return [_cell(getattr(item, name)) for name in COLUMNS]


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return str(value) if isinstance(value, tuple) else value


if __name__ == "__main__":
    main()
