"""The schemas accept what the loader accepts and refuse what it refuses, as far as one file alone can tell."""

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import jsonschema
import pytest

from monitor.rules.json_schema import lexicon_schema, rule_schema
from monitor.rules.load import Loaded, load
from monitor.yamlfile import read

SHIPPED = Path(__file__).parents[3] / "rules"


def valid(schema: dict[str, object], path: Path) -> bool:
    data = json.loads(json.dumps(read(path).data))
    return jsonschema.Draft202012Validator(schema).is_valid(data)


@pytest.fixture(scope="module")
def rules() -> dict[str, object]:
    schema = rule_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


@pytest.fixture(scope="module")
def lexicons() -> dict[str, object]:
    schema = lexicon_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_rules_are_valid(rules: dict[str, object], path: Path) -> None:
    assert valid(rules, path)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("lexicons/*.yaml")), ids=lambda path: path.stem)
def test_shipped_lexicons_are_valid(lexicons: dict[str, object], path: Path) -> None:
    assert valid(lexicons, path)


HEAD = "rule: r\n"
ACCEPTED = [
    "match: x",
    "match: 28",
    "match: [x, [y, 28], {any: [z]}]\nalert: low",
    "match: {any: x, all: [a1], none: {title: b1}, at_least: {2: [a, b]}}",
    "match: {near: {words: 3, of: [[a], [b]]}, sentence: [[a], [b]]}",
    "match: {title: {any: [a]}, lang: uk, tags: [a, b]}",
    "match: x\nalerts: [{when: each, if: stance > 0, group: story}]",
    "match: x\nalerts: [{when: {count: 3, within: 3 weeks, distinct: country}}]",
    "match: x\nalerts: [{when: {first: 'stance > 0', after: 5 observations}, if: {any: [amount, systems]}}]",
    "match: x\nalerts: [{when: {silence: 5d2h}, confirm: {publishers: 2, within: 1d, state_media: false}}]",
    "match: x\nalerts: [{when: {sequence: [r, r], within: 5d}, title: '{headline}', cooldown: 0d}]",
    "match: x\ntests: [{item: x, expect: {match: true}}, {item: {title: x}, expect: {systems: [a]}}]",
    "match: x\nalert: low\ntests: [{series: [{at: 0d, title: x, times: 2}], expect_alerts: [{at: 0d}]}]",
    "match: x\ntitle: 2025\ntags: one\nextract: {amount: true, systems: true}",
    "match: x\nextract: {amount: {near: [a]}}\nbaseline: {as_of: 2025-11-19}",
]
REFUSED = [
    "match: {}",
    "match: ",
    "match: true",
    "match: {x: y}",
    "match: {near: {words: 0, of: [[a], [b]]}}",
    "match: {near: {words: 3, of: [[a]]}}",
    "match: {sentence: [a, b]}",
    "match: {at_least: {two: [a]}}",
    "match: {at_least: {1: [a], 2: [b]}}",
    "match: {with: {a: b}}",
    "match: {lang: []}",
    "match: x\nalert: loud",
    "match: x\nalert: low\nalerts: []",
    "match: x\nalerts: [{name: a}]",
    "match: x\nalerts: [{when: often}]",
    "match: x\nalerts: [{when: {count: 3, within: 72}}]",
    "match: x\nalerts: [{when: {count: three, within: 72h}}]",
    "match: x\nalerts: [{when: each, if: {either: [a]}}]",
    "match: x\nalerts: [{when: each, confirm: {publishers: 1, within: 1d}}]",
    "match: x\nalerts: [{when: each, group: colour}]",
    "match: x\nextract: {amount: {}}",
    "match: x\nextract: {systems: 'yes'}",
    "match: x\nstance: openness",
    "match: x\ntests: [{item: x}]",
    "match: x\ntests: [{expect: {match: true}}]",
    "match: x\ntests: [{item: x, expect: {matches: true}}]",
    "match: x\nx: y",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_both_accept(load_text: Callable[..., Loaded], rules: dict[str, object], tmp_path: Path, text: str) -> None:
    assert load_text(HEAD + text).problems == ()
    assert valid(rules, tmp_path / "rule.yaml")


@pytest.mark.parametrize("text", REFUSED)
def test_both_refuse(load_text: Callable[..., Loaded], rules: dict[str, object], tmp_path: Path, text: str) -> None:
    assert load_text(HEAD + text).problems
    assert not valid(rules, tmp_path / "rule.yaml")


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("lists: {a: [x, 28], b: {title: B, en: [x]}}", True),
        ("actors: {a: {name: A, side: s, place: true, en: [x], uk: y}}", True),
        ("systems: {a: {class: c, terms: [x], unless: [y]}}", True),
        ("scale: s\npoints: {2: [x], '-1': {en: [y]}}\nnegation: {words: {en: [not]}}", True),
        ("speech: {say: {en: [say~]}}", True),
        ("lists: {a: {xx: [x]}}", False),
        ("lists: {A B: [x]}", False),
        ("actors: {a: [x]}", False),
        ("actors: {a: {place: 'no', en: [x]}}", False),
        ("scale: s\npoints: {many: [x]}", False),
    ],
)
def test_lexicons_alike(
    write: Callable, tmp_path: Path, lexicons: dict[str, object], text: str, accepted: bool
) -> None:
    path = write("lexicons/a.yaml", dedent(text))

    assert (load([tmp_path]).problems == ()) is accepted
    assert valid(lexicons, path) is accepted
