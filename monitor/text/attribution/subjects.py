"""Subject and verb: "Kremlin ... rejects", with what may stand between them."""

from collections.abc import Sequence

from monitor.text.attribution.clauses import Clauses
from monitor.text.attribution.cue import Cue
from monitor.text.attribution.words import Mention

_REACH = 12  # tokens between subject and verb
_APPOSITION = 16


def subject_and_verb(clauses: Clauses, mention: Mention, others: Sequence[Mention]) -> Cue | None:
    """Subject, then a verb of saying or of position, or a predicate adjective."""
    start = clauses.name_start(mention)
    if not mention.nominative or _governed(clauses, start):
        return None
    after = after_office(clauses, mention, others)
    return None if after is None else _walk(clauses, mention, after, others)


def _governed(clauses: Clauses, start: int) -> bool:
    """After a preposition: not a subject."""
    if clauses.segment_start(start) or start == 0:
        return False
    return clauses.norms[start - 1] in clauses.words.prepositions and not clauses.comma(start)


def after_office(clauses: Clauses, mention: Mention, others: Sequence[Mention]) -> int | None:
    """The token after the name, after "'s office" or "'s Virtanen"; None when something else is possessed."""
    after = mention.last + 1
    if not clauses.tokens[mention.last].possessive:
        return after
    for index in range(after, min(after + 4, clauses.last + 1)):
        if clauses.norms[index] in clauses.words.former:
            return None
        if clauses.norms[index] in clauses.words.offices:
            return index + 1
    return after + 1 if _surname(clauses, mention, after, others) else None


def _surname(clauses: Clauses, mention: Mention, index: int, others: Sequence[Mention]) -> bool:
    """Whether a name nobody listed follows a country's: "Finland's Virtanen", but not "Ukraine's Donbas"."""
    listed = any(other.first <= index <= other.last for other in others)
    return not mention.place and not listed and index <= clauses.last and clauses.named(index)


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
        if width == 0 and free > 0 and not stops(clauses, index, others):
            width, free = 1, free - 1
        if width == 0:
            return None
        index += width
    return None


def stops(clauses: Clauses, index: int, others: Sequence[Mention]) -> bool:
    norm = clauses.norms[index]
    other = any(m.nominative and m.first <= index <= m.last for m in others)
    return other or norm in clauses.words.that or norm in clauses.words.background


def _verb_at(clauses: Clauses, mention: Mention, index: int) -> Cue | None:
    norm = clauses.norms[index]
    for phrase in clauses.words.phrases:
        if phrase[0] == norm and clauses.norms[index : index + len(phrase)] == phrase:
            return Cue(index, index + len(phrase) - 1, weight=0.9)
    if clauses.hyphened(index + 1):
        return None
    if clauses.speaks(index) or _going(clauses, index):
        return Cue(index, index, before=_after_quote(clauses, mention, index))
    if clauses.norms[index] in clauses.words.adjectives and _opens_clause(clauses, mention):
        return None if _acts(clauses, index) else Cue(index, index, weight=0.9)
    return None


def _acts(clauses: Clauses, index: int) -> bool:
    """Whether what may be an adjective is a verb with its object: "open talks", not "open to talks"."""
    if clauses.norms[index] not in clauses.words.ambiguous or not clauses.same_sentence(index, index + 1):
        return False
    return clauses.norms[index + 1] not in clauses.words.prepositions and clauses.gap(index + 1).strip() == ""


def _going(clauses: Clauses, index: int) -> bool:
    return clauses.norms[index] in clauses.words.going and clauses.norms[index - 1] in clauses.words.be


def _opens_clause(clauses: Clauses, mention: Mention) -> bool:
    """Not «война РФ против ...»: an acronym has no cases, but after a noun it is no subject."""
    start, words = clauses.name_start(mention), clauses.words
    if clauses.segment_start(start) and start < mention.first and clauses.norms[start] not in words.roles:
        start += 1  # a capital that only begins the sentence
    if clauses.segment_start(start) or not clauses.cyrillic(mention.last) or clauses.comma(start):
        return True
    before = clauses.norms[start - 1]
    return any(before in known for known in (words.skipped, words.that, words.background, words.conjunctions))


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
    if _passive(clauses, mention, index):
        return True
    if index == mention.last + 1 and not clauses.comma(index):
        return False  # «Орбан призвал ЕС ...»: whoever follows is called upon, though the acronym has no cases
    return has_subject_after(clauses, index, others) or (
        index == mention.last + 1 and not clauses.segment_start(clauses.name_start(mention))
    )


def has_subject_after(clauses: Clauses, index: int, others: Sequence[Mention]) -> bool:
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
    if follows == "be":
        return True  # "Russia cannot be trusted" is said of Russia
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
    while width < 7 and index + width <= clauses.last and not clauses.comma(index + width):
        if clauses.speaks(index + width) or clauses.norms[index + width] in clauses.words.be:
            return width
        width += 1
    return 1 if index < clauses.last else 0


def second_verb(clauses: Clauses, mention: Mention, others: Sequence[Mention]) -> Cue | None:
    """A second verb of the same subject: "Zelensky visits Berlin, urges ..."."""
    if not mention.nominative or not clauses.segment_start(clauses.name_start(mention)):
        return None
    if clauses.tokens[mention.last].possessive or mention.last + 1 > clauses.last or clauses.comma(mention.last + 1):
        return None
    for index in range(mention.last + 2, min(mention.last + 14, clauses.last) + 1):
        if not clauses.same_sentence(mention.last, index) or clauses.breaks(index):
            return None
        second = clauses.comma(index) or clauses.norms[index - 1] in clauses.words.conjunctions
        if second and clauses.speaks(index) and not has_subject_after(clauses, index, others):
            return Cue(index, index, weight=0.9)
    return None
