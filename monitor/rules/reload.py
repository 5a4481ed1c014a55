"""Rule files that change while the service runs: notice it, and keep the last good version of what broke."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from monitor.rules.load import LEXICONS, Loaded, discover

Fingerprint = frozenset[tuple[str, int, int, int]]


def fingerprint(paths: Sequence[Path]) -> Fingerprint:
    """What tells whether any rule file was written, added, taken away or replaced; costs one look at each file's entry.

    A look every few seconds sees what notifications miss: network disks, bind mounts, files replaced in one move.
    """
    return frozenset(_entry(path) for path in discover(paths, []))


def keep_last_good(previous: Loaded, fresh: Loaded) -> Loaded:
    """The fresh rules; a file with mistakes keeps the rule it held, a broken lexicon leaves everything as it was."""
    broken = {problem.path for problem in fresh.problems}
    if any(LEXICONS in path.parts for path in broken):
        return replace(previous, problems=fresh.problems)
    present = {rule.id for rule in fresh.rules.rules}
    kept = [rule for rule in previous.rules.rules if Path(rule.path) in broken and rule.id not in present]
    return replace(fresh, rules=fresh.rules.with_rules((*fresh.rules.rules, *kept))) if kept else fresh


def _entry(path: Path) -> tuple[str, int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0, 0
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino
