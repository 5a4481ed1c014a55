"""Tests of monitor.alerts.schedule."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from monitor.alerts.schedule import hold, next_digest, quiet_until
from monitor.model import Cadence, Quiet, Route, Schedule, Severity

ZONES = (
    "UTC",
    "Europe/Kyiv",
    "America/New_York",
    "Australia/Lord_Howe",  # changes by half an hour
    "America/Nuuk",  # puts the clock forward over midnight
    "America/Santiago",  # changes at midnight
    "Asia/Kolkata",
    "Pacific/Apia",
    "Antarctica/Troll",  # changes by two hours
    "Africa/Casablanca",  # four changes a year
)
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def schedule(zone: str = "Europe/Kyiv", at: str = "07:00", quiet: Quiet | None = None, **cadences: Cadence) -> Schedule:
    by_severity = {Severity(name): cadence for name, cadence in cadences.items()}
    return Schedule(zone=zone, at=time.fromisoformat(at), cadences=by_severity, quiet=quiet)


def route(made: Schedule) -> Route:
    return Route(name="desk", channel="mail", schedule=made)


NIGHT = Quiet(start=time(22), end=time(7))


@pytest.mark.parametrize(
    ("made", "severity", "now", "expected"),
    [
        (schedule(), Severity.LOW, "2026-03-01T12:00", None),
        (
            schedule(low=Cadence.HOURLY),
            Severity.LOW,
            "2026-03-01T12:00",
            ("2026-03-01T13:00", "hourly", "hourly digest at 2026-03-01 15:00 Europe/Kyiv"),
        ),
        (
            schedule(low=Cadence.DAILY),
            Severity.LOW,
            "2026-03-01T12:00",
            ("2026-03-02T05:00", "daily", "daily digest at 2026-03-02 07:00 Europe/Kyiv"),
        ),
        (
            schedule(low=Cadence.WEEKLY),
            Severity.LOW,
            "2026-03-03T12:00",
            ("2026-03-09T05:00", "weekly", "weekly digest at 2026-03-09 07:00 Europe/Kyiv"),
        ),
        (
            schedule(quiet=NIGHT),
            Severity.MEDIUM,
            "2026-03-01T21:30",
            ("2026-03-02T05:00", "quiet", "quiet hours until 2026-03-02 07:00 Europe/Kyiv"),
        ),
        (schedule(quiet=NIGHT), Severity.HIGH, "2026-03-01T21:30", None),
        (schedule(quiet=NIGHT), Severity.MEDIUM, "2026-03-02T05:00", None),
        (
            schedule(quiet=NIGHT, low=Cadence.HOURLY),
            Severity.LOW,
            "2026-03-01T21:30",
            ("2026-03-02T05:00", "hourly", "hourly digest at 2026-03-02 07:00 Europe/Kyiv (after the quiet hours)"),
        ),
    ],
    ids=["at once", "hourly", "daily", "weekly", "quiet", "passes", "quiet no more", "digest in quiet hours"],
)
def test_a_schedule_says_when_a_message_goes_out_and_why(
    made: Schedule, severity: Severity, now: str, expected: tuple[str, str, str] | None
) -> None:
    held = hold(route(made), severity, utc(now))
    assert (held and (held.until, held.bundle, held.reason)) == (expected and (utc(expected[0]), *expected[1:]))


@pytest.mark.parametrize(
    ("zone", "at", "day", "expected"),
    [
        ("Europe/Kyiv", "03:30", "2026-03-29", "2026-03-29T01:30"),  # skipped: 04:30 of the new clock
        ("Europe/Kyiv", "03:30", "2026-10-25", "2026-10-25T00:30"),  # twice: the first time
        ("America/New_York", "02:30", "2026-03-08", "2026-03-08T07:30"),
        ("America/New_York", "01:30", "2026-11-01", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:45"),
        ("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04T14:45"),
        ("America/Nuuk", "23:30", "2026-03-28", "2026-03-29T00:30"),  # skipped, and still on that day: 22:30
    ],
)
def test_a_digest_whose_time_is_skipped_or_comes_twice_is_sent_once_that_day(
    zone: str, at: str, day: str, expected: str
) -> None:
    made = schedule(zone=zone, at=at)
    before = local(f"{day}T00:00", zone) - HOUR / 4
    first = next_digest(made, Cadence.DAILY, before)
    assert first == utc(expected)
    assert first.astimezone(ZoneInfo(zone)).date() == date.fromisoformat(day)
    assert next_digest(made, Cadence.DAILY, first).astimezone(ZoneInfo(zone)).date() > date.fromisoformat(day)


zones = st.sampled_from(ZONES)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
instants = st.integers(0, 5 * 365 * 24 * 60).map(lambda minutes: utc("2024-01-01") + timedelta(minutes=minutes))


@given(zones, times, st.integers(0, 6), st.sampled_from([Cadence.HOURLY, Cadence.DAILY, Cadence.WEEKLY]), instants)
def test_the_next_digest_is_near_and_later_and_nothing_lies_between(
    zone: str, at: time, weekday: int, cadence: Cadence, now: datetime
) -> None:
    made = Schedule(zone=zone, at=at, weekday=weekday)
    due = next_digest(made, cadence, now)
    longest = {Cadence.HOURLY: HOUR, Cadence.DAILY: 27 * HOUR, Cadence.WEEKLY: (7 * 24 + 3) * HOUR}
    assert now < due <= now + longest[cadence]
    between = now + (due - now) / 2
    assert next_digest(made, cadence, between) == due, "whatever comes before it is told in the same digest"


@given(zones, times, st.dates(date(2024, 1, 2), date(2028, 12, 1)))
@example("America/Nuuk", time(23, 30), date(2026, 3, 20))
@example("Australia/Lord_Howe", time(1, 45), date(2026, 4, 1))
def test_every_local_day_has_exactly_one_daily_digest(zone: str, at: time, first: date) -> None:
    made, clock = schedule(zone=zone), ZoneInfo(zone)
    made = Schedule(zone=zone, at=at)
    now = datetime.combine(first, time(), clock).astimezone(UTC) - timedelta(microseconds=1)
    days = []
    for _ in range(15):
        now = next_digest(made, Cadence.DAILY, now)
        days.append(now.astimezone(clock).date())
    assert days == [first + timedelta(days=number) for number in range(15)]


@given(zones, times, times, instants)
def test_quiet_hours_hold_whenever_the_clock_on_the_wall_is_within_them(
    zone: str, start: time, end: time, now: datetime
) -> None:
    assume(start != end)
    made = schedule(zone=zone, quiet=Quiet(start=start, end=end))
    wall = now.astimezone(ZoneInfo(zone)).time()
    within = start <= wall < end if start < end else wall >= start or wall < end
    until = quiet_until(made, Severity.MEDIUM, now)
    changed = now.astimezone(ZoneInfo(zone)).utcoffset() != (now - 27 * HOUR).astimezone(ZoneInfo(zone)).utcoffset()
    about_to = now.astimezone(ZoneInfo(zone)).utcoffset() != (now + 27 * HOUR).astimezone(ZoneInfo(zone)).utcoffset()
    assert until is not None or not within
    assert until is None or within or changed or about_to, "held outside of them only where the clock is changed"
    assert until is None or now < until <= now + 27 * HOUR
    assert quiet_until(made, Severity.HIGH, now) is None


@given(zones, times, times, times, st.sampled_from(Cadence), instants)
def test_what_a_schedule_holds_is_due_later_outside_of_quiet_hours(
    zone: str, at: time, start: time, end: time, cadence: Cadence, now: datetime
) -> None:
    length = (end.hour * 60 + end.minute - start.hour * 60 - start.minute) % (24 * 60)
    assume(0 < length <= 20 * 60)  # nearly the whole day, and a change of the clock joins two of them
    quiet = Quiet(start=start, end=end, passes=Severity.CRITICAL)
    made = Schedule(zone=zone, at=at, cadences={Severity.LOW: cadence}, quiet=quiet)
    held = hold(route(made), Severity.LOW, now)
    assert held is not None or cadence is Cadence.NOW
    assert held is None or held.until > now
    wall = held and held.until.astimezone(ZoneInfo(zone)).time()
    assert wall is None or not (start <= wall < end if start < end else wall >= start or wall < end)
