"""Word groups: what a list in a rule or lexicon means."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.rules.terms import Term


@dataclass(frozen=True, slots=True, eq=False)
class TermSet:
    """Any of these terms. Compared by identity, so that a lexicon's list is searched once for all rules.

    Attributes:
        name: Of the lexicon entry it comes from, or "".
        parts: Lists it takes in with `$name`, each with exclusions of its own.
        excluded: A place that overlaps one of these does not count.
        unless: When one of these stands anywhere in the item, nothing here counts.
        plain, patterns: The terms, divided into phrases and regular expressions.
        reach: The phrases of this list and of its parts; without one of them, and without patterns, nothing is found.
        has_patterns: Whether it or one of its parts has a regular expression.
    """

    terms: tuple[Term, ...] = ()
    name: str = ""
    parts: tuple["TermSet", ...] = ()
    excluded: tuple[Term, ...] = ()
    unless: tuple[Term, ...] = ()
    plain: frozenset[Term] = field(init=False)
    patterns: tuple[Term, ...] = field(init=False)
    reach: frozenset[Term] = field(init=False)
    has_patterns: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain", frozenset(term for term in self.terms if term.pattern is None))
        object.__setattr__(self, "patterns", tuple(term for term in self.terms if term.pattern is not None))
        object.__setattr__(self, "reach", self.plain.union(*(part.reach for part in self.parts)))
        object.__setattr__(self, "has_patterns", bool(self.patterns) or any(part.has_patterns for part in self.parts))

    def wanted(self) -> Iterator[Term]:
        """The terms one of which must be present, parts included."""
        yield from self.terms
        for part in self.parts:
            yield from part.wanted()

    def all_terms(self) -> Iterator[Term]:
        """Everything that has to be searched for, exclusions included."""
        yield from (*self.terms, *self.excluded, *self.unless)
        for part in self.parts:
            yield from part.all_terms()
