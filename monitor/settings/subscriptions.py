"""What a subscription in monitor.yaml says of when its reader hears."""

from monitor.alerts.schedule import USUAL
from monitor.model import Quiet, Route, Schedule, Severity
from monitor.settings.schema import QuietSection, Subscription


def route(name: str, entry: Subscription, *, at_once: bool) -> Route:
    """The route it stands for.

    Args:
        at_once: What holds where it names no cadence: everything at once, or quieter alerts once a day.
    """
    return Route(
        name=name,
        channel=entry.channel,
        address=entry.address or "",
        rules=tuple(entry.rules),
        tags=tuple(entry.tags),
        langs=tuple(entry.langs),
        at_least=entry.severity or entry.at_least or Severity.INFO,
        schedule=_schedule(entry, at_once=at_once),
    )


def _schedule(entry: Subscription, *, at_once: bool) -> Schedule:
    usual = {} if at_once and entry.cadence is None else dict(USUAL)
    return Schedule(
        zone=entry.zone,
        at=entry.at,
        weekday=entry.on,
        cadences={**usual, **(entry.cadence or {})},
        quiet=_quiet(entry.quiet) if entry.quiet else None,
    )


def _quiet(entry: QuietSection) -> Quiet:
    return Quiet(start=entry.start, end=entry.end, passes=entry.passes)
