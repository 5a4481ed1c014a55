"""All statements of a text, each with the words its speaker answers for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.text.attribution.clauses import Clauses
from monitor.text.attribution.cue import Cue
from monitor.text.attribution.cues import find_cue
from monitor.text.attribution.words import Mention, SpeechWords, Statement
from monitor.text.tokens import Text


@dataclass(frozen=True, slots=True)
class _Found:
    mention: Mention
    start: int
    cue: Cue
    inner: bool


def statements(text: Text, mentions: Sequence[Mention], speech: SpeechWords) -> tuple[Statement, ...]:
    """Who says what, in order of appearance.

    What somebody is said to have said belongs to the one who tells it: "Kyiv says Moscow rejected it" is Kyiv's.
    """
    clauses = Clauses(text, speech)
    mentions = [_in_office(clauses, mention) for mention in mentions]
    found = [f for mention in _longest(mentions) if (f := _found(clauses, mention, mentions))]
    inner = [f for f in found if f.inner or _stranger(clauses, f) or any(_tells(clauses, other, f) for other in found)]
    outer = [f for f in found if f not in inner]
    made = _distinct(_with_told(clauses, _statement(clauses, f, outer), inner) for f in outer)
    return tuple(sorted([*made, *_continued(clauses, made, mentions)], key=lambda s: (s.first, s.last)))


def _in_office(clauses: Clauses, mention: Mention) -> Mention:
    """The holder of an office speaks for it, whatever case stands after: «Прем'єр Швеції»."""
    if mention.nominative or not clauses.cyrillic(mention.last):
        return mention
    before = clauses.norms[clauses.name_start(mention) : mention.first]
    return replace(mention, nominative=any(norm in clauses.words.offices for norm in before))


def _distinct(made: Iterable[Statement]) -> list[Statement]:
    return list(dict.fromkeys(made))


def _with_told(clauses: Clauses, statement: Statement, inner: Sequence[_Found]) -> Statement:
    told = []
    for f in inner:
        if statement.first <= f.start <= statement.last:
            end = min(clauses.sentence_end(f.start), statement.last)
            told.append((f.mention.actor, f.start, end))
    return replace(statement, told=tuple(told))


def _stranger(clauses: Clauses, found: _Found) -> bool:
    """Whether somebody unknown is named at the end as the one who says it: "... - expert", "..., analyst says"."""
    end = clauses.sentence_end(found.start)
    begin = _last_comma(clauses, end) if clauses.speaks(end) else clauses.name_back(end)
    if begin is None or found.cue.last >= begin or not (clauses.dashed(begin) or clauses.comma(begin)):
        return False
    named = clauses.norms[begin : end + 1]
    if any(norm in clauses.words.strangers for norm in named):
        return True
    said = clauses.norms[found.cue.last] in clauses.words.say
    return not (said or found.cue.whole) and any(norm in clauses.words.reports for norm in named)


def _last_comma(clauses: Clauses, end: int) -> int | None:
    """Where the words between the last comma and a verb of saying at `end` begin: "..., a former minister said"."""
    near = range(end, max(clauses.sentence_start(end), end - 6), -1)
    return next((index for index in near if clauses.comma(index)), None)


def _tells(clauses: Clauses, outer: _Found, inner: _Found) -> bool:
    """Whether `outer` is the one who tells what `inner` is said to say: "Moscow refused, Zelensky said"."""
    if outer is inner or outer.inner or not clauses.same_sentence(outer.start, inner.start):
        return False
    if inner.start < outer.start:
        return outer.cue.before and not inner.cue.before
    return outer.cue.whole and outer.cue.after and not inner.cue.whole and not inner.cue.before


def _longest(mentions: Sequence[Mention]) -> list[Mention]:
    ordered = sorted(mentions, key=lambda m: (m.first, -m.last))
    kept: list[Mention] = []
    for mention in ordered:
        if not kept or mention.last > kept[-1].last or (mention.first, mention.last) == (kept[-1].first, kept[-1].last):
            kept.append(mention)
    return kept


def _found(clauses: Clauses, mention: Mention, mentions: Sequence[Mention]) -> _Found | None:
    others = [m for m in mentions if m.last < mention.first or m.first > mention.last]
    cue = find_cue(clauses, mention, others)
    if cue is None:
        return None
    start = min(clauses.name_start(mention), cue.first)
    if _wished_along(clauses, start, cue):
        return None
    inner = not cue.before and (_relayed(clauses, start) or _asked(clauses, start))
    return _Found(mention, start, replace(cue, weight=cue.weight * _prominence(clauses, start)), inner)


def _wished_along(clauses: Clauses, start: int, cue: Cue) -> bool:
    """A wish that is not the news: "as Zelensky seeks talks", "Putin had hoped to"."""
    words = clauses.words
    if clauses.norms[cue.last] not in words.wishes:
        return False
    past = any(norm in words.past for norm in clauses.norms[start : cue.first])
    return past or _prominence(clauses, start) < 1


def _asked(clauses: Clauses, start: int) -> bool:
    """Whether the sentence asks or explains why they do: "Why the Kremlin rejects the plan"."""
    opening = clauses.sentence_start(start)
    return clauses.norms[opening] in clauses.words.questions and not clauses.quoted(opening)


