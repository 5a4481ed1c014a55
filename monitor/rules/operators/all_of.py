"""`all`, and every map: each entry holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from monitor.rules.hits import Hits
from monitor.rules.index import Where
from monitor.rules.operators.base import Context, Operator, Result, Site
from monitor.rules.operators.required import cheapest
from monitor.rules.terms import Term
from monitor.rules.words import TermSet


@dataclass(frozen=True, slots=True, eq=False)
class AllOf:
    """Several expressions together; the cheap ones are asked first."""

    SCHEMA: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/expressions"}

    parts: tuple[Operator, ...]
    label: str = "all"
    cost: int = field(init=False)
    _order: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        numbers = range(len(self.parts))
        object.__setattr__(self, "cost", max((part.cost for part in self.parts), default=0))
        object.__setattr__(self, "_order", tuple(sorted(numbers, key=lambda number: self.parts[number].cost)))

    @classmethod
    def build(cls, site: Site) -> Operator:
        return cls(site.reader.each_expression(site.value, site.place, site.key), site.key)

    def evaluate(self, context: Context) -> Result:
        results: dict[int, Result] = {}
        for number in self._order:
            results[number] = self.parts[number].evaluate(context)
            if not results[number].holds and not context.thorough:
                return Result(holds=False, label=self.label, parts=(results[number],))
        return self._answer([results[number] for number in sorted(results)])

    def _answer(self, results: Sequence[Result]) -> Result:
        failed = next((result for result in results if not result.holds), None)
        return Result(
            holds=failed is None,
            label=self.label,
            why=f"{failed.label}: {failed.why}" if failed else "",
            evidence=() if failed else tuple(each for result in results for each in result.evidence),
            parts=tuple(results),
        )

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        return all(part.possible(hits, fields) for part in self.parts)

    def required(self) -> frozenset[Term] | None:
        return cheapest(part.required() for part in self.parts)

    def word_sets(self) -> Sequence[TermSet]:
        return [words for part in self.parts for words in part.word_sets()]
