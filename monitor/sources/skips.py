"""When publishers ask not to be polled: `skipHours`, `skipDays`, and `updatePeriod` of the syndication module."""

import re
from datetime import datetime, timedelta

from monitor.model import Skips

_DAYS = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")
_HOURS_LIST = re.compile(rb"<skipHours\s{0,10}>(.{0,2000}?)</skipHours", re.DOTALL)
_DAYS_LIST = re.compile(rb"<skipDays\s{0,10}>(.{0,2000}?)</skipDays", re.DOTALL)
_HOUR = re.compile(rb"<hour\s{0,10}>\s*(\d{1,2})\s*</hour")
_DAY = re.compile(rb"<day\s{0,10}>\s*([A-Za-z]{6,9})\s*</day")
_HOUR_LONG = timedelta(hours=1)
_PERIODS = {
    "hourly": _HOUR_LONG,
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


def skips(body: bytes) -> Skips:
    """The hours and days that a document names; feedparser keeps only the last of each."""
    hours, days = _HOURS_LIST.search(body), _DAYS_LIST.search(body)
    named = {int(hour) % 24 for hour in _HOUR.findall(hours[1])} if hours else ()  # some write 24 for midnight
    weekdays = {day.lower() for day in _DAY.findall(days[1])} if days else ()
    return Skips(hours=frozenset(named), days=frozenset(_DAYS.index(day) for day in _DAYS if day in weekdays))


def period(written: str, frequency: str) -> timedelta | None:
    """How often a feed says it changes; None for "once an hour", which WordPress writes into every feed."""
    whole = _PERIODS.get(written.strip().lower())
    times = frequency.strip()[:6]
    often = int(times) if times.isascii() and times.isdigit() and int(times) else 1
    return None if whole is None or whole / often == _HOUR_LONG else whole / often


def end(asked: Skips, at: datetime) -> datetime:
    """The first moment from `at` on that is not to be skipped; `at` itself when all are."""
    moment = at
    for _ in range(7 * 24):
        if moment.hour not in asked.hours and moment.weekday() not in asked.days:
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR_LONG
    return at
