"""Links as names of articles."""

import pytest

from monitor.stories.links import bare_link


@pytest.mark.parametrize(
    "link",
    [
        "https://daily.example/a/1",
        "http://www.daily.example/a/1/",
        "https://m.daily.example/a/1?utm_source=rss&fbclid=x#top",
        "https://DAILY.example/a/1?at_medium=RSS",
    ],
)
def test_ways_to_an_article_are_one_link(link: str) -> None:
    assert bare_link(link) == "daily.example/a/1"


def test_what_names_the_article_stays() -> None:
    assert bare_link("https://daily.example/news?id=7&lang=uk&utm_medium=x") == "daily.example/news?id=7&lang=uk"


@pytest.mark.parametrize("link", ["", "https://daily.example/", "https://daily.example", "http://[broken/a"])
def test_a_link_to_no_article_is_none(link: str) -> None:
    assert bare_link(link) == ""


def test_an_article_keeps_its_number_when_its_headline_is_rewritten() -> None:
    one = "https://www.daily.example/2026/03/talks-reopen-minister-says-a91140"
    other = "https://daily.example/2026/03/talks-reopen-a91140?utm_source=x"
    assert bare_link(one) == bare_link(other) == "daily.example#a91140"
    assert bare_link("https://daily.example/talks-reopen-5473486.html") == "daily.example#5473486"


@pytest.mark.parametrize(
    "path", ["talks-of-20260301", "talks-2026", "talks-about-f16", "a/1", "decade", "talks-abcdef"]
)
def test_a_date_a_year_or_a_name_is_no_number_of_an_article(path: str) -> None:
    assert bare_link(f"https://daily.example/{path}") == f"daily.example/{path}"
