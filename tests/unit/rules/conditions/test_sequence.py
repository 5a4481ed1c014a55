"""sequence: A then B; A and then no B."""

from collections.abc import Callable

import pytest


@pytest.fixture(autouse=True)
def _others(write: Callable) -> None:
    """The rules that are read; only their ids count."""
    for name in "abc":
        write(f"{name}.yaml", f"rule: {name}\nmatch: [{name}]\nalert: low\n")


@pytest.fixture
def judged(condition: Callable, memory: Callable, now) -> Callable:
    def one(alert: str, *observations):
        (verdict,) = condition(alert).judge("r", (), memory(*observations), now)
        return verdict

    return one


A_THEN_B = "when: {sequence: [a, b], within: 5d}"
A_WITHOUT_B = "when: {sequence: [a], without: b, within: 5d}"


def test_one_after_the_other_fires_with_both(judged: Callable, seen: Callable) -> None:
    a, b = seen(4, rule="a"), seen(1, rule="b")

    verdict = judged(A_THEN_B, seen(4.5, rule="a"), a, b)

    assert verdict.observations == (a, b)
    assert verdict.reason == "a then b within 5 days"


@pytest.mark.parametrize("days", [(1, 4), (7, 1), (1, None), (None, 1)])
def test_wrong_order_too_long_or_only_one_does_not(judged: Callable, seen: Callable, days: tuple) -> None:
    observations = [seen(day, rule=rule) for rule, day in zip("ab", days, strict=True) if day is not None]

    assert judged(A_THEN_B, *observations).reason == "not a then b within 5 days"


def test_an_earlier_end_is_used_when_the_latest_has_no_beginning(judged: Callable, seen: Callable) -> None:
    alert = "when: {sequence: [a, b, c], within: 5d}"

    assert judged(alert, seen(4, rule="a"), seen(3, rule="b"), seen(2, rule="c")).firing
    assert not judged(alert, seen(4, rule="b"), seen(3, rule="a"), seen(2, rule="c")).firing


def test_history_alone_does_not_fire(judged: Callable, seen: Callable) -> None:
    assert not judged(A_THEN_B, seen(4, rule="a", historic=True), seen(3, rule="b", historic=True)).firing


def test_without_waits_for_the_whole_span(judged: Callable, seen: Callable) -> None:
    assert not judged(A_WITHOUT_B, seen(4, rule="a")).firing
    assert judged(A_WITHOUT_B, seen(6, rule="a")).reason == "a without b within 5 days"
    assert not judged(A_WITHOUT_B, seen(6, rule="a"), seen(3, rule="b")).firing
    assert judged(A_WITHOUT_B, seen(6, rule="a"), seen(7, rule="b")).firing
