"""What is one report printed twice."""

from collections.abc import Callable

from monitor.model import Item
from monitor.stories import same_report

News = Callable[..., Item]

FERRY = "Ferry with 120 passengers runs aground off Bergen"


def test_a_wire_copy_is_the_same_report(news: News) -> None:
    assert same_report(news(FERRY, "A"), news(FERRY, "B"))
    assert same_report(news(FERRY, "A"), news(FERRY + ": police", "B"))
    assert same_report(news("Ferry’s crew – rescued", "A"), news("Ferry's crew - rescued!", "B"))


def test_a_rewrite_is_a_report_of_its_own(news: News) -> None:
    assert not same_report(news(FERRY, "A"), news("Passenger ferry stranded near Bergen", "B"))


def test_another_figure_makes_another_report(news: News) -> None:
    assert not same_report(news(FERRY, "A"), news(FERRY.replace("120", "125"), "B"))


def test_another_name_makes_another_report(news: News) -> None:
    assert not same_report(
        news("Company Alder raises its forecast for the year", "A"),
        news("Company Birch raises its forecast for the year", "B"),
    )


def test_a_title_without_words_is_no_copy(news: News) -> None:
    assert not same_report(news("", "A"), news("", "B"))
