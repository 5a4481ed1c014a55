"""The `judge:` of a rule: a closed question, each of whose answers has a meaning to the rule."""

from collections.abc import Iterator, Mapping
from typing import Any

from monitor.model import Choice, Question
from monitor.rules.operators.base import Place
from monitor.rules.problems import Problems
from monitor.rules.rule import StanceSpec
from monitor.rules.schema import JudgeFile
from monitor.yamlfile import suggestion

UNREAD, ABOUT, NOT_ABOUT = "unread", "about this", "not about this"
_STEP = 0.5  # of the scale from -1 to 1: what one point of a lexicon gives


def compile_judge(file: JudgeFile | None, stance: StanceSpec | None, problems: Problems) -> Question | None:
    """The question, or None when there is none or something in it is wrong.

    Args:
        stance: What the rule reads; None for a rule that can only be told whether an item is about its subject.
    """
    if file is None:
        return None
    if stance is None and file.when == "unread":
        hint = "write when: always, or give the rule a stance:"
        problems(("judge", "when"), "this rule reads no stance, so nothing is ever unread", hint)
    known = _meanings(stance)
    answers = file.answers or {label: label for label in known}
    choices = [_choice(words, meaning, stance, problems) for words, meaning in answers.items()]
    _refuse_twins(answers, problems)
    return Question(
        text=file.question,
        choices=tuple(choice for choice in choices if choice),
        always=stance is None or file.when == "always",
    )


def check_answers(data: Mapping[Any, Any], question: Question | None, problems: Problems) -> None:
    """Note answers in the tests of a rule that its question does not allow."""
    known = [choice.words for choice in question.choices] if question else []
    for place, item in _tested(data):
        answer = item.get("judge")
        if answer is not None and str(answer) not in known:
            hint = suggestion(str(answer), known) or (f"known: {', '.join(known)}" if known else "add judge:")
            problems((*place, "judge"), f'this rule\'s judge never answers "{answer}"', hint)


def _meanings(stance: StanceSpec | None) -> dict[str, float | None]:
    """What an answer can mean, and its score."""
    if stance is None:
        return {ABOUT: None, NOT_ABOUT: None}
    return {stance.plus: _STEP, stance.zero: 0.0, stance.minus: -_STEP, UNREAD: None, NOT_ABOUT: None}


def _choice(words: str, meaning: str, stance: StanceSpec | None, problems: Problems) -> Choice | None:
    known = _meanings(stance)
    if meaning in known:
        return Choice(words=words, label=meaning, score=known[meaning])
    score = _number(meaning)
    if stance is not None and score is not None and -1 <= score <= 1:
        return Choice(words=words, label=stance.label(score), score=score)
    hint = suggestion(meaning, known) or f"known: {', '.join(known)}" + ", or a number from -1 to 1" * bool(stance)
    problems(("judge", "answers", words), f'"{meaning}" is nothing that an answer can mean', hint)
    return None


def _number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None


def _refuse_twins(answers: Mapping[str, str], problems: Problems) -> None:
    seen: dict[str, str] = {}
    for words in answers:
        other = seen.setdefault(" ".join(words.split()).casefold(), words)
        if other != words:
            problems(("judge", "answers", words), f'"{words}" and "{other}" are the same answer', "keep one of them")


def _tested(data: Mapping[Any, Any]) -> Iterator[tuple[Place, Mapping[Any, Any]]]:
    """The items in the tests of a rule, and where they stand."""
    tests = data.get("tests")
    for number, test in enumerate(tests if isinstance(tests, list) else ()):
        if isinstance(test, dict):
            series = test.get("series")
            entries = enumerate(series if isinstance(series, list) else ())
            places: list[tuple[Place, Any]] = [(("tests", number, "item"), test.get("item"))]
            places += [(("tests", number, "series", at), entry) for at, entry in entries]
            yield from ((place, item) for place, item in places if isinstance(item, dict))
