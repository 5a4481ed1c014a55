"""What is a new fact in a story that was already told, in words: new against old. Typing errors mended are none."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean

from rapidfuzz.distance import Levenshtein

from monitor.model import Amount, Observation, System
from monitor.text import plain
from monitor.text.labels import is_correction
from monitor.text.sums import STAGES, figure, furthest, same_sum
from monitor.text.tokens import norms

_TURN = 0.5  # of the scale from -1 to 1
_MENDED = 2  # letters of a word that a mended typing error may change
_SHORT = 4  # letters; a change of a shorter word ("not", "now") is never a mended typing error
_SHOWN = 200


def facts(old: Sequence[Observation], new: Sequence[Observation], *, one_event: bool = False) -> tuple[str, ...]:
    """What the new reports of an event say that the old ones did not; nothing where they tell several stories.

    Args:
        one_event: Their alert holds them for one, also where they are several stories.
    """
    stories = {each.story or each.item_id for each in (*old, *new)}
    if not old or not new or (len(stories) > 1 and not one_event):
        return ()
    found = (*_corrections(new), *_sums(old, new), *_stages(old, new), *_numbers(old, new), *_stances(old, new))
    return tuple(plain.line(fact, 2 * _SHOWN) for fact in found)


def revision(old: Observation, new: Observation | None, headline: str) -> tuple[str, ...]:
    """What a publisher changed in an item by giving it another headline.

    Args:
        new: How the item is read now; None when the rule does not select it any more.
    """
    if new is not None and old.title == new.title:
        return ()
    changes = facts([old], [new]) if new else ("it no longer says what the rule looks for",)
    if not changes and same_wording(old.title, headline):
        return ()
    words = f"headline now “{_cut(headline)}”, before “{_cut(old.title)}”{_by(old)}"
    return (plain.line(words, 3 * _SHOWN), *changes)


def withdrawal(old: Observation) -> str:
    """That a publisher took an item out of its feed."""
    who = plain.line(old.publisher, _SHOWN) or "its publisher"
    words = f"withdrawn by {who}: “{_cut(old.title)}” is no longer in its feed, where older and newer items still stand"
    return plain.line(words, 3 * _SHOWN)


def same_wording(one: str, other: str) -> bool:
    """Whether two headlines differ at most in case, punctuation and mended typing errors."""
    words, others = norms(one), norms(other)
    return len(words) == len(others) and all(_mended(word, known) for word, known in zip(words, others, strict=True))


# --- kinds of facts -------------------------------------------------------------------------------------------------


def _corrections(new: Sequence[Observation]) -> Iterator[str]:
    """Reports that call themselves a correction of an earlier one."""
    for each in new:
        if is_correction(each.title):
            yield f"correction{_by(each)}: “{_cut(each.title)}”"


def _sums(old: Sequence[Observation], new: Sequence[Observation]) -> Iterator[str]:
    known = _figures(old)
    for each in new:
        told = figure(each.amounts, each.title)
        if told and not any(same_sum(told, amount) for amount in known):
            before = f"before “{_money(known[-1])}”" if known else "none was told before"
            yield f"sum now “{_money(told)}”{_by(each)}, {before}"
            known.append(told)


def _stages(old: Sequence[Observation], new: Sequence[Observation]) -> Iterator[str]:
    before = furthest(each.stage for each in old)
    now = furthest(each.stage for each in new)
    if now and STAGES.index(now) > (STAGES.index(before) if before else 0):
        teller = next(each for each in new if each.stage == now)
        yield f"stage now {now}{_by(teller)}, before {before or 'not told'}"


def _numbers(old: Sequence[Observation], new: Sequence[Observation]) -> Iterator[str]:
    """A number is known when it was told of any system of the kind: "100 jets" after "100 Rafale"."""
    known = [system for each in old for system in each.systems]
    for each in new:
        for system in each.systems:
            before = [one.quantity for one in known if one.id == system.id]
            alike = {one.quantity for one in known if one.id == system.id or one.kind == system.kind != ""}
            if system.quantity and before and system.quantity not in alike:
                yield f"now {_counted(system)}{_by(each)}, before {_numbered(before)}"
                known.append(system)


def _stances(old: Sequence[Observation], new: Sequence[Observation]) -> Iterator[str]:
    """A speaker's stance that has another name than before, and is not just across the border between two names."""
    known = [*old]
    for each in new:
        before = [stance for one in known if one.speaker == each.speaker and (stance := one.stance)]
        scores = [stance.score for stance in before if stance.score is not None]
        if each.stance is None or each.stance.score is None or not scores:
            continue
        labels = [stance.label for stance in before if stance.score is not None]
        if each.stance.label not in labels and abs(each.stance.score - fmean(scores)) >= _TURN:
            reader = f", read by {each.stance.read_by}" if each.stance.read_by else ""
            yield f"stance now {each.stance.label} {each.stance.score:+.1f}{_by(each)}{reader}, before {labels[-1]}"
            known.append(each)


# --- words ----------------------------------------------------------------------------------------------------------


def _figures(observations: Iterable[Observation]) -> list[Amount]:
    figures = (figure(each.amounts, each.title) for each in observations)
    return [amount for amount in figures if amount]


def _money(amount: Amount) -> str:
    return amount.words or f"{amount.value:,f} {amount.currency}"


def _counted(system: System) -> str:
    return f"{system.quantity} × {system.name}"


def _numbered(numbers: Iterable[int | None]) -> str:
    return " or ".join(str(number) for number in sorted({*filter(None, numbers)})) or "no number"


def _by(observation: Observation) -> str:
    return f" ({observation.publisher})" if observation.publisher else ""


def _cut(headline: str) -> str:
    return plain.line(headline, _SHOWN)


def _mended(word: str, known: str) -> bool:
    if word == known:
        return True
    letters = word.isalpha() and known.isalpha() and min(len(word), len(known)) >= _SHORT
    return letters and Levenshtein.distance(word, known) <= _MENDED
