"""`none`: not one of the entries holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from monitor.rules.hits import Hits
from monitor.rules.index import Where
from monitor.rules.operators.base import Context, Operator, Result, Site
from monitor.rules.terms import Term
from monitor.rules.words import TermSet


@dataclass(frozen=True, slots=True, eq=False)
class NoneOf:
    """Expressions that must all fail."""

    SCHEMA: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/expressions"}

    parts: tuple[Operator, ...]
    label: str = "none"

    @classmethod
    def build(cls, site: Site) -> Operator:
        return cls(site.reader.expressions(site.value, site.place, site.key))

    @property
    def cost(self) -> int:
        return max((part.cost for part in self.parts), default=0)

    def evaluate(self, context: Context) -> Result:
        possible = [part for part in self.parts if part.possible(context.hits, context.fields)]
        held = next((result for part in possible if (result := part.evaluate(context)).holds), None)
        why = _found(context, held) if held and context.thorough else ""
        return Result(holds=held is None, label=self.label, why=why)

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        del hits, fields
        return True

    def required(self) -> frozenset[Term] | None:
        return None

    def word_sets(self) -> Sequence[TermSet]:
        return [words for part in self.parts for words in part.word_sets()]


def _found(context: Context, result: Result) -> str:
    words = dict.fromkeys(f'"{each.words}"' for each in context.shown(result.evidence))
    return f"found {', '.join(words) or 'what it rules out'}"
