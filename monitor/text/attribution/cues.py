"""The grammar by which a mention turns out to speak; each pattern answers with a cue or None."""

from collections.abc import Callable, Sequence

from monitor.text.attribution.clauses import Clauses
from monitor.text.attribution.cue import Cue
from monitor.text.attribution.edges import colon, spokesman, topic, trailing
from monitor.text.attribution.inversions import inverted, within
from monitor.text.attribution.subjects import second_verb, subject_and_verb
from monitor.text.attribution.words import Mention


def find_cue(clauses: Clauses, mention: Mention, others: Sequence[Mention]) -> Cue | None:
    """The first sign that this mention speaks, strongest patterns first."""
    if _glued(clauses, mention) or _was_something(clauses, mention):
        return None
    for pattern in _PATTERNS:
        cue = pattern(clauses, mention, others)
        if cue is not None:
            return cue
    return None


def _glued(clauses: Clauses, mention: Mention) -> bool:
    """Part of a compound: "pro-Kremlin", "US-Ukraine talks"."""
    before = mention.first > 0 and clauses.hyphened(mention.first)
    return before or (mention.last < clauses.last and clauses.hyphened(mention.last + 1))


def _was_something(clauses: Clauses, mention: Mention) -> bool:
    start = clauses.name_start(mention)
    around = clauses.norms[max(0, start - 1) : mention.first]
    return any(norm in clauses.words.former for norm in around)


def _according(clauses: Clauses, mention: Mention, _: Sequence[Mention]) -> Cue | None:
    """ "according to ...", "по словам ..."."""
    start = clauses.name_start(mention)
    for phrase in clauses.words.according:
        begin = start - len(phrase)
        ends = begin >= 0 and clauses.norms[start - 1] == phrase[-1]
        if ends and clauses.norms[begin:start] == phrase and not clauses.comma(start):
            return Cue(begin, start - 1, before=True, whole=True)
    return None


def _noun(clauses: Clauses, mention: Mention, _: Sequence[Mention]) -> Cue | None:
    """ "Zelensky's statement", «заява Зеленського»: weak."""
    after = mention.last + 1
    if mention.place:
        return None
    possessed = clauses.tokens[mention.last].possessive
    named = any(norm in clauses.words.nouns for norm in clauses.norms[after : after + 2])
    if possessed and named and not _governed(clauses, clauses.name_start(mention)):
        return Cue(mention.last, after, weight=0.6)
    start = clauses.name_start(mention)
    if not mention.nominative and start > 0 and clauses.norms[start - 1] in clauses.words.nouns:
        return None if _governed(clauses, start - 1) else Cue(start - 1, start - 1, weight=0.6)
    return None


def _governed(clauses: Clauses, index: int) -> bool:
    """After a preposition: "reacted to Putin's statements" is somebody else's reaction."""
    return (
        index > 0 and clauses.same_sentence(index - 1, index) and clauses.norms[index - 1] in clauses.words.prepositions
    )


_Pattern = Callable[[Clauses, Mention, Sequence[Mention]], Cue | None]
_PATTERNS: tuple[_Pattern, ...] = (
    colon,
    trailing,
    spokesman,
    _according,
    subject_and_verb,
    inverted,
    within,
    topic,
    second_verb,
    _noun,
)
