"""When a reader hears of an alert: at once, in the next digest, or when the quiet hours are over.

Local times are told on the reader's own clock. On the days it is changed, a digest whose time is skipped comes as much
later as the clock was put forward, and one whose time comes twice is sent the first time: one on each local day.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from monitor.model import Cadence, Route, Schedule, Severity

USUAL = MappingProxyType({Severity.INFO: Cadence.DAILY, Severity.LOW: Cadence.DAILY, Severity.MEDIUM: Cadence.DAILY})
"""What holds for readers who name no cadence: high and critical at once, the rest once a day."""

QUIET = "quiet"
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SEARCHED = {Cadence.DAILY: 4, Cadence.WEEKLY: 16}  # days; one may be left out by the calendar, or begin twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A message that waits.

    Attributes:
        until: When it is told, together with the others of its bundle.
        bundle: What it is told with: "daily", "quiet", "storm", ...
        reason: Why it waits, in words.
    """

    until: datetime
    bundle: str
    reason: str


def hold(route: Route, severity: Severity, now: datetime) -> Hold | None:
    """Why this route's reader hears later of an alert of this severity, and when; None: at once."""
    schedule = route.schedule
    cadence = schedule.cadences.get(severity, Cadence.NOW)
    if cadence is Cadence.NOW:
        until = quiet_until(schedule, severity, now)
        return Hold(until=until, bundle=QUIET, reason=f"quiet hours until {_local(until, schedule)}") if until else None
    due = next_digest(schedule, cadence, now)
    until = quiet_until(schedule, severity, due) or due
    after = " (after the quiet hours)" if until > due else ""
    return Hold(until=until, bundle=cadence, reason=f"{cadence} digest at {_local(until, schedule)}{after}")


def next_digest(schedule: Schedule, cadence: Cadence, now: datetime) -> datetime:
    """When the next digest after `now` is due; hourly ones on the full hour of UTC."""
    if cadence is Cadence.NOW:
        return now
    if cadence is Cadence.HOURLY:
        return now.replace(minute=0, second=0, microsecond=0) + _HOUR
    zone = ZoneInfo(schedule.zone)
    today = now.astimezone(zone).date()
    days = (today + number * _DAY for number in range(_SEARCHED[cadence]))
    wanted = (day for day in days if cadence is Cadence.DAILY or day.weekday() == schedule.weekday)
    return next(moment for moment in (_moment(day, schedule.at, zone) for day in wanted) if moment > now)


def quiet_until(schedule: Schedule, severity: Severity, now: datetime) -> datetime | None:
    """When the quiet hours end that hold an alert of this severity now; None when nothing holds it."""
    quiet = schedule.quiet
    if quiet is None or severity.rank >= quiet.passes.rank:
        return None
    zone = ZoneInfo(schedule.zone)
    today = now.astimezone(zone).date()
    over_midnight = quiet.end <= quiet.start
    for first in (today - _DAY, today, today + _DAY):  # tomorrow's may begin early when the clock skips their beginning
        begin = min(_readings(first, quiet.start, zone))
        end = max(_readings(first + _DAY if over_midnight else first, quiet.end, zone))
        if begin <= now < end:
            return end
    return None


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When a local time comes on a local day: the first time where it comes twice, and never on another day."""
    usual, other = _readings(day, at, zone)
    return usual if usual.astimezone(zone).date() == day else other


def _readings(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants a local time may mean, by the clock before a change and by the one after; mostly the same."""
    before, after = (datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    return before, after


def _local(moment: datetime, schedule: Schedule) -> str:
    return f"{moment.astimezone(ZoneInfo(schedule.zone)):%Y-%m-%d %H:%M} {schedule.zone}"
