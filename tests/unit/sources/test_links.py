"""One address for one page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources import links

PAGE = "https://herald.example/a/b"


@pytest.mark.parametrize(
    "link",
    [
        "http://herald.example/a/b",
        "https://www.herald.example/a/b/",
        "HTTPS://HERALD.example/a/b",
        "https://herald.example/a/b#comments",
        "https://herald.example/a/b?",
        "https://herald.example/a/b?utm_source=rss&utm_medium=feed&fbclid=1",
        "https://herald.example/a/b?at_medium=RSS&at_campaign=KARANGA",
    ],
)
def test_one_page_has_one_address(link: str) -> None:
    assert links.canonical(link) == PAGE


@pytest.mark.parametrize(
    "link",
    [
        "https://herald.example/a/c",
        "https://herald.example/a/b?page=2",
        "https://herald.example/A/b",
        "https://sport.herald.example/a/b",
        "https://herald.example/a/b#!/story/7",
        "https://herald.example/a/b#/story/7",
    ],
)
def test_other_pages_have_other_addresses(link: str) -> None:
    assert links.canonical(link) != PAGE


def test_the_order_of_a_query_does_not_matter_but_its_values_do() -> None:
    assert links.canonical(f"{PAGE}?id=1&lang=uk") == links.canonical(f"{PAGE}?lang=uk&utm_id=9&id=1")
    assert links.canonical(f"{PAGE}?id=1") != links.canonical(f"{PAGE}?id=2")


@pytest.mark.parametrize(
    ("link", "names"),
    {
        PAGE: True,
        "https://herald.example/?p=1": True,
        "https://herald.example": False,
        "http://www.a.example/?utm_id=1": False,
    }.items(),
)
def test_a_front_page_is_no_page_of_its_own(link: str, names: bool) -> None:
    assert links.names_a_page(link) is names


@given(st.text(max_size=60) | st.text("htps:/.w?&=#[]%utm_aé", max_size=60).map(lambda rest: f"http://{rest}"))
def test_nothing_makes_it_raise_and_twice_is_once(link: str) -> None:
    once = links.canonical(link)
    assert links.canonical(once) == once
    links.names_a_page(link)
