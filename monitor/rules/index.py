"""Many terms found at once: one look-up per token proposes, the neighbours decide."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Literal, NamedTuple

from monitor.model import Item
from monitor.rules.terms import Sequence, Slot, Term
from monitor.rules.words import TermSet
from monitor.text.tokens import Text

Where = Literal["title", "summary", "body", "author", "link"]
FIELDS: tuple[Where, ...] = ("title", "summary", "body")
REGEX_SECONDS = 0.05
REGEX_MATCHES = 50
_VOCABULARY = 200_000


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
        return 0 if span.where == "title" else self.text(span.where).tokens[span.first].sentence

    def words(self, span: Span) -> str:
        """The words of a span as the publisher wrote them."""
        return self.text(span.where).words(span.first, span.last)


class _Entry(NamedTuple):
    """A place in the index: this token may be slot `at` of that sequence.

    Attributes:
        reach: How many tokens before this one the sequence may begin.
        plain: True when the token alone is the whole match.
        neighbour: The slot of the token `beside` this one (1 after, -1 before) when no word may stand between.
    """

    term: Term
    sequence: Sequence
    at: int
    reach: int
    plain: bool
    neighbour: Slot | None = None
    beside: int = 0


Found = dict[Term, tuple[Span, ...]]


class _Vocabulary(dict[str, tuple[_Entry, ...]]):
    """The entries of every word met so far, most often none; looked up when it is met first."""

    def __init__(self, look_up: Callable[[str], tuple[_Entry, ...]]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, norm: str) -> tuple[_Entry, ...]:
        if len(self) >= _VOCABULARY:
            self.clear()
        entries = self[norm] = self._look_up(norm)
        return entries


class TermIndex:
    """Terms filed under their most telling word. Regular expressions are not filed; `Hits` runs them when asked."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._exact: dict[str, list[_Entry]] = {}
        self._prefixes: dict[str, list[_Entry]] = {}
        for term in set(terms):
            for sequence in term.sequences:
                self._file(term, sequence)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._vocabulary = _Vocabulary(self._look_up)

    def find(self, text: Text, where: Where) -> Found:
        """Every place where a term stands, in the order of the text; for each beginning the longest variant."""
        found: dict[Term, dict[int, Span]] = {}
        norms = text.norms
        for position, entries in enumerate(map(self._vocabulary.__getitem__, norms)):
            for entry in entries:
                if entry.plain:
                    span = Span(where, position, position, norms[position] not in entry.sequence[0].oblique)
                    found.setdefault(entry.term, {}).setdefault(position, span)
                elif entry.neighbour is None or _stands_beside(norms, position + entry.beside, entry.neighbour):
                    _keep(found, entry, text, where, position)
        return {term: tuple(sorted(spans.values())) for term, spans in found.items()}

    def _file(self, term: Term, sequence: Sequence) -> None:
        at = max(range(len(sequence)), key=lambda number: _telling(sequence[number]))
        slot = sequence[at]
        reach = sum(each.gap + 1 for each in sequence[1 : at + 1])
        plain = len(sequence) == 1 and not slot.written
        entry = _Entry(term, sequence, at, reach, plain, *_neighbour(sequence, at))
        for word in slot.words:
            self._exact.setdefault(word, []).append(entry)
        for prefix in slot.prefixes:
            self._prefixes.setdefault(prefix, []).append(entry)

    def _look_up(self, norm: str) -> tuple[_Entry, ...]:
        entries = list(self._exact.get(norm, ()))
        for length in self._lengths:
            if length > len(norm):
                break
            entries += self._prefixes.get(norm[:length], ())
        return tuple(entries)


def _telling(slot: Slot) -> tuple[bool, int]:
    """How much a slot's presence says: long words say more than short ones, and beginnings say little."""
    return not slot.prefixes, min(map(len, (*slot.words, *slot.prefixes)))


def _neighbour(sequence: Sequence, at: int) -> tuple[Slot | None, int]:
    if at + 1 < len(sequence) and sequence[at + 1].gap == 0:
        return sequence[at + 1], 1
    return (sequence[at - 1], -1) if at and sequence[at].gap == 0 else (None, 0)


def _stands_beside(norms: tuple[str, ...], position: int, slot: Slot) -> bool:
    return 0 <= position < len(norms) and slot.accepts(norms[position])


def _keep(found: dict[Term, dict[int, Span]], entry: _Entry, text: Text, where: Where, position: int) -> None:
    """Add the matches that use the token at `position` for the filed slot."""
    for first in range(max(0, position - entry.reach), position - entry.at + 1):
        span = match_at(text, where, entry.sequence, first)
        if span is not None:
            spans = found.setdefault(entry.term, {})
            spans[first] = max(span, spans.get(first, span))


