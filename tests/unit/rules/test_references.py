"""A rule that reads another one: an id that nobody has is a mistake, with its line and what would be right."""

from pathlib import Path

from monitor.rules.load import load
from monitor.rules.reload import keep_last_good
from tests.histories import load_text

TALKS = "rule: grain-talks\nmatch: [grain]\nalert: low\n"
STRIKES = "rule: port-strikes\nmatch: [port]\nalert: low\n"
BOTH = """\
rule: both
title: Both
alerts:
  - name: reading
    when:
      state:
        strikes: {rules: [port-strikes], within: 14d}
        talks:
          rules:
            - grain-tolks
          within: 7d
      readings: {a: [strikes, talks], b: [talks], c: [strikes], d: []}
"""
CHAIN = """\
rule: chain
title: Chain
alerts:
  - when: {sequence: [grain-talks], without: port-strike, within: 5d}
"""


def test_an_id_nobody_has_is_a_mistake_with_its_line_and_the_nearest_one(tmp_path: Path):
    loaded = load_text(tmp_path, TALKS, STRIKES, BOTH, CHAIN)
    assert [rule.id for rule in loaded.rules.rules] == ["grain-talks", "port-strikes"]
    assert [(each.line, each.message) for each in loaded.problems] == [
        (10, 'there is no rule "grain-tolks"'),
        (4, 'there is no rule "port-strike"'),
    ]
    assert "grain-talks" in loaded.problems[0].hint
    assert "port-strikes" in loaded.problems[1].hint


def test_ids_that_are_there_are_none(tmp_path: Path):
    loaded = load_text(tmp_path, TALKS, STRIKES, BOTH.replace("tolks", "talks"))
    assert (len(loaded.rules.rules), loaded.problems) == (3, ())


def test_a_rule_with_mistakes_of_its_own_is_there_all_the_same(tmp_path: Path):
    broken = STRIKES.replace("match: [port]", "match: [$nowhere]")
    loaded = load_text(tmp_path, TALKS, broken, BOTH.replace("tolks", "talks"))
    assert [rule.id for rule in loaded.rules.rules] == ["grain-talks", "both"]
    assert len(loaded.problems) == 1


def test_whoever_checks_one_file_has_the_others_beside_it(tmp_path: Path):
    load_text(tmp_path, TALKS, STRIKES, BOTH.replace("tolks", "talks"))
    assert load([tmp_path / "2.yaml"]).problems == ()


def test_a_rule_whose_other_one_was_deleted_keeps_its_last_good_version(tmp_path: Path):
    before = load_text(tmp_path, TALKS, STRIKES, BOTH.replace("tolks", "talks"))
    (tmp_path / "0.yaml").unlink()
    after = keep_last_good(before, load([tmp_path]))
    assert [rule.id for rule in after.rules.rules] == ["port-strikes", "both"]
    assert [each.message for each in after.problems] == ['there is no rule "grain-talks"']
