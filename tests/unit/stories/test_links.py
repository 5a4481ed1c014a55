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
