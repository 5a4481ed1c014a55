"""Which items meet in a story."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Item
from monitor.stories import Stories

News = Callable[..., Item]
Together = Callable[..., bool]

FERRY = "Ferry with 120 passengers runs aground off Bergen"


def _run(stories: Stories, items: Sequence[Item]) -> dict[str, str]:
    return {item.id: stories.assign([item])[0].story for item in items}


def test_an_item_alone_is_its_own_story(news: News) -> None:
    item = news(FERRY)
    assert Stories().assign([item]) == [replace(item, story=item.id)]


def test_items_come_back_in_the_order_they_were_given(news: News) -> None:
    items = [news("Bakers strike in Lyon", hours=2), news(FERRY, hours=1)]
    assert [item.id for item in Stories().assign(items)] == [item.id for item in items]


def test_the_oldest_item_of_a_batch_names_the_story(news: News) -> None:
    late, early = news(FERRY, "B", hours=2), news(FERRY, "A", hours=1)
    assert {item.story for item in Stories().assign([late, early])} == {early.id}


def test_a_wire_copy_joins_under_any_outlet(news: News, together: Together) -> None:
    assert together(news(FERRY, "A"), news(FERRY, "B", hours=30), news(FERRY.upper(), "C", hours=60))


def test_a_rewrite_joins(news: News, together: Together) -> None:
    assert together(
        news(FERRY, "A"),
        news("Passenger ferry aground near Bergen, 120 people on board", "B", hours=3),
    )


def test_figures_are_the_same_however_they_are_written(news: News, together: Together) -> None:
    assert together(
        news("Parliament approves a €2.5 billion package for the railways of Latvia", "A"),
        news("Latvian lawmakers back €2.5B railway package", "B", hours=2),
    )


def test_unrelated_items_stay_apart(news: News, together: Together) -> None:
    assert not together(news(FERRY, "A"), news("Bakers strike in Lyon over flour prices", "B", hours=1))


def test_the_same_thing_in_another_country_is_another_event(news: News, together: Together) -> None:
    assert not together(
        news("Spain closes its airspace to cargo planes", "A"),
        news("Italy closes its airspace to cargo planes", "B", hours=1),
    )


def test_the_same_said_of_another_person_is_another_event(news: News, together: Together) -> None:
    assert not together(
        news("Court in Lyon sentences trader Alder to nine years", "A"),
        news("Court in Lyon sentences trader Birch to nine years", "B", hours=1),
    )


def test_a_toll_that_rises_within_hours_stays_one_story(news: News, together: Together) -> None:
    assert together(
        news("Mine collapse near Katowice kills three, dozens trapped", "A"),
        news("Mine collapse near Katowice kills five, dozens trapped", "B", hours=3),
    )


def test_the_tally_of_the_next_night_is_another_event(news: News, together: Together) -> None:
    assert not together(
        news("Air defence downs 41 of 60 drones overnight", "A"),
        news("Air defence downs 52 of 71 drones overnight", "B", hours=24),
    )


def test_an_outlets_new_edition_is_another_event(news: News, together: Together) -> None:
    morning = news("Harbour traffic in Bergen: delays and closures", summary="Two piers are shut.")
    evening = news("Harbour traffic in Bergen: delays and closures", hours=10, summary="All piers are open again.")
    assert not together(morning, evening)
    assert together(morning, replace(evening, publisher="Daily B"))


def test_what_happens_again_the_next_day_is_another_event(news: News, together: Together) -> None:
    assert not together(
        news("Drones seen over the naval base at Karlskrona", "A"),
        news("Drones seen again over the naval base at Karlskrona", "B", hours=26),
    )


def test_an_explainer_does_not_join_the_report(news: News, together: Together) -> None:
    assert not together(
        news("Council adopts the 12-point harbour plan", "A"),
        news("Explainer: the 12-point harbour plan the council adopted", "B", hours=2),
    )


def test_reports_of_other_dates_stay_apart(news: News, together: Together) -> None:
    assert not together(
        news("Front line assessment, April 3, 2026", "A"),
        news("Front line assessment, April 4, 2026", "B", hours=24),
    )


def test_one_article_that_was_retitled_stays_one_story(news: News, together: Together) -> None:
    link = "https://www.daily.example/2025/03/ferry?utm_source=rss"
    assert together(
        news("Ferry in distress off Bergen", link=link),
        news("All rescued from stranded Bergen boat", hours=2, link="https://daily.example/2025/03/ferry"),
    )
    assert not together(news("Ferry in distress", link=link), news("Bakers strike in Lyon", hours=2, link=link))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ukraine downs 147 of 172 drones overnight", "Україна збила 147 із 172 дронів за ніч"),
        ("Ukraine downs 147 of 172 drones overnight", "Украина сбила 147 из 172 дронов ночью"),
        ("Poland closes border with Belarus", "Polska zamknęła granicę z Białorusią"),
        ("Poland closes border with Belarus", "Польща закрила кордон із Білоруссю"),
        (
            "Norway pledges 1.5 billion kroner for missiles for Ukraine's NASAMS",
            "Норвегія виділяє 1,5 мільярда норвезьких крон на ракети для NASAMS України",
        ),
    ],
)
def test_names_and_numbers_carry_a_story_across_languages(one: str, other: str, news: News, together: Together) -> None:
    assert together(news(one, "A", lang="en"), news(other, "B", hours=1))


def test_news_of_another_week_is_another_event(news: News, together: Together) -> None:
    assert not together(news(FERRY, "A"), news(FERRY, "B", hours=73))


def test_a_late_item_meets_only_the_news_of_its_own_time(news: News, together: Together) -> None:
    assert not together(news(FERRY, "A"), news(FERRY, "B", hours=-100, seen=1))
    assert together(news(FERRY, "A"), news(FERRY, "B", hours=-30, seen=1))


def test_an_item_dated_into_the_future_counts_when_it_was_seen(news: News, together: Together) -> None:
    assert together(news(FERRY, "A"), news(FERRY, "B", hours=900, seen=1))


def test_old_items_are_forgotten_by_themselves(news: News) -> None:
    stories = Stories(timedelta(hours=24))
    stories.assign([news(FERRY, "A", link="https://a.example/ferry"), news("Bakers strike in Lyon", "B", hours=20)])
    stories.assign([news("Snow closes the Gotthard road", "C", hours=30)])
    assert len(stories) == 2


def test_a_feed_that_titles_everything_alike_stays_cheap(news: News) -> None:
    stories = Stories()
    many = [
        news("Alert", "A", hours=n / 100, summary=f"Report {n} of the day, all is calm", id=str(n)) for n in range(900)
    ]
    assert len(stories.assign(many)) == 900


def test_items_without_words_are_stories_of_their_own(news: News, together: Together) -> None:
    assert not together(news("", "A"), news("", "B", hours=1))
    assert not together(news("?!", "A"), news("...", "B", hours=1))


def test_the_same_item_again_has_the_same_story(news: News) -> None:
    stories = Stories()
    first = stories.assign([news(FERRY, "A"), news(FERRY, "B", hours=1)])
    again = stories.assign([news(FERRY, "B", hours=1)])
    assert again == first[1:]


def test_a_story_that_was_given_before_is_kept(news: News) -> None:
    item = replace(news(FERRY), story="long-known")
    assert Stories().assign([item]) == [item]


def test_remembering_leaves_out_what_was_never_grouped(news: News) -> None:
    stories = Stories()
    stories.remember([news(FERRY, "A"), replace(news(FERRY, "B", hours=1), story="s")])
    assert len(stories) == 1
    assert stories.assign([news(FERRY, "C", hours=2)])[0].story == "s"


_VOCABULARY = """
ferry bergen strike lyon baker ukraine poland drone 41 52 closes airspace kills three five again april 3 mine
 plan council Putin says talks Geneva border переговори Київ дрони збила
