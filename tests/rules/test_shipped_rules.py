"""The rules in `rules/` load without a problem and pass the tests that stand in them."""

from pathlib import Path

import pytest

from monitor.rules import trial
from monitor.rules.load import Loaded, load

ROOT = Path(__file__).parents[2]
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
