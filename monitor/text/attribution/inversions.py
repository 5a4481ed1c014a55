"""Verb before subject, as after a quotation, and verbs without one: «заявил Песков», «в Кремле заявили»."""

from collections.abc import Sequence

from monitor.text.attribution.clauses import Clauses
from monitor.text.attribution.cue import Cue
from monitor.text.attribution.subjects import stops
from monitor.text.attribution.words import Mention


def within(clauses: Clauses, mention: Mention, _: Sequence[Mention]) -> Cue | None:
    """«В Кремле заявили», «у Зеленського відповіли»: a preposition and a verb without subject."""
    start = clauses.name_start(mention)
    if start == 0 or clauses.norms[start - 1] not in clauses.words.at or not clauses.segment_start(start - 1):
        return None
    for index in range(mention.last + 1, min(mention.last + 5, clauses.last + 1)):
        if clauses.comma(index) or not clauses.same_sentence(start, index):
            return None
        if clauses.speaks(index) and clauses.norms[index].endswith(("ли", "ть", "ят", "ют")):
            return Cue(index, index)
    return None


def inverted(clauses: Clauses, mention: Mention, others: Sequence[Mention]) -> Cue | None:
    """Verb before subject: '"...", said Peskov', «заявил журналистам Песков»."""
    if not mention.nominative or clauses.tokens[mention.last].possessive:
        return None
    start = clauses.name_start(mention)
    reach = 6 if clauses.cyrillic(mention.last) else 2
    for index in range(start - 1, max(-1, start - 1 - reach), -1):
        if not clauses.same_sentence(index, start) or clauses.comma(index + 1) or clauses.breaks(index + 1):
            return None
        if clauses.norms[index] in clauses.words.say:
            return _inverted_at(clauses, mention, index, others)
        if stops(clauses, index, others):
            return None
    return None


def _inverted_at(clauses: Clauses, mention: Mention, index: int, others: Sequence[Mention]) -> Cue | None:
    if any(m.nominative and m.last == index - 1 for m in others) and not clauses.comma(index):
        return None
    detached = index == 0 or clauses.comma(index) or clauses.quoted(index) or clauses.dashed(index)
    if not clauses.cyrillic(mention.last) and not detached:
        return None
    return Cue(index, index, before=detached and index > 0)
