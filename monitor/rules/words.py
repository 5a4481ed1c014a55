"""Word groups: what a list in a rule or lexicon means."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.rules.terms import Term


@dataclass(frozen=True, slots=True, eq=False)
class TermSet:
    """Any of these terms. Compared by identity, so that a lexicon's list is searched once for all rules.

    Attributes:
        name: Of the lexicon entry it comes from, or "".
        parts: Lists it takes in with `$name`, each with exclusions of its own.
        excluded: A place that overlaps one of these does not count.
        unless: When one of these stands anywhere in the item, nothing here counts.
    """

    terms: tuple[Term, ...] = ()
    name: str = ""
    parts: tuple["TermSet", ...] = ()
    excluded: tuple[Term, ...] = ()
    unless: tuple[Term, ...] = ()

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
