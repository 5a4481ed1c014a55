"""`none`: not one of the entries holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from monitor.rules.operators.any_of import AnyOf
from monitor.rules.operators.base import Context, Operator, Result, Site
from monitor.rules.terms import Term
from monitor.rules.words import TermSet


@dataclass(frozen=True, slots=True, eq=False)
class NoneOf:
    """The opposite of an expression."""

    SCHEMA: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/expressions"}

    unwanted: Operator
    label: str = "none"

    @classmethod
    def build(cls, site: Site) -> Operator:
        return cls(AnyOf.build(site))

    @property
    def cost(self) -> int:
        return self.unwanted.cost

    def evaluate(self, context: Context) -> Result:
        result = self.unwanted.evaluate(context)
        why = _found(context, result) if result.holds and context.thorough else ""
        return Result(holds=not result.holds, label=self.label, why=why)

    def required(self) -> frozenset[Term] | None:
        return None

    def word_sets(self) -> Sequence[TermSet]:
        return self.unwanted.word_sets()


def _found(context: Context, result: Result) -> str:
    words = dict.fromkeys(f'"{each.words}"' for each in context.shown(result.evidence))
    return f"found {', '.join(words) or 'what it rules out'}"
