"""Why a rule selects an item or not, in lines for a person."""

from collections.abc import Callable

import pytest

from monitor.rules.explain import explain, first_failure
from monitor.rules.load import Loaded

RULE = """
    rule: aid
    match:
      any: [aid, {all: [tanks, jets]}]
      none: [Gaza]
      near: {words: 5, of: [[aid, tanks], [Kyiv]]}
    extract: {amount: true, systems: true, stage: true, donor: true}
"""


@pytest.fixture
def lines(load_text: Callable[..., Loaded], item: Callable) -> Callable[..., list[str]]:
    def explained(title: str) -> list[str]:
        loaded = load_text(RULE, "systems: {patriot: {name: Patriot, terms: [Patriot]}}")
        return list(explain(loaded.rules.evaluate(item(title), "aid")))

    return explained


def test_a_match_shows_every_clause_with_its_words(lines: Callable[..., list[str]]) -> None:
    assert lines("Aid for Kyiv: 2 Patriot systems, $105 million")[:7] == [
        "aid selects this item",
        "  + all",
        "    + any",
        '      + any: "Aid" (title)',
        "      - all",
        "        - all: found none of: tanks",
        "        - all: found none of: jets",
    ]


def test_a_match_shows_what_was_read(lines: Callable[..., list[str]]) -> None:
    found = lines("Aid for Kyiv: 2 Patriot batteries, $105 million")

    assert "  amount: 105,000,000 USD" in found
    assert "  system: Patriot, 2" in found


def test_who_speaks_and_which_way_is_shown(load_text: Callable[..., Loaded], item: Callable) -> None:
    rules = load_text(
        """
        rule: r
        match: {speaker: kremlin}
        stance: {scale: openness, labels: {minus: hard, zero: fixed, plus: soft}}
        extract: {stage: true, donor: true}
        """,
        """
        actors: {kremlin: {en: [=Kremlin]}}
        speech: {say: {en: [say~]}}
        scale: openness
        points: {1: [open to]}
        """,
    ).rules

    soft = explain(rules.evaluate(item("Kremlin says it is open to talks"), "r"))
    unread = explain(rules.evaluate(item("Kremlin says something"), "r"))

    assert "  speaker: kremlin" in soft
    assert "  stance: soft (open to +1)" in soft
    assert "  stance: unread" in unread


def test_the_first_clause_that_fails_is_named_in_the_first_line(lines: Callable[..., list[str]]) -> None:
    found = lines("Aid for Gaza")

    assert found[0] == 'aid does not select this item: none: found "Gaza"'
    assert '    - none: found "Gaza"' in found
    assert "    - near: nothing of group 2" in found


def test_nothing_fails_in_what_holds(load_text: Callable[..., Loaded], item: Callable) -> None:
    rules = load_text("rule: r\nmatch: {body: [x1], any: [y1]}").rules

    assert first_failure(rules.evaluate(item("y1", body="x1"), "r").result) == ""
    assert first_failure(rules.evaluate(item("x1"), "r").result) == "body: the item has no body"
