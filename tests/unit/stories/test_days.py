"""Days that headlines name."""

import pytest

from monitor.stories.days import days, other_day, undated
from monitor.text.tokens import canonical


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Assessment, April 3, 2026", {"3."}),
        ("Briefing for 14th November", {"14."}),
        ("Зведення за 5 грудня", {"5."}),
        ("Сводка на 5 декабря", {"5."}),
        ("Raport z 5 maja", {"5."}),
        ("Raport z 5 września, piątek", {"5.", "day 4"}),
        ("US may 5,000 troops", set()),
        ("Подано 12 декларацій", set()),
        ("Talks resume on Tuesday", {"day 1"}),
        ("Переговори у п'ятницю", {"day 4"}),
        ("Minister may meet 3 envoys", set()),
        ("Marching 12 miles", set()),
    ],
)
def test_dates_and_weekdays_are_named_in_every_language(text: str, named: set[str]) -> None:
    assert days(canonical(text)) == named


def test_what_is_dated_loses_only_its_date() -> None:
    assert undated("Assessment, April 3, 2026: front holds").split() == ["Assessment,", ",", ":", "front", "holds"]


def test_only_days_of_one_manner_are_compared() -> None:
    assert other_day(days("April 3"), days("April 4"))
    assert other_day(days("on Monday"), days("on Tuesday"))
    assert not other_day(days("April 3"), days("on Tuesday"))
    assert not other_day(days("April 3"), days("April 3 and April 4"))
    assert not other_day(days("April 3"), days("no day"))
