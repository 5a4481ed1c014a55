"""The process that knows Ukrainian and Russian: words in on stdin, their forms out on stdout, one line of JSON each.

pymorphy3's dictionaries also guess at unknown names.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import pymorphy3

from monitor.text import endings
from monitor.text.tokens import canonical

_NAMES = frozenset({"Surn", "Name", "Geox", "Orgn", "Patr"})
_CASES = frozenset({"nomn", "gent", "datv", "accs", "ablt", "loct", "voct", "gen2", "acc2", "loc2"})


def forms(word: str, lang: str, *, name: bool) -> tuple[frozenset[str], frozenset[str]]:
    """All forms of a canonical word, and those that can be a sentence's subject.

    Args:
        name: Whether it was written with a capital letter.
    """
    parses = _analyzer(lang).parse(word)
    forms_of = [form for parse in _meant(parses, name=name) for form in _same_person(parse)]
    every, subjects = _canonical(forms_of), _canonical(form for form in forms_of if _can_be_subject(form))
    if any(parse.is_known for parse in parses):
        return every, subjects
    guessed, guessed_subjects = endings.unknown_plural(word, lang)
    return every | guessed, subjects | guessed_subjects


@lru_cache(maxsize=2)
def _analyzer(lang: str) -> Any:
    return pymorphy3.MorphAnalyzer(lang=lang)


def _meant(parses: Sequence[Any], *, name: bool) -> list[Any]:
    """The readings a rule's author has in mind: the dictionary's form, and a name when it begins with a capital."""
    basic = [parse for parse in parses if _can_be_subject(parse)]
    basic = basic or list(parses[:1])
    named = [parse for parse in basic if _is_name(parse)]
    if name and any(parse.is_known for parse in named):
        return [parse for parse in named if parse.is_known]
    common = [parse for parse in basic if not _is_name(parse)]
    return basic if name or not common else common


def _is_name(parse: Any) -> bool:
    return bool(parse.tag.grammemes & _NAMES)


def _same_person(parse: Any) -> list[Any]:
    """The forms of a word; of a family name only those of the gender it was given in."""
    lexeme: list[Any] = parse.lexeme
    gender = parse.tag.gender
    if "Surn" not in parse.tag.grammemes or gender is None:
        return lexeme
    return [form for form in lexeme if form.tag.gender in (gender, None) or form.tag.number == "plur"]


def _can_be_subject(form: Any) -> bool:
    marks = form.tag.grammemes
    return "nomn" in marks or not marks & _CASES


def _canonical(found: Iterable[Any]) -> frozenset[str]:
    return frozenset(canonical(form.word).lower() for form in found)


def main() -> None:
    """Answer until the questions end."""
    for line in sys.stdin:
        word, lang, name = json.loads(line)
        print(json.dumps([list(found) for found in forms(word, lang, name=name)]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
