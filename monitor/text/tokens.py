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


def _token(letter: str, digit: str) -> re.Pattern[str]:
    return re.compile(rf"{letter}+(?:'{letter}+)*|{digit}+(?:[.,]{digit}+)*")


_TOKEN = _token(r"[^\W\d_]", r"\d")
_ASCII_TOKEN = _token("[A-Za-z]", "[0-9]")  # the same for ASCII text, and faster
_LOWER_TOKEN = _token("[a-z]", "[0-9]")  # the same for lower ASCII text, and faster still
_CYRILLIC_TOKEN = _token("[A-Za-z\u0400-\u0481\u048a-\u04ff]", "[0-9]")  # the same where no other letters stand
_POSSESSIVES = ("'s", "'S")
_WORD = re.compile(r"[\w.]+")
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr gen lt col maj sgt sen rep gov st vs etc no inc ltd co jr sr u.s u.k e.u prof rev adm capt
    ст р рр г гг им тыс млн млрд трлн руб грн долл дол тис вул м др пр напр ім обл ok np tzw płk ul
    """.split()  # noqa: SIM905 - a list of strings would take sixty lines
)
_BOUNDARY = re.compile(r"[.!?\u2026]+[\"')\]]*(?:\s+|$)|\n+| \| ")
# The same for text without "|". That it begins with a set of characters lets the search skip all others.
_USUAL_BOUNDARY = re.compile(r"[.!?\u2026\n](?:(?<=\n)\n*|(?<!\n)[.!?\u2026]*[\"')\]]*(?:\s+|$))")


def _fold_char(char: str) -> str:
    if char in _FOLDED:
        return _FOLDED[char]
    if char in _KEPT or ord(char) < 128:
        return char
    base = unicodedata.normalize("NFD", char)[0]
    return base if len(base) == 1 and base.isalpha() == char.isalpha() else char


_FAMILIAR = frozenset(map(chr, (*range(128), *range(0x400, 0x500))))  # ASCII and Cyrillic
_PLAIN = "".join(char for char in _FAMILIAR if _fold_char(char) == char)  # most letters of most texts
_MAY_FOLD = re.compile(f"[^{re.escape(_PLAIN)}]")


def canonical(text: str) -> str:
    """The text with case kept but quotes, dashes, spaces and accents folded; as long as the original."""
    if text.isascii():
        return text
    unusual: set[str] = set(_MAY_FOLD.findall(text))
    folds = {char: folded for char in unusual if (folded := _fold_char(char)) != char}
    if not folds.keys().isdisjoint(folds.values()):  # one after the other they would fold twice
        return "".join(folds.get(char, char) for char in text)
    for char, folded in folds.items():
        text = text.replace(char, folded)
    return text


def _tokens_in(text: str) -> re.Pattern[str]:
    """The pattern that finds the tokens of a canonical text fastest."""
    if text.isascii():
        return _ASCII_TOKEN
    unfamiliar = set(text) - _FAMILIAR
    return _TOKEN if any(map(str.isalnum, unfamiliar)) else _CYRILLIC_TOKEN


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
        text = self.canonical
        boundary = _BOUNDARY if "|" in text else _USUAL_BOUNDARY
        ends = [match.end() for match in boundary.finditer(text) if _ends_sentence(text, match)]
        starts = [0, *ends]
        return tuple((a, b) for a, b in zip(starts, [*ends, len(text)], strict=True) if a < b)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(_tokens(self.canonical, self.sentences))

    @cached_property
    def places(self) -> tuple[tuple[int, int], ...]:
        """The tokens' `start` and `end` alone, found without making the tokens."""
        text = self.canonical
        found = [match.span() for match in _tokens_in(text).finditer(text)]
        if any(ending in text for ending in _POSSESSIVES):
            found = [(a, b - 2) if b - a > 2 and text[b - 2 : b] in _POSSESSIVES else (a, b) for a, b in found]
        return tuple(found)

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [end for _, end in self.sentences]

    def sentence_of(self, position: int) -> int:
        """The number of the sentence in which a token stands."""
        return bisect_right(self._sentence_ends, self.places[position][0])

    @cached_property
    def norms(self) -> tuple[str, ...]:
        """The tokens' `norm` alone, found without making the tokens."""
        text = self.canonical.lower()
        words = (_LOWER_TOKEN if text.isascii() else _tokens_in(text)).findall(text)
        if "'s" in text:
            words = [word[:-2] if word.endswith("'s") and len(word) > 2 else word for word in words]
        return tuple(words)

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The tokens in canonical form with their capitals, found without making the tokens."""
        return tuple(_tokens_in(self.canonical).findall(self.canonical))

    def sentence(self, number: int) -> str:
        """The sentence as the publisher wrote it."""
        start, end = self.sentences[number]
        return self.original[start:end].strip()

    def words(self, first: int, last: int) -> str:
        """The original text from token `first` to token `last`, both included."""
        return self.original[self.places[first][0] : self.places[last][1]]

    def folded(self, position: int) -> str:
        """One token in canonical form with its capitals."""
        start, end = self.places[position]
        return self.canonical[start:end]

    def covering(self, start: int, end: int) -> tuple[int, int] | None:
        """First and last of the tokens that a stretch of the text touches; the next token when it touches none."""
        if not self.places:
            return None
        first = bisect_right([stop for _, stop in self.places], start)
        last = bisect_left([begin for begin, _ in self.places], end) - 1
        first = min(first, len(self.places) - 1)
        return first, max(first, last)


def norms(text: str) -> tuple[str, ...]:
    """The tokens of a short text such as a term of a rule."""
    return Text(text).norms


def _tokens(text: str, sentences: Sequence[tuple[int, int]]) -> Iterator[Token]:
    ends = iter((*(end for _, end in sentences), len(text) + 1))
    end, number = next(ends), 0
    for match in _tokens_in(text).finditer(text):
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
    start, end = match.span()
    if text[start] != ".":
        return True
    if text[end : end + 1].islower():
        return False
    before = _WORD.match(text[max(0, start - 12) : start][::-1])
    word = before.group()[::-1].lower() if before else ""
    return word not in _ABBREVIATIONS and not (len(word) == 1 and word.isalpha())
