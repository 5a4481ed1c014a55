"""A model that fails is left alone, longer each time, and trusted again when it answers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.judge.breaker import FIRST_PAUSE, LONGEST_PAUSE, Breaker
from monitor.judge.budget import Budget, Spent, day_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def broken(failures: int) -> Breaker:
    breaker = Breaker()
    for _ in range(failures):
        breaker.failed(NOW)
    return breaker


@pytest.mark.parametrize(
    ("failures", "pause"), [(0, 0), (2, 0), (3, 60), (4, 120), (5, 240), (9, 3600), (10_000, 3600)]
)
def test_after_three_failures_the_pause_doubles_up_to_an_hour(failures: int, pause: int) -> None:
    breaker = broken(failures)
    assert not breaker.pauses(NOW + timedelta(seconds=pause))
    assert breaker.pauses(NOW + timedelta(seconds=max(pause - 1, 0))) is (pause > 0)


def test_an_answer_mends_it() -> None:
    breaker = broken(5)
    breaker.worked()
    assert not breaker.pauses(NOW)
    assert not breaker.broken


@given(wish=st.timedeltas(min_value=timedelta(microseconds=1)))
def test_a_wish_is_kept_at_once_but_never_for_more_than_a_day(wish: timedelta) -> None:
    breaker = Breaker()
    breaker.failed(NOW, wish)
    kept = min(wish, timedelta(days=1))
    assert not breaker.pauses(NOW + kept)
    assert breaker.pauses(NOW + kept - timedelta(microseconds=1))


def test_a_short_wish_does_not_shorten_the_pause() -> None:
    breaker = broken(2)
    breaker.failed(NOW, timedelta(seconds=1))
    assert breaker.pauses(NOW + FIRST_PAUSE - timedelta(seconds=1))
    assert not breaker.pauses(NOW + LONGEST_PAUSE)


@given(calls=st.dictionaries(st.sampled_from("abc"), st.integers(0, 20)), tokens=st.integers(0, 2000))
def test_a_budget_that_objects_says_why_and_one_that_is_empty_objects(calls: dict[str, int], tokens: int) -> None:
    budget, spent = Budget(calls=30, per_rule=15, tokens=1000), Spent(by_rule=calls, tokens=tokens)
    assert bool(budget.objection(spent)) is (budget.empty(spent) or bool(budget.used_up(spent)))
    assert budget.used_up(spent) == {rule for rule, made in calls.items() if made >= 15}


def test_a_day_begins_at_midnight_utc() -> None:
    assert day_of(datetime.fromisoformat("2026-03-01T01:30:00+02:00")) == datetime(2026, 2, 28, tzinfo=UTC)
