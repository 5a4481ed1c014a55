"""Why a report tells the event that another one told, as their rule reads them; None when nothing says so.

What the rule read stands beside the words: who speaks and how, what was done and where, who gives what. It is the same
in every language, so a report in another one meets the first where its headline alone would not.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from monitor.model import Item, Observation, System
from monitor.rules.durations import in_words
from monitor.stories.index import Index
from monitor.stories.likeness import Likeness, differ
from monitor.stories.reading import Reading, read, stems
from monitor.stories.words import PLACE, meaning
from monitor.text.sums import figure, same_sum
from monitor.text.tokens import Text, canonical

_STATEMENTS = timedelta(hours=12)  # of one speaker with one stance: later it is another occasion
_UNREAD = timedelta(hours=6)  # where no stance is read that could show a turn
_ALIKE, _CLEAR = 0.28, 0.2  # likeness of the words, and what doubts must leave of it
_WORDS = 2  # that both use: in short headlines one is a third of all
_TOPIC = 0.1  # of one speaker's words where no stance is read
_SPOKEN = 0.36  # of what two speakers say
_SHARE = 0.6  # of the shorter of two acts, by weight
_TELLING = 15.0  # weight of a word that one headline in fifty uses
_SENTENCE = 6  # words of evidence; what is longer is a sentence
_BELLIGERENTS = frozenset({f"{PLACE}ukraine", f"{PLACE}russia"})  # the news of this war is not told apart by them
# What comes after an event, and is one of its own: the report of it uses the words of the first.
_NEXT = "charge extradite expel summon arrive sentence retaliate arrest resign close ban reject call"
_STEPS = frozenset(map(meaning, _NEXT.split()))
_NOT = re.compile(
    canonical(
        r"\b(?:not|no|never|cannot|won't|don't|doesn't|didn't|isn't|aren't|не|ні|ніколи|нет|никогда|nie|nigdy)\b"
    ),
    re.IGNORECASE,
)
_YES, _NO = frozenset({"=agree", "=approve"}), frozenset({"=reject"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """An observation as it is compared: its headline, and the words its rule was after.

    Attributes:
        places: Among those words; those that nearly every report names left out.
        named: These and the places of the headline.
        acts: What was done, or spoken of.
        steps: Acts that follow an event and are another.
        denied: The headline says that something is not.
    """

    seen: Observation
    reading: Reading
    places: frozenset[str]
    named: frozenset[str]
    acts: frozenset[str]
    steps: frozenset[str]
    denied: bool


@lru_cache(1 << 12)
def told(seen: Observation) -> Told:
    """An observation, ready to be compared."""
    evidence = (Text(each.words) for each in seen.evidence if each.clause != "speaker")
    words = {word for text in evidence if len(text.norms) <= _SENTENCE for word in stems(text, seen.lang)}
    reading = _reading(seen)
    named = frozenset(word for word in words.union(reading.stems) if word.startswith(PLACE)) - _BELLIGERENTS
    return Told(
        seen=seen,
        reading=reading,
        places=named & words,
        named=named,
        acts=frozenset(word for word in words if not word.startswith(PLACE)),
        steps=_STEPS.intersection(reading.stems),
        denied=bool(_NOT.search(canonical(seen.title))),
    )


def _reading(seen: Observation) -> Reading:
    return read(
        Item(
            id=seen.id,
            feed_id=seen.publisher,
            publisher=seen.publisher,
            title=seen.title,
            lang=seen.lang,
            first_seen_at=seen.at,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """That two reports tell one event.

    Attributes:
        likeness: Of their words; which of several events a report tells.
        why: What they share, in words.
    """

    likeness: float
    why: str


class Teller:
    """Compares one new report with what was told before it."""

    def __init__(self, new: Observation) -> None:
        self._new = told(new)
        self._masses = Index().masses()  # of everyday words: the same whatever came before
        self._likeness = Likeness(self._new.reading, self._masses)

    def same(self, other: Observation) -> Same | None:
        """That the other report told the same event, and why; None when nothing says so, or something against it."""
        known = told(other)
        if differ(self._new.reading, known.reading) or _contrary(self._new, known):
            return None
        words = self._likeness.words(known.reading)
        what = self._package(known) or self._statement(known, words)
        if not what and not self._another(known):
            what = self._act(known) or self._wording(known, words)
        return Same(likeness=words, why=f"{what}, {_apart(self._gap(known))}") if what else None

    def _another(self, known: Told) -> bool:
        """Whether it is a later step, says that something is not, or names other places, whatever words they share."""
        new = self._new
        elsewhere = bool(new.named and known.named) and new.named.isdisjoint(known.named)
        return elsewhere or new.denied != known.denied or not new.steps <= known.steps

    def _gap(self, known: Told) -> timedelta:
        return abs(self._new.seen.at - known.seen.at)

    def _package(self, known: Told) -> str:
        """The same donor with the same sum or system; who contradicts in any of these was sorted out before."""
        one, other = self._new.seen, known.seen
        if not one.donor or one.donor != other.donor:
            return ""
        sums = figure(one.amounts, one.title), figure(other.amounts, other.title)
        named = sorted({each.name for each in _named(one)} & {each.name for each in _named(other)})
        if not all(sums) and not named:
            return ""
        return f"same donor ({one.donor}), same {f'system ({named[0]})' if named else 'sum'}"

    def _statement(self, known: Told, words: float) -> str:
        """One speaker on one topic: with the stance that was read before, or soon after and in like words."""
        one, other = self._new.seen, known.seen
        topics = self._new.acts & known.acts
        if not one.speaker or one.speaker != other.speaker or not topics:
            return ""
        if one.stance and other.stance and one.stance.score is not None and other.stance.score is not None:
            label = one.stance.label
            return f"same speaker, same stance ({label}), same topic" if self._gap(known) <= _STATEMENTS else ""
        alike = words >= _TOPIC and self._gap(known) <= _UNREAD
        return "same speaker, same topic, similar words" if alike else ""

    def _act(self, known: Told) -> str:
        """What was done, and where, unless it is a statement."""
        places = self._new.places & known.places
        if self._new.seen.speaker or known.seen.speaker or not places:
            return ""
        weight = self._weight(self._new.acts & known.acts)
        least = min(self._weight(self._new.acts), self._weight(known.acts))
        return "same act, same place" if weight >= max(_TELLING, _SHARE * least) else ""

    def _wording(self, known: Told, words: float) -> str:
        """Words alone; of one speaker's statements `_statement` knows better, since his name is half of them."""
        if len(set(self._new.reading.stems).intersection(known.reading.stems)) < _WORDS:
            return ""
        left = words * self._likeness.doubt(known.reading)
        one, other = self._new.seen.speaker, known.seen.speaker
        if one and other:
            return "similar words" if one != other and left >= _SPOKEN else ""
        return "similar words" if words >= _ALIKE and left >= _CLEAR else ""

    def _weight(self, words: Iterable[str]) -> float:
        return sum(map(self._masses.__getitem__, sorted(words)))


