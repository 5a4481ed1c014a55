"""Tests of what conditions say about how completely we watch (monitor.rules.conditions.base)."""

from datetime import timedelta

from monitor.rules.conditions.base import unwatched, watched_since
from monitor.rules.conditions.guard import Guarded, parse_guard
from tests.histories import NOW, Kept, condition, seen, verdict

SILENCE = {"silence": "21d"}
FAILING = "3 of 9 feeds failing since 14:05 UTC"


def test_our_own_failed_fetches_are_no_silence() -> None:
    found = verdict(SILENCE, Kept([seen(40)], since=None, failing=FAILING))
    assert (found.firing, found.reason) == (False, f"not watched: {FAILING}")


def test_a_silence_says_what_was_missing_from_it() -> None:
    found = verdict(SILENCE, Kept([seen(40)], failing="1 of 9 feeds never read"))
    assert found.reason == "nothing for 3 weeks, watched without a gap, though 1 of 9 feeds never read"


def test_a_silence_begins_anew_after_a_gap() -> None:
    history = Kept([seen(40)], since=NOW - timedelta(days=2))
    said = [verdict(SILENCE, history, NOW + timedelta(days=day)).firing for day in (0, 18, 19, 20)]
    assert said == [False, False, True, True]


def test_a_guard_hides_observations_but_not_the_watch() -> None:
    guarded = Guarded(condition(SILENCE), parse_guard("stance > 0"))
    [found] = guarded.judge("r", (), Kept([seen(1, -0.5)], failing="1 of 9 feeds never read"), NOW)
    assert found.firing
    assert found.reason.endswith("1 of 9 feeds never read")


def test_a_history_that_knows_no_watch_is_asked_for_its_first_news() -> None:
    class Plain:
        observations = Kept([seen(9, historic=True), seen(5), seen(2)]).observations

    assert watched_since(Plain(), "r", NOW) == NOW - timedelta(days=5)
    assert unwatched(Plain(), "r", NOW) == ""
