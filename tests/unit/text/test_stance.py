"""Points of a statement."""

import pytest

from monitor.text.stance import Leaning, Negation, Scope, Toned, lean
from monitor.text.tokens import Text

NEGATION = Negation(
    words=frozenset({"not", "never", "не"}),
    only=frozenset({"only"}),
    after=frozenset({"немає", "impossible"}),
    conditions=frozenset({"if"}),
    stops=frozenset({"but"}),
)
POINTS = {"open": 1, "ready": 1, "rejects": -2, "goals": 0, "прогресу": 1}


def read(text: str, *scopes: Scope, fixed: frozenset[str] = frozenset()) -> Leaning:
    words = Text(text)
    terms = [Toned(i, i, POINTS[norm], norm in fixed) for i, norm in enumerate(words.norms) if norm in POINTS]
    return lean(words, terms, scopes or (Scope(0, len(words.norms) - 1),), NEGATION)


def test_points_add_up_and_are_shown_with_their_words() -> None:
    assert read("He is open and ready") == Leaning(2.0, ("open +1", "ready +1"), 2.0)


def test_nothing_to_read_is_not_zero() -> None:
    assert read("He spoke for an hour").points is None
    assert read("He spoke for an hour").score is None
    assert read("The goals remain").points == 0
    assert read("The goals remain").score == 0


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("He is not open", -0.75),
        ("He never rejects it", 0),
        ("He is not only open", 1),
        ("He did not come, he is open", 1),
        ("He did not smile but is open", 1),
        ("He is not, in the end, open", 1),
        ("It was not so. He is open", 1),
    ],
)
def test_a_negation_turns_what_it_reaches(text: str, points: float) -> None:
    assert read(text).points == points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("прогресу немає", 0),
        ("прогресу в цьому питанні немає", 0),
        ("прогресу досить, грошей немає", 1),
        ("прогресу досить. Грошей немає", 1),
        ("прогресу but money impossible", 1),
        ("He is open if others withdraw", 0),
        ("If others withdraw he is open", 1),
        ("He is open. Others are not, if asked", 1),
        ("He rejects it if others withdraw", -2),
    ],
)
def test_what_is_missing_or_depends_on_terms_is_neither_yes_nor_no(text: str, points: float) -> None:
    assert read(text).points == points


def test_a_condition_that_somebody_else_states_changes_nothing() -> None:
    assert read("He is ready if others come", Scope(0, 2)).points == 1


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("He rejects the open offer", -2),
        ("He rejects it but is ready", -1),
        ("He rejects it, he is ready", -1),
        ("He is ready and rejects it", -1),
        ("He rejects it. Others are open", -1),
    ],
)
def test_what_is_refused_is_not_welcomed(text: str, points: float) -> None:
    assert read(text).points == points


def test_a_set_phrase_is_not_turned() -> None:
    assert read("He is not rejects", fixed=frozenset({"rejects"})).points == -2


@pytest.mark.parametrize("text", ["denies that he rejects it", "denies that he is ready"])
def test_a_denial_is_neither_yes_nor_no(text: str) -> None:
    assert read(text, Scope(0, 4, denied=True)).points == 0


def test_only_the_speaker_s_own_words_count() -> None:
    assert read("They are open and he rejects it", Scope(3, 6)).points == -2


def test_a_weak_statement_counts_less() -> None:
    assert read("He is open", Scope(0, 2, weight=0.5)).points == 0.5


def test_the_longer_term_wins() -> None:
    text = Text("no longer open to talks")
    terms = [Toned(2, 2, 1), Toned(0, 3, -2, fixed=True)]
    assert lean(text, terms, [Scope(0, 4)], NEGATION).points == -2


@pytest.mark.parametrize("points", [-5.0, -1.0, 0.0, 0.5, 9.0])
def test_the_score_keeps_sign_and_bounds(points: float) -> None:
    score = Leaning(points).score
    assert score is not None
    assert -1 < score < 1
    assert (score > 0) == (points > 0)


@pytest.mark.parametrize(("points", "weight", "score"), [(1.0, 5.0, 0.0), (-1.0, 3.0, 0.0), (2.0, 4.0, 0.667)])
def test_nearly_as_much_for_as_against_is_neither(points: float, weight: float, score: float) -> None:
    assert Leaning(points, weight=weight).score == score
