"""The rules in `rules/` load without a problem and pass the tests that stand in them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model import Item
from monitor.rules import trial
from monitor.rules.index import FIELDS
from monitor.rules.load import Loaded, load
from monitor.rules.schema import ItemTestFile
from monitor.rules.statements import actors_in

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
INDICATORS = {
    "zelenskyy-us-framework", "kremlin-us-proposals", "aid-packages", "air-defence-deliveries",
    "kyiv-washington-alignment", "european-briefings", "territorial-concessions", "neutrality-and-guarantees",
    "talks-go-public", "hybrid-spillover", "sanctions-alignment", "mass-strikes", "military-vs-diplomatic-track",
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Loaded:
    return load([ROOT / "rules"])


def test_they_load_without_a_problem(shipped: Loaded) -> None:
    assert [str(problem) for problem in shipped.problems] == []
    assert {rule.id for rule in shipped.rules.rules} == INDICATORS


def test_every_test_in_them_passes(shipped: Loaded) -> None:
    failed = [
        f"{each.rule} {each.number} {each.name}: {each.differences}" for each in trial.run(shipped) if not each.passed
    ]
    assert failed == []


@pytest.mark.parametrize("name", sorted(INDICATORS))
def test_each_says_what_it_asks_and_is_tested(shipped: Loaded, name: str) -> None:
    rule = next(rule for rule in shipped.rules.rules if rule.id == name)
    assert all([rule.title, rule.question, rule.baseline.as_of, rule.tags, rule.alerts])
    assert rule.source.startswith("seeds/brief.md#")
    assert len(rule.tests) >= 8


def test_sources_are_headings_of_the_brief(shipped: Loaded) -> None:
    headings = [
        line.lstrip("# ") for line in (ROOT / "seeds/brief.md").read_text("utf-8").splitlines() if line[:1] == "#"
    ]
    anchors = {_anchor(heading) for heading in headings}
    assert {rule.source.partition("#")[2] for rule in shipped.rules.rules} <= anchors


def _anchor(heading: str) -> str:
    kept = "".join(char for char in heading.lower() if char.isalnum() or char in " -")
    return kept.replace(" ", "-")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(data=st.data())
def test_what_is_searched_first_loses_no_rule_and_no_speaker(shipped: Loaded, data: st.DataObject) -> None:
    tests = [test for rule in shipped.rules.rules for test in rule.tests if isinstance(test, ItemTestFile)]
    words = [word for test in tests for word in f"{test.item.title} {test.item.summary}".split()]
    text = st.lists(st.sampled_from(words), max_size=12).map(" ".join)
    item = Item(id="1", feed_id="f", title=data.draw(text), summary=data.draw(text), first_seen_at=NOW)
    rules = shipped.rules
    context = rules.context(item)

    assert [each.rule for each in rules.match([item])] == [
        rule.id for rule in rules.rules if rules.evaluate(item, rule.id).result.holds
    ]
    for where in FIELDS:
        named = {actor.id for actor in rules.lexicons.actors.values() if context.hits.found(actor.words, (where,))}
        assert named <= {actor.id for actor in actors_in(context, where)}
