"""Where the feeds of a site are."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Document
from monitor.sources.discovery import candidates

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAGE = "https://news.example/world/"
ALTERNATE = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'


def found(html: str | bytes, url: str = PAGE) -> list[str]:
    body = html.encode() if isinstance(html, str) else html
    page = Document(feed_id="f", url=url, status=200, body=body, fetched_at=NOW)
    return [candidate.url for candidate in candidates(page)]


def test_declared_feeds_come_first_made_absolute() -> None:
    html = ALTERNATE.format("News", "../rss.xml#top") + ALTERNATE.format("Other", "https://cdn.example/f")
    assert found(html)[:2] == ["https://news.example/rss.xml", "https://cdn.example/f"]


def test_comments_are_tried_after_the_news() -> None:
    html = ALTERNATE.format("Комментарии", "/c") + ALTERNATE.format("News", "/n")
    assert found(html)[:2] == ["https://news.example/n", "https://news.example/c"]


def test_links_of_the_same_host_count_and_foreign_ones_do_not() -> None:
    html = '<a href="/our-rss">RSS</a><a href="https://ads.example/rss">RSS</a><a href="/about">About</a>'
    assert found(html)[0] == "https://news.example/our-rss"
    assert "https://ads.example/rss" not in found(html)


def test_without_any_word_of_it_the_usual_places_are_tried() -> None:
    assert "https://news.example/feed" in found("<html></html>")


def test_nothing_that_is_no_web_address_is_tried() -> None:
    bad = ("javascript:alert(1)//rss", "file:///etc/passwd", "data:text/xml,rss", "http://[::rss", "")
    html = "".join(ALTERNATE.format("x", url) + f'<a href="{url}">rss</a>' for url in bad)
    assert found(html) == found("")


def test_the_page_itself_is_not_tried_again_and_none_is_tried_twice() -> None:
    html = ALTERNATE.format("News", PAGE) + ALTERNATE.format("News", "/feed") * 3
    assert found(html).count("https://news.example/feed") == 1
    assert PAGE not in found(html)


@given(st.binary(max_size=500))
def test_any_bytes_give_a_bounded_list_of_web_addresses(body: bytes) -> None:
    assert all(url.startswith("http") for url in found(body))
    assert len(found(body + ALTERNATE.format("x", "/y").encode() * 50)) <= 20
