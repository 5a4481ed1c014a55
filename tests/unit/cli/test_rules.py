"""`monitor rules` and `explain`: what an analyst sees of rules."""

import json

import pytest
from jsonschema import Draft202012Validator

from tests.unit.cli.conftest import Installation


def test_sound_rules_are_counted(installation: Installation):
    assert installation.ok("rules", "check") == "1 rules in 1 files: all is well.\n"


def test_every_problem_of_every_file_is_told(installation: Installation):
    installation.write("rules/a.yaml", "rule: a\ntitel: A\nmatch: [x]\nalert: low\n")
    installation.write("rules/b.yaml", "rule: b\nmatch: [$x]\nalert: low\n")
    said = installation.refused("rules", "check")
    assert 'rules/a.yaml:2:1: unknown key "titel" (did you mean "title"?)' in said
    assert "rules/b.yaml:2:" in said
    assert installation.refused("rules", "test") == said


def test_files_can_be_named_instead_and_need_no_configuration(bare: Installation):
    bare.write("drafts/a.yaml", "rule: a\ntitle: A\nmatch: [x]\nalert: low\n")
    assert "1 rules" in bare.ok("rules", "check", "drafts")
    assert "rules in " in bare.ok("rules", "check")  # the shipped ones


def test_tests_in_rules_pass_or_tell_what_differs(installation: Installation):
    assert installation.ok("rules", "test") == "2 tests, all as expected.\n"
    verbose = installation.ok("rules", "test", "-v")
    assert "ok   rules/plums.yaml: test 1: Plums for everybody" in verbose
    text = installation.read("rules/plums.yaml").replace("expect: {match: false}", "expect: {match: true}")
    installation.write("rules/plums.yaml", text)
    result = installation.run("rules", "test")
    assert result.exit_code == 1
    assert "FAIL rules/plums.yaml: test 2: Plum jam" in result.stdout
    assert "2 tests, 1 failed." in result.stdout


def test_rules_are_listed(installation: Installation):
    assert installation.ok("rules", "list").splitlines()[1].split() == [
        "plums",
        "Plums",
        "high",
        "fruit",
        "mention",
        "2",
    ]
    (rule,) = installation.json("rules", "list")
    assert (rule["id"], rule["severity"], rule["tags"], rule["tests"]) == ("plums", "high", ["fruit"], 2)


@pytest.mark.parametrize("kind", [[], ["rule"], ["lexicon"]])
def test_the_schema_is_one(bare: Installation, kind: list[str]):
    Draft202012Validator.check_schema(json.loads(bare.ok("rules", "schema", *kind)))


def test_a_new_rule_is_sound_and_passes_its_tests(installation: Installation):
    assert "monitor rules test rules/gripen-watch.yaml" in installation.ok("rules", "new", "gripen-watch")
    assert "4 tests, all as expected." in installation.ok("rules", "test")
    assert "is there already" in installation.refused("rules", "new", "gripen-watch")


@pytest.mark.parametrize("name", ["Gripen", "a b", "../x", "ї", "-x", ""])
def test_a_rule_is_named_by_an_id(installation: Installation, name: str):
    assert "is no id" in installation.refused("rules", "new", "--", name)


def test_a_new_rule_needs_a_folder(installation: Installation):
    installation.configure("rules: [rules/plums.yaml]")
    assert "`rules:` names no folder" in installation.refused("rules", "new", "x")


def test_a_headline_is_explained(installation: Installation):
    assert "plums selects this item" in installation.ok("explain", "plums", "Plums for everybody")
    assert "plums does not select this item" in installation.ok("explain", "all", "Plum jam")


def test_a_stored_item_and_one_from_a_file_are_explained(alerted: Installation):
    alerted.write("news.jsonl", '{"id": "n1", "title": "Plum pie"}\n')
    assert "plums selects this item" in alerted.ok("explain", "plums", "n1", "--file", "news.jsonl")
    item = alerted.json("alerts", "show", alerted.json("alerts", "list")[0]["id"])["observations"][0]["item_id"]
    assert "A new plum" in alerted.ok("explain", "plums", item)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["plumbs", "a plum"], 'there is no rule "plumbs" (did you mean "plums"?)'),
        (["zzz", "a plum"], 'there is no rule "zzz" (known: plums)'),
        (["plums", "n2"], 'there is no item "n2" (give an id, or a whole headline in quotes)'),
        (["plums", "n2", "--file", "news.jsonl"], 'there is no item "n2"'),
    ],
)
def test_what_cannot_be_explained_is_told(installation: Installation, args: list[str], words: str):
    installation.write("news.jsonl", '{"id": "n1", "title": "Plum pie"}\nnot json\n')
    assert words in installation.refused("explain", *args)


def test_broken_rules_explain_nothing(installation: Installation):
    installation.write("rules/b.yaml", "rule: b\nmatch: [$x]\nalert: low\n")
    assert "rules/b.yaml:2" in installation.refused("explain", "plums", "a plum")
