"""`at_least: {2: [...]}`: this many different entries hold; a `$list` counts each of its terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from monitor.rules.hits import Hits
from monitor.rules.index import Where
from monitor.rules.operators.base import Context, Operator, Result, Site
from monitor.rules.operators.required import either
from monitor.rules.terms import Term
from monitor.rules.words import TermSet

_FORM = "write at_least: {2: [...]}, a number and a list"


@dataclass(frozen=True, slots=True, eq=False)
class AtLeast:
    """Several of many expressions."""

    SCHEMA: ClassVar[dict[str, Any]] = {
        "type": "object",
        "patternProperties": {"^[1-9][0-9]{0,3}$": {"$ref": "#/$defs/expressions"}},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }

    number: int
    parts: tuple[Operator, ...]
    label: str = "at_least"

    @classmethod
    def build(cls, site: Site) -> Operator:
        number, value = _only_entry(site)
        if number == 0:
            return cls(1, ())
        parts = site.reader.each_expression(value, (*site.place, number), site.key, spread=True)
        if 0 < len(parts) < number:
            site.reader.problem(site.place, f"at_least: {number} can never hold, the list has {len(parts)} entries")
        return cls(number, parts)

    @property
    def cost(self) -> int:
        return max((part.cost for part in self.parts), default=0)

    def evaluate(self, context: Context) -> Result:
        results = [part.evaluate(context) for part in self.parts]
        held = [result for result in results if result.holds]
        enough = len(held) >= self.number
        return Result(
            holds=enough,
            label=self.label,
            why="" if enough else f"{len(held)} of the {self.number} needed",
            evidence=tuple(each for result in held for each in result.evidence) if enough else (),
            parts=tuple(results) if context.thorough else (),
        )

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        return sum(part.possible(hits, fields) for part in self.parts) >= self.number

    def required(self) -> frozenset[Term] | None:
        return either(part.required() for part in self.parts)

    def word_sets(self) -> Sequence[TermSet]:
        return [words for part in self.parts for words in part.word_sets()]


def _only_entry(site: Site) -> tuple[int, object]:
    if not isinstance(site.value, dict) or len(site.value) != 1:
        site.reader.problem(site.place, "at_least needs one number with its list", _FORM)
        return 0, None
    ((number, value),) = site.value.items()
    if not str(number).isdecimal() or not 0 < int(number) < 10_000:
        site.reader.problem(site.place, f'at_least: "{number}" is no number of entries', _FORM)
        return 0, None
    return int(number), value