# --- what speaks against it -----------------------------------------------------------------------------------------


def _contrary(new: Told, known: Told) -> bool:
    """Whether the rule reads something in the new report that is not what it read before."""
    one, other = new.seen, known.seen
    return _turned(one, other) or _answered(new, known) or _other_package(one, other)


def _turned(new: Observation, known: Observation) -> bool:
    """Another stance, or one where none was read before."""
    if new.stance is None or new.stance.score is None or known.stance is None:
        return False
    return known.stance.score is None or known.stance.label != new.stance.label


def _answered(new: Told, known: Told) -> bool:
    """One says yes where the other says no."""
    one, other = set(new.reading.stems), set(known.reading.stems)
    return bool((one & _YES and other & _NO) or (one & _NO and other & _YES))


def _other_package(one: Observation, other: Observation) -> bool:
    if one.donor and other.donor and one.donor != other.donor:
        return True
    sums = figure(one.amounts, one.title), figure(other.amounts, other.title)
    if sums[0] and sums[1] and not same_sum(sums[0], sums[1]):
        return True
    return _other_pieces(_named(one), _named(other))


def _other_pieces(some: Sequence[System], others: Sequence[System]) -> bool:
    """Whether both name systems, and not the same, or another number of them."""
    if not some or not others:
        return False
    pairs = [(one, other) for one in some for other in others if one.id == other.id]
    numbers = [(one.quantity, other.quantity) for one, other in pairs if one.quantity and other.quantity]
    return not pairs or any(one != other for one, other in numbers)


def _named(seen: Observation) -> list[System]:
    """Systems, those left out that are a whole class."""
    return [system for system in seen.systems if not system.id.endswith("_any")]


def _apart(gap: timedelta) -> str:
    unit = timedelta(hours=1) if gap >= timedelta(hours=1) else timedelta(minutes=1)
    return f"{in_words(unit * (gap // unit))} apart" if gap >= unit else "at one time"
