"""Many terms found at once: one look-up per token proposes, the other words of the text decide."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from monitor.model import Item
from monitor.rules.terms import Sequence, Slot, Term
from monitor.text.tokens import Text

Where = Literal["title", "summary", "body", "author", "link"]
FIELDS: tuple[Where, ...] = ("title", "summary", "body")
_VOCABULARY = 50_000


class Span(NamedTuple):
    """Where a term was found.

    Attributes:
        first, last: Tokens of that field, both included.
        nominative: False when the grammar says that these words cannot be a subject ("Пескова").
    """

    where: Where
    first: int
    last: int
    nominative: bool = True


class ItemText:
    """An item as the engine reads it: one `Text` for each field, made when first asked for."""

    __slots__ = ("_texts", "item")

    def __init__(self, item: Item) -> None:
        self.item = item
        self._texts: dict[Where, Text] = {}

    def text(self, where: Where) -> Text:
        text = self._texts.get(where)
        if text is None:
            text = self._texts[where] = Text(getattr(self.item, where))
        return text

    def sentence(self, span: Span) -> int:
        """The number of the sentence in which a span begins; a headline is one sentence."""
        return 0 if span.where == "title" else self.text(span.where).sentence_of(span.first)

    def words(self, span: Span) -> str:
        """The words of a span as the publisher wrote them."""
        return self.text(span.where).words(span.first, span.last)


class _Phrase(NamedTuple):
    """A place in the index: this token may be slot `at` of that sequence.

    Attributes:
        reach: How many tokens before this one the sequence may begin.
        needs: The numbers of its other slots; each is filled somewhere in a text that has the phrase.
    """

    term: Term
    sequence: Sequence
    at: int
    reach: int
    needs: frozenset[int]


class _Word(NamedTuple):
    """What a word may be part of.

    Attributes:
        alone: The terms it is by itself, and whether it may be a subject then.
        phrases: Those of which it is the most telling word.
        fills: The numbers of the other slots of phrases into which it fits.
    """

    alone: Mapping[Term, bool]
    phrases: tuple[_Phrase, ...]
    fills: frozenset[int]


@dataclass(slots=True)
class _Filed:
    """What is filed under a word, or under the beginning of words."""

    alone: list[tuple[Term, Slot]] = field(default_factory=list)
    phrases: list[_Phrase] = field(default_factory=list)
    fills: list[int] = field(default_factory=list)


class _Vocabulary(dict[str, _Word | None]):
    """Every word met so far, with None for those that mean nothing; looked up when it is met first."""

    def __init__(self, look_up: Callable[[str], _Word | None]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, norm: str) -> _Word | None:
        if len(self) >= _VOCABULARY:
            self.clear()
        word = self[norm] = self._look_up(norm)
        return word


class Found:
    """The terms that stand in one field. Where exactly is worked out for those that somebody asks for."""

    __slots__ = ("_met", "_phrases", "_spans", "_where", "terms")

    def __init__(
        self,
        where: Where,
        met: Iterable[tuple[int, _Word]] = (),
        phrases: Mapping[Term, Mapping[int, Span]] | None = None,
    ) -> None:
        self._where = where
        self._met = met
        self._phrases = phrases or {}
        self._spans: dict[Term, tuple[Span, ...]] = {}
        self.terms: set[Term] = set(self._phrases).union(*[word.alone for _, word in met])

    def spans(self, term: Term) -> tuple[Span, ...]:
        """Its places in the order of the text; for each beginning the longest variant."""
        spans = self._spans.get(term)
        if spans is None:
            spans = self._spans[term] = self._work_out(term) if term in self.terms else ()
        return spans

    def _work_out(self, term: Term) -> tuple[Span, ...]:
        spans = dict(self._phrases.get(term, ()))
        for position, word in self._met:
            nominative = word.alone.get(term)
            if nominative is not None:
                span = Span(self._where, position, position, nominative)
                spans[position] = max(span, spans.get(position, span))
        return tuple(sorted(spans.values()))


class TermIndex:
    """Terms filed under their most telling word. Regular expressions are not filed; `Hits` runs them when asked."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._exact: dict[str, _Filed] = {}
        self._prefixes: dict[str, _Filed] = {}
        self._slots: dict[tuple[frozenset[str], tuple[str, ...]], int] = {}
        self._needs: dict[frozenset[int], frozenset[int]] = {}
        for term in set(terms):
            for sequence in term.sequences:
                self._file(term, sequence)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._vocabulary = _Vocabulary(self._look_up)

    def find(self, text: Text, where: Where) -> Found:
        """Every term that stands in the text."""
        words = map(self._vocabulary.__getitem__, text.norms)
        met = [(position, word) for position, word in enumerate(words) if word is not None]
        phrases: dict[Term, dict[int, Span]] = {}
        filled = frozenset[int]().union(*[word.fills for _, word in met])
        for position, word in met:
            for phrase in word.phrases:
                if phrase.needs <= filled:
                    _keep(phrases, phrase, text, where, position)
        return Found(where, met, phrases)

    def _file(self, term: Term, sequence: Sequence) -> None:
        at = max(range(len(sequence)), key=lambda number: _telling(sequence[number]))
        if len(sequence) == 1 and not sequence[0].written:
            for filed in self._filed(sequence[0]):
                filed.alone.append((term, sequence[0]))
            return
        others = frozenset(self._number(slot) for number, slot in enumerate(sequence) if number != at)
        reach = sum(each.gap + 1 for each in sequence[1 : at + 1])
        phrase = _Phrase(term, sequence, at, reach, self._needs.setdefault(others, others))
        for filed in self._filed(sequence[at]):
            filed.phrases.append(phrase)

    def _number(self, slot: Slot) -> int:
        """The number of a slot that phrases need; the same for all that the same words fill."""
        key = (slot.words, slot.prefixes)
        number = self._slots.get(key)
        if number is None:
            number = self._slots[key] = len(self._slots)
            for filed in self._filed(slot):
                filed.fills.append(number)
        return number

    def _filed(self, slot: Slot) -> Iterator[_Filed]:
        for filed, words in ((self._exact, slot.words), (self._prefixes, slot.prefixes)):
            for word in words:
                yield filed.get(word) or filed.setdefault(word, _Filed())

    def _look_up(self, norm: str) -> _Word | None:
        prefixes = (self._prefixes.get(norm[:length]) for length in self._lengths if length <= len(norm))
        found = [filed for filed in (self._exact.get(norm), *prefixes) if filed is not None]
        if not found:
            return None
        return _Word(
            alone={term: norm not in slot.oblique for filed in found for term, slot in filed.alone},
            phrases=tuple(phrase for filed in found for phrase in filed.phrases),
            fills=frozenset(number for filed in found for number in filed.fills),
        )


