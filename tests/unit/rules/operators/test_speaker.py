"""`speaker:`, `about:`, `with:`."""

from collections.abc import Callable

import pytest

from monitor.rules.load import Loaded

ACTORS = """
    actors:
      palace: {name: the palace, side: crown, en: [=Palace, =Pages]}
      town: {name: the town, side: town, place: true, en: [=Town]}
    lists:
      palace: {en: [something else]}
    speech:
      say: {en: [say~, said]}
      take: {en: [reject~]}
      that: {en: [that]}
      prepositions: {en: [to]}
"""
RULE = "rule: r\nmatch: {speaker: [palace], about: [bridge, road], with: [river]}"


@pytest.fixture
def matches(load_text: Callable[..., Loaded], item: Callable[..., object]) -> Callable[..., bool]:
    def matched(title: str, rule: str = RULE, **fields: str) -> bool:
        loaded = load_text(rule, ACTORS)
        assert not loaded.problems
        return bool(loaded.rules.match([item(title, **fields)]))  # type: ignore[list-item]

    return matched


def test_all_three_hold(matches: Callable[..., bool]) -> None:
    assert matches("Palace says bridge over river is safe")


@pytest.mark.parametrize(
    "title",
    [
        "Town says bridge over river is safe",
        "Letter to Palace: bridge over river is safe",
        "Palace says dinner at river is served",
        "Palace says bridge is safe",
        "Town says that Palace rejects bridge over river",
    ],
)
def test_one_of_them_is_missing(matches: Callable[..., bool], title: str) -> None:
    assert not matches(title)


def test_a_headline_says_what_the_statement_below_it_is_about(matches: Callable[..., bool]) -> None:
    assert matches("Bridge over river", summary="Palace says it is safe.")


def test_the_first_sentence_belongs_to_a_statement_in_the_headline(matches: Callable[..., bool]) -> None:
    assert matches("Palace says it is safe", summary="The bridge over the river is old.")
    assert not matches("Palace says it is safe", summary="A river. It rained. The bridge is old.")


def test_a_side_means_all_its_actors_and_no_list_of_that_name(matches: Callable[..., bool]) -> None:
    assert matches("Pages say all is well", rule="rule: r\nmatch: {speaker: crown}")
    assert matches("Palace says all is well", rule="rule: r\nmatch: {speaker: palace}")


def test_only_statements_in_the_fields_asked_for_count(matches: Callable[..., bool]) -> None:
    rule = "rule: r\nmatch: {title: {speaker: [palace]}}"
    assert matches("Palace says yes", rule=rule)
    assert not matches("Weather", rule=rule, summary="Palace says yes.")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("rule: r\nmatch: {speaker: [plaace]}", 'there is no actor "plaace"'),
        ("rule: r\nmatch: {about: [bridge]}", "about: needs speaker: beside it"),
    ],
)
def test_mistakes_are_named(load_text: Callable[..., Loaded], rule: str, message: str) -> None:
    assert any(message in each.message for each in load_text(rule, ACTORS).problems)


def test_explain_says_why_not(load_text: Callable[..., Loaded], item: Callable[..., object]) -> None:
    rules = load_text(RULE, ACTORS).rules
    reasons = {
        part.label: part.why
        for title in ("Town sleeps", "Bridge near Palace")
        for part in rules.evaluate(item(title), "r").result.parts  # type: ignore[arg-type]
    }
    assert reasons["speaker: palace"] == "nobody we know says anything here"
    assert reasons["about"] == "these words stand outside what they say"


def test_explain_says_who_speaks_instead(load_text: Callable[..., Loaded], item: Callable[..., object]) -> None:
    evaluation = load_text(RULE, ACTORS).rules.evaluate(item("Town says Palace fell"), "r")  # type: ignore[arg-type]
    assert evaluation.result.parts[0].why == "who speaks here is town"
