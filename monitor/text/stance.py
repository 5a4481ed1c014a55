"""Which way a statement leans: points of the terms in it, turned round by negation and denial."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.text.tokens import Text

_FLIPPED_PLUS = -0.75  # "not open to" closes less than "rules out"
_AFTER = 6  # how many words after a term may say that there is none of it
_TORN = 0.4  # of all points: a text that leans less than this one way says "yes, but"
_OBJECT = 5  # how many words after a refusal are what is refused


@dataclass(frozen=True, slots=True)
class Toned:
    """A term of a scale, found in a text.

    Attributes:
        first, last: Tokens, both included.
        points: Below zero, zero (says "as before") or above.
        fixed: True for set phrases with their own negation ("will not accept"), which nothing turns round.
    """

    first: int
    last: int
    points: float
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Negation:
    """Words that turn a term round.

    Attributes:
        words: "not", "не", ...
        reach: How many tokens after it a negation works.
        only: Words after which it is none ("not only").
        after: Negations that follow what they deny ("немає", "impossible").
        conditions: Words that make what is before them depend on something ("if"): a readiness with terms is none.
        stops: Words that end its reach ("but").
    """

    words: frozenset[str]
    reach: int = 4
    only: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Leaning:
    """What the terms of one or several statements add up to.

    Attributes:
        points: None when there was nothing to read.
        words: The terms with their points, as shown to people.
        weight: The points without their signs.
    """

    points: float | None
    words: tuple[str, ...] = ()
    weight: float = 0.0

    @property
    def score(self) -> float | None:
        """Points squeezed into -1..1; one point gives a half. Nearly as much for as against is neither."""
        if self.points is None:
            return None
        return 0.0 if abs(self.points) < _TORN * self.weight else round(self.points / (abs(self.points) + 1), 3)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to read: tokens, both included, and whether the statement denies them."""

    first: int
    last: int
    denied: bool = False
    weight: float = 1.0


def lean(text: Text, terms: Iterable[Toned], scopes: Sequence[Scope], negation: Negation) -> Leaning:
    """Add up the terms inside the scopes; the longest wins where they overlap."""
    points, weight, words = 0.0, 0.0, []
    kept = _longest(_not_refused(text, list(terms), negation))
    inside = [(term, scope) for term in kept if (scope := _scope_of(term, scopes)) is not None]
    if not inside:
        return Leaning(None)
    for term, scope in inside:
        value = _value(text, term, scope, negation)
        points += value
        weight += abs(value)
        words.append(f"{text.words(term.first, term.last)} {value:+g}")
    return Leaning(points, tuple(words), weight)


def _not_refused(text: Text, terms: Sequence[Toned], negation: Negation) -> list[Toned]:
    """The terms without those above zero that are the object of a refusal: "rejects a ceasefire proposal"."""
    refusals = [term for term in terms if term.points < 0 and (term.fixed or not _negated(text, term, negation))]
    return [
        term
        for term in terms
        if term.points <= 0 or not any(_governs(text, refusal, term, negation) for refusal in refusals)
    ]


def _governs(text: Text, refusal: Toned, term: Toned, negation: Negation) -> bool:
    if not refusal.first < term.first <= refusal.last + _OBJECT:
        return False
    if text.tokens[refusal.first].sentence != text.tokens[term.first].sentence:
        return False
    between = range(refusal.last + 1, term.first)
    apart = text.canonical[text.tokens[refusal.last].end : text.tokens[term.first].start] if between else ""
    return not any(mark in apart for mark in ",;:(") and not any(text.norms[i] in negation.stops for i in between)


def _longest(terms: Iterable[Toned]) -> list[Toned]:
    kept: list[Toned] = []
    for term in sorted(terms, key=lambda t: (t.first - t.last, not t.fixed, -abs(t.points))):
        if all(term.last < other.first or term.first > other.last for other in kept):
            kept.append(term)
    return sorted(kept, key=lambda t: t.first)


def _scope_of(term: Toned, scopes: Sequence[Scope]) -> Scope | None:
    return next((scope for scope in scopes if scope.first <= term.first and term.last <= scope.last), None)


def _value(text: Text, term: Toned, scope: Scope, negation: Negation) -> float:
    value = term.points
    if scope.denied or (value > 0 and _without_ground(text, term, scope, negation)):
        return 0.0
    if not term.fixed and _negated(text, term, negation):
        value *= _FLIPPED_PLUS if value > 0 else 0  # "no capitulation", "will not bow to threats" are no yes
    return round(value * scope.weight, 3) + 0.0


def _without_ground(text: Text, term: Toned, scope: Scope, negation: Negation) -> bool:
    """Whether there is none of it yet ("progress is impossible") or only on terms: neither a yes nor a no."""
    return _negated_after(text, term.last, negation) or _conditional(text, term, scope, negation)


def _negated(text: Text, term: Toned, negation: Negation) -> bool:
    return _negated_before(text, term.first, negation) or _negated_after(text, term.last, negation)


def _negated_before(text: Text, first: int, negation: Negation) -> bool:
    for index in range(first - 1, max(-1, first - 1 - negation.reach), -1):
        between = text.canonical[text.tokens[index].end : text.tokens[index + 1].start]
        if text.tokens[index].sentence != text.tokens[first].sentence or any(mark in between for mark in ",;:("):
            return False
        if text.norms[index] in negation.stops:
            return False
        if text.norms[index] in negation.words:
            return text.norms[index + 1] not in negation.only
    return False


def _negated_after(text: Text, last: int, negation: Negation) -> bool:
    for index in range(last + 1, min(last + 1 + _AFTER, len(text.norms))):
        between = text.canonical[text.tokens[index - 1].end : text.tokens[index].start]
        if text.tokens[index].sentence != text.tokens[last].sentence or any(mark in between for mark in ",;:("):
            return False
        if text.norms[index] in negation.stops:
            return False
        if text.norms[index] in negation.after:
            return True
    return False


def _conditional(text: Text, term: Toned, scope: Scope, negation: Negation) -> bool:
    """Whether a condition follows in the same sentence of the same speaker: "ready for talks if ..."."""
    sentence = text.tokens[term.last].sentence
    return any(
        text.norms[index] in negation.conditions and text.tokens[index].sentence == sentence
        for index in range(term.last + 1, scope.last + 1)
    )
