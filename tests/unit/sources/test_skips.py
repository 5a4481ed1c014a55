"""When publishers ask not to be polled."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Document, ParsedFeed, Skips
from monitor.sources import memory, skips
from monitor.sources.syndication import Syndication

HOUR = timedelta(hours=1)
SUNDAY = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
SKIPS = st.builds(
    Skips,
    hours=st.frozensets(st.integers(min_value=0, max_value=23)),
    days=st.frozensets(st.integers(min_value=0, max_value=6)),
)


def parsed(channel: str) -> ParsedFeed:
    sy = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
    body = f"<rss version='2.0' {sy}><channel><title>T</title>{channel}<item><title>One</title></item></channel></rss>"
    url = "https://herald.example/feed"
    return Syndication().parse(Document(feed_id="f", url=url, status=200, body=body.encode(), fetched_at=SUNDAY))


def test_every_hour_and_day_that_a_feed_names_is_read() -> None:
    named = (
        "<skipHours>\n<hour> 0 </hour><hour>5</hour><hour>24</hour></skipHours><skipDays><day>Saturday</day></skipDays>"
    )
    assert parsed(named).skips == Skips(hours=frozenset({0, 5}), days=frozenset({5}))


@pytest.mark.parametrize(
    "named", ["", "<skipHours/>", "<skipHours><hour>x</hour></skipHours>", "<skipDays><day>Someday</day></skipDays>"]
)
def test_what_names_no_hour_or_day_skips_none(named: str) -> None:
    assert parsed(named).skips == Skips()


@pytest.mark.parametrize(
    ("written", "frequency", "asked"),
    [
        ("daily", "1", 24 * HOUR),
        ("daily", "48", HOUR / 2),
        (" Hourly ", "2", HOUR / 2),
        ("weekly", "", 24 * HOUR),
        ("hourly", "1", None),
        ("daily", "24", None),
        ("hourly", "0", None),
        ("now and then", "3", None),
    ],
)
def test_how_often_a_feed_says_it_changes(written: str, frequency: str, asked: timedelta | None) -> None:
    said = f"<sy:updatePeriod>{written}</sy:updatePeriod><sy:updateFrequency>{frequency}</sy:updateFrequency>"
    assert parsed(said).ttl == asked


def test_the_longer_of_ttl_and_period_holds() -> None:
    assert parsed("<ttl>90</ttl><sy:updatePeriod>hourly</sy:updatePeriod>").ttl == HOUR * 1.5


@given(asked=SKIPS, minutes=st.integers(min_value=0, max_value=366 * 24 * 60))
def test_the_end_is_the_first_moment_outside(asked: Skips, minutes: int) -> None:
    at = SUNDAY + timedelta(minutes=minutes)
    end = skips.end(asked, at)
    allowed = len(asked.hours) < 24 and len(asked.days) < 7
    assert end >= at
    assert (end.hour not in asked.hours and end.weekday() not in asked.days) or (not allowed and end == at)
    while at < end:
        assert at.hour in asked.hours or at.weekday() in asked.days
        at += HOUR


@given(asked=SKIPS, minutes=st.integers(min_value=0, max_value=1440))
def test_what_a_feed_asked_for_is_remembered(asked: Skips, minutes: int) -> None:
    ttl = timedelta(minutes=minutes) or None
    packed = memory.pack("https://herald.example/feed", ParsedFeed(ttl=ttl, skips=asked))
    assert memory.asked(packed) == (ttl, asked)
    assert (memory.unpack(packed).ttl, memory.unpack(packed).skips) == (ttl, asked)
