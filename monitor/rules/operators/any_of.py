"""`any`, or a bare list: at least one of the entries holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from monitor.rules.hits import Hits
from monitor.rules.index import Where
from monitor.rules.operators.base import Context, Operator, Result, Site
from monitor.rules.operators.required import either
from monitor.rules.terms import Term
from monitor.rules.words import TermSet


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf:
    """One of several expressions."""

    SCHEMA: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/expressions"}

    parts: tuple[Operator, ...]
    label: str = "any"

    @classmethod
    def build(cls, site: Site) -> Operator:
        parts = site.reader.expressions(site.value, site.place, site.key)
        return parts[0] if len(parts) == 1 else cls(parts, site.key)

    @property
    def cost(self) -> int:
        return max((part.cost for part in self.parts), default=0)

    def evaluate(self, context: Context) -> Result:
        results = []
        hits, fields = context.hits, context.fields
        for part in self.parts:
            if not context.thorough and not part.possible(hits, fields):
                continue
            results.append(part.evaluate(context))
            if results[-1].holds and not context.thorough:
                break
        held = [result for result in results if result.holds]
        return Result(
            holds=bool(held),
            label=self.label,
            why="" if held else "none of the entries holds",
            evidence=tuple(each for result in held for each in result.evidence),
            parts=tuple(results),
        )

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        return any(part.possible(hits, fields) for part in self.parts)

    def required(self) -> frozenset[Term] | None:
        return either(part.required() for part in self.parts)

    def word_sets(self) -> Sequence[TermSet]:
        return [words for part in self.parts for words in part.word_sets()]
