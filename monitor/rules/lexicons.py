"""Lexicons, compiled: lists, actors, systems, scales and speech words that rules share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from monitor.rules.terms import Term
from monitor.rules.words import TermSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who can speak.

    Attributes:
        side: Whom they speak for; a rule may name the side and mean all its actors.
        country: ISO 3166-1 alpha-2, or "".
        place: True for a capital or country that stands for its government.
        words: Every name, in all languages; `Span.nominative` tells whether the form found can be a subject.
    """

    id: str
    name: str
    side: str = ""
    country: str = ""
    place: bool = False
    words: TermSet


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaponSystem:
    """A weapon system; `words.unless` keeps namesakes out."""

    id: str
    name: str
    kind: str = ""
    words: TermSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Weighted terms for a stance.

    Attributes:
        points: Points of each term; "+2" in the file is 2.
        fixed: Those of the terms that nothing turns round, because they hold their own negation.
        terms: The same terms as one set for each language ("any" when none is given).
        negation: Words that turn a term round: by kind ("words", "only", ...) and language.
    """

    name: str
    points: Mapping[Term, int]
    fixed: frozenset[Term] = frozenset()
    terms: Mapping[str, TermSet]
    negation: Mapping[str, Mapping[str, TermSet]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicons:
    """Everything the files in `rules/lexicons/` define, by id.

    Attributes:
        speech: `speech["verbs"]["en"]`: verbs and cues of attribution, by list name and language.
        versions: Content hash of each named thing, for the versions of the rules that use it.
    """

    lists: Mapping[str, TermSet] = field(default_factory=dict)
    actors: Mapping[str, Actor] = field(default_factory=dict)
    systems: Mapping[str, WeaponSystem] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)
    speech: Mapping[str, Mapping[str, TermSet]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def actors_of(self, name: str) -> frozenset[str]:
        """The ids meant by an actor's id or a side; empty when there is neither."""
        sided = {actor.id for actor in self.actors.values() if actor.side == name}
        return frozenset(sided | ({name} & self.actors.keys()))

    def named(self, name: str) -> TermSet | None:
        """What `$name` stands for: a list, an actor, a side, a system or a class of systems; None when unknown."""
        if name in self.lists:
            return self.lists[name]
        actors = [self.actors[each].words for each in sorted(self.actors_of(name))]
        systems = [each.words for each in self.systems.values() if name in (each.id, each.kind, "systems")]
        parts = tuple(actors or systems)
        return TermSet(name=name, parts=parts) if parts else None

    def names(self) -> frozenset[str]:
        """Every name that `$` may stand before."""
        sides = {actor.side for actor in self.actors.values()}
        kinds = {system.kind for system in self.systems.values()}
        return frozenset({*self.lists, *self.actors, *self.systems, *sides, *kinds}) - {""}

    def word_sets(self) -> Iterator[TermSet]:
        """What readers look for in an item; speech words and negations they compare with tokens themselves."""
        yield from (actor.words for actor in self.actors.values())
        yield from (system.words for system in self.systems.values())
        for scale in self.scales.values():
            yield from scale.terms.values()
