"""The `judge:` of a rule: what its answers mean, what is asked for, and how its tests answer in its place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from monitor.model import Item, Observation, Question, Stance
from monitor.rules import judging, trial
from monitor.rules.load import Loaded
from monitor.rules.rule import Rule

LEXICON = """
    actors: {kremlin: {side: russia, en: [=Kremlin, =Peskov]}}
    scale: openness
    points: {1: {en: [open to]}, -1: {en: [reject~]}}
    speech: {say: {en: [say~]}, take: {en: [reject~]}}
"""
HEAD = """
    rule: r
    match: {speaker: [russia]}
    stance: {scale: openness, labels: {minus: hard, zero: fixed, plus: soft}}
"""
JUDGE = '    judge: {question: "Which way?"}\n'
UNREAD, READ = "Peskov says the visit takes place", "Peskov says Russia is open to talks"
Load = Callable[..., Loaded]


@pytest.fixture
def rule(load_text: Load) -> Rule:
    loaded = load_text(HEAD + JUDGE, LEXICON)
    assert not loaded.problems
    return loaded.rules.rules[0]


def question(load_text: Load, text: str) -> Question:
    loaded = load_text(text, LEXICON)
    assert not loaded.problems, loaded.problems
    asked = loaded.rules.rules[0].judge
    assert asked is not None
    return asked


def meanings(asked: Question) -> dict[str, tuple[str, float | None]]:
    return {choice.words: (choice.label, choice.score) for choice in asked.choices}


def test_without_answers_the_labels_of_the_rule_are_the_answers(load_text: Load) -> None:
    asked = question(load_text, HEAD + JUDGE)
    assert meanings(asked) == {
        "soft": ("soft", 0.5),
        "fixed": ("fixed", 0.0),
        "hard": ("hard", -0.5),
        "unread": ("unread", None),
        "not about this": ("not about this", None),
    }
    assert not asked.always


def test_an_answer_means_a_label_or_a_number(load_text: Load) -> None:
    answers = "{gives way: soft, threatens: -1, repeats: 0, something else: not about this}"
    asked = question(load_text, HEAD + f"    judge: {{question: Which way?, answers: {answers}, when: always}}")
    assert meanings(asked) == {
        "gives way": ("soft", 0.5),
        "threatens": ("hard", -1.0),
        "repeats": ("fixed", 0.0),
        "something else": ("not about this", None),
    }
    assert asked.always


def test_a_list_of_answers_means_what_it_says(load_text: Load) -> None:
    asked = question(load_text, HEAD + "    judge: {question: Which way?, answers: [hard, soft]}")
    assert meanings(asked) == {"hard": ("hard", -0.5), "soft": ("soft", 0.5)}


def test_a_rule_without_stance_asks_whether_it_is_about_its_subject(load_text: Load) -> None:
    asked = question(load_text, "rule: r\nmatch: Gripen\njudge: {question: Is it about the jet?}")
    assert meanings(asked) == {"about this": ("about this", None), "not about this": ("not about this", None)}
    assert asked.always


@pytest.mark.parametrize(
    ("judge", "problem"),
    [
        ("{question: Which way?, answers: {a: sotf, b: hard}}", 'did you mean "soft"'),
        ("{question: Which way?, answers: {a: 2, b: hard}}", '"2" is nothing that an answer can mean'),
        ("{question: Which way?, answers: {a: nan, b: hard}}", '"nan" is nothing that an answer can mean'),
        ("{question: Which way?, answers: {a: soft, A: hard}}", "are the same answer"),
        ("{question: Which way?, answers: {a: soft}}", '"answers" needs at least 2 entries'),
        ("{question: Which way?, when: sometimes}", "unread"),
        ("{answers: [soft, hard]}", "question"),
        ("{question: Which way?, model: x}", "model"),
    ],
)
def test_a_wrong_judge_is_refused_with_its_place(load_text: Load, judge: str, problem: str) -> None:
    [found, *_] = load_text(HEAD + f"    judge: {judge}", LEXICON).problems
    assert found.line == 5
    assert problem in str(found)


def test_nothing_is_ever_unread_where_no_stance_is_read(load_text: Load) -> None:
    [found] = load_text("rule: r\nmatch: x\njudge: {question: Is it?, when: unread}").problems
    assert "write when: always" in str(found)


def test_only_the_present_is_asked_about_and_only_what_is_unread(rule: Rule, load_text: Load, now: datetime) -> None:
    rules = load_text(HEAD + JUDGE, LEXICON).rules
    unread, read = (rules.match([_item(title, now)])[0] for title in (UNREAD, READ))
    assert [judging.asks(rule, each) for each in (unread, read)] == [True, False]
    assert not judging.asks(rule, replace(unread, historic=True))
    assert not judging.asks(None, unread)


def test_a_story_is_asked_about_once(rule: Rule, load_text: Load, now: datetime) -> None:
    rules = load_text(HEAD + JUDGE, LEXICON).rules
    first, second, other = (
        replace(rules.match([_item(UNREAD, now, id=name)])[0], story=story)
        for name, story in (("1", "a"), ("2", "a"), ("3", "b"))
    )
    assert [each.observation_id for each in judging.wanted(rules, [first, second, other], now)] == [first.id, other.id]
    assert judging.request(first, now).id == judging.request(second, now).id


def test_a_second_opinion_takes_the_place_of_the_stance_and_says_whose_it_is(rule: Rule, now: datetime) -> None:
    choice = judging.choice_of(rule, "soft")
    assert choice is not None
    seen = judging.revised(_observation(now), choice, "the visit", "some-model")
    assert seen.stance == Stance(score=0.5, label="soft", words=("“the visit”",), read_by="some-model")


def test_a_test_answers_in_place_of_the_model(load_text: Load) -> None:
    tests = f"""
    alerts: [{{name: signal, when: {{first: "stance > 0", after: 1 observations}}}}]
    tests:
      - {{item: {{title: {UNREAD}, judge: soft}}, expect: {{match: true, stance: soft}}}}
      - {{item: {{title: {UNREAD}}}, expect: {{match: true, stance: unread}}}}
      - name: what the rule reads itself is not asked about
        item: {{title: {READ}, judge: hard}}
        expect: {{match: true, stance: soft}}
      - series:
          - {{at: 0d, title: {UNREAD}, judge: fixed}}
          - {{at: 1d, title: {UNREAD} again, judge: soft}}
        expect_alerts: [{{at: 1d, name: signal}}]
    """
    loaded = load_text(HEAD + JUDGE + tests, LEXICON)
    assert not loaded.problems
    assert [result.differences for result in trial.run(loaded)] == [()] * 4


def test_an_answer_that_the_judge_never_gives_is_a_problem_of_the_test(load_text: Load) -> None:
    tests = f"    tests: [{{item: {{title: {UNREAD}, judge: sofd}}, expect: {{match: true}}}}]"
    [found] = load_text(HEAD + JUDGE + tests, LEXICON).problems
    assert 'this rule\'s judge never answers "sofd" (did you mean "soft"?)' in str(found)


def _item(title: str, now: datetime, **fields: str) -> Item:
    return Item(**{"id": "1", "feed_id": "f", "title": title, **fields}, first_seen_at=now)


def _observation(now: datetime) -> Observation:
    return Observation(id="o", rule="r", rule_version="1", item_id="i", at=now)
