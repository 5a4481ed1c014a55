"""Terms: the words of a rule, compiled to sequences of token slots or to a regular expression."""

import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

import regex  # type: ignore[import-untyped]

from monitor.text.forms import forms
from monitor.text.tokens import Text, canonical, norms

MAX_LENGTH = 500
MAX_SEQUENCES = 128
MAX_GAP = 50
MIN_PREFIX = 3
MAX_REPEAT = 1000
_PIECE = re.compile(r"\s*(?:<(?P<gap>\d+)>|\((?P<group>[^()]*)\)(?P<mark>[~*]?)|(?P<word>[^\s()<>|]+))(?=\s|$)")
_COUNT = re.compile(r"\{(\d*)(?:,(\d*))?\}")


class TermError(ValueError):
    """A term that cannot be read; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One token of a phrase.

    Attributes:
        words: Canonical tokens, any of which fills it.
        prefixes: Beginnings, any of which fills it.
        oblique: Those of `words` that grammar forbids as a sentence's subject.
        written: The word as the rule has it where capitals count, else "".
        gap: How many words may stand between this slot and the one before.
    """

    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    oblique: frozenset[str] = frozenset()
    written: str = ""
    gap: int = 0

    def accepts(self, norm: str) -> bool:
        return norm in self.words or (bool(self.prefixes) and norm.startswith(self.prefixes))

    def accepts_capitals(self, folded: str) -> bool:
        """Whether a word that fits otherwise is written, in canonical form, with the capitals the rule asks for."""
        if self.prefixes or folded == self.written:
            return folded.startswith(self.written)
        return len(self.words) > 1 and _shape(folded) == _shape(self.written)


Sequence = tuple[Slot, ...]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Term:
    """A compiled term. `compile_term` makes it once for a text and language, so that identity is equality.

    Attributes:
        text: As the rule has it.
        lang: The language whose grammar `~` follows; "" tries those the letters allow.
        sequences: Alternatives, each a row of slots; empty for a regular expression.
        pattern: Set for `/regex/` only; it runs over the canonical text, so capitals and accents do not count.
    """

    text: str
    lang: str = ""
    sequences: tuple[Sequence, ...] = field(default=(), repr=False)
    pattern: "regex.Pattern[str] | None" = field(default=None, repr=False)


_known: "WeakValueDictionary[tuple[str, str], Term]" = WeakValueDictionary()


def compile_term(text: str, lang: str = "") -> Term:
    """One term of a rule or lexicon: a phrase with its marks, or a `/regex/`.

    Raises:
        TermError: It cannot be read, or would match anything.
    """
    key = (text.strip(), lang)
    term = _known.get(key)
    if term is None:
        term = _known[key] = _compile(*key)
    return term


def _compile(text: str, lang: str) -> Term:
    if len(text) > MAX_LENGTH:
        raise TermError(f"a term may be {MAX_LENGTH} characters long, this one has {len(text)}")
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        return Term(text=text, pattern=_pattern(text[1:-1]))
    return Term(text=text, lang=lang, sequences=tuple(_sequences(text, lang)))


# --- phrases --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Capitals:
    """Whether capitals count: the term begins with "=", and the word has some, unless no word of the term has."""

    marked: bool
    none: bool

    def count_in(self, word: str) -> bool:
        return self.marked and (self.none or word != word.lower())


def _sequences(text: str, lang: str) -> Iterator[Sequence]:
    capitals = _Capitals(marked=text.startswith("="), none=text == text.lower())
    plain = canonical(text).removeprefix("=").replace("-", " ")
    choices = [_choices(piece, lang, capitals) for piece in _pieces(plain)]
    if math.prod(map(len, choices)) > MAX_SEQUENCES:
        raise TermError(f'"{text}" has more than {MAX_SEQUENCES} variants; split it into several terms')
    for chosen in itertools.product(*choices):
        yield _joined(text, chosen)


