"""Lengths of time as analysts write them: "72h", "7d", "3 weeks", "5d2h"."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

LONGEST = timedelta(days=3660)
_UNITS = {
    "seconds": r"s|sec|secs|second|seconds",
    "minutes": r"m|min|mins|minute|minutes",
    "hours": r"h|hour|hours",
    "days": r"d|day|days",
    "weeks": r"w|week|weeks",
}
_UNIT = "|".join(pattern for pattern in _UNITS.values())
PATTERN = rf"^\s*([0-9]{{1,6}}\s*({_UNIT})\s*)+$"
_PART = re.compile(rf"([0-9]{{1,6}})\s*({_UNIT})(?![a-z])")
_LONG_UNITS = ((86400 * 7, "week"), (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def parse_span(text: object) -> timedelta:
    """A length of time.

    Raises:
        ValueError: It is none, or longer than ten years; the message says how to write one.
    """
    written = str(text).strip()
    if isinstance(text, bool) or not re.match(PATTERN, written):
        raise ValueError(f'"{text}" is no length of time; write 12h, 7d, 3 weeks')
    span = sum((_part(number, unit) for number, unit in _PART.findall(written)), timedelta())
    if span > LONGEST:
        raise ValueError(f'"{text}" is longer than ten years')
    return span


def in_words(span: timedelta) -> str:
    """As a reader of an alert would say it: "3 days", "90 minutes"."""
    seconds = round(span.total_seconds())
    for size, name in _LONG_UNITS:
        if seconds >= size and seconds % size == 0:
            count = seconds // size
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return f"{seconds} seconds"


def rounded(span: timedelta) -> timedelta:
    """Whole days, or whole hours below two days: nobody reads the seconds of a silence."""
    unit = timedelta(days=1) if span >= timedelta(days=2) else timedelta(hours=1)
    return unit * (span // unit)


def _part(number: str, unit: str) -> timedelta:
    name = next(name for name, pattern in _UNITS.items() if unit in pattern.split("|"))
    return timedelta(**{name: int(number)})


def _positive(value: Any) -> timedelta:
    span = parse_span(value)
    if not span:
        raise ValueError(f'"{value}" is no time at all; write 12h, 7d, 3 weeks')
    return span


_SCHEMA = WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["12h", "7d", "3 weeks"]})
Span = Annotated[timedelta, BeforeValidator(_positive), _SCHEMA]
"""For pydantic models: a length of time that is not zero."""
Moment = Annotated[timedelta, BeforeValidator(parse_span), _SCHEMA]
"""For pydantic models: time since a beginning, zero allowed."""
