"""The grammatical forms of a word, found once when rules are loaded, so that matching is plain look-ups.

Ukrainian and Russian come from dictionaries (`slavic`), English and Polish from endings. Forms that do not exist are
harmless: nobody writes them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.text import dictionaries, endings

_ONLY_UKRAINIAN = frozenset("іїєґ'")
_ONLY_RUSSIAN = frozenset("ыэъ")


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
    """Close the dictionaries; the next unknown word opens them again."""
    dictionaries.close()


def _languages(word: str, *, name: bool) -> Sequence[str]:
    letters = set(word)
    if not any("а" <= letter <= "ґ" for letter in letters):
        return ("en", "pl") if name or "ł" in letters else ("en",)
    if letters & _ONLY_UKRAINIAN:
        return ("uk",)
    return ("ru",) if letters & _ONLY_RUSSIAN else ("uk", "ru")


# --- Ukrainian and Russian ------------------------------------------------------------------------------------------


def _slavic(lang: str) -> Callable[[str, bool], Forms]:
    return lambda word, name: Forms(*dictionaries.ask(word, lang, name=name))


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
