"""`feed`, `publisher`, `lang`, `country`, `tags`: labels of the feed or item; a missing one never matches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from monitor.model import Evidence, Item
from monitor.rules.hits import Hits
from monitor.rules.index import Where
from monitor.rules.operators.base import Context, Operator, Result, Site
from monitor.rules.terms import Term
from monitor.rules.words import TermSet
from monitor.text.language import guess


@dataclass(frozen=True, slots=True)
class Label:
    """The kind of operator that looks at one label.

    Attributes:
        of: The label's values, lower case; none when it is missing.
    """

    SCHEMA: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/names"}

    name: str
    of: Callable[[Item], Sequence[str]]

    def build(self, site: Site) -> Operator:
        wanted = site.reader.names(site.value, site.place)
        return Labelled(self, frozenset(name.casefold() for name in wanted))


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """One of these labels."""

    kind: Label
    wanted: frozenset[str]
    cost: int = 0

    def evaluate(self, context: Context) -> Result:
        name, labels = self.kind.name, self.kind.of(context.item)
        found = [label for label in labels if label.casefold() in self.wanted]
        if found:
            evidence = tuple(Evidence(clause=name, words=label, where="label") for label in found)
            return Result(holds=True, label=name, evidence=evidence)
        why = f"is {', '.join(labels)}, not {' or '.join(sorted(self.wanted))}" if labels else f"the item has no {name}"
        return Result(holds=False, label=name, why=why)

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        del hits, fields
        return True

    def required(self) -> frozenset[Term] | None:
        return None

    def word_sets(self) -> Sequence[TermSet]:
        return ()


def language(item: Item) -> Sequence[str]:
    """The declared language without its region, else the one the letters and little words show."""
    lang = item.lang.replace("_", "-").split("-")[0] or guess(f"{item.title} {item.summary}")
    return (lang,) if lang else ()


def present(value: str) -> Sequence[str]:
    """A label as a list: empty when it is missing."""
    return (value,) if value else ()
