"""Reports as a message quotes them: who said what where, and how it was read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.model import Amount, Observation, Quote, System, Turn
from monitor.text import plain

QUOTE_LIMIT = 400
_NAME_LIMIT = 80


def quotes_of(observations: Sequence[Observation], turn: Turn | None = None) -> tuple[Quote, ...]:
    """The reports as quotes; where something turned, the statement before and the newest one first."""
    before = turn.before if turn else None
    if before is None or not observations:
        return tuple(map(quote_of, observations))
    newest = observations[-1]
    rest = [each for each in observations if each.id not in (before.id, newest.id)]
    sides = replace(quote_of(before), role="before"), replace(quote_of(newest), role="now")
    return (*sides, *map(quote_of, rest))


def quote_of(observation: Observation) -> Quote:
    """The publisher's own words, made harmless."""
    return Quote(
        words=plain.line(observation.quote or observation.title, QUOTE_LIMIT),
        speaker=speaker(observation),
        publisher=plain.line(observation.publisher, _NAME_LIMIT),
        state_media=observation.state_media,
        link=plain.web_link(observation.link),
        reading=_reading(observation),
        at=observation.at,
    )


def lead_of(turn: Turn | None, newest: Observation | None) -> str:
    """What turned, from what to what: "Dmitry Peskov: fixed → softening"; "" where it has no two names."""
    if turn is None:
        return ""
    before, now = _label(turn.before), _label(newest)
    if turn.words or not before or not now or before == now or not turn.before or not newest:
        return plain.line(turn.words, QUOTE_LIMIT)
    who = f"{speaker(newest)}: " if newest.speaker and newest.speaker == turn.before.speaker else ""
    return plain.line(f"{who}{before} → {now}", QUOTE_LIMIT)


def speaker(observation: Observation) -> str:
    """The actor's id as a name: `vladimir-putin` is Vladimir Putin, `us` the US."""
    if len(observation.speaker) == 2:
        return plain.line(observation.speaker.upper(), _NAME_LIMIT)
    words = observation.speaker.replace("_", " ").replace("-", " ").split()
    return plain.line(" ".join(word[:1].upper() + word[1:] for word in words), _NAME_LIMIT)


def sums(amounts: Iterable[Amount]) -> str:
    """Sums of money as they were written."""
    return ", ".join(amount.words or f"{amount.value:,f} {amount.currency}" for amount in amounts)


def counted(systems: Iterable[System]) -> str:
    """Weapon systems, with their numbers."""
    return ", ".join(
        system.name if system.quantity is None else f"{system.quantity} × {system.name}" for system in systems
    )


def _reading(observation: Observation) -> str:
    read = (_stance(observation), sums(observation.amounts), counted(observation.systems), observation.stage)
    return plain.line("; ".join(filter(None, read)), QUOTE_LIMIT)


def _stance(observation: Observation) -> str:
    stance = observation.stance
    if stance is None or (stance.score is None and not stance.read_by):
        return ""
    score = "" if stance.score is None else f" {stance.score:+.1f}"
    return f"{stance.label}{score}" + (f" ({stance.because})" if stance.because else "")


def _label(observation: Observation | None) -> str:
    stance = observation.stance if observation else None
    return stance.label if stance and stance.score is not None else ""
