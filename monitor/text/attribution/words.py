"""What attribution works with: who is named, which words announce speech, and what it answers."""

from dataclasses import dataclass

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor named in a text.

    Attributes:
        first, last: Tokens, both included.
        nominative: Whether the form can be a subject; always True in languages without case.
        place: True for names that are also places ("Moscow"), which say less by standing before a colon.
    """

    actor: str
    first: int
    last: int
    nominative: bool = True
    place: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """Somebody's words, or a report of them.

    Attributes:
        first, last: Tokens the speaker answers for, both included.
        sentences: First and last sentence of these tokens.
        cue: The words that show that it is a statement ("rejects"), as written.
        denial: True when the cue denies something, so that what follows is what the speaker does not hold.
        weight: 1 for plain statements, less for those that are background or only inferred.
        told: Parts in which the speaker tells what others say or want: who, first and last token.
    """

    speaker: str
    first: int
    last: int
    sentences: tuple[int, int]
    cue: str
    denial: bool = False
    weight: float = 1.0
    told: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechWords:
    """The words of all languages that attribution knows, in canonical lower case.

    Attributes:
        say: Verbs of saying; may stand before or after their subject.
        take: Verbs by which somebody takes a position ("rejects"); after their subject.
        going: Forms of both that speak only after a form of "be": "are pushing back".
        deny: Those of `say` and `take` that deny.
        phrases: Position idioms of several words ("doubles down").
        adjectives: Predicates that show a position ("ready", "open").
        according: "according to", "по словам", ...
        skipped: May stand between subject and verb: auxiliaries, adverbs, time words.
        roles: May belong to a name: offices, first names, articles.
        offices: What of an actor speaks for it: "Zelensky's office".
        passive: Forms that are passive before "to" or "by" in a headline ("told", "urged").
        be: Auxiliaries of the passive.
        that: Words that put what follows into the mouth of whoever came before.
        background: Words that open a clause which is not the news ("as", "after").
        at: Prepositions of «в Кремле заявили».
        nouns: "statement", "remarks": weak signs.
        former: Words that take the office away again.
        ambiguous: Verbs that are nouns as often: no sign of speech, but what follows may be somebody else's.
        strangers: Who, named at the end of a headline, says it instead of those in it ("- expert").
        reports: Who, named there, tells what others want ("Putin wants ..., sources"); what they said stays theirs.
        wishes: Verbs of wanting and trying: news as a main verb only, not in "as Zelensky seeks" or "Putin had hoped".
        past: What puts a wish into the past ("had").
        questions: Words that open a headline which asks or explains ("why Putin rejects"), in which nobody speaks.
        spokesmen: Who, named so, speaks for whoever the headline begins with ("- spokesman").
    """

    say: frozenset[str]
    take: frozenset[str]
    going: frozenset[str] = frozenset()
    deny: frozenset[str] = frozenset()
    phrases: tuple[Phrase, ...] = ()
    adjectives: frozenset[str] = frozenset()
    according: tuple[Phrase, ...] = ()
    skipped: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()
    passive: frozenset[str] = frozenset()
    be: frozenset[str] = frozenset()
    that: frozenset[str] = frozenset()
    background: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    topic: frozenset[str] = frozenset()
    at: frozenset[str] = frozenset()
    conjunctions: frozenset[str] = frozenset()
    pronouns: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    former: frozenset[str] = frozenset()
    ambiguous: frozenset[str] = frozenset()
    strangers: frozenset[str] = frozenset()
    reports: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    questions: frozenset[str] = frozenset()
    spokesmen: frozenset[str] = frozenset()
