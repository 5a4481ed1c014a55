"""A rule, compiled, and the set of all rules: items in, observations out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from monitor.model import AlertRule, Item, Observation, Question, Severity
from monitor.rules.conditions.base import Condition
from monitor.rules.hits import Hits
from monitor.rules.index import FIELDS, ItemText, TermIndex
from monitor.rules.lexicons import Lexicons, Scale
from monitor.rules.operators.base import Context, Operator, Result, Statement
from monitor.rules.router import Router
from monitor.rules.schema import ItemTestFile, SeriesTestFile
from monitor.rules.words import TermSet


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledAlert:
    """One entry of `alerts:`; its guard (`if`) and its `confirm` are part of the condition.

    Attributes:
        reads: Other rules whose observations its condition looks at.
        joins: Each of its alerts is about one event: reports that tell it again join, also where they are told as
            another story.
    """

    rule: AlertRule
    condition: Condition
    reads: tuple[str, ...] = ()
    joins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceSpec:
    """On which scale statements are read, and the rule's words for below, at and above zero."""

    scale: Scale
    minus: str = "negative"
    zero: str = "neutral"
    plus: str = "positive"

    def label(self, score: float | None) -> str:
        """The rule's word for a score; "unread" for None."""
        if score is None:
            return "unread"
        return self.plus if score > 0 else self.minus if score < 0 else self.zero


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractSpec:
    """What is read from a matched item besides who speaks.

    Attributes:
        near: An amount counts only near one of these words; None when any amount counts.
    """

    amount: bool = False
    near: TermSet | None = None
    systems: bool = False
    stage: bool = False
    donor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What was true when the rule was written."""

    stance: str = ""
    as_of: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One watched indicator.

    Attributes:
        version: Content hash of the rule and of the lexicons it uses.
        speakers: Ids of the actors its `speaker` operators name, sides resolved; empty when it has none.
        expect: How many alerts a week its author thinks bearable; None when the file does not say.
        path: The file it comes from, for messages.
    """

    id: str
    title: str
    question: str = ""
    baseline: Baseline = field(default_factory=Baseline)
    source: str = ""
    severity: Severity = Severity.MEDIUM
    tags: tuple[str, ...] = ()
    version: str
    match: Operator
    speakers: frozenset[str] = frozenset()
    stance: StanceSpec | None = None
    judge: Question | None = None
    extract: ExtractSpec = field(default_factory=ExtractSpec)
    alerts: tuple[CompiledAlert, ...] = ()
    expect: float | None = None
    tests: tuple[ItemTestFile | SeriesTestFile, ...] = ()
    path: str = ""

    @property
    def reads(self) -> frozenset[str]:
        """Other rules whose observations its alerts look at."""
        return frozenset(other for alert in self.alerts for other in alert.reads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What explain shows of one item under one rule."""

    rule: Rule
    result: Result
    observation: Observation | None


def observation_of(rule: Rule, item: Item) -> Observation:
    """The observation with everything that needs no reading of the text; readers `replace` the rest."""
    return Observation(
        id=blake2b(f"{rule.id}\0{item.id}".encode(), digest_size=12).hexdigest(),
        rule=rule.id,
        rule_version=rule.version,
        item_id=item.id,
        story=item.story,
        title=item.title,
        link=item.link,
        publisher=item.publisher,
        owner=item.owner,
        country=item.country,
        lang=item.lang,
        state_media=item.state_media,
        at=item.counts_at,
        historic=item.historic,
    )


def _observe_plainly(rule: Rule, item: Item, context: Context) -> Observation:
    del context
    return observation_of(rule, item)


def _no_statements(context: Context) -> Sequence[Statement]:
    del context
    return ()


def _in_words(context: Context, result: Result) -> Result:
    parts = tuple(_in_words(context, part) for part in result.parts)
    return replace(result, evidence=context.shown(result.evidence), parts=parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """How matched items are read (`rules.reading`).

    Attributes:
        observe: Everything about a matched item except its evidence, which the match itself gives.
        statements: Who says what in an item.
    """

    observe: Callable[[Rule, Item, Context], Observation] = _observe_plainly
    statements: Callable[[Context], Sequence[Statement]] = _no_statements


class RuleSet:
    """All rules, ready to be matched. Matching is pure: the same items give the same observations."""

    def __init__(
        self, rules: Sequence[Rule] = (), lexicons: Lexicons | None = None, readers: Readers | None = None
    ) -> None:
        self.rules = tuple(rules)
        self.lexicons = lexicons or Lexicons()
        self._readers = readers or Readers()
        self._router = Router([rule.match for rule in self.rules])
        calling = self._router.terms()
        self._calling = TermIndex(calling)
        self._index = TermIndex({term for words in self._word_sets() for term in words.all_terms()} - calling)
        self._numbers = {rule.id: number for number, rule in enumerate(self.rules)}

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of this id, or None."""
        number = self._numbers.get(rule_id)
        return None if number is None else self.rules[number]

    def with_rules(self, rules: Sequence[Rule]) -> "RuleSet":
        """The same lexicons and readers with other rules."""
        return RuleSet(rules, self.lexicons, self._readers)

    def match(self, items: Sequence[Item]) -> list[Observation]:
        """What the rules select, item by item, in the rules' order."""
        return [observation for item in items for observation in self._match(item)]

    def evaluate(self, item: Item, rule_id: str) -> Evaluation:
        """One item under one rule, every clause of it, whether or not it matches; for explain.

        Raises:
            KeyError: There is no such rule.
        """
        rule = self.rules[self._numbers[rule_id]]
        context = replace(self.context(item), thorough=True)
        result = rule.match.evaluate(context)
        observation = self._read(rule, context, result)
        return Evaluation(rule=rule, result=_in_words(context, result), observation=observation)

    def context(self, item: Item) -> Context:
        """An item as operators and readers see it."""
        texts = ItemText(item)
        hits = Hits(texts, self._index, self._calling)
        return Context(
            item=item, texts=texts, hits=hits, lexicons=self.lexicons, read_statements=self._readers.statements
        )

    def _word_sets(self) -> Iterator[TermSet]:
        yield from self.lexicons.word_sets()
        for rule in self.rules:
            yield from rule.match.word_sets()
            if rule.extract.near is not None:
                yield rule.extract.near

    def _match(self, item: Item) -> Iterator[Observation]:
        context = self.context(item)
        for number in self._router.candidates(context.hits.called()):
            rule = self.rules[number]
            if rule.match.possible(context.hits, FIELDS):
                observation = self._read(rule, context, rule.match.evaluate(context))
                if observation is not None:
                    yield observation

    def _read(self, rule: Rule, context: Context, result: Result) -> Observation | None:
        if not result.holds:
            return None
        return replace(self._readers.observe(rule, context.item, context), evidence=context.shown(result.evidence))
