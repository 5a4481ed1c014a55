"""Local times, days of the week, zones, cadences and budgets as people write them."""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from monitor.alerts.storm import Allowance
from monitor.model import Cadence, Severity
from monitor.yamlfile import suggestion

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BUDGET = re.compile(r"(\d{1,5}) ?(?:/|per) ?(minute|hour|day)")
_WINDOWS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def local_time(text: object) -> time:
    """The time of day that "07:00" stands for.

    Raises:
        ValueError: It is none; the message says what one looks like.
    """
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise ValueError('must be a time of day such as "07:00"')
    return time.fromisoformat(text)


def weekday(text: object) -> int:
    """The number of a day of the week; 0 is Monday.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(text, str) or text.lower() not in DAYS:
        raise ValueError(f"must be a day of the week: {', '.join(DAYS)}")
    return DAYS.index(text.lower())


def zone(text: object) -> str:
    """The name of a time zone.

    Raises:
        ValueError: There is none of that name; the message suggests another.
    """
    name = str(text)[:60]
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
        hint = suggestion(name, available_timezones()) or "such as Europe/Kyiv or America/New_York"
        raise ValueError(f'there is no time zone "{name}" ({hint})') from None


def cadences(value: object) -> dict[Severity, Cadence]:
    """How soon each severity is told: one word for all, or a map by severity that may leave some out.

    Raises:
        ValueError: A word in it is none; the message names it.
    """
    if isinstance(value, Mapping):
        return {_severity(name): _cadence(word) for name, word in value.items()}
    return dict.fromkeys(Severity, _cadence(value))


def budget(value: object) -> Allowance:
    """What "30/hour" allows; "none" sets no bound.

    Raises:
        ValueError: It is none; the message says what one looks like.
    """
    if value == "none":
        return Allowance(messages=0)
    found = _BUDGET.fullmatch(value) if isinstance(value, str) else None
    if not found or not int(found[1]):
        raise ValueError("must be a number of messages such as 30/hour or 200/day, or none")
    return Allowance(messages=int(found[1]), window=_WINDOWS[found[2]])


def _severity(name: object) -> Severity:
    if name not in list(Severity):
        raise ValueError(_unknown("severity", name, Severity))
    return Severity(str(name))


def _cadence(word: object) -> Cadence:
    if word not in list(Cadence):
        raise ValueError(_unknown("cadence", word, Cadence))
    return Cadence(str(word))


def _unknown(what: str, word: object, known: type[Severity] | type[Cadence]) -> str:
    names = [str(each) for each in known]
    shown = f'"{word[:60]}"' if isinstance(word, str) else str(word)[:20]
    hint = suggestion(word, names) if isinstance(word, str) else ""
    return f"there is no {what} {shown} ({hint or 'one of ' + ', '.join(names)})"
