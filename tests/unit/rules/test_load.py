"""Rule files: every problem of every file with its place, and one bad file stops no other."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.rules.load import Loaded, load

GOOD = "rule: good\nmatch: [truce]\nalert: low\n"


def test_five_lines_make_a_rule(load_text: Callable[..., Loaded]) -> None:
    loaded = load_text("""
        rule: gripen-watch
        title: Gripen for Ukraine
        match: [Gripen~, Грипен~]
        alert: low
    """)

    (rule,) = loaded.rules.rules
    (alert,) = rule.alerts
    assert loaded.problems == ()
    assert (rule.id, rule.title, rule.severity) == ("gripen-watch", "Gripen for Ukraine", "medium")
    assert (alert.rule.name, alert.rule.severity) == ("each", "low")


FULL = """
    rule: envoys
    title: Envoys on the move
    question: Who travels?
    baseline: {stance: fixed, as_of: 2025-11-19, note: none}
    source: seeds/brief.md
    severity: high
    tags: [talks]
    match: {speaker: [russia], about: [$talks]}
    stance: {scale: openness, labels: {minus: hard, zero: same, plus: soft}}
    extract: {amount: {near: [aid]}, systems: true, stage: true, donor: true}
    alerts:
      - {name: soft, when: {first: "stance > 0", after: 5 observations}, severity: critical, title: "{headline}!"}
      - {when: {count: 3, within: 72h}, confirm: {publishers: 2, within: 1d}, cooldown: 6h, expires: 2d}
      - {when: {count: 9, within: 72h}, if: amount, group: country}
    tests:
      - {item: Kremlin says talks go on, expect: {match: true, stance: unread}}
"""
LEXICON = """
    lists: {talks: {en: [talk~], ru: [переговоры~]}}
    actors:
      kremlin: {name: the Kremlin, side: russia, en: [Kremlin]}
      moscow: {side: russia, place: true, en: [=Moscow]}
    scale: openness
    points: {+2: {en: [agree~ to]}, "-1": [reject~]}
    fixed: {-2: {en: [will not accept]}}
    negation: {words: {en: [not, never]}}
    speech: {say: {en: [say~]}}
