"""What the operator hears about feeds and channels."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.service import judge_channel, judge_feed, judge_network, judge_rules, judge_watch
from monitor.errors import FetchError, ParseError, SourceError
from monitor.model import Feed, FeedState, Message, Notification, Verdict

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = Feed(id="herald", url="https://herald.example/feed")
DOWN = FetchError("herald", "has trouble of its own (503)", status=503)
GONE = FetchError("herald", "says that this feed has ended (410)", status=410)
PAGE = ParseError("herald", "answered with a web page, not a feed")


def state(failures: int, worked: timedelta | None = timedelta(minutes=30), error: SourceError = DOWN) -> FeedState:
    since = None if worked is None else NOW - worked
    said = error.message if failures else ""
    return FeedState(
        feed_id="herald", url=FEED.url, next_due_at=NOW, failures=failures, last_success_at=since, last_error=said
    )


def judge(failures: int, error: SourceError, worked: timedelta | None = timedelta(minutes=30)) -> Verdict | None:
    return judge_feed(FEED, state(failures - 1, worked), state(failures, worked, error), NOW, error)


def test_the_end_of_a_feed_is_told_at_once() -> None:
    verdict = judge(1, GONE)
    assert verdict
    assert verdict.firing
    assert verdict.reason == "1 failure, since 2026-11-22 11:30 UTC: says that this feed has ended (410)"


def test_a_feed_that_now_answers_with_a_web_page_is_told_soon() -> None:
    assert judge(2, PAGE) is None
    assert judge(3, PAGE)


def test_a_publisher_in_trouble_is_given_time() -> None:
    assert judge(9, DOWN) is None
    assert judge(4, DOWN, timedelta(days=1)) is None
    assert judge(5, DOWN, timedelta(hours=6))


def test_a_feed_that_never_worked_is_told_after_a_few_attempts() -> None:
    verdict = judge(5, DOWN, None)
    assert verdict
    assert "it never answered" in verdict.reason


def test_a_feed_that_fails_while_no_other_can_be_read_is_not_blamed() -> None:
    day = timedelta(days=1)
    assert judge_feed(FEED, state(8, day), state(9, day), None, DOWN) is None
    assert judge_feed(FEED, state(8, day), state(9, day), NOW - day + timedelta(hours=5), DOWN) is None
    assert judge_feed(FEED, state(8, day), state(9, day), NOW - day + timedelta(hours=6), DOWN)


@pytest.mark.parametrize(
    ("feeds", "said"),
    [
        ([], None),
        ([state(9, timedelta(days=1))], None),
        ([state(9, timedelta(days=1)), state(0, timedelta(hours=2))], None),
        ([state(9, timedelta(days=1)), state(1, timedelta(minutes=50))], None),
        ([state(9, timedelta(days=1)), state(1, timedelta(hours=1))], "none of 2 feeds could be read since 2026-11-22"),
        ([state(9, None), state(2, None)], None),
        ([state(9, None), state(3, None)], "none of 2 feeds could be read so far: is the network down here?"),
    ],
    ids=["no feeds", "the only one", "one is read", "not for long", "for long", "not often", "never yet"],
)
def test_that_nothing_can_be_read_is_about_the_network(feeds: list[FeedState], said: str | None) -> None:
    verdict = judge_network(feeds, NOW)
    assert verdict.firing == (said is not None)
    assert verdict.reason.startswith(said or "feeds can be read again")


def test_the_end_of_the_trouble_is_told_once() -> None:
    back = judge_feed(FEED, state(3), state(0), NOW)
    assert back == Verdict(group="herald", firing=False, reason="readable again")
    assert judge_feed(FEED, state(0), state(0), NOW) is None


def test_lost_messages_and_broken_rules_are_told() -> None:
    lost = Notification(
        id="n",
        route="anna",
        channel="mail",
        address="anna@x.example",
        message=Message(title="Plums", body="b"),
        created_at=NOW,
        next_attempt_at=NOW,
        reason="refused for good: 550",
    )
    told = judge_channel(lost)
    assert (told.group, told.firing) == ("mail", True)
    assert told.reason.startswith("“Plums” to anna@x.example: refused for good: 550; ")
    assert judge_rules(("a", "b")).reason == "a\nb"
    assert not judge_rules(()).firing


def polled(name: str, first: datetime | None, last: datetime | None) -> FeedState:
    return FeedState(
        feed_id=name, url=f"https://{name}.example", next_due_at=NOW, first_polled_at=first, last_polled_at=last
    )


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([], None),
        ([polled("a", None, NOW)], None),
        ([polled("a", NOW, NOW), polled("b", NOW, NOW)], "watching 2 feeds"),
        ([polled("a", NOW, NOW), polled("b", None, NOW)], "watching 2 feeds; 1 could not be read yet"),
        ([polled("a", NOW, NOW), polled("b", None, None)], None),
        ([polled("a", NOW - timedelta(minutes=10), NOW), polled("b", None, None)], "watching 2 feeds; 1 could"),
        ([polled("a", NOW - timedelta(days=2), NOW)], None),
    ],
    ids=["no feeds", "none read", "all read", "one fails", "one untried", "one untried for long", "old"],
)
def test_a_new_installation_tells_that_it_watches_once_every_feed_was_tried(
    states: list[FeedState], said: str | None
) -> None:
    verdict = judge_watch(states, NOW)
    assert (verdict is None) if said is None else (verdict is not None and verdict.reason.startswith(said))
