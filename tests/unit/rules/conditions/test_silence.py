"""silence: nothing came, although we were watching."""

from collections.abc import Callable
from datetime import timedelta

import pytest


@pytest.fixture
def judged(condition: Callable, now) -> Callable:
    def one(history: object):
        (verdict,) = condition("when: {silence: 21d}").judge("r", (), history, now)
        return verdict

    return one


def test_it_fires_after_a_watched_silence(judged: Callable, seen: Callable, memory: Callable) -> None:
    verdict = judged(memory(seen(40), seen(22)))

    assert verdict.firing
    assert verdict.reason == "nothing for 3 weeks, watched without a gap"


def test_a_recent_observation_ends_it(judged: Callable, seen: Callable, memory: Callable) -> None:
    verdict = judged(memory(seen(40), seen(2.5)))

    assert not verdict.firing
    assert verdict.reason == "last seen 2 days ago, less than 3 weeks"


def test_a_young_installation_is_not_silent(judged: Callable, seen: Callable, memory: Callable) -> None:
    verdict = judged(memory(seen(60, historic=True), seen(30, historic=True)))

    assert not verdict.firing
    assert verdict.reason == "not known since when the feeds have been watched"


def test_a_history_that_knows_its_watch_decides(judged: Callable, watched: Callable, seen: Callable, now) -> None:
    long_ago, lately = now - timedelta(days=30), now - timedelta(days=5)

    assert judged(watched(long_ago)).firing
    assert judged(watched(lately, seen(40))).reason == "watched for 5 days of 3 weeks"
    assert not judged(watched(None, seen(40))).firing


def test_a_guard_sees_through_to_the_watch(condition: Callable, watched: Callable, seen: Callable, now) -> None:
    history = watched(now - timedelta(days=30), seen(1, stage="announced"))
    judge = condition("{when: {silence: 21d}, if: stage is delivered}").judge

    assert judge("r", (), history, now)[0].firing


def test_a_guard_over_a_history_without_watch_knows_nothing(condition: Callable, memory: Callable, now) -> None:
    judge = condition("{when: {silence: 21d}, if: stage is delivered}").judge

    assert not judge("r", (), memory(), now)[0].firing
