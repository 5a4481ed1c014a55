"""`near: {words: 25, of: [[...], [...]]}`: one of each group within so many words of the same field."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from monitor.rules.hits import Hits
from monitor.rules.index import Span, Where
from monitor.rules.operators.base import Context, Operator, Result, Site
from monitor.rules.operators.required import cheapest
from monitor.rules.terms import Term
from monitor.rules.words import TermSet

MAX_WORDS = 500
_FORM = "write near: {words: 25, of: [[...], [...]]}"


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Word groups close to each other, in any order."""

    SCHEMA: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "words": {"type": "integer", "minimum": 1, "maximum": MAX_WORDS},
            "of": {"$ref": "#/$defs/groups"},
        },
        "required": ["words", "of"],
        "additionalProperties": False,
    }

    words: int
    groups: tuple[TermSet, ...]
    cost: int = 2

    @classmethod
    def build(cls, site: Site) -> Operator:
        value, reader = site.value, site.reader
        if not isinstance(value, dict) or set(value) != {"words", "of"}:
            reader.problem(site.place, "near needs exactly the keys words and of", _FORM)
            return cls(1, ())
        words = value["words"]
        if isinstance(words, bool) or not isinstance(words, int) or not 1 <= words <= MAX_WORDS:
            reader.problem((*site.place, "words"), f"words must be a number from 1 to {MAX_WORDS}", _FORM)
            words = 1
        return cls(words, reader.groups(value["of"], (*site.place, "of")))

    def evaluate(self, context: Context) -> Result:
        groups = [context.found(group) for group in self.groups]
        spans = _closest(groups, self.words)
        if spans is not None:
            return Result(holds=True, label="near", evidence=context.evidence("near", sorted(set(spans))))
        missing = [str(number) for number, group in enumerate(groups, start=1) if not group]
        apart = f"farther apart than {self.words} words"
        return Result(holds=False, label="near", why=f"nothing of group {', '.join(missing)}" if missing else apart)

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        return all(hits.may_find(group, fields) for group in self.groups)

    def required(self) -> frozenset[Term] | None:
        return cheapest(frozenset(group.wanted()) for group in self.groups)

    def word_sets(self) -> Sequence[TermSet]:
        return self.groups


def _closest(groups: Sequence[Sequence[Span]], words: int) -> tuple[Span, ...] | None:
    """One span of each group such that the last begins at most `words` after the first ends."""
    if not all(groups):
        return None
    for start in sorted(span for group in groups for span in group):
        row = tuple(_first_within(group, start, words) for group in groups)
        if all(row):
            return tuple(span for span in row if span is not None)
    return None


def _first_within(group: Sequence[Span], start: Span, words: int) -> Span | None:
    at = bisect_left(group, (start.where, start.first))
    nearest = group[at] if at < len(group) else None
    fits = nearest is not None and nearest.where == start.where and nearest.first - start.last <= words
    return nearest if fits else None
