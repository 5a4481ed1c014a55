"""What the commands for readers share: the desk where they ask, and what they say on the command line."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import time
from typing import Annotated, TypeVar

import typer

from monitor.alerts.schedule import USUAL
from monitor.channels.table import build as build_channels
from monitor.cli.stored import store_of
from monitor.model import Cadence, Quiet, Schedule, Severity
from monitor.readers import Desk
from monitor.rules.load import load as load_rules
from monitor.settings import Settings, times

T = TypeVar("T")
AuthorOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does this; others see it.")]
ReasonOption = Annotated[str, typer.Option(help="Why; others see it.")]
OPERATOR = "operator"


@contextmanager
def desk_of(settings: Settings) -> Iterator[Desk]:
    """The desk of these settings, for the time of one command."""
    channels, loaded = build_channels(settings.channels), load_rules(settings.rules)
    with store_of(settings) as store:
        yield Desk(store=store, channels=channels, rules=loaded.rules, pages=settings.web is not None)


def schedule(cadences: Sequence[str], at: str, on: str, zone: str, quiet: str, passes: Severity) -> Schedule:
    """When somebody wants to hear, as the options say it."""
    return Schedule(
        zone=_read("--zone", times.zone, zone),
        at=_read("--at", times.local_time, at),
        weekday=_read("--on", times.weekday, on),
        cadences=_cadences(cadences),
        quiet=_read("--quiet", lambda text: _quiet(text, passes), quiet) if quiet else None,
    )


def _cadences(written: Sequence[str]) -> dict[Severity, Cadence]:
    """`daily` for all severities, `high=now` for one; later ones win."""
    found = dict(USUAL)
    for one in written:
        severity, equals, word = one.partition("=")
        found |= _read("--cadence", times.cadences, {severity: word} if equals else severity)
    return found


def _quiet(text: str, passes: Severity) -> Quiet:
    begin, dash, end = text.partition("-")
    if not dash:
        raise ValueError("must be two times such as 22:00-07:00")
    return Quiet(start=_clock(begin), end=_clock(end), passes=passes)


def _clock(text: str) -> time:
    return times.local_time(text.strip())


def _read(option: str, reading: Callable[[object], T] | Callable[[str], T], text: object) -> T:
    try:
        return reading(text)  # type: ignore[arg-type]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error
