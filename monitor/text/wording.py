"""Whether two headlines are one text, as outlets print it that take it from the same agency."""

import re

from rapidfuzz import fuzz

from monitor.text.labels import unlabelled
from monitor.text.tokens import canonical, norms

_ALIKE = 88  # of 100, in the order of the words
_LEAST_WORDS = 5  # in shorter headlines everybody writes the same
_NUMBER = re.compile(r"\d+")


def same_text(one: str, other: str) -> bool:
    """Whether one headline is the other but for a word or two; other numbers make another text."""
    plain, changed = _plain(one), _plain(other)
    if plain == changed:
        return True
    if min(len(plain), len(changed)) < _LEAST_WORDS or _numbers(one) != _numbers(other):
        return False
    return fuzz.ratio(" ".join(plain), " ".join(changed)) >= _ALIKE


def _plain(headline: str) -> tuple[str, ...]:
    return norms(unlabelled(canonical(headline)))


def _numbers(headline: str) -> list[str]:
    return _NUMBER.findall(headline)
