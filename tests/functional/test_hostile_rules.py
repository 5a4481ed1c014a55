"""Rule files that somebody wrote to break us: refused with a clear line, quickly; long items are read quickly."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model import Item
from monitor.rules.load import Loaded, load

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GENEROUS = 10.0  # seconds of processor time; the aim is one, but coverage and shared machines slow things down

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {k: v}\n" + "".join(f"b{n}: &b{n} {{<<: [{', '.join(['*a'] * 40)}]}}\n" for n in range(800))
DEEP = "match: " + "[" * 3000 + "]" * 3000
NESTED = "match: " + "{any: [" * 20 + "x" + "]}" * 20
TEMPLATE = "alerts: [{when: each, title: '%s'}]"

HOSTILE = {
    "alias bomb": "rule: r\n" + BOMB,
    "merge bomb": "rule: r\n" + MERGES,
    "deep list": "rule: r\n" + DEEP,
    "deep map": "rule: r\n" + NESTED,
    "deep blocks": "rule: r\nmatch:\n" + "".join("  " * n + "any:\n" for n in range(1, 400)),
    "ten megabytes": "rule: r\nmatch: [" + "x, " * 3_500_000 + "x]",
    "one long line": "rule: r\nmatch: [" + "word, " * 100_000 + "x]",
    "one long term": f"rule: r\nmatch: [{'x' * 10_000}]",
    "many terms": "rule: r\nmatch:\n" + "".join(f"- w{n}\n" for n in range(60_000)),
    "many variants": "rule: r\nmatch: ['" + "(a b|c d|e f|g h) " * 25 + "']",
    "huge repeat": "rule: r\nmatch: ['/((a{900}){900}){900}/']",
    "nested repeat": "rule: r\nmatch: ['/(x{30}){30}{30}/']",
    "empty pattern": "rule: r\nmatch: ['/(x|y)*/']",
    "broken pattern": "rule: r\nmatch: ['/(?P<x/']",
    "huge gap": "rule: r\nmatch: ['a <999999999999999999999> b']",
    "attribute template": f"rule: r\nmatch: [x]\n{TEMPLATE % '{headline.__class__.__mro__}'}",
    "item template": f"rule: r\nmatch: [x]\n{TEMPLATE % '{headline[0]}'}",
    "format template": f"rule: r\nmatch: [x]\n{TEMPLATE % '{headline:>999999999}'}",
    "unknown template": f"rule: r\nmatch: [x]\n{TEMPLATE % '{config}'}",
    "open template": f"rule: r\nmatch: [x]\n{TEMPLATE % '{headline'}",
    "own tag": "rule: !secret r\nmatch: [x]",
    "wrong types": "rule: [1]\ntitle: {}\nmatch: 7.5.1\nalerts: yes\ntests: {}\ntags: {a: b}\nseverity: 9",
    "null everything": "rule:\nmatch:\nalerts:\ntests:\nstance:",
    "numbers as keys": "rule: r\n1: 2\nmatch: {3: [x]}",
    "infinite count": "rule: r\nmatch: [x]\nalerts: [{when: {count: .inf, within: 1d}}]",
    "huge number": f"rule: r\nmatch: [x]\nalerts: [{{when: {{count: {'9' * 300}, within: 1d}}}}]",
    "endless span": f"rule: r\nmatch: [x]\nalerts: [{{when: {{silence: {'9' * 30}w}}}}]",
    "billion times": "rule: r\nmatch: [x]\ntests: [{series: [{at: 0d, times: 1000000000}], expect_alerts: []}]",
    "two documents": "rule: r\nmatch: [x]\n---\nrule: s\nmatch: [y]",
    "duplicate key": "rule: r\nmatch: [x]\nmatch: [y]",
    "control character": "rule: r\nmatch: [\x00x]",
    "half a character": 'rule: "r"\nmatch: ["\\ud800"]\ntitle: "\\udc00"',
    "a path as id": "rule: ../../etc/passwd\nmatch: [x]",
    "markup as id": "rule: <script>\nmatch: [x]",
    "deep guard": "rule: r\nmatch: [x]\nalerts: [{when: each, if: " + "[" * 40 + "amount" + "]" * 40 + "}]",
}


def timed(path: Path) -> tuple[Loaded, float]:
    begin = time.process_time()
    loaded = load([path])
    return loaded, time.process_time() - begin


@pytest.fixture(scope="module", autouse=True)
def _dictionaries(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Word forms are loaded once, before anything is timed."""
    folder = tmp_path_factory.mktemp("warm")
    (folder / "warm.yaml").write_text("rule: warm\nmatch: [Київ~]")
    assert load([folder]).rules.rules


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_is_refused_quickly_and_stops_no_other(tmp_path: Path, name: str) -> None:
    (tmp_path / "good.yaml").write_text("rule: good\nmatch: [truce]")
    (tmp_path / "hostile.yaml").write_text(HOSTILE[name], "utf-8", "surrogatepass")

    loaded, seconds = timed(tmp_path)

    assert [rule.id for rule in loaded.rules.rules] == ["good"]
    assert loaded.problems
    assert all(problem.path.name == "hostile.yaml" and len(str(problem)) < 1000 for problem in loaded.problems)
    assert seconds < GENEROUS


def test_ids_twice_bytes_that_are_no_text_and_links_to_nowhere(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.yaml").write_text("rule: same\nmatch: [x]")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00rule")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "folder.yaml").mkdir()

    loaded, _ = timed(tmp_path)

    assert len(loaded.rules.rules) == 1
    assert len(loaded.problems) == 21


@pytest.mark.parametrize("pattern", ["/(a+)+$/", "/(a|aa)+$/", "/(.*a){20}/", r"/([a-z]+)*\d\d\d/"])
def test_a_catastrophic_pattern_over_a_long_text_ends_soon(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "slow.yaml").write_text(f"rule: slow\nmatch: ['{pattern}']\n")
    (tmp_path / "good.yaml").write_text("rule: good\nmatch: [truce]")
    rules = load([tmp_path]).rules
    item = Item(id="1", feed_id="f", title="a truce", summary="a" * 100_000 + "!", first_seen_at=NOW)

    begin = time.process_time()
    found = rules.match([item])

    assert "good" in {each.rule for each in found}
    assert time.process_time() - begin < GENEROUS


def test_a_tag_of_another_language_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "tag.yaml").write_text(f"rule: r\nmatch: !!python/object/apply:os.mkdir [{tmp_path}/made]")

    load([tmp_path])

    assert not (tmp_path / "made").exists()


MATCHES = ["{near: {words: 5, of: [[aid], [truce]]}, none: [never]}", "[aid, -aid a b]", "{sentence: [[aid], [never]]}"]


@pytest.mark.parametrize("match", MATCHES)
def test_an_item_of_a_megabyte_is_read(tmp_path: Path, match: str) -> None:
    (tmp_path / "r.yaml").write_text(f"rule: r\nmatch: {match}")
    rules = load([tmp_path]).rules
    item = Item(id="1", feed_id="f", title="x", body="aid a b c d e f truce g h i k l m. " * 30_000, first_seen_at=NOW)

    begin = time.process_time()
    rules.match([item])

    assert time.process_time() - begin < GENEROUS
