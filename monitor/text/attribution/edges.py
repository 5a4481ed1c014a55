"""Speakers at the edges of a headline: "Kremlin: ...", "... - Kremlin"."""

from collections.abc import Sequence

from monitor.text.attribution.clauses import Clauses
from monitor.text.attribution.cue import Cue
from monitor.text.attribution.subjects import after_office
from monitor.text.attribution.words import Mention


def colon(clauses: Clauses, mention: Mention, others: Sequence[Mention]) -> Cue | None:
    """ "Kremlin: ...", "Sweden's PM: ..." and "Зеленський про план: ..." at the beginning of a sentence."""
    start = clauses.name_start(mention)
    possessive = clauses.tokens[mention.last].possessive
    if not mention.nominative or not clauses.segment_start(start) or (mention.place and not possessive):
        return None
    index = after_office(clauses, mention, others)
    if index is None:
        return None
    begin = index
    while index <= clauses.last and index - mention.last <= 10 and clauses.same_sentence(mention.last, index):
        gap = clauses.gap(index)
        if ":" in gap and not gap.startswith(":-"):
            return _if_open(clauses, mention, index)
        if clauses.breaks(index) or (index == begin and not _goes_on(clauses, index)):
            return None
        index += 1
    return None


def _if_open(clauses: Clauses, mention: Mention, colon: int) -> Cue | None:
    """A colon after name and topic, but not after a whole clause of somebody else's."""
    between = range(mention.last + 1, colon)
    if any(map(clauses.speaks, between)):
        return None
    return Cue(mention.last, mention.last, whole=True)


def _goes_on(clauses: Clauses, index: int) -> bool:
    norm = clauses.norms[index]
    words = clauses.words
    return norm in words.topic or norm in words.prepositions or norm in words.roles or "(" in clauses.gap(index)


def topic(clauses: Clauses, mention: Mention, _: Sequence[Mention]) -> Cue | None:
    """ "Зеленський про переговори" as a headline."""
    index = mention.last + 1
    if not mention.nominative or index > clauses.last or not clauses.segment_start(clauses.name_start(mention)):
        return None
    if clauses.norms[index] in clauses.words.topic and clauses.gap(index).strip(" -") == "":
        return Cue(index, index)
    return None


def trailing(clauses: Clauses, mention: Mention, _: Sequence[Mention]) -> Cue | None:
    """ "... - Zelensky" at the end of a headline, or before the quotation that follows."""
    start = clauses.name_start(mention)
    if start == 0 or not clauses.same_sentence(start - 1, start):
        return None
    if not clauses.dashed(start) and not (":" in clauses.gap(start) and not mention.place):
        return None
    end = mention.last
    while end < clauses.last and clauses.same_sentence(end, end + 1) and clauses.gap(end + 1).strip() == "":
        if end - start > 6 or not (clauses.belongs(end + 1) or clauses.norms[end + 1] in clauses.words.offices):
            return None
        end += 1
    at_end = end == clauses.last or not clauses.same_sentence(end, end + 1)
    closed = at_end or (clauses.gap(end + 1).strip(" ,") != "" and not mention.place and clauses.dashed(start))
    return Cue(mention.first, end, before=True, after=False, whole=True) if closed and mention.nominative else None


def spokesman(clauses: Clauses, mention: Mention, others: Sequence[Mention]) -> Cue | None:
    """ "Kremlin to wait for outcome - spokesman"."""
    if not mention.nominative or not clauses.segment_start(clauses.name_start(mention)):
        return None
    end = clauses.sentence_end(mention.last)
    begin = clauses.name_back(end)
    if clauses.norms[end] not in clauses.words.spokesmen or not clauses.dashed(begin):
        return None
    if any(begin <= other.first <= end for other in others):
        return None
    return Cue(end, end, before=True, after=False, whole=True)
