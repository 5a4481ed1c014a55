"""The smallest expression: one of these words stands in the fields looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.rules.hits import Hits
from monitor.rules.index import Where
from monitor.rules.operators.base import Context, Result
from monitor.rules.terms import Term
from monitor.rules.words import TermSet


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Any of a group of words."""

    label: str
    words: TermSet
    cost: int = 1

    def evaluate(self, context: Context) -> Result:
        spans = context.found(self.words)
        if spans:
            return Result(holds=True, label=self.label, evidence=context.evidence(self.label, spans))
        return Result(holds=False, label=self.label, why=self._why(context) if context.thorough else "")

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        return hits.may_find(self.words, fields)

    def required(self) -> frozenset[Term] | None:
        return frozenset(self.words.wanted())

    def word_sets(self) -> Sequence[TermSet]:
        return (self.words,)

    def _why(self, context: Context) -> str:
        slow = [term.text for term in self.words.patterns if term in context.hits.gave_up]
        gave_up = f"; gave up on {', '.join(slow)}, which took too long" if slow else ""
        return f"found none of: {self.shown()}{gave_up}"

    def shown(self) -> str:
        """The first few of the words, as written in the rule."""
        names = [term.text for term in self.words.terms] + [f"${part.name}" for part in self.words.parts]
        return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