"""
_WORDS = st.sampled_from(_VOCABULARY.split())
_TITLES = st.lists(_WORDS, min_size=1, max_size=7).map(" ".join)


@st.composite
def _streams(draw: st.DrawFn) -> list[tuple[str, str, float]]:
    titles = draw(st.lists(_TITLES, min_size=1, max_size=6))
    steps = st.tuples(st.sampled_from(titles), st.sampled_from("ABC"), st.floats(0.01, 30))
    return draw(st.lists(steps, min_size=1, max_size=25))


def _items(news: News, stream: Sequence[tuple[str, str, float]]) -> list[Item]:
    hours, items = 0.0, []
    for number, (title, outlet, step) in enumerate(stream):
        hours += step
        items.append(news(title, outlet, hours=hours, id=f"{number:03}"))
    return items


@settings(max_examples=60, deadline=None)
@given(stream=_streams(), data=st.data())
def test_a_restart_changes_no_story(news: News, stream: list[tuple[str, str, float]], data: st.DataObject) -> None:
    items = _items(news, stream)
    whole = _run(Stories(), items)
    cut = data.draw(st.integers(0, len(items)))
    restarted = Stories()
    remembered = [replace(item, story=whole[item.id]) for item in items[:cut]]
    restarted.remember(data.draw(st.permutations(remembered)))
    assert _run(restarted, items[cut:]) == {item.id: whole[item.id] for item in items[cut:]}


@settings(max_examples=60, deadline=None)
@given(stream=_streams())
def test_one_batch_or_many_give_the_same_stories(news: News, stream: list[tuple[str, str, float]]) -> None:
    items = _items(news, stream)
    batch = Stories().assign(items[::-1])
    assert {item.id: item.story for item in batch} == _run(Stories(), items)


@settings(max_examples=60, deadline=None)
@given(stream=_streams())
def test_equal_texts_that_follow_within_the_window_share_a_story(
    news: News, stream: list[tuple[str, str, float]]
) -> None:
    items = _items(news, stream)
    found, latest = _run(Stories(), items), dict[str, Item]()
    for item in items:
        before = latest.get(item.title)
        if before and item.counts_at - before.counts_at <= timedelta(hours=72):
            assert found[item.id] == found[before.id]
        latest[item.title] = item


@settings(max_examples=60, deadline=None)
@given(stream=_streams())
def test_every_item_has_a_story_that_is_an_item(news: News, stream: list[tuple[str, str, float]]) -> None:
    found = _run(Stories(), _items(news, stream))
    assert set(found.values()) <= set(found)