"""


def test_a_full_rule_keeps_all_that_was_written(load_text: Callable[..., Loaded]) -> None:
    loaded = load_text(FULL, LEXICON)

    (rule,) = loaded.rules.rules
    assert loaded.problems == ()
    assert rule.baseline.as_of == "2025-11-19"
    assert rule.speakers == {"kremlin", "moscow"}
    assert rule.stance is not None
    assert [rule.stance.label(score) for score in (None, -1, 0, 0.5)] == ["unread", "hard", "same", "soft"]
    assert rule.extract.near is not None
    assert [alert.rule.name for alert in rule.alerts] == ["soft", "count", "count 2"]
    assert [alert.rule.severity for alert in rule.alerts] == ["critical", "high", "high"]
    assert str(rule.alerts[1].rule.cooldown) == "6:00:00"
    assert len(rule.tests) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("match: [x]", '1:1: "rule" is missing'),
        ("rule: r", '1:1: "match" is missing'),
        ("rule: R x\nmatch: [x]", '1:7: "rule"'),
        ("rule: r\nmatch: [x]\nalrt: low", '3:1: unknown key "alrt" (did you mean "alert"?)'),
        ("rule: r\nmatch: [x]\nalert: loud", '3:8: "alert" cannot be "loud" (one of'),
        ("rule: r\nmatch: {anny: [x]}", '2:15: unknown key "anny" (did you mean "any"?)'),
        ("rule: r\nmatch: [$tlks]", '2:9: there is no list "$tlks" (did you mean "$talks"?)'),
        ("rule: r\nmatch: [true]", "2:9: true is not a term"),
        ("rule: r\nmatch: []", "2:8: the list is empty"),
        ("rule: r\nmatch: {}", "2:8: nothing to look for"),
        ("rule: r\nmatch: {any: }", "2:14: empty is not a term"),
        ("rule: r\nmatch: [-x]", "2:8: only exclusions"),
        ("rule: r\nmatch: {all: [a1, -x]}", "2:19: an exclusion (-term) has no meaning here"),
        ("rule: r\nmatch: {with: {a: b}}", "2:15: a map is no list of words"),
        ("rule: r\nmatch: {with: [[a]]}", "2:16: a list is not a term"),
        ("rule: r\nmatch: {near: [a, b]}", "2:15: near needs exactly the keys words and of"),
        ("rule: r\nmatch: {near: {words: many, of: [[a], [b]]}}", "2:23: words must be a number"),
        ("rule: r\nmatch: {near: {words: 3, of: [[a]]}}", "2:30: needs two or more lists"),
        ("rule: r\nmatch: {sentence: [a, b]}", "2:19: needs two or more lists"),
        ("rule: r\nmatch: {at_least: [a, b]}", "2:19: at_least needs one number"),
        ("rule: r\nmatch: {at_least: {two: [a, b]}}", '2:19: at_least: "two" is no number'),
        ("rule: r\nmatch: {at_least: {3: [a1, b1]}}", "2:19: at_least: 3 can never hold"),
        ("rule: r\nmatch: {at_least: {3: []}}", "2:23: the list is empty"),
        ("rule: r\nmatch: {lang: [7]}", "2:15: needs a name or a list of them"),
        ("rule: r\nmatch: {speaker: [kremln]}", '2:19: there is no actor "kremln" (did you mean "kremlin"?)'),
        ("rule: r\nmatch: [/(/]", "2:9: /(/ is no regular expression"),
        ("rule: r\nmatch: [a*]", '2:9: "a*" would match far too much'),
        ("rule: r\nmatch: [x]\nstance: {scale: opennes}", '3:17: there is no scale "opennes" (did you mean'),
        ("rule: r\nmatch: [x]\nalert: low\nalerts: []", "3:8: alert: and alerts: exclude each other"),
        ("rule: r\nmatch: [x]\nalerts: [{when: often}]", '3:17: there is no condition "often"'),
        ("rule: r\nmatch: [x]\nalerts: [{when: {count: 3}}]", '"within" is missing'),
        ("rule: r\nmatch: [x]\nalerts: [{when: {count: 3, within: 72}}]", '3:36: "within": "72" is no length of time'),
        (
            "rule: r\nmatch: [x]\nalerts: [{when: {count: 3, within: 9h, witin: 72h}}]",
            'unknown key "witin" (did you mean "within"?)',
        ),
        ("rule: r\nmatch: [x]\nalerts: [{when: {first: 'stance > 0'}}]", "needs after"),
        ("rule: r\nmatch: [x]\nalerts: [{when: {first: 'tone > 0', after: 5d}}]", "is no test"),
        ("rule: r\nmatch: [x]\nalerts: [{when: {first: stage, after: a while}}]", "write after: 5 observations"),
        ("rule: r\nmatch: [x]\nalerts: [{when: {sequence: [a], within: 1d}}]", "a sequence has two rules"),
        ("rule: r\nmatch: [x]\nalerts: [{when: each, if: tone}]", '3:27: "tone" is no test'),
        ("rule: r\nmatch: [x]\nalerts: [{when: each, title: '{headlin}'}]", 'no field "headlin"'),
        ("rule: r\nmatch: [x]\nalerts: [{name: a, when: each}, {name: a, when: each}]", "another alert of this rule"),
        ("rule: r\nmatch: [x]\nalerts: [{name: a}]", '"when" is missing'),
        ("rule: r\nmatch: [x]\ntests: [{expect: {match: true}}]", "3:9: a test has either an item or a series"),
        ("rule: r\nmatch: [x]\ntests: [{item: a, expect: {stance: up}}]", 'never reads the stance "up"'),
        ("rule: r\nmatch: [x]\ntests: [{item: a, expect: {amount: lots}}]", '"lots" is no sum of money'),
        (
            "rule: r\nmatch: [x]\nalert: low\ntests:\n"
            "- {series: [{at: 0d, title: x}], expect_alerts: [{at: 0d, name: ech}]}",
            'this rule has no alert "ech" (did you mean "each"?)',
        ),
        ('rule: r\nmatch: [x]\ntitle: "\\ud83d"', "half of a character"),
        ("- rule", "is no rule"),
        ("", "is empty"),
        ("rule: [", "1:8"),
    ],
)
def test_every_problem_names_its_place_and_what_would_be_right(
    problems: Callable[..., list[str]], text: str, expected: str
) -> None:
    (problem, *_) = problems(text, LEXICON)

    assert expected in problem


def test_all_problems_of_a_file_are_listed_at_once(problems: Callable[..., list[str]]) -> None:
    found = problems(
        "rule: r\ntitel: x\nmatch: {any: [a*], nne: [b]}\nalerts: [{when: {cont: 3}}]\ntests: [{item: a}]\n"
    )

    assert [each.split(":")[0] for each in found] == ["2", "3", "3", "4", "5"]


def test_a_bad_file_leaves_the_others_usable(tmp_path: Path, write: Callable) -> None:
    write("good.yaml", GOOD)
    write("bad.yaml", "rule: bad\nmatch: [a*]\n")
    write("worse.yaml", "{{{{")
    write("notes.txt", "not looked at")

    loaded = load([tmp_path])

    assert [rule.id for rule in loaded.rules.rules] == ["good"]
    assert {problem.path.name for problem in loaded.problems} == {"bad.yaml", "worse.yaml"}


def test_an_id_belongs_to_one_rule(tmp_path: Path, write: Callable) -> None:
    write("a.yaml", GOOD)
    write("b.yaml", GOOD)

    loaded = load([tmp_path])

    assert len(loaded.rules.rules) == 1
    (problem,) = loaded.problems
    assert str(problem).startswith(f'{tmp_path}/b.yaml:1:7: the id "good" is taken by {tmp_path}/a.yaml')


def test_single_files_find_the_lexicons_beside_them(tmp_path: Path, write: Callable) -> None:
    rule = write("r.yaml", "rule: r\nmatch: [$talks]\n")
    write("lexicons/deep/talks.yml", "lists: {talks: [talk~]}")
    write(".hidden.yaml", "{{{")

    loaded = load([rule])

    assert loaded.problems == ()
    assert [path.name for path in loaded.files] == ["r.yaml", "talks.yml"]


def test_what_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert "no such file" in str(load([tmp_path / "none.yaml"]).problems[0])
    assert load([tmp_path]).problems == ()


def test_a_file_of_another_kind_is_no_rule_file(tmp_path: Path) -> None:
    (news := tmp_path / "news.jsonl").write_text('{"title": "x"}\n', "utf-8")
    assert [str(each) for each in load([news]).problems] == [f"{news}: is no rule file (they end in .yaml or .yml)"]


def test_too_many_files_are_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        (tmp_path / f"{number}.yaml").write_text(f"rule: r{number}\nmatch: [x]")
    monkeypatch.setattr("monitor.rules.load.MAX_FILES", 2)

    loaded = load([tmp_path])

    assert len(loaded.rules.rules) == 2
    assert "3 files; 2 are read at most" in str(loaded.problems[0])


def test_a_loop_of_links_ends(tmp_path: Path, write: Callable) -> None:
    write("a.yaml", GOOD)
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.yaml").symlink_to(tmp_path / "self.yaml")

    loaded = load([tmp_path])

    assert len(loaded.rules.rules) == 1
    assert len(loaded.problems) == 1


def test_the_version_follows_the_content_and_the_lexicons_it_uses(load_text: Callable[..., Loaded]) -> None:
    def version(text: str, lexicon: str = LEXICON) -> str:
        return load_text(text, lexicon).rules.rules[0].version

    same = version(FULL)
    assert version(FULL.replace("tests:", "tests: []\n    # tests:").split("# tests")[0]) == same
    assert version(FULL.replace("[aid]", "[help]")) != same
    assert version(FULL, LEXICON.replace("[talk~]", "[talk~, round]")) != same
    assert version(FULL, LEXICON.replace("[agree~ to]", "[agree~]")) != same
    assert version(FULL, LEXICON.replace("[say~]", "[tell~]")) != same
    assert version(FULL, LEXICON.replace("[=Moscow]", "[Moscow]")) != same
    assert version(FULL, LEXICON.replace("lists: {", "lists: {other: [x], ")) == same


leaves = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["$talks", "a~", "7d", "each"])
)
keys = st.sampled_from(
    """
    rule match alerts alert any near of words when count within tests item expect series speaker stance scale extract
    amount at_least lists actors points en if
    """.split()  # noqa: SIM905
)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(keys, values, max_size=6))
def test_the_loader_answers_with_problems_whatever_the_file_holds(tmp_path: Path, data: dict[str, object]) -> None:
    path = tmp_path / "any.yaml"
    path.write_text(json.dumps(data), "utf-8")

    loaded = load([path])

    assert loaded.problems or loaded.rules.rules or not {"rule"} & data.keys()
