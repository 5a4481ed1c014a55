"""What people write behind a command, as wishes: rules, tags, languages, severities, cadences, times and spans."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta

from monitor.alerts.schedule import USUAL
from monitor.errors import RequestError
from monitor.model import Cadence, Quiet, Schedule, Severity
from monitor.readers import Catalogue, Wish
from monitor.rules.durations import parse_span
from monitor.settings import times

ALL = "all"
OFF = "off"
_LOUD = (Severity.HIGH, Severity.CRITICAL)


def chosen(wish: Wish, words: Sequence[str], offered: Catalogue) -> Wish:
    """The wish with what the words choose instead of what it chose; how soon and how loud stay unless told.

    Raises:
        RequestError: A word is nothing there is.
    """
    rules, tags, langs = [], [], []
    for word in (word.strip(",").lower() for word in words):
        if word in list(Severity):
            wish = replace(wish, at_least=Severity(word))
        elif word in list(Cadence):
            wish = replace(wish, schedule=replace(wish.schedule, cadences=_paced(Cadence(word))))
        elif word in offered.tags and word not in offered.rules:
            tags.append(word)
        elif len(word) == 2:
            langs.append(word)
        elif word != ALL:
            rules.append(word)  # checked with everything else, where the answer suggests what may have been meant
    narrowed = rules or tags or langs or ALL in [word.lower() for word in words]
    return replace(wish, rules=tuple(rules), tags=tuple(tags), langs=tuple(langs)) if narrowed else wish


def _paced(cadence: Cadence) -> Mapping[Severity, Cadence]:
    """One word for all; digests leave out what is loud, which nobody wants to hear of tomorrow."""
    if cadence is Cadence.NOW:
        return dict.fromkeys(Severity, cadence)
    return {severity: Cadence.NOW if severity in _LOUD else cadence for severity in Severity}


def changed(wish: Wish, words: Sequence[str]) -> Wish:
    """The wish with one setting changed: `zone Europe/Kyiv`, `quiet 22:00-07:00`, `cadence high=now low=weekly`.

    Raises:
        RequestError: There is no such setting, or no such value.
    """
    name, values = words[0].lower(), words[1:]
    if name not in SETTINGS:
        raise RequestError(("", f'there is no setting "{name}" (known: {", ".join(SETTINGS)})'))
    if not values:
        raise RequestError((name, "to what? For example: /settings " + EXAMPLES[name]))
    try:
        return SETTINGS[name](wish, values)
    except ValueError as error:
        raise RequestError((name, str(error))) from error


def _severity(wish: Wish, values: Sequence[str]) -> Wish:
    if values[0].lower() not in list(Severity):
        raise ValueError(f"must be one of {', '.join(Severity)}")
    return replace(wish, at_least=Severity(values[0].lower()))


def _cadence(wish: Wish, values: Sequence[str]) -> Wish:
    found: dict[Severity, Cadence] = dict(wish.schedule.cadences or USUAL)
    for value in values:
        severity, equals, word = value.lower().partition("=")
        found |= times.cadences({severity: word} if equals else severity)
    return _scheduled(wish, cadences=found)


def _quiet(wish: Wish, values: Sequence[str]) -> Wish:
    if values[0].lower() == OFF:
        return _scheduled(wish, quiet=None)
    start, dash, end = "".join(values).partition("-")
    if not dash:
        raise ValueError("must be two times such as 22:00-07:00, or off")
    return _scheduled(wish, quiet=Quiet(start=_clock(start), end=_clock(end)))


def _clock(text: str) -> time:
    return times.local_time(text.strip().zfill(5))


def _scheduled(wish: Wish, **changes: object) -> Wish:
    schedule: Schedule = replace(wish.schedule, **changes)  # type: ignore[arg-type]
    return replace(wish, schedule=schedule)


SETTINGS: Mapping[str, Callable[[Wish, Sequence[str]], Wish]] = {
    "zone": lambda wish, values: _scheduled(wish, zone=times.zone(values[0])),
    "at": lambda wish, values: _scheduled(wish, at=_clock(values[0])),
    "on": lambda wish, values: _scheduled(wish, weekday=times.weekday(values[0])),
    "quiet": _quiet,
    "severity": _severity,
    "cadence": _cadence,
}
"""How each setting is changed."""
EXAMPLES = {
    "zone": "zone Europe/Kyiv",
    "at": "at 07:00",
    "on": "on monday",
    "quiet": "quiet 22:00-07:00",
    "severity": "severity medium",
    "cadence": "cadence high=now low=weekly",
}


def span_of(words: Sequence[str]) -> tuple[timedelta | None, list[str]]:
    """The first word that is a span such as 8h, and all others."""
    for number, word in enumerate(words):
        try:
            span = parse_span(word)
        except ValueError:
            continue
        return span, [*words[:number], *words[number + 1 :]]
    return None, list(words)
