"""Whatever bytes come: items or one ParseError, in little time and memory, and the parser goes on."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Document, Feed, ParsedFeed
from monitor.sources.parse import Parser
from tests.functional.mutations import mutated, polled_twice
from tests.functional.rereading import reread

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = Feed(id="f", url="https://f.example/")
TYPES = ("", "text/xml", "application/rss+xml; charset=utf-16", "application/feed+json", "text/html; charset=nonsense")


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    running = Parser(workers=1)
    yield running
    running.close()


def parse(parser: Parser, body: bytes, content_type: str) -> ParsedFeed | None:
    document = Document(feed_id="f", url=FEED.url, status=200, body=body, content_type=content_type, fetched_at=NOW)
    try:
        return asyncio.run(parser.parse(FEED, document))
    except ParseError as error:
        if "crashed the parser" in error.message or "gave no result" in error.message:
            raise
        return None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(body=mutated(), content_type=st.sampled_from(TYPES))
def test_a_mutated_feed_is_read_or_refused(parser: Parser, body: bytes, content_type: str) -> None:
    begun = time.monotonic()
    parsed = parse(parser, body, content_type)
    assert time.monotonic() - begun < 15, "hangs"  # the goal is 5 s; machines are shared
    for item in parsed.items if parsed else ():
        text = f"{item.title}{item.summary}{item.body}{item.author}{item.guid}{item.link}"
        assert "\0" not in text
        text.encode("utf-8")  # no lone surrogates
        assert item.link == "" or item.link.startswith(("http://", "https://"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents=polled_twice())
def test_a_mutated_feed_reads_the_same_when_only_what_is_new_is_parsed(
    parser: Parser, documents: tuple[bytes, bytes]
) -> None:
    outcome = reread(parser, FEED, *documents)
    assert outcome != "different"
