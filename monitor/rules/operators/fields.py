"""`title`, `summary`, `body`, `author`, `link`: the expression inside, on that field only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from monitor.rules.hits import Hits
from monitor.rules.index import FIELDS, Where
from monitor.rules.operators.base import Context, Operator, Result, Site
from monitor.rules.terms import Term
from monitor.rules.words import TermSet


@dataclass(frozen=True, slots=True)
class Field:
    """The kind of operator that looks at one field."""

    SCHEMA: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/expression"}

    where: Where

    def build(self, site: Site) -> Operator:
        return InField(self.where, site.reader.expression(site.value, site.place))


@dataclass(frozen=True, slots=True, eq=False)
class InField:
    """An expression on one field."""

    where: Where
    inside: Operator

    @property
    def cost(self) -> int:
        return self.inside.cost

    def evaluate(self, context: Context) -> Result:
        if not context.texts.text(self.where).original:
            return Result(holds=False, label=self.where, why=f"the item has no {self.where}")
        result = self.inside.evaluate(context.only(self.where))
        evidence = tuple(replace(each, clause=self.where) for each in result.evidence)
        return Result(holds=result.holds, label=self.where, why=result.why, evidence=evidence, parts=(result,))

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        del fields
        return self.inside.possible(hits, (self.where,))

    def required(self) -> frozenset[Term] | None:
        return self.inside.required() if self.where in FIELDS else None

    def word_sets(self) -> Sequence[TermSet]:
        return self.inside.word_sets()
