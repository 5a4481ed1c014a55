"""What is read of an item."""

from collections.abc import Callable

import pytest

from monitor.model import Item
from monitor.stories.reading import read

News = Callable[..., Item]


def test_the_united_states_are_no_pronoun(news: News) -> None:
    assert "@usa" in read(news("US sends envoy to Oslo")).stems
    assert "@usa" in read(news("U.S. sends envoy to Oslo")).stems
    assert "@usa" not in read(news("Envoys told us of talks in Oslo")).stems


def test_labels_and_the_outlets_own_name_are_no_part_of_a_title(news: News) -> None:
    plain = read(news("Ferry aground off Bergen", "Daily News"))
    assert read(news("BREAKING: Ferry aground off Bergen - Daily News", "Daily News")).title == plain.title
    assert read(news("Ferry aground off Bergen - Nightly", "Daily News")).title != plain.title


@pytest.mark.parametrize("name", ["cnn.example.com", "www.cnn.example.com", "CNN Example", "The CNN example"])
def test_an_outlet_is_one_under_its_name_and_its_address(name: str, news: News) -> None:
    assert read(news("x", name)).outlet == "cnnexample"


def test_an_outlet_without_a_name_is_its_feed(news: News) -> None:
    assert read(news("x", "!!")).outlet == "!!"


def test_capitals_name_only_where_not_every_word_has_one(news: News) -> None:
    assert read(news("Council hears Mayor Okonkwo on Lagos port")).names == {"maior", "okonkv", "lago"}
    assert read(news("Council Hears Mayor Okonkwo on Warsaw Port")).names == {"@poland"}


def test_the_summary_adds_only_what_the_title_does_not_say(news: News) -> None:
    reading = read(news("Ferry aground", summary="The ferry ran aground on Monday in fog."))
    assert reading.told
    assert "fog" in reading.lead
    assert not set(reading.lead) & set(reading.stems)


@pytest.mark.parametrize(
    "title", ["Why ferries run aground", "Ferry safety explained", "Опінія: пороми", "Analysis: ferries"]
)
def test_pieces_about_an_event_are_told_from_reports(title: str, news: News) -> None:
    assert read(news(title)).aside is (not title.startswith("Опінія"))


def test_a_count_is_no_explainer(news: News) -> None:
    assert not read(news("How many ferries ran aground last night")).aside
