"""A subscription in words, for mails, pages and lists."""

from collections.abc import Iterable, Mapping
from datetime import time

from monitor.model import Cadence, Mute, Route, Schedule, Severity, Subscription

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def described(subscription: Subscription | Route, titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What it brings, and when: pairs of a heading and its words.

    Args:
        titles: Of the rules, by id.
    """
    rules = ", ".join(titles.get(rule, rule) for rule in subscription.rules)
    narrowed = (("Tags", ", ".join(subscription.tags)), ("Languages", ", ".join(subscription.langs)))
    return (
        ("Indicators", rules or "all"),
        *((heading, words) for heading, words in narrowed if words),
        ("Severity", severities(subscription.at_least)),
        ("When", when(subscription.schedule, subscription.at_least)),
    )


def severities(at_least: Severity) -> str:
    """ "low and above"."""
    return (
        "all" if at_least is Severity.INFO else at_least if at_least is Severity.CRITICAL else f"{at_least} and above"
    )


def when(schedule: Schedule, at_least: Severity = Severity.INFO) -> str:
    """ "high, critical at once; info, low, medium daily at 07:00 (Europe/Kyiv)"."""
    heard = [severity for severity in Severity if severity.rank >= at_least.rank]
    parts = []
    for cadence in Cadence:
        severities = [each for each in heard if schedule.cadences.get(each, Cadence.NOW) is cadence]
        if severities:
            parts.append(f"{_all(severities, heard)}{_pace(cadence, schedule)}")
    return "; ".join([*parts, *_quiet(schedule)])


def _all(severities: Iterable[Severity], heard: Iterable[Severity]) -> str:
    return "" if severities == heard else f"{', '.join(severities)} "


def _pace(cadence: Cadence, schedule: Schedule) -> str:
    at = f"at {clock(schedule.at)} ({schedule.zone})"
    words = {
        Cadence.NOW: "at once",
        Cadence.HOURLY: "hourly",
        Cadence.DAILY: f"daily {at}",
        Cadence.WEEKLY: f"on {WEEKDAYS[schedule.weekday]}s {at}",
    }
    return words[cadence]


def _quiet(schedule: Schedule) -> Iterable[str]:
    quiet = schedule.quiet
    if quiet:
        span = f"{clock(quiet.start)}-{clock(quiet.end)} ({schedule.zone})"
        yield f"nothing below {quiet.passes} in quiet hours, {span}"


def muted(mute: Mute, rule: str, alert: str) -> str:
    """ "Plums in talks, until 2026-03-01 09:00 UTC".

    Args:
        rule: The title of its rule, or "".
        alert: The title of the alert it is about, or of the latest of its story, or "".
    """
    what = [rule, f"only “{alert or mute.story or mute.alert_id}”" if mute.story or mute.alert_id else ""]
    until = f"until {mute.until:%Y-%m-%d %H:%M} UTC" if mute.until else "until it is lifted"
    return ", ".join(filter(None, [*what, until])) if any(what) else f"everything, {until}"


def clock(at: time) -> str:
    """ "07:00"."""
    return f"{at:%H:%M}"