def match_at(text: Text, where: Where, sequence: Sequence, first: int) -> Span | None:
    """The shortest match of a sequence that begins at token `first`; a headline counts as one sentence."""
    row = _row(text, sequence, 0, first) if first < len(text.norms) else None
    if row is None or not (where == "title" or text.tokens[first].sentence == text.tokens[row[-1]].sentence):
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
    return fits and (not slot.written or slot.accepts_capitals(text.words(position, position)))


# --- the hits of one item -------------------------------------------------------------------------------------------

_NO_TERMS = TermIndex(())


class Hits:
    """What was found in one item; each field is searched once, when somebody first asks for it.

    Args:
        index: Of all terms that may be asked for but those of `calling`.
        calling: Of the terms that call for rules: searched first, since most items call for none.
    """

    def __init__(self, texts: ItemText, index: TermIndex, calling: TermIndex = _NO_TERMS) -> None:
        self.texts = texts
        self.gave_up: list[Term] = []
        self._index = index
        self._calling = calling
        self._called: dict[Where, Found] = {}
        self._found: dict[Where, Found] = {}
        self._everywhere: Found | None = None
        self._patterns: dict[tuple[Term, Where], tuple[Span, ...]] = {}
        self._words: dict[tuple[TermSet, tuple[Where, ...]], tuple[Span, ...]] = {}

    def terms(self, where: Where) -> Iterable[Term]:
        """The phrases that stand in a field."""
        return self._in(where)

    def called(self) -> set[Term]:
        """The terms that call for rules and stand in the item."""
        return {term for where in FIELDS for term in self._call(where)}

    def spans(self, term: Term, fields: tuple[Where, ...] = FIELDS) -> tuple[Span, ...]:
        """Every place of one term, field by field."""
        if term.pattern is not None:
            return tuple(span for where in fields for span in self._matched(term, where))
        return self._over(fields).get(term, ())

    def found(self, words: TermSet, fields: tuple[Where, ...] = FIELDS) -> tuple[Span, ...]:
        """Every place where one of these words stands and none of their exclusions does."""
        key = (words, fields)
        spans = self._words.get(key)
        if spans is None:
            spans = self._words[key] = self._find(words, fields)
        return spans

    def _find(self, words: TermSet, fields: tuple[Where, ...]) -> tuple[Span, ...]:
        found = self._over(fields)
        if not words.has_patterns and found.keys().isdisjoint(words.reach):
            return ()
        spans: set[Span] = set()
        for term in found.keys() & words.plain:
            spans.update(found[term])
        for term in words.patterns:
            spans.update(self.spans(term, fields))
        for part in words.parts:
            spans.update(self.found(part, fields))
        if not spans or any(self.spans(term) for term in words.unless):
            return ()
        excluded = {place for term in words.excluded for span in self.spans(term, fields) for place in _places(span)}
        return tuple(sorted(span for span in spans if not excluded or excluded.isdisjoint(_places(span))))

    def _over(self, fields: tuple[Where, ...]) -> Found:
        if len(fields) == 1:
            return self._in(fields[0])
        if fields != FIELDS:
            return _joined([self._in(where) for where in fields])
        if self._everywhere is None:
            self._everywhere = _joined([self._in(where) for where in FIELDS])
        return self._everywhere

    def _in(self, where: Where) -> Found:
        found = self._found.get(where)
        if found is None:
            found = self._found[where] = self._call(where) | self._index.find(self.texts.text(where), where)
        return found

    def _call(self, where: Where) -> Found:
        found = self._called.get(where)
        if found is None:
            found = self._called[where] = self._calling.find(self.texts.text(where), where)
        return found

    def _matched(self, term: Term, where: Where) -> tuple[Span, ...]:
        spans = self._patterns.get((term, where))
        if spans is None:
            spans = self._patterns[term, where] = self._run(term, where)
        return spans

    def _run(self, term: Term, where: Where) -> tuple[Span, ...]:
        if term in self.gave_up:
            return ()
        try:
            return match_pattern(self.texts.text(where), where, term)
        except TimeoutError:
            self.gave_up.append(term)
            return ()


def _joined(fields: list[Found]) -> Found:
    """What was found in several fields, each term's places in the order of the fields."""
    some = [found for found in fields if found]
    if len(some) < 2:
        return some[0] if some else {}
    joined = dict(some[0])
    for found in some[1:]:
        for term, spans in found.items():
            joined[term] = joined.get(term, ()) + spans
    return joined


def match_pattern(text: Text, where: Where, term: Term) -> tuple[Span, ...]:
    """Where a regular expression matches, as the tokens it touches.

    Raises:
        TimeoutError: It took too long.
    """
    assert term.pattern is not None
    matches = term.pattern.finditer(text.canonical, timeout=REGEX_SECONDS)
    spans = (text.covering(match.start(), match.end()) for match in islice(matches, REGEX_MATCHES))
    return tuple(Span(where, *span) for span in spans if span is not None)


def _places(span: Span) -> list[tuple[Where, int]]:
    return [(span.where, position) for position in range(span.first, span.last + 1)]
