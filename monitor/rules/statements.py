"""Who says what in an item: the actors and speech words of the lexicons given to `text.attribution`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from monitor.rules.index import FIELDS, Where
from monitor.rules.lexicons import Actor, Lexicons
from monitor.rules.operators.base import Context
from monitor.rules.terms import Slot, Term
from monitor.rules.words import TermSet
from monitor.text.attribution import Mention, SpeechWords, Statement, statements

_WORD_LISTS = tuple(name for name in SpeechWords.__dataclass_fields__ if name not in ("phrases", "according"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement and the field of the item it stands in."""

    where: Where
    said: Statement
    quote: str

    @property
    def speaker(self) -> str:
        return self.said.speaker

    @property
    def first(self) -> int:
        return self.said.first

    @property
    def last(self) -> int:
        return self.said.last

    @property
    def denial(self) -> bool:
        return self.said.denial

    @property
    def weight(self) -> float:
        return self.said.weight


def read_statements(context: Context) -> tuple[Spoken, ...]:
    """Every statement of every known actor, in the order of the text."""
    speech = speech_words(context.lexicons)
    return tuple(spoken for where in FIELDS for spoken in _in_field(context, where, speech))


def _in_field(context: Context, where: Where, speech: SpeechWords) -> Iterator[Spoken]:
    mentions = [m for actor in actors_in(context, where) for m in _mentions(context, where, actor)]
    if not mentions:
        return
    text = context.texts.text(where)
    for said in statements(text, mentions, speech):
        yield Spoken(where, said, text.words(said.first, said.last))


def actors_in(context: Context, where: Where) -> list[Actor]:
    """The actors that may be named in a field, in the lexicons' order."""
    called = _actors_called(_Ref(context.lexicons))
    actors = {actor.id for term in context.hits.terms((where,)) for actor in called.get(term, ())}
    actors.update(actor.id for actor in called.get(None, ()))
    return [actor for actor in context.lexicons.actors.values() if actor.id in actors] if actors else []


def _mentions(context: Context, where: Where, actor: Actor) -> list[Mention]:
    spans = context.hits.found(actor.words, (where,))
    return [Mention(actor.id, span.first, span.last, span.nominative, actor.place) for span in spans]


def speech_words(lexicons: Lexicons) -> SpeechWords:
    """The speech lexicon as attribution reads it; made once for each set of lexicons."""
    return _speech_words(_Ref(lexicons))


class _Ref:
    """Lets a cache keep what belongs to one set of lexicons without comparing their contents."""

    def __init__(self, lexicons: Lexicons) -> None:
        self.lexicons = lexicons

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ref) and other.lexicons is self.lexicons

    def __hash__(self) -> int:
        return id(self.lexicons)


@lru_cache(maxsize=4)
def _actors_called(ref: _Ref) -> Mapping[Term | None, Sequence[Actor]]:
    """Actors by the phrases that may be their names; under None those that have patterns, which nothing calls."""
    called: defaultdict[Term | None, list[Actor]] = defaultdict(list)
    for actor in ref.lexicons.actors.values():
        for term in (*actor.words.reach, *([None] if actor.words.has_patterns else [])):
            called[term].append(actor)
    return called


@lru_cache(maxsize=4)
def _speech_words(ref: _Ref) -> SpeechWords:
    speech = ref.lexicons.speech
    nouns = plain_words(speech.get("ambiguous", {}))
    sets = {name: _verbs(name, speech.get(name, {}), nouns) for name in _WORD_LISTS}
    verbs = [plain_words(speech.get(name, {})) for name in ("say", "take")]
    sets["going"] = frozenset(word for words in verbs for word in words if word.endswith("ing"))
    return SpeechWords(
        **sets,
        phrases=phrases(speech.get("phrases", {})),
        according=phrases(speech.get("according", {})),
    )


_INFINITIVES = {
    "en": ("ing",),  # "saying", "rejecting": told along, seldom the news
    "uk": ("ти", "тися", "тись"),
    "ru": ("ть", "ться", "ти", "тись"),
}


def _verbs(name: str, by_language: Mapping[str, TermSet], nouns: frozenset[str]) -> frozenset[str]:
    if name not in ("say", "take"):
        return plain_words(by_language)
    verbs = frozenset(
        word
        for language, words in by_language.items()
        for word in plain_words({language: words})
        if not word.endswith(_INFINITIVES.get(language, ("\n",)))
    )
    return verbs - nouns


def plain_words(by_language: Mapping[str, TermSet]) -> frozenset[str]:
    """The single words of a list, every form of them."""
    terms = [term for words in by_language.values() for term in words.wanted()]
    return frozenset(word for term in terms for row in term.sequences if len(row) == 1 for word in row[0].words)


def phrases(by_language: Mapping[str, TermSet]) -> tuple[tuple[str, ...], ...]:
    """The rows of words of a list, every combination of their forms, longest first."""
    terms = [term for words in by_language.values() for term in words.wanted()]
    rows = {row for term in terms for sequence in term.sequences for row in _rows(sequence)}
    return tuple(sorted(rows, key=lambda row: (-len(row), row)))


def _rows(sequence: tuple[Slot, ...]) -> Iterator[tuple[str, ...]]:
    yield from product(*(sorted(slot.words) for slot in sequence))