def _telling(slot: Slot) -> tuple[bool, int]:
    """How much a slot's presence says: long words say more than short ones, and beginnings say little."""
    return not slot.prefixes, min(map(len, (*slot.words, *slot.prefixes)))


def _keep(found: dict[Term, dict[int, Span]], phrase: _Phrase, text: Text, where: Where, position: int) -> None:
    """Add the matches that use the token at `position` for the filed slot."""
    for first in range(max(0, position - phrase.reach), position - phrase.at + 1):
        span = match_at(text, where, phrase.sequence, first)
        if span is not None:
            spans = found.setdefault(phrase.term, {})
            spans[first] = max(span, spans.get(first, span))


def match_at(text: Text, where: Where, sequence: Sequence, first: int) -> Span | None:
    """The shortest match of a sequence that begins at token `first`; a headline counts as one sentence."""
    row = _row(text, sequence, 0, first) if first < len(text.norms) else None
    if row is None or not (where == "title" or text.sentence_of(first) == text.sentence_of(row[-1])):
        return None
    nominative = all(text.norms[at] not in slot.oblique for slot, at in zip(sequence, row, strict=True))
    return Span(where, first, row[-1], nominative)


def _row(text: Text, sequence: Sequence, number: int, at: int) -> tuple[int, ...] | None:
    """Positions for the slots from `number` on, the first of them at token `at`, the others as near as they can be.

    No other row from there ends earlier, so one that leaves its sentence means that there is none.
    """
    if not _fills(text, sequence[number], at):
        return None
    if number == len(sequence) - 1:
        return (at,)
    for following in range(at + 1, min(at + 2 + sequence[number + 1].gap, len(text.norms))):
        rest = _row(text, sequence, number + 1, following)
        if rest is not None:
            return (at, *rest)
    return None


def _fills(text: Text, slot: Slot, position: int) -> bool:
    fits = slot.accepts(text.norms[position])
    return fits and (not slot.written or slot.accepts_capitals(text.folded(position)))
