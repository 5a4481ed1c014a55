"""What is wrong with a feed, and what to do."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import FetchError, ParseError, SourceError
from monitor.model import Document, Feed, FeedState, ParsedFeed, ParsedItem
from monitor.sources import diagnosis

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = Feed(id="herald", url="https://herald.example/feed")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def found(*items: ParsedItem, moved_to: str = "", state_url: str = FEED.url, notes: tuple[str, ...] = ()) -> list[str]:
    document = Document(feed_id="herald", url=FEED.url, status=200, body=b"", moved_to=moved_to, fetched_at=NOW)
    state = FeedState(feed_id="herald", url=state_url, next_due_at=NOW)
    findings = diagnosis.of_document(FEED, state, document, ParsedFeed(items=items, notes=notes), NOW)
    return [finding.kind for finding in findings]


def item(age: timedelta | None = HOUR, *, guid: str = "1") -> ParsedItem:
    return ParsedItem(guid=guid, link="", title="News", published_at=None if age is None else NOW - age)


def test_a_sound_feed_has_no_findings() -> None:
    assert found(item(HOUR), item(2 * HOUR), item(3 * HOUR)) == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FetchError("herald", "m", status=401), "login"),
        (FetchError("herald", "m", status=403), "refused"),
        (FetchError("herald", "m", status=404), "missing"),
        (FetchError("herald", "m", status=410), "gone"),
        (FetchError("herald", "m", status=429), "throttled"),
        (FetchError("herald", "m", status=502), "trouble"),
        (FetchError("herald", "m", status=418), "unreadable"),
        (FetchError("herald", "m", cause="dns"), "dns"),
        (FetchError("herald", "m", cause="tls"), "tls"),
        (FetchError("herald", "m", cause="private"), "private"),
        (FetchError("herald", "m", cause="slow"), "slow"),
        (FetchError("herald", "m", cause="unreachable"), "unreachable"),
        (FetchError("herald", "m"), "unreadable"),
        (ParseError("herald", "answered with a web page, not a feed"), "html"),
        (ParseError("herald", "answered with an empty document"), "empty"),
        (ParseError("herald", "is broken"), "no-feed"),
    ],
)
def test_every_error_has_its_kind_and_advice(error: SourceError, kind: str) -> None:
    finding = diagnosis.of_error(error)
    assert (finding.kind, finding.serious, finding.message) == (kind, True, error.message)
    assert finding.advice


@pytest.mark.parametrize("moved", [{"moved_to": "https://new.example/"}, {"state_url": "https://new.example/"}])
def test_a_permanent_redirect_is_told_now_and_later(moved: dict[str, str]) -> None:
    assert found(item(), **moved) == ["moved"]  # type: ignore[arg-type]


def test_a_feed_is_stale_against_its_own_rate() -> None:
    assert found(*(item(4 * DAY + n * HOUR, guid=str(n)) for n in range(10))) == ["stale"]
    assert found(*(item(4 * DAY + n * DAY, guid=str(n)) for n in range(10))) == []
    assert found(*(item(2 * DAY + n * HOUR, guid=str(n)) for n in range(10))) == [], "a weekend is no fault"


def test_entries_without_dates_or_ids_are_noted() -> None:
    assert found(item(None), item(None, guid="2"), item(HOUR, guid="3")) == ["undated"]
    assert found(item(guid=""), item(guid=""), item()) == ["no-ids"]


def test_an_empty_feed_and_a_broken_one_are_told() -> None:
    assert found() == ["empty"]
    assert found(item(), notes=("is not well-formed",)) == ["noted"]


def test_addresses_are_shown_without_passwords_and_queries() -> None:
    assert diagnosis.shown("https://user:secret@h.example:81/a/b?token=secret") == "https://h.example:81/a/b"
    assert diagnosis.shown("https://h.example") == "https://h.example"
    assert diagnosis.shown("https://h.example?key=secret") == "https://h.example"
