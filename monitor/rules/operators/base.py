"""What an operator is, what it sees, and what it answers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeAlias

from monitor.model import Evidence, Item
from monitor.rules.hits import Hits
from monitor.rules.index import FIELDS, ItemText, Span, Where
from monitor.rules.lexicons import Lexicons
from monitor.rules.terms import Term
from monitor.rules.words import TermSet

Place: TypeAlias = tuple[str | int, ...]
MAX_EVIDENCE = 5


class Statement(Protocol):
    """Somebody says something. Made by `text.attribution`, read by `speaker`, `about` and the stance.

    Attributes:
        speaker: Id of the actor who speaks.
        where: The field it stands in.
        first, last: Its tokens in that field, both included: who says it and what is said.
        quote: The statement as written.
    """

    @property
    def speaker(self) -> str: ...
    @property
    def where(self) -> Where: ...
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...
    @property
    def quote(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One item as operators and readers see it.

    Attributes:
        texts: Its fields as tokens and sentences.
        hits: Where terms stand; `hits.found(words)`.
        lexicons: Actors, systems, scales, speech words.
        fields: Those an expression looks at now (narrowed by `title:` and its like).
        thorough: Evaluate every clause although the first already decides (for explain).
        read_statements: Reads all statements of all actors; called once for an item, when first needed.
    """

    item: Item
    texts: ItemText
    hits: Hits
    lexicons: Lexicons
    fields: tuple[Where, ...] = FIELDS
    thorough: bool = False
    read_statements: Callable[["Context"], Sequence[Statement]]
    _statements: dict[str, Sequence[Statement]] = field(default_factory=dict)

    def found(self, words: TermSet) -> tuple[Span, ...]:
        """Where any of these words stands, in the fields looked at now."""
        return self.hits.found(words, self.fields)

    def only(self, *fields: Where) -> "Context":
        """The same item seen through fewer fields; everything already found is shared."""
        return replace(self, fields=fields)

    def statements(self, actors: Collection[str] | None = None) -> tuple[Statement, ...]:
        """The statements of these actors (ids, not sides), or all of them, in the order of the text."""
        if "" not in self._statements:
            self._statements[""] = self.read_statements(replace(self, fields=FIELDS))
        return tuple(each for each in self._statements[""] if actors is None or each.speaker in actors)

    def evidence(self, clause: str, spans: Sequence[Span]) -> tuple["Sighting", ...]:
        """The first few of these spans, for a `Result`."""
        return tuple(Sighting(clause, span) for span in spans[:MAX_EVIDENCE])

    def shown(self, evidence: Sequence["Evidence | Sighting"]) -> tuple[Evidence, ...]:
        """Evidence as the reader of an alert will see it; put into words only for what matched in the end."""
        return tuple(each if isinstance(each, Evidence) else self._in_words(each) for each in evidence)

    def _in_words(self, sighting: "Sighting") -> Evidence:
        span = sighting.span
        text = self.texts.text(span.where)
        sentence = text.original if span.where == "title" else text.sentence(text.sentence_of(span.first))
        return Evidence(clause=sighting.clause, words=self.texts.words(span), sentence=sentence, where=span.where)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Evidence not yet put into words."""

    clause: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An operator's answer.

    Attributes:
        label: The clause as the rule's author knows it ("any", "title", "speaker: kremlin").
        why: In words, why it holds or does not.
        parts: Answers of the expressions inside it; all of them only when the context is thorough.
    """

    holds: bool
    label: str
    why: str = ""
    evidence: tuple[Evidence | Sighting, ...] = ()
    parts: tuple["Result", ...] = ()


class Operator(Protocol):
    """A piece of a match expression, compiled. Pure: the same context gives the same answer."""

    @property
    def cost(self) -> int:
        """Cheap ones are asked first: 0 labels, 1 words, 2 places of words, 3 statements."""
        ...

    def evaluate(self, context: Context) -> Result:
        """Whether it holds for this item, and why."""
        ...

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        """Whether it may hold, by the words that stand in these fields; asked before it is evaluated, so cheap."""
        ...

    def required(self) -> frozenset[Term] | None:
        """Terms one of which must stand in title, summary or body for it to hold; None when nothing must."""
        ...

    def word_sets(self) -> Sequence[TermSet]:
        """All words it looks for, to be put in the index."""
        ...


class Nothing:
    """The match expression of a rule that looks at other rules only."""

    cost = 0

    def evaluate(self, context: Context) -> Result:
        del context
        return Result(holds=False, label="match", why="this rule reads other rules and selects no items itself")

    def possible(self, hits: Hits, fields: tuple[Where, ...]) -> bool:
        del hits, fields
        return False

    def required(self) -> frozenset[Term] | None:
        return frozenset()

    def word_sets(self) -> Sequence[TermSet]:
        return ()


class Reader(Protocol):
    """Reads the values below an operator's key; every problem is noted with its place, reading goes on."""

    @property
    def lexicons(self) -> Lexicons: ...

    def words(self, value: object, place: Place) -> TermSet:
        """A term, or a list of terms, `$lists` and `-exclusions`."""
        ...

    def groups(self, value: object, place: Place) -> tuple[TermSet, ...]:
        """A list of two or more word lists."""
        ...

    def expression(self, value: object, place: Place, label: str = "any") -> Operator:
        """A term, a list (any of it) or a map of operators (all of them)."""
        ...

    def expressions(self, value: object, place: Place, label: str) -> tuple[Operator, ...]:
        """A list of expressions of which one is to hold; its plain words are taken together."""
        ...

    def each_expression(self, value: object, place: Place, label: str, *, spread: bool = False) -> tuple[Operator, ...]:
        """A list of expressions that count one by one; with `spread` a `$list` counts as all its terms."""
        ...

    def names(
        self, value: object, place: Place, known: Collection[str] | None = None, what: str = "name"
    ) -> tuple[str, ...]:
        """A name or a list of names; `what` says of what kind, for the message about an unknown one."""
        ...

    def problem(self, place: Place, message: str, hint: str = "") -> None:
        """Note that something at this place is wrong."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where an operator stands in a rule: what its `build` gets.

    Attributes:
        key: The operator's key as written.
        place: Path of the value from the top of the file, e.g. ("match", "near").
        siblings: All keys of the same map with their raw values, e.g. `speaker` for `about`.
    """

    key: str
    value: Any
    place: Place
    siblings: Mapping[str, Any]
    reader: Reader


class OperatorKind(Protocol):
    """One line of the table `OPERATORS`: how a key is read, and how an editor checks it.

    Attributes:
        SCHEMA: JSON Schema of the value; it may refer to "#/$defs/" words, groups, names, expression, expressions.
    """

    @property
    def SCHEMA(self) -> Mapping[str, Any]: ...

    def build(self, site: Site) -> Operator: ...
