"""Terms: the words of a rule, compiled to sequences of token slots or to a regular expression."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import regex  # type: ignore[import-untyped]

from monitor.text.forms import Forms, forms
from monitor.text.tokens import canonical, norms

MAX_LENGTH = 200
MAX_SEQUENCES = 64
MAX_GAP = 50
MAX_REPEAT = 1000
_PIECE = re.compile(r"\s*(?:<(?P<gap>\d+)>|\((?P<group>[^()]*)\)|(?P<word>[^\s()<>|]+))(?=\s|$)")
_COUNT = re.compile(r"\{(\d*)(?:,(\d*))?\}")


class TermError(ValueError):
    """A term that cannot be read; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One token of a phrase.

    Attributes:
        words: The canonical tokens that fill it; a single one when `prefix`.
        nominative: Those of `words` that can be a sentence's subject.
        written: The word as the rule has it where capitals count, else "".
        gap: How many words may stand between this slot and the one before.
    """

    words: frozenset[str]
    nominative: frozenset[str]
    prefix: str = ""
    written: str = ""
    gap: int = 0

    def accepts(self, norm: str) -> bool:
        return norm.startswith(self.prefix) if self.prefix else norm in self.words

    def accepts_capitals(self, original: str) -> bool:
        """Whether a word that fits otherwise is written with the capitals the rule asks for."""
        if self.prefix or canonical(original) == self.written:
            return canonical(original).startswith(self.written)
        return len(self.words) > 1 and _shape(original) == _shape(self.written)

    def can_be_subject(self, norm: str) -> bool:
        return bool(self.prefix) or norm in self.nominative


Sequence = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A compiled term; two of the same text and language are equal.

    Attributes:
        text: As the rule has it.
        lang: The language whose grammar `~` follows; "" tries those the letters allow.
        sequences: Alternatives, each a row of slots; empty for a regular expression.
        pattern: Set for `/regex/` only; it runs over the canonical text, so capitals and accents do not count.
    """

    text: str
    lang: str = ""
    sequences: tuple[Sequence, ...] = field(default=(), compare=False, repr=False)
    pattern: "regex.Pattern[str] | None" = field(default=None, compare=False, repr=False)


def compile_term(text: str, lang: str = "") -> Term:
    """One term of a rule or lexicon: a phrase with its marks, or a `/regex/`.

    Raises:
        TermError: It cannot be read, or would match anything.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise TermError(f"a term may be {MAX_LENGTH} characters long, this one has {len(text)}")
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        return Term(text=text, pattern=_pattern(text[1:-1]))
    return Term(text=text, lang=lang, sequences=tuple(_sequences(text, lang)))


# --- phrases --------------------------------------------------------------------------------------------------------


def _sequences(text: str, lang: str) -> Iterator[Sequence]:
    capitals = text.startswith("=")
    choices = [_choices(piece, lang, capitals) for piece in _pieces(text[1:] if capitals else text)]
    if len(list(itertools.islice(itertools.product(*choices), MAX_SEQUENCES + 1))) > MAX_SEQUENCES:
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


def _choices(piece: re.Match[str], lang: str, capitals: bool) -> list[Sequence | int]:
    if piece["gap"]:
        if int(piece["gap"]) > MAX_GAP:
            raise TermError(f"a gap may be {MAX_GAP} words at most, not {piece['gap']}; use near: or sentence:")
        return [int(piece["gap"])]
    if piece["word"]:
        return [_word(piece["word"], lang, capitals)]
    alternatives = [part.split() for part in piece["group"].split("|")]
    if not all(alternatives):
        raise TermError(f'"({piece["group"]})" has an empty alternative; write (a|b)')
    return [tuple(slot for word in words for slot in _word(word, lang, capitals)) for words in alternatives]


def _joined(text: str, chosen: Iterable[Sequence | int]) -> Sequence:
    slots: list[Slot] = []
    gap = 0
    for part in chosen:
        if isinstance(part, int):
            gap = part
        elif part:
            slots += [_with_gap(part[0], gap), *part[1:]]
            gap = 0
    if not slots:
        raise TermError(f'"{text}" has no letters or digits to look for')
    if len(slots) == 1 and slots[0].prefix and len(slots[0].prefix) < 3:
        raise TermError(f'"{text}" would match far too much; give at least three letters before the *')
    return (_with_gap(slots[0], 0), *slots[1:])


def _with_gap(slot: Slot, gap: int) -> Slot:
    if slot.gap == gap:
        return slot
    return Slot(words=slot.words, nominative=slot.nominative, prefix=slot.prefix, written=slot.written, gap=gap)


def _word(word: str, lang: str, capitals: bool) -> Sequence:
    if word.startswith("="):
        word, capitals = word[1:], True
    mark = word[-1:] if word[-1:] in "~*" else ""
    bare = word.removesuffix(mark)
    if "~" in bare or "*" in bare or "=" in bare:
        raise TermError(f'"{word}": the marks ~ and * stand at the end of a word, = at its beginning')
    tokens = norms(bare)
    if mark and not tokens:
        raise TermError(f'"{word}" has nothing to put the {mark} on')
    written = _written(bare, tokens) if capitals and bare != bare.lower() else [""] * len(tokens)
    slots = [_exact(token, as_is) for token, as_is in zip(tokens, written, strict=True)]
    return (*slots[:-1], _marked(slots[-1], mark, bare, lang)) if mark else tuple(slots)


def _written(bare: str, tokens: tuple[str, ...]) -> list[str]:
    folded, found, at = canonical(bare), [], 0
    for token in tokens:
        at = folded.lower().index(token, at)
        found.append(folded[at : at + len(token)])
        at += len(token)
    return found


def _exact(token: str, written: str) -> Slot:
    words = frozenset((token,))
    return Slot(words=words, nominative=words, written=written)


def _marked(slot: Slot, mark: str, bare: str, lang: str) -> Slot:
    (token,) = slot.words
    if mark == "*":
        return Slot(words=slot.words, nominative=slot.words, prefix=token, written=slot.written)
    known: Forms = forms(token, lang, name=bare[:1].isupper())
    return Slot(words=known.all, nominative=known.nominative, written=slot.written)


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
