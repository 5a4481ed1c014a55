"""Dates as publishers write them."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.sources import dates

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEN = datetime(2026, 6, 1, 10, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 1, tzinfo=UTC)

WRITTEN = {
    "Mon, 01 Jun 2026 10:00:00 GMT": TEN,
    "Mon, 01 Jun 2026 10:00:00 Z": TEN,
    "Mon, 01 Jun 2026 13:00:00 +0300": TEN,
    "Mon, 01 Jun 2026 05:00 -05:00": TEN,
    "Mon, 01 Jun 2026 13:00:00 GMT+0300": TEN,
    "Mon, 1 Jun 26 05:00 CDT": TEN,
    "Monday, 01-Jun-26 10:00:00 GMT": TEN,
    "Mon,01 Jun 2026 10:00:00": TEN,
    "Mon Jun  1 10:00:00 2026": TEN,
    "Mon Jun  1 10:00:00 UTC 2026": TEN,
    "Mon Jun 01 2026 12:00:00 GMT+0200 (CEST)": TEN,
    "June 1, 2026": MIDNIGHT,
    "June 1, 2026 10:00 am": TEN,
    "1 JUNE 2026": MIDNIGHT,
    "2026-06-01T10:00:00Z": TEN,
    "2026-06-01T12:00:00.123456+02:00": TEN,
    "2026-06-01T12:00+0200": TEN,
    "2026-06-01T05:00:00 -05:00": TEN,
    "2026-06-01 10:00:00 UTC": TEN,
    "2026-6-1 10:00": TEN,
    "2026/06/01 10:00:00": TEN,
    "2026-06-01": MIDNIGHT,
    "20260601T100000Z": TEN,
    "20260601T1000Z": TEN,
    "20260601": MIDNIGHT,
    "01.06.2026": MIDNIGHT,
    "01.06.2026, 10.00": TEN,
    "25/04/2026": datetime(2026, 4, 25, tzinfo=UTC),
    "04/25/2026": datetime(2026, 4, 25, tzinfo=UTC),
    "06/06/2026": datetime(2026, 6, 6, tzinfo=UTC),
    "1780308000": TEN,
    "1780308000000": TEN,
    "1 червня 2026, 10:00": TEN,
    "1 июня 2026 г. 10:00": TEN,
    "Пн, 01 июн 2026 13:00:00 +0300": TEN,
    "pon, 01 cze 2026 12:00:00 +0200": TEN,
    "1. Juni 2026, 10:00": TEN,
    "1 juin 2026 10:00": TEN,
    "mar. 2 juin 2026 10:00": TEN + timedelta(days=1),
    "Mon, 01 Jun 2026 24:00:00 GMT": MIDNIGHT + timedelta(days=1),
    "Mon, 01 Jun 2026 09:59:60 GMT": TEN - timedelta(seconds=1),
    "Mon, 01 Jun 98 10:00:00 GMT": datetime(1998, 6, 1, 10, tzinfo=UTC),
}


@pytest.mark.parametrize(("written", "meant"), WRITTEN.items())
def test_it_reads_what_publishers_write(written: str, meant: datetime) -> None:
    assert dates.parse(f"  {written} ", NOW) == meant


@pytest.mark.parametrize(
    ("zone", "hours"),
    {"CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "BST": 1, "JST": 9, "EST": -5, "PDT": -7, "IST": 5.5}.items(),
)
def test_zone_names_are_not_taken_for_utc(zone: str, hours: float) -> None:
    assert dates.parse(f"Mon, 01 Jun 2026 10:00:00 {zone}", NOW) == TEN - timedelta(hours=hours)


def test_an_afternoon_is_not_a_morning() -> None:
    assert dates.parse("June 1, 2026 7:05:09 pm", NOW) == datetime(2026, 6, 1, 19, 5, 9, tzinfo=UTC)
    assert dates.parse("June 1, 2026 12:05 a.m.", NOW) == datetime(2026, 6, 1, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "10",
        "June",
        "Jun 2026",
        "2026-W23-1",
        "31 Feb 2026",
        "2026-13-01",
        "Mon, 01 Jun 2026 25:00:00 GMT",
        "Mon, 01 Jun 2026 10:61:00 GMT",
        "-0001-11-30T00:00:00+00:00",
        "0000-00-00 00:00:00",
        "03/04/2026",
        "99999999999",
    ],
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert dates.parse(written, NOW) is None


@pytest.mark.parametrize("written", ["Thu, 01 Jan 1970 00:00:00 GMT", "1994-12-31T23:59:59Z", "2026-11-24T12:00:01Z"])
def test_what_cannot_be_true_is_none(written: str) -> None:
    assert dates.parse(written, NOW) is None


def test_a_clock_that_is_a_day_ahead_is_believed() -> None:
    assert dates.parse("2026-11-23T12:00:00Z", NOW) == NOW + timedelta(days=1)


moments = st.integers(0, 31 * 365 * 86400).map(
    lambda seconds: datetime(1995, 1, 2, tzinfo=UTC) + timedelta(seconds=seconds)
)
zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(moments, zones)
def test_standard_forms_come_back_exactly(moment: datetime, zone: timezone) -> None:
    aware = moment.replace(tzinfo=zone)
    assert dates.parse(format_datetime(aware), NOW) == aware
    assert dates.parse(aware.isoformat(), NOW) == aware


@given(st.text() | st.text("0123456789-/.:+TZ ,JunMar²٣", max_size=40))
@example("2026-06-01T10:00:00+99:99")
@example("9" * 5000)
@example("²²²²-²²-²²")
def test_nothing_makes_it_raise(written: str) -> None:
    moment = dates.parse(written, NOW)
    assert moment is None or datetime(1995, 1, 1, tzinfo=UTC) <= moment <= NOW + timedelta(days=2)
