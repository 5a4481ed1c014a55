"""Locked, full, read-only, damaged or killed: the store says so, keeps nothing by half, and recovers alone."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.model import Item, Observation, Outcome
from monitor.store import Store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PATIENCE = 60

# What every child process starts with; `add` stores an item and its observation in one unit.
PRELUDE = """
    import resource, sys, time
    from datetime import UTC, datetime, timedelta
    from monitor.errors import StoreError
    from monitor.model import Item, Observation, Outcome
    from monitor.store import Store

    NOW = datetime(2026, 3, 1, tzinfo=UTC)
    store = Store.open(f"sqlite:///{sys.argv[1]}", wait=timedelta(seconds=5))

    def say(*words):
        print(*words, flush=True)

    def save(unit, name, size=10):
        unit.add_items([Item(id=name, feed_id="feed", keys=(name,), title="News", body="x" * size, first_seen_at=NOW)])
        seen = Observation(id=name, rule="rule", rule_version="1", item_id=name, at=NOW)
        unit.save(Outcome(observations=(seen,)))

    def add(name, size=10):
        with store.unit() as unit:
            save(unit, name, size)
"""


def child(script: str, path: Path) -> subprocess.Popen[str]:
    code = textwrap.dedent(PRELUDE) + textwrap.dedent(script)
    return subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)


def output_of(script: str, path: Path) -> list[str]:
    with child(script, path) as process:
        output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    return output.splitlines()


def add(store: Store, name: str) -> None:
    with store.unit() as unit:
        unit.add_items([Item(id=name, feed_id="feed", keys=(name,), title="News", first_seen_at=NOW)])
        unit.save(Outcome(observations=(Observation(id=name, rule="rule", rule_version="1", item_id=name, at=NOW),)))


def add_many(store: Store) -> None:
    for number in range(2_000):
        add(store, f"item-{number:04}")


def whole(store: Store, path: Path) -> list[str]:
    """The stored items, after a look that nothing is there by half."""
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    names = [item.id for item in store.recent_items(NOW)]
    assert store.counts().observations == len(names)
    assert sorted(store.known("feed", names)) == sorted(names)
    return names


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "monitor.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(Store.open(f"sqlite:///{path}", wait=timedelta(milliseconds=200))) as store:
        store.migrate()
        yield store


# --- locked ---------------------------------------------------------------------------------------------------------


def test_a_lock_held_by_another_process_is_named_and_waited_out(store: Store, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"monitor\.db: it is locked by another process"):
            add(store, "a")
        assert store.counts().items == 0  # readers go on
        other.execute("ROLLBACK")
    add(store, "a")
    assert whole(store, path) == ["a"]


def test_a_database_locked_while_it_is_opened_is_given_up_in_time(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with (
            closing(Store.open(f"sqlite:///{path}", wait=timedelta(milliseconds=200))) as store,
            pytest.raises(StoreError, match="locked by another process"),
        ):
            store.migrate()


# --- full -----------------------------------------------------------------------------------------------------------


def test_a_file_that_may_not_grow_undoes_the_unit_and_recovers_alone(store: Store, path: Path) -> None:
    said = output_of(
        """
        add("before")
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
        try:
            add("large", size=3_000_000)
        except StoreError as error:
            say(error)
        add("small")
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        add("after", size=3_000_000)
        """,
        path,
    )
    assert len(said) == 1
    assert "full" in said[0]
    assert sorted(whole(store, path)) == ["after", "before", "small"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_undoes_the_unit_and_recovers_when_there_is_space(small_disk: Path) -> None:
    path = small_disk / "monitor.db"
    with closing(Store.open(f"sqlite:///{path}")) as store:
        store.migrate()
        add(store, "before")
        ballast = small_disk / "ballast"
        ballast.write_bytes(b"x" * shutil.disk_usage(small_disk).free)
        with pytest.raises(StoreError, match="the disk is full"):
            add_many(store)
        stored = [item.id for item in store.recent_items(NOW)]
        ballast.unlink()
        add(store, "after")
        assert sorted(whole(store, path)) == sorted([*stored, "after"])
        assert "before" in stored


# --- read-only, damaged ---------------------------------------------------------------------------------------------


def test_a_read_only_database_is_named_and_can_still_be_read(store: Store, path: Path) -> None:
    add(store, "a")
    with closing(Store.open(f"sqlite:///file:{path}?mode=ro&uri=true")) as read_only:
        with pytest.raises(StoreError, match="read-only; give this user the right to write"):
            add(read_only, "b")
        assert [item.id for item in read_only.recent_items(NOW)] == ["a"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_directory_without_the_right_to_write_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with (
        closing(Store.open(f"sqlite:///{tmp_path}/monitor.db")) as store,
        pytest.raises(StoreError, match="may this user write there"),
    ):
        store.migrate()


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with (
        closing(Store.open(f"sqlite:///{tmp_path}/missing/monitor.db")) as store,
        pytest.raises(StoreError, match=r"missing/monitor\.db: it cannot be opened; does its directory exist"),
    ):
        store.migrate()


def test_a_file_that_is_no_database_is_named_and_left_alone(path: Path) -> None:
    path.write_text("shopping list\n" * 100)
    with (
        closing(Store.open(f"sqlite:///{path}")) as store,
        pytest.raises(StoreError, match="no SQLite database"),
    ):
        store.migrate()
    assert path.read_text().startswith("shopping list")


# --- killed ---------------------------------------------------------------------------------------------------------


def test_a_process_killed_inside_a_unit_leaves_nothing_and_no_lock(store: Store, path: Path) -> None:
    script = """
        add("before")
        with store.unit() as unit:
            for number in range(3_000):  # more than fits into memory pages: some of it is in the file already
                save(unit, f"lost-{number}", size=5_000)
            say("inside")
            time.sleep(60)
    """
    with child(script, path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "inside\n"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert whole(store, path) == ["before"]
    add(store, "after")
    assert sorted(whole(store, path)) == ["after", "before"]


def test_what_was_committed_survives_a_kill_at_any_moment(store: Store, path: Path) -> None:
    script = """
        for number in range(100_000):
            add(f"{sys.argv[1][-1]}-{time.time_ns()}-{number}")
            say("committed", number)
    """
    chance = random.Random(7)
    committed = 0
    for _ in range(4):
        with child(script, path) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.2))
            process.kill()
            committed += 1 + len(process.stdout.readlines())
        # one more than was told, when the kill fell between the commit and the word
        assert committed <= len(whole(store, path)) <= committed + 4