def _relayed(clauses: Clauses, start: int) -> bool:
    """Whether somebody else's verb of saying governs the clause that begins at `start`."""
    words = clauses.words
    subordinate = False
    index = start - 1
    if index > 0 and ":" in clauses.gap(start) and clauses.speaks(index) and clauses.same_sentence(index, start):
        return True
    if index > 0 and clauses.same_sentence(index - 1, start) and clauses.norms[index] in words.that:
        return True
    while index >= 0 and clauses.same_sentence(index, start) and not _separates(clauses, index + 1):
        norm = clauses.norms[index]
        if norm in words.that:
            subordinate = True
        elif clauses.speaks(index) or norm in words.nouns or norm in words.ambiguous:
            return True
        elif clauses.comma(index + 1) and not subordinate:
            return False
        index -= 1
    return False


def _separates(clauses: Clauses, index: int) -> bool:
    gap = clauses.gap(index)
    return clauses.breaks(index) or ('"' in gap and "," in gap)


def _prominence(clauses: Clauses, start: int) -> float:
    """Less in a clause such as "as Kremlin insists": told along, not the news."""
    if start == 0 or not clauses.same_sentence(start - 1, start):
        return 1.0
    return 0.6 if clauses.norms[start - 1] in clauses.words.background else 1.0


def _statement(clauses: Clauses, found: _Found, all_found: Sequence[_Found]) -> Statement:
    begin, end = clauses.sentence_start(found.start), clauses.sentence_end(found.start)
    begin = _begin(clauses, found, begin, all_found)
    end = max(_end(clauses, found, end, all_found), found.cue.last)
    cue = clauses.words_at(found.cue.first, found.cue.last)
    said = clauses.norms[found.cue.first : found.cue.last + 1]
    return Statement(
        speaker=found.mention.actor,
        first=begin,
        last=end,
        sentences=(clauses.tokens[begin].sentence, clauses.tokens[end].sentence),
        cue=cue,
        denial=any(norm in clauses.words.deny for norm in said),
        weight=found.cue.weight,
    )


def _begin(clauses: Clauses, found: _Found, sentence: int, all_found: Sequence[_Found]) -> int:
    if not found.cue.before:
        return sentence if _after_own_quote(clauses, found, sentence) else found.start
    earlier = [f.cue.last + 1 for f in all_found if f is not found and sentence <= f.start < found.start]
    if earlier:
        return max(max(earlier), sentence) if max(earlier) <= found.start else found.start
    return _quote_start(clauses, sentence)


def _after_own_quote(clauses: Clauses, found: _Found, sentence: int) -> bool:
    """Whether the sentence begins with a quotation and goes on to who said it: "'No surrender': Zelensky rejects"."""
    gap = clauses.gap(found.start)
    return ":" in gap and clauses.quoted(found.start) and clauses.quoted(sentence)


def _quote_start(clauses: Clauses, sentence: int) -> int:
    """The beginning of a quotation of several sentences that ends in this one."""
    opened = clauses.text.canonical[: clauses.tokens[sentence].start].count('"') % 2 == 1
    while opened and sentence > 0 and '"' not in clauses.gap(sentence):
        sentence = clauses.sentence_start(sentence - 1)
    return sentence


def _end(clauses: Clauses, found: _Found, sentence_end: int, all_found: Sequence[_Found]) -> int:
    if not found.cue.after:
        return max(found.cue.last, found.mention.last)
    later = [f.start for f in all_found if found.cue.last < f.start <= sentence_end and not f.inner]
    later = [start for start in later if not _is_own(found, start, all_found)]
    if later:
        return max(min(later) - 1, found.cue.last)
    return _quote_end(clauses, sentence_end)


def _is_own(found: _Found, start: int, all_found: Sequence[_Found]) -> bool:
    return any(f.start == start and f.mention.actor == found.mention.actor for f in all_found)


def _quote_end(clauses: Clauses, end: int) -> int:
    """The end of a quotation that goes on beyond this sentence."""
    for _ in range(4):
        opened = clauses.text.canonical[: clauses.tokens[end].end].count('"') % 2 == 1
        follows = end < clauses.last and clauses.gap(end + 1).rstrip().endswith('"')
        if end >= clauses.last or not (follows or (opened and '"' not in clauses.gap(end + 1))):
            return end
        end = clauses.sentence_end(end + 1)
    return end


def _continued(clauses: Clauses, made: Sequence[Statement], mentions: Sequence[Mention]) -> list[Statement]:
    """Sentences in which "he" or nobody named goes on speaking."""
    result: list[Statement] = []
    last: Statement | None = None
    taken = {s for statement in made for s in range(statement.sentences[0], statement.sentences[1] + 1)}
    for number in range(len(clauses.text.sentences)):
        own = [s for s in made if s.sentences[0] <= number <= s.sentences[1]]
        if own:
            last = own[-1]
        elif last is not None and number not in taken:
            last = _goes_on(clauses, last, number, mentions)
            result.extend([last] if last else [])
    return result


def _goes_on(clauses: Clauses, last: Statement, number: int, mentions: Sequence[Mention]) -> Statement | None:
    tokens = [i for i, token in enumerate(clauses.tokens) if token.sentence == number]
    if not tokens:
        return last
    cue = _pronoun_cue(clauses, tokens)
    if cue is None or any(m.nominative and m.first == tokens[0] for m in mentions):
        return None
    return replace(
        last,
        first=tokens[0],
        last=tokens[-1],
        sentences=(number, number),
        cue=clauses.words_at(cue, cue),
        denial=clauses.norms[cue] in clauses.words.deny,
        weight=0.8,
    )


def _pronoun_cue(clauses: Clauses, tokens: Sequence[int]) -> int | None:
    words = clauses.words
    for index in tokens:
        near = clauses.norms[max(tokens[0], index - 3) : index + 4]
        if not clauses.speaks(index):
            continue
        if any(norm in words.pronouns for norm in near):
            return index
        if index == tokens[0] and clauses.cyrillic(index):
            return index
    return None
