"""Pages read through selectors."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Document, ParsedFeed
from monitor.sources import table
from monitor.sources.web_page import WebPage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = """\
<html><head><title>Ministry</title></head><body><nav><a href="/">Home</a></nav>
<article><h2>Talks <b>resume</b></h2><p>Delegations met.</p><a href="/news/1">more</a>
<time datetime="2026-11-20T10:00:00Z">Friday</time></article>
<article><h2></h2></article>
<article><a href="https://other.example/2">Second</a><span class="day">21 Nov 2026</span></article></body></html>
"""


def parse(options: Mapping[str, str], page: str | bytes = PAGE) -> ParsedFeed:
    body = page.encode() if isinstance(page, str) else page
    url = "https://ministry.example/news"
    return table.parse(
        "web_page", Document(feed_id="m", url=url, status=200, body=body, options=options, fetched_at=NOW)
    )


def test_each_entry_has_its_title_link_date_and_text() -> None:
    parsed = parse({"item": "article"})
    first, second = parsed.items
    assert (parsed.title, first.title, first.link) == ("Ministry", "Talks resume", "https://ministry.example/news/1")
    assert first.published_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert "Delegations met." in first.summary
    assert (second.title, second.link, second.published_at) == ("Second", "https://other.example/2", None)


def test_selectors_say_what_stands_where() -> None:
    (*_, second) = parse({"item": "article", "title": "a", "date": "span.day", "text": "span"}).items
    assert second.published_at == datetime(2026, 11, 21, tzinfo=UTC)
    assert second.summary == "21 Nov 2026"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"item": "section"}, "the page may have been rebuilt"),
        ({"item": "article:::"}, "is no CSS"),
    ],
)
def test_what_finds_nothing_is_told(options: dict[str, str], told: str) -> None:
    with pytest.raises(ParseError, match=told):
        parse(options)


def test_without_a_selector_it_says_how_to_give_one() -> None:
    page = Document(feed_id="m", url="https://m.example/", status=200, body=b"<p>", fetched_at=NOW)
    with pytest.raises(ParseError, match="give it `options:"):
        WebPage().parse(page)


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_page_and_any_selector_give_entries_or_a_parse_error(page: bytes, selector: str) -> None:
    try:
        assert parse({"item": selector or "p"}, page).items
    except ParseError as error:
        assert error.message  # noqa: PT017 - nothing else may be raised
