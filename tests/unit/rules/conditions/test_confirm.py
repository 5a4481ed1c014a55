"""confirm: independent publishers, each owner and each wire report once."""

from collections.abc import Callable

import pytest

TWO = "{when: each, confirm: {publishers: 2, within: 12h}}"


@pytest.fixture
def judged(condition: Callable, memory: Callable, now) -> Callable:
    """The verdict on one story after its last report came."""

    def one(*observations, alert: str = TWO):
        (verdict,) = condition(alert).judge("r", observations[-1:], memory(*observations), now)
        return verdict

    return one


def report(seen: Callable, publisher: str, days: float = 0, **fields):
    return seen(days, story="s", publisher=publisher, **fields)


def test_one_publisher_waits(judged: Callable, seen: Callable) -> None:
    verdict = judged(report(seen, "a"), report(seen, "a"))

    assert not verdict.firing
    assert verdict.reason.endswith("waiting for 2 independent publishers within 12 hours, so far 1")


def test_two_publishers_confirm(judged: Callable, seen: Callable) -> None:
    verdict = judged(report(seen, "a", 0.2), report(seen, "b"))

    assert verdict.firing
    assert verdict.reason == "2 reports by a, b; confirmed by a, b"


@pytest.mark.parametrize(
    "second",
    [
        {"publisher": "b", "owner": "holding"},
        {"publisher": "b", "title": "Kremlin: no comment"},
        {"publisher": ""},
    ],
)
def test_one_owner_a_copy_or_nobody_is_no_second_voice(judged: Callable, seen: Callable, second: dict) -> None:
    first = report(seen, "a", owner="holding", title="KREMLIN – no comment")

    assert not judged(first, report(seen, **second)).firing


def test_reports_too_far_apart_do_not_confirm(judged: Callable, seen: Callable) -> None:
    assert not judged(report(seen, "a", 3), report(seen, "b")).firing
    assert judged(report(seen, "a", 3), report(seen, "b", 2.9), report(seen, "a")).firing, "what was confirmed stays so"


def test_state_media_can_be_left_out(judged: Callable, seen: Callable) -> None:
    both = report(seen, "a"), report(seen, "tass", state_media=True)

    assert judged(*both).firing
    assert not judged(*both, alert="{when: each, confirm: {publishers: 2, within: 12h, state_media: false}}").firing


def test_what_does_not_fire_passes_through(condition: Callable, memory: Callable, now) -> None:
    alert = "{when: {silence: 21d}, confirm: {publishers: 2, within: 12h}}"

    assert not condition(alert).judge("r", (), memory(), now)[0].firing


def test_a_wire_copy_with_a_word_changed_is_no_second_voice(judged: Callable, seen: Callable) -> None:
    wire = "Kremlin says it is open to talks on US peace plan"
    first = report(seen, "a", 0.2, title=wire)

    assert not judged(first, report(seen, "b", title=wire.replace("on US", "on the US"))).firing
    assert judged(first, report(seen, "b", title="Peskov: Moscow ready to discuss American proposals")).firing
