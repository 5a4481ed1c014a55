"""first: the first of a kind after a run without one, and values never seen before."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.model import System

AFTER_FIVE = "when: {first: 'stance > 0', after: 5 observations}"
AFTER_DAYS = "when: {first: 'stance > 0', after: 14d}"


@pytest.fixture
def judged(condition: Callable, memory: Callable, now) -> Callable:
    """The verdicts after the last of these observations arrived."""

    def judge(alert: str, *observations, new: int = 1):
        return condition(alert).judge("r", observations[-new:], memory(*observations), now)

    return judge


def test_the_first_soft_word_after_five_without_fires(judged: Callable, seen: Callable) -> None:
    (verdict,) = judged(AFTER_FIVE, *(seen(9 - day, 0) for day in range(5)), seen(0, 0.5))

    assert verdict.firing
    assert verdict.reason == "first with stance > 0 after 5 of 5 observations without"
    assert len(verdict.observations) == 1


def test_a_first_is_set_against_what_the_same_speaker_said_last_or_else_anybody(
    judged: Callable, seen: Callable
) -> None:
    run, unread = [seen(9 - day, 0) for day in range(4)], [seen(9 - day) for day in range(5)]

    (against,) = judged(AFTER_FIVE, *run, seen(2, -0.5), seen(1), seen(0, 0.5))
    (same,) = judged(AFTER_FIVE, *run, seen(2, -0.5, speaker="x"), seen(1, -1), seen(0, 0.5, speaker="x"))
    (alone,) = judged(AFTER_FIVE, *unread, seen(0, 0.5))

    assert against.turn.before.stance.score == -0.5
    assert same.turn.before.speaker == "x"
    assert alone.turn is None


def test_a_run_that_is_too_short_says_how_full_it_is(judged: Callable, seen: Callable) -> None:
    (verdict,) = judged(AFTER_FIVE, seen(3, 0), seen(2), seen(1, -0.5), seen(0))

    assert not verdict.firing
    assert verdict.reason == "stance > 0: baseline 4 of 5 observations without"


def test_copies_of_one_story_are_one_observation(judged: Callable, seen: Callable) -> None:
    copies = [seen(9 - day, 0, story="same") for day in range(5)]

    assert not judged(AFTER_FIVE, *copies, seen(0, 0.5))[0].firing


def test_a_soft_word_shortly_after_another_is_not_a_first(judged: Callable, seen: Callable) -> None:
    run = [seen(20 - day, 0) for day in range(5)]

    assert not judged(AFTER_FIVE, *run[:2], seen(14, 0.5), seen(13, 0), seen(0, 0.5))[0].firing


def test_more_of_the_kind_join_until_a_new_run_is_complete(judged: Callable, seen: Callable) -> None:
    before = [seen(30 - day, 0) for day in range(5)]
    first, quiet, second = seen(20, 0.5), seen(19, 0), seen(18, 0.25)
    again = [seen(17 - day, -0.5) for day in range(5)]

    joined = judged(AFTER_FIVE, *before, first, quiet, second)[0]
    anew = judged(AFTER_FIVE, *before, first, quiet, second, *again, seen(0, 1))[0]

    assert joined.observations == (first, second)
    assert len(anew.observations) == 1


def test_others_say_nothing_while_it_lasts(judged: Callable, seen: Callable) -> None:
    run = [seen(9 - day, 0) for day in range(5)]

    assert judged(AFTER_FIVE, *run, seen(1, 0.5), seen(0, 0)) == ()
    assert judged(AFTER_FIVE, *run, seen(0, 0.5), new=0) != ()


def test_nothing_is_judged_when_only_time_passed(condition: Callable, memory: Callable, now) -> None:
    assert condition(AFTER_FIVE).judge("r", (), memory(), now) == ()


def test_a_first_within_history_opens_nothing(judged: Callable, seen: Callable) -> None:
    run = [seen(9 - day, 0, historic=True) for day in range(5)]

    assert judged(AFTER_FIVE, *run, seen(1, 0.5, historic=True)) == ()
    assert judged(AFTER_FIVE, *run, seen(1, 0.5, historic=True), seen(0, 0.5)) == ()
    assert judged(AFTER_FIVE, *run, seen(0, 0.5))[0].firing


def test_a_run_may_be_measured_in_time(judged: Callable, seen: Callable) -> None:
    assert judged(AFTER_DAYS, seen(20, 0), seen(0, 0.5))[0].firing
    assert judged(AFTER_DAYS, seen(20, 0.5), seen(0, 0.5))[0].reason.endswith("20 days of 2 weeks without")
    assert not judged(AFTER_DAYS, seen(10, 0), seen(0, 0.5))[0].firing
    assert judged(AFTER_DAYS, seen(30, 0), seen(10, 0.5), seen(0, 0)) == ()


def patriot(kind: str = "air_defence") -> System:
    return System(id="patriot", name="Patriot", kind=kind)


def test_a_value_never_seen_before_fires_once(judged: Callable, seen: Callable) -> None:
    first = seen(1, systems=(patriot(""),))
    new = "when: {first: system}"

    (verdict,) = judged(new, seen(5), seen(3), first)

    assert verdict.group == "patriot"
    assert verdict.reason == "system patriot: never seen in 2 observations before"
    assert judged(new, seen(5), first, seen(0, systems=(patriot(""),))) == []
    assert judged(new, seen(0, systems=(patriot(""),))) == [], "nothing to compare with yet"
    assert judged(new, seen(3), seen(0, systems=(patriot(""),), historic=True)) == ()


def test_a_value_may_count_as_new_again(judged: Callable, seen: Callable) -> None:
    again = [seen(20, country="PL"), seen(10, country="LT"), seen(5, country="LT"), seen(0, country="PL")]

    assert judged("when: {first: country, after: 14d}", *again)
    assert not judged("when: {first: country, after: 30d}", *again)
    assert judged("when: {first: country, after: 2 observations}", *again)
    assert not judged("when: {first: country, after: 3 observations}", *again)


def test_a_year_is_enough_memory(condition: Callable, seen: Callable, memory: Callable, now) -> None:
    new = seen(0, country="PL")
    history = memory(seen(400, country="PL"), seen(2, country="LT"), new)

    assert condition("when: {first: country}").judge("r", [new], history, now + timedelta(seconds=1))
