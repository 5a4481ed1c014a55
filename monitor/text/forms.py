"""The grammatical forms of a word, found once when rules are loaded, so that matching is plain look-ups.

Ukrainian and Russian come from pymorphy3's dictionaries, which also guess at unknown names; English and Polish from
endings. Forms that do not exist are harmless: nobody writes them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pymorphy3

from monitor.text import endings
from monitor.text.tokens import canonical

_ONLY_UKRAINIAN = frozenset("іїєґ'")
_ONLY_RUSSIAN = frozenset("ыэъ")
_NAMES = frozenset({"Surn", "Name", "Geox", "Orgn", "Patr"})
_CASES = frozenset({"nomn", "gent", "datv", "accs", "ablt", "loct", "voct", "gen2", "acc2", "loc2"})


@dataclass(frozen=True, slots=True)
class Forms:
    """Every form of a word, canonical and lower case.

    Attributes:
        nominative: Those that can be a sentence's subject.
    """

    all: frozenset[str]
    nominative: frozenset[str]

    def __or__(self, other: "Forms") -> "Forms":
        return Forms(self.all | other.all, self.nominative | other.nominative)


@lru_cache(maxsize=100_000)
def forms(word: str, lang: str = "", *, name: bool = False) -> Forms:
    """The forms of a canonical word, itself among them.

    Args:
        lang: ISO 639-1; "" tries the languages that the letters allow.
        name: Whether it was written with a capital letter.
    """
    found = Forms(frozenset((word,)), frozenset((word,)) if lang not in ("uk", "ru") else frozenset())
    for each in (lang,) if lang else _languages(word, name=name):
        found |= _FORMS.get(each, _other)(word, name)
    return found if found.nominative else Forms(found.all, found.all)


def forget_dictionaries() -> None:
    """Give back the memory of the dictionaries, some 20 MB each; the next unknown word opens its own again."""
    _analyzer.cache_clear()


def _languages(word: str, *, name: bool) -> Sequence[str]:
    letters = set(word)
    if not any("а" <= letter <= "ґ" for letter in letters):
        return ("en", "pl") if name or "ł" in letters else ("en",)
    if letters & _ONLY_UKRAINIAN:
        return ("uk",)
    return ("ru",) if letters & _ONLY_RUSSIAN else ("uk", "ru")


# --- Ukrainian and Russian ------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def _analyzer(lang: str) -> Any:
    return pymorphy3.MorphAnalyzer(lang=lang)


def _slavic(lang: str) -> Callable[[str, bool], Forms]:
    def found(word: str, name: bool) -> Forms:
        parses = _analyzer(lang).parse(word)
        forms_of = [form for parse in _meant(parses, name=name) for form in _same_person(parse)]
        together = Forms(_canonical(forms_of), _canonical(form for form in forms_of if _can_be_subject(form)))
        known = any(parse.is_known for parse in parses)
        return together if known else together | Forms(*endings.unknown_plural(word, lang))

    return found


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


# --- languages with endings -----------------------------------------------------------------------------------------


def _english(word: str, name: bool) -> Forms:
    del name
    words = endings.english(word)
    return Forms(words, words)


def _polish(word: str, name: bool) -> Forms:
    del name
    words, subjects = endings.polish(word)
    return Forms(words, subjects)


def _other(word: str, name: bool) -> Forms:
    del name
    words = frozenset(word + ending for ending in ("", "s", "es", "e", "n", "en", "er"))
    return Forms(words, words)


_FORMS: dict[str, Callable[[str, bool], Forms]] = {
    "uk": _slavic("uk"),
    "ru": _slavic("ru"),
    "en": _english,
    "pl": _polish,
}
