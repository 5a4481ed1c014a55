"""What is read from an item that a rule selected: speaker, stance, amounts, systems, stage and donor."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.model import Amount, Item, Observation, Stance, System
from monitor.rules.index import FIELDS, Span, Where
from monitor.rules.lexicons import Scale
from monitor.rules.operators.base import Context
from monitor.rules.rule import Rule, StanceSpec, observation_of
from monitor.rules.statements import Spoken, plain_words, read_statements
from monitor.text.money import Sum, sums
from monitor.text.quantities import quantity_before
from monitor.text.rates import RATES_DATE, in_dollars
from monitor.text.stance import Leaning, Negation, Scope, Toned, lean
from monitor.text.tokens import Text

_NEAR = 25  # words between a sum and what it pays for
_STAGES = ("delivered", "contracted", "approved", "announced")
_NOT_YET = frozenset(
    ("to", "will", "would", "may", "might", "could", "should", "can", "shall", "must", "planned", "plans", "expected")
)
_AT_WAR = frozenset({"UA", "RU"})
_AND = frozenset({"and", "і", "й", "та", "и", "i"})
_CLAUSE = 8  # words after a subject that still are about it
_LINKS = frozenset(
    ("with", "to", "for", "of", "on", "in", "from", "over", "by", "and", "end", "about", "з", "із", "на", "в", "у",
     "по",      "до", "для", "щодо", "і", "та", "с", "к", "о", "и", "про", "из")
)  # fmt: skip
_NO_DONORS = frozenset({"UA", "RU", "CN", ""})


def observe(rule: Rule, item: Item, context: Context) -> Observation:
    """The observation of a matched item, all but its evidence."""
    observation = observation_of(rule, item)
    if rule.speakers or rule.stance:
        spoken = _by_weight(context, rule)
        observation = replace(
            observation,
            speaker=spoken[0].speaker if spoken else "",
            quote=spoken[0].quote if spoken else "",
            stance=_stance(rule.stance, context, spoken, rule.speakers) if rule.stance else None,
        )
    return _extracted(observation, rule, context)


def _extracted(observation: Observation, rule: Rule, context: Context) -> Observation:
    wanted = rule.extract
    if not (wanted.amount or wanted.systems or wanted.stage or wanted.donor):
        return observation
    return replace(
        observation,
        amounts=_amounts(rule, context) if wanted.amount else (),
        systems=_systems(context) if wanted.systems else (),
        stage=_stage(context) if wanted.stage else "",
        donor=_donor(context) if wanted.donor else "",
    )


# --- who speaks, and which way --------------------------------------------------------------------------------------


def _by_weight(context: Context, rule: Rule) -> list[Spoken]:
    """The statements of the rule's speakers, the plainest first, the headline before the rest."""
    if not rule.speakers:
        return []
    spoken = [each for each in read_statements_once(context) if each.speaker in rule.speakers]
    return sorted(spoken, key=lambda each: (-each.weight, FIELDS.index(each.where), each.first))


def read_statements_once(context: Context) -> tuple[Spoken, ...]:
    """The item's statements with everything attribution knows of them."""
    known = context.statements()
    spoken = tuple(each for each in known if isinstance(each, Spoken))
    return spoken if len(spoken) == len(known) else read_statements(context)


def _stance(spec: StanceSpec, context: Context, spoken: Sequence[Spoken], own: frozenset[str]) -> Stance:
    """Read in the statements; where they show nothing, in the headline and the sentence around them."""
    total = _sum(_lean(spec.scale, context, where, _scopes(spoken, where), own) for where in FIELDS)
    if total.points is None and spoken:
        total = _sum(_lean(spec.scale, context, where, _around(context, where, own), own) for where in FIELDS)
    return Stance(score=total.score, label=spec.label(total.score), words=total.words)


def _sum(leanings: Iterable[Leaning]) -> Leaning:
    read = [each for each in leanings if each.points is not None]
    points = sum((each.points for each in read if each.points is not None), 0.0)
    words = tuple(word for each in read for word in each.words)
    return Leaning(points if read else None, words, sum(each.weight for each in read))


def _scopes(spoken: Sequence[Spoken], where: Where) -> list[Scope]:
    return [Scope(each.first, each.last, each.denial) for each in spoken if each.where == where]


def _around(context: Context, where: Where, own: frozenset[str]) -> list[Scope]:
    """The first sentence of a field, unless somebody else speaks in it."""
    text = context.texts.text(where)
    if where == "body" or not text.tokens:
        return []
    last = max(
        i for i, token in enumerate(text.tokens) if where == "title" or token.sentence == text.tokens[0].sentence
    )
    others = [each for each in context.statements() if each.where == where and each.speaker not in own]
    return [] if any(each.first <= last for each in others) else [Scope(0, last)]


def _lean(scale: Scale, context: Context, where: Where, scopes: Sequence[Scope], own: frozenset[str]) -> Leaning:
    if not scopes:
        return Leaning(None)
    text, opponents = context.texts.text(where), _opponents(context, where, own)
    told = _told(context, where, own)
    terms = [
        replace(term, points=0) if _inside(term, told) else _without_credit(term, text, opponents)
        for term in _toned(scale, context, where)
    ]
    return lean(text, terms, scopes, _negation(scale))


def _told(context: Context, where: Where, own: frozenset[str]) -> list[tuple[int, int]]:
    """Where speakers of ours tell what somebody else says or wants: such words have no direction of their own."""
    spoken = [each for each in read_statements_once(context) if each.where == where and each.speaker in own]
    return [(first, last) for each in spoken for actor, first, last in each.said.told if actor not in own]


