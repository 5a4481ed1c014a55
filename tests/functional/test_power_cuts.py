"""The power goes off at any instant: every database starts again, and what was promised is in it.

The figures of docs/reliability.md come from `MONITOR_SOAK=1 pytest -s` of this file: 400 cuts.
"""

import os
import random
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model import NotificationState
from monitor.store import Store
from tests.functional import power

CUTS, ROUNDS = (400, 240) if os.environ.get("MONITOR_SOAK") else (40, 60)
PROGRAM = Path(__file__).with_name("power_program.py")
FILE = "monitor.db"


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[power.Call]]:
    if shutil.which("strace") is None:
        pytest.skip("no strace here: apt-get install strace")
    folder = tmp_path_factory.mktemp("power")
    database = f"sqlite:///{folder / FILE}"
    return folder, power.record([str(PROGRAM), database, str(ROUNDS)], folder / "strace.log")


def test_what_was_promised_is_there_after_a_power_cut(recording: tuple[Path, list[power.Call]], tmp_path: Path) -> None:
    chance = random.Random(20261201)
    found: Counter[str] = Counter()
    for folder, promised in _cuts(*recording, tmp_path, chance):
        kept, sent = promised["kept"], promised["sent"]
        items, alerts, states = _read(folder)
        assert items >= {f"{number}-{each}" for number in range(kept) for each in range(5)}
        assert alerts >= {f"alert {number}" for number in range(kept)}
        assert states.keys() >= {f"note {number}" for number in range(kept)}
        again = sum(states[f"note {number}"] is not NotificationState.SENT for number in range(sent))
        found.update(cuts=1, promised=kept, again=again, most_again=max(0, again - found["most_again"]))
    assert found["cuts"] == CUTS
    assert found["promised"] > CUTS, "most cuts fall after the first promises"
    sys.stdout.write(f"\n{dict(found)}\n")


def _cuts(
    folder: Path, calls: list[power.Call], scratch: Path, chance: random.Random
) -> Iterator[tuple[Path, Counter[str]]]:
    """The folder as each cut leaves it, and how many of each promise had been made by then."""
    begun = next(number for number, _ in power.lines(calls))
    points = sorted(chance.sample(range(begun, len(calls)), CUTS))
    disk, promised = power.Disk(folder), Counter[str]()
    said = dict(power.lines(calls))
    for number, call in enumerate(calls):
        if points and number == points[0]:
            points.pop(0)
            image = scratch / str(number)
            image.mkdir()
            disk.cut(image, chance)
            yield image, promised
            shutil.rmtree(image)
        disk.take(call)
        if number in said:
            promised[said[number]] += 1


def _read(folder: Path) -> tuple[set[str], set[str], dict[str, NotificationState]]:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with closing(Store.open(f"sqlite:///{folder / FILE}")) as store:
        store.migrate()
        items = {item.id for item in store.recent_items(datetime.min.replace(tzinfo=UTC))}
        alerts = {alert.id for alert in store.alerts(limit=1_000_000)}
        states = {each.id: each.state for each in store.notifications(limit=1_000_000)}
    return items, alerts, states
