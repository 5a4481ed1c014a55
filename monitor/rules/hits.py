"""What was found in one item: words, lists of words with their exclusions, regular expressions."""

from itertools import islice

from monitor.rules.index import FIELDS, Found, ItemText, Span, TermIndex, Where
from monitor.rules.terms import Term
from monitor.rules.words import TermSet
from monitor.text.tokens import Text

REGEX_SECONDS = 0.05
REGEX_MATCHES = 50
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
        self._others: dict[Where, Found] = {}
        self._terms: dict[tuple[Where, ...], set[Term]] = {}
        self._patterns: dict[tuple[Term, Where], tuple[Span, ...]] = {}
        self._words: dict[tuple[TermSet, tuple[Where, ...]], tuple[Span, ...]] = {}

    def called(self) -> set[Term]:
        """The terms that call for rules and stand in the item."""
        return set[Term]().union(*[self._call(where).terms for where in FIELDS])

    def terms(self, fields: tuple[Where, ...] = FIELDS) -> set[Term]:
        """The phrases that stand in these fields."""
        terms = self._terms.get(fields)
        if terms is None:
            found = [each.terms for where in fields for each in (self._call(where), self._other(where))]
            terms = self._terms[fields] = set[Term]().union(*found)
        return terms

    def spans(self, term: Term, fields: tuple[Where, ...] = FIELDS) -> tuple[Span, ...]:
        """Every place of one term, field by field."""
        if term.pattern is not None:
            return tuple(span for where in fields for span in self._matched(term, where))
        return self._places(term, fields) if term in self.terms(fields) else ()

    def may_find(self, words: TermSet, fields: tuple[Where, ...] = FIELDS) -> bool:
        """Whether one of these words stands there; exclusions are not looked at, expressions not run."""
        return words.has_patterns or not self.terms(fields).isdisjoint(words.reach)

    def found(self, words: TermSet, fields: tuple[Where, ...] = FIELDS) -> tuple[Span, ...]:
        """Every place where one of these words stands and none of their exclusions does."""
        key = (words, fields)
        spans = self._words.get(key)
        if spans is None:
            spans = self._words[key] = self._find(words, fields) if self.may_find(words, fields) else ()
        return spans

    def _find(self, words: TermSet, fields: tuple[Where, ...]) -> tuple[Span, ...]:
        spans: set[Span] = set()
        for term in words.plain & self.terms(fields):
            spans.update(self._places(term, fields))
        for term in words.patterns:
            spans.update(self.spans(term, fields))
        for part in words.parts:
            if self.may_find(part, fields):
                spans.update(self.found(part, fields))
        if not spans or any(self.spans(term) for term in words.unless):
            return ()
        excluded = {place for term in words.excluded for span in self.spans(term, fields) for place in _tokens(span)}
        return tuple(sorted(span for span in spans if not excluded or excluded.isdisjoint(_tokens(span))))

    def _places(self, term: Term, fields: tuple[Where, ...]) -> tuple[Span, ...]:
        """Of a phrase that stands in one of these fields; either index may know it, never both."""
        found = [self._call(where).spans(term) or self._other(where).spans(term) for where in fields]
        return found[0] if len(found) == 1 else tuple(span for spans in found for span in spans)

    def _call(self, where: Where) -> Found:
        found = self._called.get(where)
        if found is None:
            found = self._called[where] = self._calling.find(self.texts.text(where), where)
        return found

    def _other(self, where: Where) -> Found:
        found = self._others.get(where)
        if found is None:
            found = self._others[where] = self._index.find(self.texts.text(where), where)
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


def match_pattern(text: Text, where: Where, term: Term) -> tuple[Span, ...]:
    """Where a regular expression matches, as the tokens it touches.

    Raises:
        TimeoutError: It took too long.
    """
    assert term.pattern is not None
    matches = term.pattern.finditer(text.canonical, timeout=REGEX_SECONDS)
    spans = (text.covering(match.start(), match.end()) for match in islice(matches, REGEX_MATCHES))
    return tuple(Span(where, *span) for span in spans if span is not None)


def _tokens(span: Span) -> list[tuple[Where, int]]:
    return [(span.where, position) for position in range(span.first, span.last + 1)]