def _inside(term: Toned, places: Sequence[tuple[int, int]]) -> bool:
    """Whether it is told; a phrase that begins with the other's name ("Moscow does not want") is our own verdict."""
    return any(first < term.first and term.last <= last for first, last in places)


def _toned(scale: Scale, context: Context, where: Where) -> list[Toned]:
    present = context.hits.terms((where,))
    return [
        Toned(span.first, span.last, points, term in scale.fixed)
        for term, points in scale.points.items()
        if term in present or term.pattern is not None
        for span in context.hits.spans(term, (where,))
    ]


def _opponents(context: Context, where: Where, own: frozenset[str]) -> list[int]:
    """Where the other side of the war is named as a subject: its last token."""
    actors = context.lexicons.actors.values()
    others = [actor for actor in actors if actor.country in _AT_WAR and actor.id not in own]
    spans = [span for actor in others for span in context.hits.found(actor.words, (where,))]
    return [span.last for span in spans if span.nominative]


def _without_credit(term: Toned, text: Text, opponents: Sequence[int]) -> Toned:
    """The term without its points when it says that the other side is open or ready, which tells nothing of ours."""
    if term.points <= 0 or not any(_is_theirs(term, text, last) for last in opponents):
        return term
    return replace(term, points=0)


def _is_theirs(term: Toned, text: Text, opponent: int) -> bool:
    """Whether the words follow the opponent's name closely in one clause, and the name is a subject."""
    if (
        not opponent < term.first <= opponent + _CLAUSE
        or text.tokens[opponent].sentence != text.tokens[term.first].sentence
    ):
        return False
    before = text.norms[opponent - 1] if opponent else ""
    joint = text.norms[opponent + 1] in _AND
    if joint or text.canonical[: text.tokens[opponent].start].endswith("-"):
        return False
    between = text.canonical[text.tokens[opponent].end : text.tokens[term.first].start]
    return before not in _LINKS and not any(mark in between for mark in ",;:(") and " - " not in between


def _negation(scale: Scale) -> Negation:
    words = {kind: plain_words(by_language) for kind, by_language in scale.negation.items()}
    none: frozenset[str] = frozenset()
    return Negation(
        words=words.get("words", none),
        only=words.get("only", none),
        after=words.get("after", none),
        conditions=words.get("conditions", none),
        stops=words.get("stops", none),
    )


# --- amounts and systems --------------------------------------------------------------------------------------------


def _amounts(rule: Rule, context: Context) -> tuple[Amount, ...]:
    found: dict[tuple[object, str], Amount] = {}
    for where in FIELDS:
        text = context.texts.text(where)
        for each in sums(text):
            if _is_near(rule, context, where, each):
                amount = _amount(text, each)
                found.setdefault((amount.value, amount.currency), amount)
    return tuple(found.values())


def _is_near(rule: Rule, context: Context, where: Where, each: Sum) -> bool:
    if rule.extract.near is None:
        return True
    place = context.texts.text(where).covering(each.start, each.end)
    if place is None:
        return False
    spans = context.hits.found(rule.extract.near, (where,))
    return any(span.first - place[1] <= _NEAR and place[0] - span.last <= _NEAR for span in spans)


def _amount(text: Text, each: Sum) -> Amount:
    dollars = in_dollars(each.value, each.currency)
    return Amount(
        value=each.value,
        currency=each.currency,
        usd=dollars,
        rate_date=RATES_DATE if dollars is not None else "",
        words=text.original[each.start : each.end].strip(),
        total=each.total,
    )


def _systems(context: Context) -> tuple[System, ...]:
    found = [
        System(id=system.id, name=system.name, kind=system.kind, quantity=_quantity(context, spans))
        for system in context.lexicons.systems.values()
        if (spans := context.hits.found(system.words))
    ]
    named = {system.kind for system in found if not system.id.endswith("_any")}
    return tuple(system for system in found if not system.id.endswith("_any") or system.kind not in named)


def _quantity(context: Context, spans: Sequence[Span]) -> int | None:
    numbers = (quantity_before(context.texts.text(span.where), span.first) for span in spans)
    return next((number for number in numbers if number is not None), None)


# --- stage and donor ------------------------------------------------------------------------------------------------


def _stage(context: Context) -> str:
    """How far it has come, by the words of the lists `stage_...`: the headline decides if it tells."""
    for where in FIELDS:
        for stage in _STAGES:
            words = context.lexicons.lists.get(f"stage_{stage}")
            spans = context.hits.found(words, (where,)) if words else ()
            if any(not _ahead(context.texts.text(where), span) for span in spans):
                return stage
            if spans:
                return "announced"
    return ""


def _ahead(text: Text, span: Span) -> bool:
    """Still to come: "to deliver", "will be sent"."""
    return any(norm in _NOT_YET for norm in text.norms[max(0, span.first - 2) : span.first])


def _donor(context: Context) -> str:
    """The first country or institution named that can give, the headline before the rest."""
    donors = [
        actor for actor in context.lexicons.actors.values() if actor.country not in _NO_DONORS or _joint(actor.id)
    ]
    for where in FIELDS:
        places = [(span.first, donor.name) for donor in donors for span in context.hits.found(donor.words, (where,))]
        if places:
            return min(places)[1]
    return ""


def _joint(actor: str) -> bool:
    return actor in {"eu", "nato", "europeans"}
