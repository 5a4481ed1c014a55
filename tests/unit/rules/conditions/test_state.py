"""Tests of monitor.rules.conditions.state."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.model import Observation, Turn, Verdict
from monitor.rules import trial
from tests.histories import NOW, Kept, condition, load_text, seen

STATE: dict[str, Any] = {
    "state": {
        "military": {"rules": ["aid"], "within": "21d"},
        "diplomatic": {"rules": ["talks", "summits"], "at_least": 3, "within": "7d"},
    },
    "readings": {
        "in parallel": ["military", "diplomatic"],
        "instead of": ["diplomatic"],
        "military alone": ["military"],
        "neither": [],
    },
}


def talks(*days: float) -> list[Observation]:
    return [seen(day, rule="talks") for day in days]


def aid(*days: float) -> list[Observation]:
    return [seen(day, rule="aid") for day in days]


def judged(history: Kept, days: float = 0) -> list[Verdict]:
    return list(condition(STATE).judge("r", (), history, NOW + timedelta(days=days)))


def firing(history: Kept, days: float = 0) -> list[str]:
    return [each.group for each in judged(history, days) if each.firing]


EVERY_OTHER_DAY = [float(day) for day in range(0, 90, 2)]


def test_talks_that_go_on_while_packages_stop_change_the_reading() -> None:
    history = Kept(talks(*EVERY_OTHER_DAY) + aid(40, 30, 21.5))
    fired = next(each for each in judged(history) if each.firing)
    assert fired.group == "instead of"
    assert fired.reason == (
        "from in parallel to instead of: military: nothing for 3 weeks, last on 08 Feb; diplomatic: 4 stories in 1 week"
    )
    assert fired.turn == Turn(words="in parallel → instead of")
    assert {each.rule for each in fired.observations} == {"aid", "talks"}
    assert [each.at for each in fired.observations] == sorted(each.at for each in fired.observations)


def test_the_other_readings_end() -> None:
    ended = [each.group for each in judged(Kept(talks(*EVERY_OTHER_DAY) + aid(40, 30, 21.5))) if not each.firing]
    assert ended == ["in parallel", "military alone", "neither"]


def test_a_reading_that_never_changed_is_told_to_nobody() -> None:
    found = judged(Kept(talks(*EVERY_OTHER_DAY) + aid(*range(0, 90, 10))))
    assert not any(each.firing for each in found)
    assert found[0].reason == "in parallel, unchanged: military: 3 stories in 3 weeks; diplomatic: 4 stories in 1 week"


def test_a_package_brings_the_reading_back() -> None:
    assert firing(Kept(talks(*EVERY_OTHER_DAY) + aid(40, 0.5))) == ["in parallel"]


def test_both_may_fall_quiet() -> None:
    history = Kept(talks(20, 19, 18, 17) + aid(30))
    assert firing(history) == ["neither"]
    quiet = [each for each in judged(history, 60) if each.firing]
    assert quiet == [], "after two months it is what is usual"


def test_a_track_does_not_flicker_at_its_border() -> None:
    began = talks(*EVERY_OTHER_DAY[5:]) + aid(*range(0, 90, 10))
    assert firing(Kept(began + talks(6.5, 3))) == [], "two of three stories keep it going"
    assert firing(Kept(began)) == ["military alone"]


def test_stories_count_and_not_reports() -> None:
    same = [seen(day / 10, rule="talks", story="one") for day in range(9)]
    assert firing(Kept(same + aid(*range(0, 90, 10)))) == []


def test_no_reading_before_the_longest_span_was_watched() -> None:
    found = judged(Kept(talks(*EVERY_OTHER_DAY), since=NOW - timedelta(days=9, hours=3)))
    assert {each.reason for each in found} == {"baseline: watched for 9 days of 3 weeks"}
    assert not any(each.firing for each in found)


def test_what_is_not_watched_has_no_reading() -> None:
    found = judged(Kept(talks(*EVERY_OTHER_DAY) + aid(40), since=None, failing="3 of 9 feeds failing since 14:05 UTC"))
    assert {each.reason for each in found} == {"not watched: 3 of 9 feeds failing since 14:05 UTC"}


def test_later_observations_are_not_known_yet() -> None:
    history = Kept(talks(*EVERY_OTHER_DAY) + aid(40, 30, 21.5))
    before = judged(history)
    history.all += aid(-1)
    assert judged(history) == before


@pytest.mark.parametrize(
    ("readings", "message"),
    [
        ({"all": ["military", "diplomatic"]}, r"\[\] is named 0 times"),
        ({**STATE["readings"], "again": []}, r"\[\] is named 2 times"),
        ({**STATE["readings"], "odd": ["naval"]}, 'names "naval"; the tracks are military, diplomatic'),
    ],
)
def test_every_combination_has_one_name(readings: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        condition({**STATE, "readings": readings})


COMPOSITE = """\
rule: tracks
alerts:
  - when:
      state:
        military: {rules: aid, within: 3d}
        diplomatic: {rules: [talks], within: 3d}
      readings:
        in parallel: [military, diplomatic]
        instead of: [diplomatic]
        military alone: [military]
        neither: []
tests:
  - series:
      - {at: 0d, title: Talks on a plan, times: 12, every: 1d}
      - {at: 2d, title: Package of aid}
      - {at: 8d, title: Package of aid}
    expect_alerts: [{at: 5d}, {at: 8d}, {at: 11d}]
"""


def test_a_rule_over_other_rules_needs_no_match(tmp_path: Path) -> None:
    loaded = load_text(tmp_path, COMPOSITE, "rule: aid\nmatch: [package]", "rule: talks\nmatch: [talks]")
    assert loaded.problems == ()
    assert loaded.rules.rules[0].reads == {"aid", "talks"}
    assert [result.differences for result in trial.run(loaded)] == [()]


def test_a_rule_that_reads_no_other_rule_needs_one(tmp_path: Path) -> None:
    loaded = load_text(tmp_path, "rule: r\nalerts: [{when: each}]")
    assert ['"match" is missing' in str(problem) for problem in loaded.problems] == [True]


def test_a_mistake_in_a_composite_rule_is_the_only_one_told(tmp_path: Path) -> None:
    loaded = load_text(tmp_path, COMPOSITE.replace("neither: []", "neither: [naval]"))
    assert ["naval" in str(problem) for problem in loaded.problems] == [True]
