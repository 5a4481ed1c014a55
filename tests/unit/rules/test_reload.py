"""What stays when rule files change, and when they break."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.rules.load import Loaded, load
from monitor.rules.reload import fingerprint, keep_last_good

GOOD = "rule: {name}\nmatch: [{word}]\nalert: low\n"
BROKEN = "rule: {name}\nmatch: [$nowhere]\nalert: low\n"
LEXICON = "kind: words\nlists: {{harbours: {{title: Harbours, en: [{word}]}}}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lexicons").mkdir()
    (tmp_path / "a.yaml").write_text(GOOD.format(name="a", word="anchor"))
    (tmp_path / "b.yaml").write_text(GOOD.format(name="b", word="$harbours"))
    (tmp_path / "lexicons" / "harbours.yaml").write_text(LEXICON.format(word="quay"))
    return tmp_path


def ids(loaded: Loaded) -> list[str]:
    return sorted(rule.id for rule in loaded.rules.rules)


def versions(loaded: Loaded) -> dict[str, str]:
    return {rule.id: rule.version for rule in loaded.rules.rules}


def test_a_broken_file_keeps_the_rule_it_held_and_its_problem_is_shown(folder: Path) -> None:
    before = load([folder])
    (folder / "a.yaml").write_text(BROKEN.format(name="a"))
    after = keep_last_good(before, load([folder]))
    assert versions(after) == versions(before)
    assert [problem.path for problem in after.problems] == [folder / "a.yaml"]


def test_the_others_take_up_their_changes_while_one_is_broken(folder: Path) -> None:
    before = load([folder])
    (folder / "a.yaml").write_text(BROKEN.format(name="a"))
    (folder / "b.yaml").write_text(GOOD.format(name="b", word="beacon"))
    after = versions(keep_last_good(before, load([folder])))
    assert {name for name, version in versions(before).items() if after[name] != version} == {"b"}


def test_a_file_taken_away_takes_its_rule_along(folder: Path) -> None:
    before = load([folder])
    (folder / "a.yaml").unlink()
    assert ids(keep_last_good(before, load([folder]))) == ["b"]


def test_a_file_that_was_never_good_holds_no_rule(folder: Path) -> None:
    before = load([folder])
    (folder / "c.yaml").write_text(BROKEN.format(name="c"))
    assert ids(keep_last_good(before, load([folder]))) == ["a", "b"]


def test_a_broken_lexicon_leaves_every_rule_as_it_was(folder: Path) -> None:
    before = load([folder])
    (folder / "lexicons" / "harbours.yaml").write_text("kind: words\nlists: [")
    (folder / "a.yaml").write_text(GOOD.format(name="a", word="buoy"))
    after = keep_last_good(before, load([folder]))
    assert after.rules is before.rules
    assert after.problems


def _replace(path: Path) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_bytes(path.read_bytes())
    os.utime(fresh, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    fresh.replace(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.yaml").write_text("rule: a\nmatch: [other]\nalert: low\n"),
        lambda folder: (folder / "c.yaml").write_text("rule: c\n"),
        lambda folder: (folder / "a.yaml").unlink(),
        lambda folder: (folder / "lexicons" / "harbours.yaml").write_text("kind: words\n"),
        lambda folder: _replace(folder / "a.yaml"),
    ],
    ids=["written", "added", "taken away", "lexicon written", "replaced in one move"],
)
def test_every_kind_of_change_is_noticed(folder: Path, change: Callable[[Path], object]) -> None:
    before = fingerprint([folder])
    assert fingerprint([folder]) == before
    change(folder)
    assert fingerprint([folder]) != before
