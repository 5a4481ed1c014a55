"""How alike two readings are."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Item
from monitor.stories.likeness import Likeness, copies, differ
from monitor.stories.reading import read

News = Callable[..., Item]


class _Even(dict[str, float]):
    def __missing__(self, stem: str) -> float:
        return 1.0


def _alike(one: Item, other: Item) -> float:
    return Likeness(read(one), _Even()).to(read(other))


_WORDS = ["Ferry", "bergen", "Poland", "drone", "41", "52", "april", "3", "says", "US"]
_TITLES = st.lists(st.sampled_from(_WORDS), max_size=6).map(" ".join)
_ITEMS = st.tuples(_TITLES, st.sampled_from("AB"), st.floats(0, 90), _TITLES)


@given(one=_ITEMS, other=_ITEMS)
def test_likeness_and_difference_go_both_ways(
    news: News, one: tuple[str, str, float, str], other: tuple[str, str, float, str]
) -> None:
    a, b = (news(title, outlet, hours=hours, summary=lead) for title, outlet, hours, lead in (one, other))
    assert _alike(a, b) == pytest.approx(_alike(b, a))
    assert 0 <= _alike(a, b) <= 1.7
    assert differ(read(a), read(b)) == differ(read(b), read(a))


def test_equal_titles_of_two_outlets_are_wholly_alike(news: News) -> None:
    assert _alike(news("Ferry aground off Bergen", "A"), news("Ferry aground off Bergen", "B")) == pytest.approx(1)


@pytest.mark.parametrize(
    ("title", "outlet", "hours"),
    [
        ("Ferry aground off Bergen", "A", 2),
        ("Ferry aground off Bergen", "B", 40),
        ("Ferry aground off Oslo", "B", 2),
        ("Ferry with 9 aground off Bergen", "B", 2),
    ],
)
def test_outlet_time_names_and_words_speak_against_likeness(title: str, outlet: str, hours: float, news: News) -> None:
    assert _alike(news("Ferry aground off Bergen", "A"), news(title, outlet, hours=hours)) < 0.95


def test_a_summary_speaks_for_likeness(news: News) -> None:
    one = news("Ferry aground off Bergen", "A")
    bare, told = news("Bergen rescue in fog", "B"), news("Bergen rescue in fog", "B", summary="A ferry ran aground.")
    assert _alike(one, bare) < _alike(one, told)


def test_the_reason_for_a_difference_is_told(news: News) -> None:
    one = read(news("Ferry with 12 aground", "A"))
    assert (
        differ(one, read(news("Ferry with 12 aground off Bergen", "A", hours=9))) == "a new edition of the same outlet"
    )
    assert differ(one, read(news("Ferry with 30 aground", "B", hours=20))) == "other numbers"
    assert differ(one, read(news("Another ferry with 12 aground", "B", hours=20))) == "it happened again"
    assert differ(one, read(news("Why a ferry with 12 ran aground", "B"))) == "a report and a piece about it"
    assert differ(read(news("Ferry due Monday", "A")), read(news("Ferry due Friday", "B"))) == "another day"
    assert differ(one, read(news("Ferry with 30 aground", "B", hours=2))) is None


def test_copies_may_miss_a_summary_but_not_tell_another(news: News) -> None:
    bare = read(news("Ferry news", "A"))
    morning = read(news("Ferry news", "A", hours=12, summary="It sank."))
    evening = read(news("Ferry news", "A", hours=24, summary="It was raised."))
    assert copies(bare, morning)
    assert not copies(morning, evening)
    assert not copies(bare, read(news("Other news", "A")))
