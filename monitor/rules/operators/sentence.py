"""`sentence: [[...], [...]]`: one of each group in one sentence; a headline is a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from monitor.rules.hits import Hits
from monitor.rules.index import Where
from monitor.rules.operators.base import Context, Operator, Result, Site
from monitor.rules.operators.required import cheapest
from monitor.rules.terms import Term
from monitor.rules.words import TermSet


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """Word groups in the same sentence, in any order."""

    SCHEMA: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/groups"}

    groups: tuple[TermSet, ...]
    cost: int = 2

    @classmethod
    def build(cls, site: Site) -> Operator:
        return cls(site.reader.groups(site.value, site.place))

    def evaluate(self, context: Context) -> Result:
        groups = [context.found(group) for group in self.groups]
        places = [{(span.where, context.texts.sentence(span)) for span in group} for group in groups]
        common = set.intersection(*places) if places else set()
        if not common:
            return Result(holds=False, label="sentence", why="no sentence has one of each group")
        spans = [span for group in groups for span in group if (span.where, context.texts.sentence(span)) in common]
        return Result(holds=True, label="sentence", evidence=context.evidence("sentence", sorted(set(spans))))

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        return all(hits.may_find(group, fields) for group in self.groups)

    def required(self) -> frozenset[Term] | None:
        return cheapest(frozenset(group.wanted()) for group in self.groups)

    def word_sets(self) -> Sequence[TermSet]:
        return self.groups