def _pieces(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:
            raise TermError(f'"{text}" cannot be read from "{text[at:].strip()}" on; {_advice(text)}')
        yield piece
        at = piece.end()


def _advice(text: str) -> str:
    if text.count("(") != text.count(")"):
        return "a bracket is missing"
    if "|" in text and "(" not in text:
        return "write alternatives in brackets: (a|b)"
    if "<" in text or ">" in text:
        return "write a gap as <4>, with spaces around it"
    return "put spaces around brackets, and marks on the words inside them"


def _choices(piece: re.Match[str], lang: str, capitals: _Capitals) -> list[Sequence | int]:
    if piece["gap"]:
        if int(piece["gap"]) > MAX_GAP:
            raise TermError(f"a gap may be {MAX_GAP} words at most, not {piece['gap']}; use near: or sentence:")
        return [int(piece["gap"])]
    if piece["word"]:
        return [_word(piece["word"], lang, capitals)]
    alternatives = [(part + piece["mark"]).split() for part in piece["group"].split("|")]
    if not all(words and words != [piece["mark"]] for words in alternatives):
        raise TermError(f'"({piece["group"]})" has an empty alternative; write (a|b)')
    rows = [tuple(slot for word in words for slot in _word(word, lang, capitals)) for words in alternatives]
    return _merged(rows)


def _merged(rows: list[Sequence]) -> list[Sequence | int]:
    """Alternatives of a single word each become one slot: fewer rows to look for."""
    single = [row[0] for row in rows if len(row) == 1 and not row[0].written]
    others: list[Sequence | int] = [row for row in rows if len(row) != 1 or row[0].written]
    if not single:
        return others
    words = frozenset().union(*(slot.words for slot in single))
    subjects = frozenset().union(*(slot.words - slot.oblique for slot in single))
    prefixes = tuple(dict.fromkeys(prefix for slot in single for prefix in slot.prefixes))
    return [(Slot(words=words, prefixes=prefixes, oblique=words - subjects),), *others]


def _joined(text: str, chosen: Iterable[Sequence | int]) -> Sequence:
    slots: list[Slot] = []
    gap = 0
    for part in chosen:
        if isinstance(part, int):
            gap = part
        elif part:
            slots += [replace(part[0], gap=gap) if slots else part[0], *part[1:]]
            gap = 0
    if not slots:
        raise TermError(f'"{text}" has no letters or digits to look for')
    if len(slots) == 1 and any(len(prefix) < MIN_PREFIX for prefix in slots[0].prefixes):
        raise TermError(f'"{text}" would match far too much; give at least {MIN_PREFIX} letters before the *')
    return tuple(slots)


def _word(word: str, lang: str, capitals: _Capitals) -> Sequence:
    marked = word.startswith("=")
    word = word.removeprefix("=")
    mark = word[-1:] if word[-1:] in "~*" else ""
    bare = word.removesuffix(mark) if mark else word
    if "~" in bare or "*" in bare or "=" in bare:
        raise TermError(f'"{word}": the marks ~ and * stand at the end of a word, = at its beginning')
    tokens = norms(bare)
    if mark and not tokens:
        raise TermError(f'"{word}" has nothing to put the {mark} on')
    written = _written(bare, tokens) if marked or capitals.count_in(bare) else [""] * len(tokens)
    slots = [Slot(words=frozenset((token,)), written=as_is) for token, as_is in zip(tokens, written, strict=True)]
    return (*slots[:-1], _marked(slots[-1], mark, bare, lang)) if mark else tuple(slots)


def _written(bare: str, tokens: tuple[str, ...]) -> list[str]:
    """The tokens with the capitals they were written with."""
    text = Text(bare)
    return [text.words(number, number) for number in range(len(tokens))]


def _marked(slot: Slot, mark: str, bare: str, lang: str) -> Slot:
    (token,) = slot.words
    if mark == "*":
        return Slot(prefixes=(token,), written=slot.written)
    known = forms(token, lang, name=bare[:1].isupper())
    return Slot(words=known.all, oblique=known.all - known.nominative, written=slot.written)


def _shape(word: str) -> str:
    if word.isupper():
        return "upper"
    return "title" if word[:1].isupper() else "lower"


# --- regular expressions --------------------------------------------------------------------------------------------


def _pattern(source: str) -> "regex.Pattern[str]":
    repeats = 1
    for low, high in _COUNT.findall(source):
        repeats *= max(1, int(low or 0), int(high or 0))
    if repeats > MAX_REPEAT:
        raise TermError(f"/{source}/ repeats too much; counts multiplied may reach {MAX_REPEAT}")
    try:
        compiled = regex.compile(canonical(source), regex.IGNORECASE)
        empty = compiled.search("", timeout=0.05) is not None
    except (regex.error, OverflowError, TimeoutError, RecursionError) as error:
        raise TermError(f"/{source}/ is no regular expression: {error}") from error
    if empty:
        raise TermError(f"/{source}/ matches nothing at all, so it would match every item")
    return compiled
