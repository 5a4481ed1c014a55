"""`speaker:`, `about:`, `with:`: who speaks, about what, in what surroundings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from monitor.rules.hits import Hits
from monitor.rules.index import Span, Where
from monitor.rules.operators.base import Context, Operator, Result, Site, Statement
from monitor.rules.operators.words import Words
from monitor.rules.terms import Term
from monitor.rules.words import TermSet


@dataclass(frozen=True, slots=True, eq=False)
class Speaker:
    """`speaker: [kremlin]`: one of these actors says something; to be mentioned or accused is not speaking."""

    SCHEMA: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/names"}

    names: tuple[str, ...]
    actors: frozenset[str]
    words: TermSet
    cost: int = 3

    @classmethod
    def build(cls, site: Site) -> Operator:
        names, actors = speakers(site, site.value)
        return cls(names, actors, named(site, names, actors))

    def evaluate(self, context: Context) -> Result:
        label = f"speaker: {', '.join(self.names)}"
        spoken = [each for each in context.statements(self.actors) if each.where in context.fields]
        if not spoken:
            return Result(holds=False, label=label, why=_instead(context) if context.thorough else "")
        spans = [Span(each.where, each.first, each.last) for each in spoken]
        return Result(holds=True, label=label, evidence=context.evidence("speaker", spans))

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        return hits.may_find(self.words, fields)

    def required(self) -> frozenset[Term] | None:
        return frozenset(self.words.wanted())

    def word_sets(self) -> Sequence[TermSet]:
        return (self.words,)


@dataclass(frozen=True, slots=True, eq=False)
class About:
    """`about: [...]` beside `speaker:`: what these actors speak about.

    The words stand in a statement, in the headline over it, or in the first sentence under a headline that is one.
    """

    SCHEMA: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/words"}

    actors: frozenset[str]
    words: TermSet
    cost: int = 3

    @classmethod
    def build(cls, site: Site) -> Operator:
        words = site.reader.words(site.value, site.place)
        if "speaker" not in site.siblings:
            site.reader.problem(
                site.place, "about: needs speaker: beside it", "use any: for words anywhere in the item"
            )
            return Words("about", words)
        return cls(speakers(site, site.siblings["speaker"])[1], words)

    def evaluate(self, context: Context) -> Result:
        found = context.found(self.words)
        spoken = context.statements(self.actors) if found else ()
        inside = [span for span in found if any(_covers(context, each, span) for each in spoken)]
        if not inside:
            why = "these words stand outside what they say" if found else "none of these words"
            return Result(holds=False, label="about", why=why)
        return Result(holds=True, label="about", evidence=context.evidence("about", inside))

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        return hits.may_find(self.words, fields)

    def required(self) -> frozenset[Term] | None:
        return frozenset(self.words.wanted())

    def word_sets(self) -> Sequence[TermSet]:
        return (self.words,)


class With:
    """`with: [...]`: found anywhere in the item."""

    SCHEMA: ClassVar[dict[str, Any]] = {"$ref": "#/$defs/words"}

    @staticmethod
    def build(site: Site) -> Operator:
        return Words("with", site.reader.words(site.value, site.place))


def _instead(context: Context) -> str:
    others = dict.fromkeys(each.speaker for each in context.statements() if each.where in context.fields)
    return f"who speaks here is {', '.join(others)}" if others else "nobody we know says anything here"


def _covers(context: Context, statement: Statement, span: Span) -> bool:
    if statement.where == span.where:
        return statement.first <= span.first and span.last <= statement.last
    if span.where == "title":
        return True
    return statement.where == "title" and context.texts.sentence(span) == 0


def speakers(site: Site, value: object) -> tuple[tuple[str, ...], frozenset[str]]:
    """The names as written and the ids of all actors they mean."""
    lexicons = site.reader.lexicons
    known = {*lexicons.actors, *(actor.side for actor in lexicons.actors.values() if actor.side)}
    names = site.reader.names(value, site.place, known, "actor")
    return names, frozenset(actor for name in names for actor in lexicons.actors_of(name))


def named(site: Site, names: Sequence[str], actors: Collection[str]) -> TermSet:
    """Every name of these actors."""
    known = site.reader.lexicons.actors
    return TermSet(name=", ".join(names), parts=tuple(known[actor].words for actor in sorted(actors)))
