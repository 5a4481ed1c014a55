"""When a feed is polled again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import FetchError, ParseError, SourceError
from monitor.model import Document, Feed, FeedState, ParsedFeed, ParsedItem, SeenEntry, Skips
from monitor.sources import cadence, memory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = Feed(id="herald", url="https://herald.example/feed")
STATE = FeedState(feed_id="herald", url=FEED.url, next_due_at=NOW, interval=timedelta(minutes=20))
NEVER = Skips()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def document(body: bytes | None = b"<rss/>", **changes: object) -> Document:
    plain = Document(feed_id="herald", url=FEED.url, status=200, body=body, fetched_at=NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]


def published(*ages: timedelta, ttl: timedelta | None = None, skips: Skips = NEVER) -> ParsedFeed:
    items = tuple(ParsedItem(guid=str(age), link="", title="T", published_at=NOW - age) for age in ages)
    return ParsedFeed(items=items, ttl=ttl, skips=skips)


def every(pause: timedelta, count: int = 10, **more: timedelta) -> ParsedFeed:
    return published(*(pause * number for number in range(count)), **more)


def pause(state: FeedState) -> timedelta:
    return state.next_due_at - NOW


def test_a_feed_is_polled_several_times_between_two_items() -> None:
    state = cadence.after_success(STATE, FEED, document(), every(20 * MINUTE), 1, NOW)
    assert state.interval == 5 * MINUTE
    assert 5 * MINUTE <= pause(state) <= 5.5 * MINUTE


@pytest.mark.parametrize(("rhythm", "interval"), [(MINUTE, MINUTE), (timedelta(days=30), 6 * HOUR)])
def test_the_pause_stays_within_bounds(rhythm: timedelta, interval: timedelta) -> None:
    assert cadence.after_success(STATE, FEED, document(), every(rhythm), 1, NOW).interval == interval


def test_the_present_rhythm_counts_not_that_of_last_year() -> None:
    parsed = published(*(MINUTE * 20 * number for number in range(20)), DAY * 300, DAY * 400)
    assert cadence.after_success(STATE, FEED, document(), parsed, 1, NOW).interval == 5 * MINUTE


def test_a_feed_that_fell_silent_is_asked_less_and_less() -> None:
    silent = replace(STATE, last_item_at=NOW - 30 * HOUR)
    assert cadence.after_success(silent, FEED, document(None), None, 0, NOW).interval == 3 * HOUR


def test_a_feed_without_dates_speeds_up_with_news_and_slows_down_without() -> None:
    undated = ParsedFeed(items=(ParsedItem(guid="1", link="", title="T"),))
    busy = cadence.after_success(STATE, FEED, document(), undated, 1, NOW)
    assert busy.interval == 10 * MINUTE
    assert busy.last_item_at == NOW
    assert cadence.after_success(busy, FEED, document(), undated, 0, NOW).interval == 15 * MINUTE


def test_an_unchanged_document_keeps_the_pause() -> None:
    assert cadence.after_success(STATE, FEED, document(None), None, 0, NOW).interval == STATE.interval


def test_a_fixed_pause_is_kept_to_the_second() -> None:
    feed = replace(FEED, every=7 * MINUTE)
    state = cadence.after_success(STATE, feed, document(max_age=HOUR), every(DAY), 1, NOW)
    assert pause(state) == 7 * MINUTE


@pytest.mark.parametrize(
    ("asked", "kept"),
    [(10 * MINUTE, 10 * MINUTE), (DAY, HOUR), (MINUTE, 5 * MINUTE)],
    ids=["longer", "too long", "shorter"],
)
def test_what_the_publisher_calls_fresh_is_not_asked_again(asked: timedelta, kept: timedelta) -> None:
    by_header = cadence.after_success(STATE, FEED, document(max_age=asked), every(20 * MINUTE), 1, NOW)
    by_ttl = cadence.after_success(STATE, FEED, document(), every(20 * MINUTE, ttl=asked), 1, NOW)
    assert kept <= pause(by_header) == pause(by_ttl) <= kept * 1.1


def test_success_ends_a_row_of_failures_and_keeps_validators() -> None:
    failed = replace(STATE, failures=3, last_error="no", etag="old", last_modified="then")
    state = cadence.after_success(failed, FEED, document(etag="new"), every(HOUR), 1, NOW)
    assert (state.failures, state.last_error, state.etag, state.last_modified) == (0, "", "new", "")
    assert state.first_polled_at == state.last_polled_at == state.last_success_at == NOW


def test_not_modified_keeps_the_validators_it_does_not_repeat() -> None:
    known = replace(STATE, etag="old", last_modified="then", first_polled_at=NOW - DAY)
    state = cadence.after_success(known, FEED, document(None, etag="new"), None, 0, NOW)
    assert (state.etag, state.last_modified, state.first_polled_at) == ("new", "then", NOW - DAY)


def test_a_feed_that_moved_for_good_is_asked_there() -> None:
    assert cadence.after_success(STATE, FEED, document(moved_to="https://new.example/"), None, 0, NOW).url == (
        "https://new.example/"
    )
    assert cadence.after_success(STATE, FEED, document(), None, 0, NOW).url == STATE.url


def test_the_last_item_is_the_newest_published_but_never_in_the_future() -> None:
    assert cadence.after_success(STATE, FEED, document(), published(HOUR, DAY), 2, NOW).last_item_at == NOW - HOUR
    assert cadence.after_success(STATE, FEED, document(), published(-HOUR, DAY), 2, NOW).last_item_at == NOW
    before = replace(STATE, last_item_at=NOW - DAY)
    assert cadence.after_success(before, FEED, document(), published(HOUR), 0, NOW).last_item_at == NOW - DAY


def fail(times: int, error: SourceError, state: FeedState = STATE, feed: Feed = FEED) -> FeedState:
    for _ in range(times):
        state = cadence.after_failure(state, feed, error, NOW)
    return state


def test_failures_come_back_later_each_time_up_to_a_ceiling() -> None:
    trouble = FetchError("herald", "has trouble of its own (500)", status=500)
    waits = [pause(fail(times, trouble)) for times in range(1, 60)]
    assert 10 * MINUTE <= waits[0] <= 11 * MINUTE
    assert 20 * MINUTE <= waits[1] <= 22 * MINUTE
    assert waits == sorted(waits)
    assert 6 * HOUR <= waits[-1] <= 6.6 * HOUR


def test_when_nobody_answers_we_look_again_soon() -> None:
    assert pause(fail(50, FetchError("herald", "cannot be reached"))) <= 33 * MINUTE


def test_a_feed_with_a_long_fixed_pause_is_tried_again_before() -> None:
    assert pause(fail(1, ParseError("herald", "is broken"), feed=replace(FEED, every=DAY))) <= 11 * MINUTE


@pytest.mark.parametrize(("asked", "kept"), [(3 * HOUR, 3 * HOUR), (365 * DAY, DAY)])
def test_retry_after_is_honoured_up_to_a_day(asked: timedelta, kept: timedelta) -> None:
    assert pause(fail(1, FetchError("herald", "429", status=429, retry_after=asked))) == kept


def test_a_feed_that_ended_is_asked_once_a_day() -> None:
    assert pause(fail(1, FetchError("herald", "410", status=410))) == DAY


def test_a_failure_tells_why_and_keeps_the_rest() -> None:
    known = replace(STATE, etag="e", body_hash="h", last_success_at=NOW - DAY)
    state = fail(1, ParseError("herald", "is broken " + "x" * 1000), known)
    assert (state.failures, state.last_polled_at, state.last_success_at) == (1, NOW, NOW - DAY)
    assert (state.etag, state.body_hash, state.interval) == ("e", "h", STATE.interval)
    assert state.last_error.startswith("is broken x")
    assert len(state.last_error) == 500


def test_feeds_of_one_rhythm_do_not_come_due_together() -> None:
    feeds = [Feed(id=f"feed-{number}", url="") for number in range(50)]
    due = {cadence.after_success(STATE, feed, document(), every(DAY), 1, NOW).next_due_at for feed in feeds}
    assert len(due) == 50


pauses = st.timedeltas(timedelta(0), timedelta(days=4000))


@given(st.lists(pauses, max_size=8), st.integers(0, 3), pauses, st.none() | pauses)
def test_every_success_leads_to_another_poll_within_bounds(
    ages: list[timedelta], new: int, interval: timedelta, max_age: timedelta | None
) -> None:
    state = replace(STATE, interval=interval)
    after = cadence.after_success(state, FEED, document(max_age=max_age), published(*ages), new, NOW)
    assert MINUTE <= pause(after) <= 6.6 * HOUR


@given(st.integers(0, 10_000), pauses, st.none() | pauses, st.sampled_from([None, 403, 410, 429, 503]))
def test_no_feed_is_given_up(failures: int, interval: timedelta, retry: timedelta | None, status: int | None) -> None:
    state = replace(STATE, failures=failures, interval=interval)
    after = cadence.after_failure(state, FEED, FetchError("herald", "no", status=status, retry_after=retry), NOW)
    assert timedelta(0) <= pause(after) <= DAY


def test_the_reasons_say_what_made_the_pause() -> None:
    why = cadence.after_success(STATE, FEED, document(max_age=HOUR), every(20 * MINUTE), 1, NOW).why
    assert why.startswith("an item every 20 min lately: 5 min; Cache-Control asks for 1 h; 1.")
    assert why.endswith("with its share of jitter")
    why = cadence.after_success(STATE, FEED, document(), every(20 * MINUTE, ttl=30 * MINUTE), 1, NOW).why
    assert "the feed's ttl or updatePeriod asks for 30 min" in why


def test_silence_and_bounds_are_reasons() -> None:
    silent = replace(STATE, last_item_at=NOW - 5 * HOUR)
    why = cadence.after_success(silent, FEED, document(None), None, 0, NOW).why
    assert "20 min as before; silent for 5 h: a tenth of that" in why
    lazy = replace(STATE, last_item_at=NOW - 9 * DAY)
    assert "bounded by at_most: 6 h" in cadence.after_success(lazy, FEED, document(None), None, 0, NOW).why
    assert "bounded by at_least: 1 min" in cadence.after_success(STATE, FEED, document(), every(MINUTE), 1, NOW).why


def test_a_fixed_pause_is_the_only_reason() -> None:
    fixed = replace(FEED, every=10 * MINUTE)
    assert (
        cadence.after_success(STATE, fixed, document(max_age=HOUR), None, 0, NOW).why == "every 10 min, as configured"
    )


def test_feeds_without_dates_say_how_they_learn() -> None:
    undated = ParsedFeed(items=(ParsedItem(guid="1", link="", title="T"),))
    known = replace(STATE, last_item_at=NOW)
    assert "half as long, 10 min" in cadence.after_success(known, FEED, document(), undated, 1, NOW).why
    assert "longer, 30 min" in cadence.after_success(known, FEED, document(), undated, 0, NOW).why


def test_failures_tell_their_number_their_ceiling_and_what_was_asked() -> None:
    asked = FetchError("herald", "m", status=429, retry_after=2 * HOUR)
    why = cadence.after_failure(STATE, FEED, asked, NOW).why
    assert why.startswith("1 failure: 1")
    assert why.endswith("at most 6 h; the publisher asked for 2 h (Retry-After)")
    again = replace(STATE, failures=2)
    assert cadence.after_failure(again, FEED, ParseError("herald", "m"), NOW).why.startswith("3 failures in a row: 4")
    gone = FetchError("herald", "m", status=410)
    assert "it has ended (410): 24 h" in cadence.after_failure(STATE, FEED, gone, NOW).why


@pytest.mark.parametrize(
    ("span", "words"), [(45, "45 s"), (90, "1.5 min"), (5400, "1.5 h"), (90_000, "25 h"), (259_200, "3 days")]
)
def test_pauses_are_said_in_one_unit(span: int, words: str) -> None:
    assert cadence.said(timedelta(seconds=span)) == words


# --- since when without a gap ---------------------------------------------------------------------------------------


def watched_for(gap: timedelta, new: int, seen: tuple[SeenEntry, ...] = ()) -> timedelta:
    """How long a feed of three items, watched for nine days before, counts as watched when it is read after a gap."""
    known = replace(STATE, watched_since=NOW - 9 * DAY, last_success_at=NOW - gap)
    parsed = replace(published(HOUR, 2 * HOUR, 3 * HOUR), seen=seen)
    since = cadence.after_success(known, FEED, document(), parsed, new, NOW).watched_since
    assert since is not None
    return NOW - since


@pytest.mark.parametrize(
    ("gap", "new", "watched"),
    [(30 * MINUTE, 3, 9 * DAY), (4 * HOUR, 2, 9 * DAY), (4 * HOUR, 3, 0 * DAY), (2 * DAY, 2, 0 * DAY)],
)
def test_a_gap_begins_the_watch_anew_unless_the_document_reaches_back(
    gap: timedelta, new: int, watched: timedelta
) -> None:
    assert watched_for(gap, new) == watched


def test_entries_read_before_reach_back() -> None:
    assert watched_for(4 * HOUR, 3, seen=(SeenEntry(digest=b"1"),)) == 9 * DAY


def test_the_first_poll_begins_the_watch() -> None:
    assert cadence.after_success(STATE, FEED, document(None), None, 0, NOW).watched_since == NOW


def test_a_failure_keeps_what_was_watched_until_it_lasts() -> None:
    known = replace(STATE, watched_since=NOW - 9 * DAY, last_success_at=NOW - HOUR)
    failed = cadence.after_failure(known, FEED, FetchError("herald", "down"), NOW)
    assert failed.watched(NOW) == NOW - 9 * DAY
    assert failed.watched(NOW + 3 * HOUR) is None


LUNCH = Skips(hours=frozenset({12, 13}))


def test_hours_that_a_feed_asks_to_skip_are_skipped_and_told() -> None:
    state = cadence.after_success(
        STATE, FEED, document(), published(MINUTE, 5 * MINUTE, 9 * MINUTE, skips=LUNCH), 1, NOW
    )
    assert 2 * HOUR <= pause(state) <= 2.2 * HOUR
    assert "the feed asks to be left alone then (skipHours, skipDays): 2 h" in state.why


def test_days_to_skip_are_skipped_no_longer_than_the_configuration_allows() -> None:
    weekend = Skips(days=frozenset({5, 6}))  # NOW is a Sunday
    parsed = published(MINUTE, 5 * MINUTE, 9 * MINUTE, skips=weekend)
    for most, kept in ((6 * HOUR, 6 * HOUR), (DAY, 12 * HOUR)):
        state = cadence.after_success(STATE, FEED, document(), parsed, 1, NOW, cadence.Bounds(most=most))
        assert kept <= pause(state) <= 1.1 * kept


def test_a_feed_that_asks_to_be_skipped_always_is_polled_as_usual() -> None:
    never = published(MINUTE, 5 * MINUTE, 9 * MINUTE, skips=Skips(hours=frozenset(range(24))))
    assert pause(cadence.after_success(STATE, FEED, document(), never, 1, NOW)) < 2 * MINUTE


def test_what_a_feed_asked_for_holds_while_it_does_not_change() -> None:
    known = replace(STATE, entries=memory.pack(FEED.url, ParsedFeed(ttl=50 * MINUTE)))
    assert pause(cadence.after_success(known, FEED, document(None), None, 0, NOW)) >= 50 * MINUTE
    known = replace(STATE, entries=memory.pack(FEED.url, ParsedFeed(skips=LUNCH)))
    assert pause(cadence.after_success(known, FEED, document(None), None, 0, NOW)) >= 2 * HOUR


def test_a_fixed_pause_knows_no_hours_to_skip() -> None:
    fixed = replace(FEED, every=5 * MINUTE)
    assert pause(cadence.after_success(STATE, fixed, document(), published(MINUTE, skips=LUNCH), 1, NOW)) == 5 * MINUTE


def test_a_day_of_news_and_a_quiet_night_make_short_and_long_pauses() -> None:
    by_day = every(20 * MINUTE)
    evening = cadence.after_success(STATE, FEED, document(), by_day, 1, NOW)
    night = cadence.after_success(evening, FEED, document(None), None, 0, NOW + 8 * HOUR)
    assert night.next_due_at - (NOW + 8 * HOUR) > 8 * pause(evening)
    morning = published(*(HOUR * -10 + 20 * MINUTE * number for number in range(10)))
    hit = cadence.after_success(night, FEED, document(), morning, 1, NOW + 10 * HOUR)
    assert hit.next_due_at - (NOW + 10 * HOUR) == pause(evening)
