"""The grammar by which a mention turns out to speak: one function for each pattern, each answers with a cue or None."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.text.attribution.clauses import Clauses
from monitor.text.attribution.words import Mention

_REACH = 12  # tokens between subject and verb
_APPOSITION = 16


@dataclass(frozen=True, slots=True)
class Cue:
    """Where the sign of speech stands, and which side of it holds what is said.

    Attributes:
        whole: The rest of the sentence is the speaker's, whatever others are said to say in it.
    """

    first: int
    last: int
    before: bool = False
    after: bool = True
    weight: float = 1.0
    whole: bool = False


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


def _colon(clauses: Clauses, mention: Mention, _: Sequence[Mention]) -> Cue | None:
    """ "Kremlin: ..." and "Зеленський про план: ..." at the beginning of a sentence."""
    start = clauses.name_start(mention)
    if not mention.nominative or not clauses.segment_start(start) or mention.place:
        return None
    index = mention.last + 1
    while index <= clauses.last and index - mention.last <= 10 and clauses.same_sentence(mention.last, index):
        gap = clauses.gap(index)
        if ":" in gap and not gap.startswith(":-"):
            return _if_open(clauses, mention, index)
        if clauses.breaks(index) or (index == mention.last + 1 and not _goes_on(clauses, index)):
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


def _topic(clauses: Clauses, mention: Mention, _: Sequence[Mention]) -> Cue | None:
    """ "Зеленський про переговори" as a headline."""
    index = mention.last + 1
    if not mention.nominative or index > clauses.last or not clauses.segment_start(clauses.name_start(mention)):
        return None
    if clauses.norms[index] in clauses.words.topic and clauses.gap(index).strip(" -") == "":
        return Cue(index, index)
    return None


def _trailing(clauses: Clauses, mention: Mention, _: Sequence[Mention]) -> Cue | None:
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


def _spokesman(clauses: Clauses, mention: Mention, others: Sequence[Mention]) -> Cue | None:
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


def _according(clauses: Clauses, mention: Mention, _: Sequence[Mention]) -> Cue | None:
    """ "according to ...", "по словам ..."."""
    start = clauses.name_start(mention)
    for phrase in clauses.words.according:
        begin = start - len(phrase)
        if begin >= 0 and clauses.norms[begin:start] == phrase and not clauses.comma(start):
            return Cue(begin, start - 1, before=True, whole=True)
    return None


def _subject(clauses: Clauses, mention: Mention, others: Sequence[Mention]) -> Cue | None:
    """Subject, then a verb of saying or of position, or a predicate adjective."""
    start = clauses.name_start(mention)
    if not mention.nominative or _governed(clauses, start):
        return None
    after = _after_office(clauses, mention)
    return None if after is None else _walk(clauses, mention, after, others)


def _governed(clauses: Clauses, start: int) -> bool:
    """After a preposition: not a subject."""
    if clauses.segment_start(start) or start == 0:
        return False
    return clauses.norms[start - 1] in clauses.words.prepositions and not clauses.comma(start)


def _after_office(clauses: Clauses, mention: Mention) -> int | None:
    """The token after the name, or after "'s office"; None when something else is possessed."""
    after = mention.last + 1
    if not clauses.tokens[mention.last].possessive:
        return after
    for index in range(after, min(after + 4, clauses.last + 1)):
        if clauses.norms[index] in clauses.words.offices:
            return index + 1
    return None


def _walk(clauses: Clauses, mention: Mention, index: int, others: Sequence[Mention]) -> Cue | None:
    slavic = clauses.cyrillic(mention.last)
    budget = index + _REACH
    free = 7 if slavic else 0
    while index <= min(budget, clauses.last) and clauses.same_sentence(mention.last, index):
        if clauses.breaks(index):
            return None
        cue = _verb_at(clauses, mention, index)
        if cue is not None:
            return None if _not_its_own(clauses, mention, index, others) else cue
        if clauses.comma(index) or _opens_aside(clauses, index):
            skipped = _closing(clauses, index)
            if skipped is None:
                return None
            index = skipped
            continue
        width = _passable(clauses, mention, index)
        if width == 0 and free > 0 and not _stops(clauses, index, others):
            width, free = 1, free - 1
        if width == 0:
            return None
        index += width
    return None


def _stops(clauses: Clauses, index: int, others: Sequence[Mention]) -> bool:
    norm = clauses.norms[index]
    other = any(m.nominative and m.first <= index <= m.last for m in others)
    return other or norm in clauses.words.that or norm in clauses.words.background


def _verb_at(clauses: Clauses, mention: Mention, index: int) -> Cue | None:
    for phrase in clauses.words.phrases:
        if clauses.norms[index : index + len(phrase)] == phrase:
            return Cue(index, index + len(phrase) - 1, weight=0.9)
    if clauses.speaks(index):
        return None if clauses.hyphened(index + 1) else Cue(index, index, before=_after_quote(clauses, mention, index))
    if clauses.norms[index] in clauses.words.adjectives and not clauses.hyphened(index + 1):
        return Cue(index, index, weight=0.9)
    return None


def _after_quote(clauses: Clauses, mention: Mention, verb: int) -> bool:
    """Whether what is said stands before: '"...," Zelensky said', "..., Kremlin officials said"."""
    start = clauses.name_start(mention)
    if clauses.segment_start(start):
        return False
    if clauses.quoted(start):
        return True
    opening = clauses.norms[clauses.sentence_start(start)]
    reported = clauses.norms[verb] in clauses.words.say and opening not in clauses.words.background
    return (
        clauses.comma(start)
        and reported
        and (verb == clauses.last or clauses.norms[verb + 1] not in clauses.words.that)
    )


def _not_its_own(clauses: Clauses, mention: Mention, index: int, others: Sequence[Mention]) -> bool:
    """Passive, or the verb of somebody else: "Zelensky meets Trump, says ...", «..., заявив Єрмак»."""
    if _passive(clauses, mention, index) or _has_subject_after(clauses, index, others):
        return True
    start = clauses.name_start(mention)
    return index == mention.last + 1 and clauses.comma(index) and not clauses.segment_start(start)


def _has_subject_after(clauses: Clauses, index: int, others: Sequence[Mention]) -> bool:
    """Whether the verb is followed by a subject of its own, as Slavic languages allow."""
    if not clauses.cyrillic(index):
        return False
    after = index + 1
    while after < clauses.last and clauses.norms[after] in clauses.words.roles and not clauses.comma(after):
        after += 1
    begins = any(m.nominative and m.first in (index + 1, after) for m in others)
    return begins and not clauses.comma(index + 1)


def _passive(clauses: Clauses, mention: Mention, index: int) -> bool:
    words = clauses.words
    if any(norm in words.be for norm in clauses.norms[mention.last + 1 : index]):
        return clauses.norms[index] in words.passive
    follows = clauses.norms[index + 1] if index < clauses.last else ""
    return clauses.norms[index] in words.passive and follows in {"to", "by"} and index == mention.last + 1


def _opens_aside(clauses: Clauses, index: int) -> bool:
    return "(" in clauses.gap(index)


def _closing(clauses: Clauses, index: int) -> int | None:
    """The token after an apposition between commas or brackets that begins at `index`, when a verb follows."""
    close = ")" if "(" in clauses.gap(index) else ","
    for end in range(index + 1, min(index + _APPOSITION, clauses.last) + 1):
        if not clauses.same_sentence(index, end):
            return None
        if close in clauses.gap(end):
            return end if _verb_soon(clauses, end) else None
    return None


def _verb_soon(clauses: Clauses, index: int) -> bool:
    for at in range(index, min(index + 4, clauses.last + 1)):
        if clauses.speaks(at):
            return True
        if clauses.norms[at] not in clauses.words.skipped:
            return False
    return False


def _passable(clauses: Clauses, mention: Mention, index: int) -> int:
    """How many tokens from here may stand between subject and verb."""
    norm = clauses.norms[index]
    words = clauses.words
    if norm in words.skipped or norm in words.roles or norm.endswith("ly") or norm[0].isdigit():
        return 1
    if norm in words.conjunctions:
        return 2 if index < clauses.last else 0
    if norm in words.prepositions:
        return _phrase_width(clauses, index)
    return 1 if clauses.named(index) else 0


def _phrase_width(clauses: Clauses, index: int) -> int:
    """A short prepositional phrase: "in Beijing", "at the UN assembly", "on 5 May"."""
    width = 1
    while width < 5 and index + width <= clauses.last and not clauses.comma(index + width):
        if clauses.speaks(index + width) or clauses.norms[index + width] in clauses.words.be:
            return width
        width += 1
    return 1 if index < clauses.last else 0


def _within(clauses: Clauses, mention: Mention, _: Sequence[Mention]) -> Cue | None:
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


def _inverted(clauses: Clauses, mention: Mention, others: Sequence[Mention]) -> Cue | None:
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
        if _stops(clauses, index, others):
            return None
    return None


def _inverted_at(clauses: Clauses, mention: Mention, index: int, others: Sequence[Mention]) -> Cue | None:
    if any(m.nominative and m.last == index - 1 for m in others):
        return None
    detached = index == 0 or clauses.comma(index) or clauses.quoted(index) or clauses.dashed(index)
    if not clauses.cyrillic(mention.last) and not detached:
        return None
    return Cue(index, index, before=detached and index > 0)


def _noun(clauses: Clauses, mention: Mention, _: Sequence[Mention]) -> Cue | None:
    """ "Zelensky's statement", «заява Зеленського»: weak."""
    after = mention.last + 1
    if mention.place:
        return None
    possessed = clauses.tokens[mention.last].possessive
    if possessed and any(norm in clauses.words.nouns for norm in clauses.norms[after : after + 2]):
        return Cue(mention.last, after, weight=0.6)
    start = clauses.name_start(mention)
    if not mention.nominative and start > 0 and clauses.norms[start - 1] in clauses.words.nouns:
        return Cue(start - 1, start - 1, weight=0.6)
    return None


def _listed(clauses: Clauses, mention: Mention, others: Sequence[Mention]) -> Cue | None:
    """A second verb of the same subject: "Zelensky visits Berlin, urges ..."."""
    if not mention.nominative or not clauses.segment_start(clauses.name_start(mention)):
        return None
    if clauses.tokens[mention.last].possessive or mention.last + 1 > clauses.last or clauses.comma(mention.last + 1):
        return None
    for index in range(mention.last + 2, min(mention.last + 14, clauses.last) + 1):
        if not clauses.same_sentence(mention.last, index) or clauses.breaks(index):
            return None
        second = clauses.comma(index) or clauses.norms[index - 1] in clauses.words.conjunctions
        if second and clauses.speaks(index) and not _has_subject_after(clauses, index, others):
            return Cue(index, index, weight=0.9)
    return None


_Pattern = Callable[[Clauses, Mention, Sequence[Mention]], Cue | None]
_PATTERNS: tuple[_Pattern, ...] = (
    _colon,
    _trailing,
    _spokesman,
    _according,
    _subject,
    _inverted,
    _within,
    _topic,
    _listed,
    _noun,
)
