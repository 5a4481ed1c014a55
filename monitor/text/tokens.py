"""Text as tokens and sentences, in one canonical form that keeps offsets.

The canonical form has exactly the length of the original, so that a span found in one can be cut out of the other.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

_FOLDED = {
    **dict.fromkeys("\u2019\u2018\u02bc\u0060\u00b4\u2032\u02b9\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2033\u201f", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u00a0\u2009\u202f\u2007\u200b\u00ad\ufeff\t\r\n", " "),
    "ё": "е",
    "Ё": "Е",
}
_KEPT = frozenset("їйЇЙґҐ")  # a letter with a mark that is a letter of its own, not an accent
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)*")
_ASCII_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|[0-9]+(?:[.,][0-9]+)*")  # the same for lower ASCII text, and faster
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr gen lt col maj sgt sen rep gov st vs etc no inc ltd co jr sr u.s u.k e.u prof rev adm capt
    ст р рр г гг им тыс млн млрд трлн руб грн долл дол тис вул м др пр напр ім обл ok np tzw płk ul
    """.split()  # noqa: SIM905 - a list of strings would take sixty lines
)
_BOUNDARY = re.compile(r"[.!?\u2026]+[\"')\]]*(?:\s+|$)|\n+| \| ")


def _fold_char(char: str) -> str:
    if char in _FOLDED:
        return _FOLDED[char]
    if char in _KEPT or ord(char) < 128:
        return char
    base = unicodedata.normalize("NFD", char)[0]
    return base if len(base) == 1 and base.isalpha() == char.isalpha() else char


# Most letters of most texts stay as they are: the ASCII and Cyrillic ones among them are not even looked at.
_PLAIN = "".join(char for char in map(chr, (*range(128), *range(0x400, 0x500))) if _fold_char(char) == char)
_MAY_FOLD = re.compile(f"[^{re.escape(_PLAIN)}]")


def canonical(text: str) -> str:
    """The text with case kept but quotes, dashes, spaces and accents folded; as long as the original."""
    return text if text.isascii() else _MAY_FOLD.sub(lambda match: _fold_char(match[0]), text)


class Token(NamedTuple):
    """A run of letters or of digits.

    Attributes:
        norm: Canonical and lower case, without a possessive 's.
        start, end: Offsets in the original text.
        sentence: Number of the sentence it stands in.
        possessive: Whether a possessive 's was taken off.
    """

    norm: str
    start: int
    end: int
    sentence: int
    possessive: bool = False


class Text:
    """One field of an item, read once: its tokens and sentences."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.canonical = canonical(original)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of every sentence, in order, covering the whole text."""
        ends = [match.end() for match in _BOUNDARY.finditer(self.canonical) if _ends_sentence(self.canonical, match)]
        starts = [0, *ends]
        return tuple((a, b) for a, b in zip(starts, [*ends, len(self.canonical)], strict=True) if a < b)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(_tokens(self.canonical, self.sentences))

    @cached_property
    def norms(self) -> tuple[str, ...]:
        """The tokens' `norm` alone, found without making the tokens."""
        text = self.canonical.lower()
        words = (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)
        return tuple(map(_without_possessive, words) if "'s" in text else words)

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The tokens in canonical form with their capitals, found without making the tokens."""
        return tuple(_TOKEN.findall(self.canonical))

    def sentence(self, number: int) -> str:
        """The sentence as the publisher wrote it."""
        start, end = self.sentences[number]
        return self.original[start:end].strip()

    def words(self, first: int, last: int) -> str:
        """The original text from token `first` to token `last`, both included."""
        return self.original[self.tokens[first].start : self.tokens[last].end]

    def covering(self, start: int, end: int) -> tuple[int, int] | None:
        """First and last of the tokens that a stretch of the text touches; the next token when it touches none."""
        if not self.tokens:
            return None
        first = bisect_right([token.end for token in self.tokens], start)
        last = bisect_left([token.start for token in self.tokens], end) - 1
        first = min(first, len(self.tokens) - 1)
        return first, max(first, last)


def norms(text: str) -> tuple[str, ...]:
    """The tokens of a short text such as a term of a rule."""
    return Text(text).norms


def _tokens(text: str, sentences: Sequence[tuple[int, int]]) -> Iterator[Token]:
    ends = iter((*(end for _, end in sentences), len(text) + 1))
    end, number = next(ends), 0
    for match in _TOKEN.finditer(text):
        start, stop = match.span()
        while start >= end:
            end, number = next(ends), number + 1
        written = match.group().lower()
        norm = _without_possessive(written)
        yield Token(norm, start, stop - len(written) + len(norm), number, norm is not written)


def norm(written: str) -> str:
    """The `norm` of one written token."""
    return _without_possessive(written.lower())


def _without_possessive(word: str) -> str:
    return word[:-2] if word.endswith("'s") and len(word) > 2 else word


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if not match.group().startswith("."):
        return True
    before = re.search(r"[\w.]+$", text[max(0, match.start() - 12) : match.start()])
    word = before.group().lower() if before else ""
    follows = text[match.end() : match.end() + 1]
    return word not in _ABBREVIATIONS and not (len(word) == 1 and word.isalpha()) and not follows.islower()
