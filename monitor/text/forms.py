"""The grammatical forms of a word, found once when rules are loaded."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Forms:
    """Every form of a word, canonical and lower case.

    Attributes:
        nominative: Those that can be a sentence's subject.
    """

    all: frozenset[str]
    nominative: frozenset[str]


@lru_cache(maxsize=100_000)
def forms(word: str, lang: str = "", *, name: bool = False) -> Forms:
    """The forms of a canonical word.

    Args:
        lang: "en", "uk", "ru", "pl"; "" tries those the letters allow.
        name: Whether it was written with a capital letter.
    """
    del lang, name
    words = frozenset((word,))
    return Forms(all=words, nominative=words)
