"""Tests of monitor.rules.conditions.shift."""

from datetime import timedelta

from monitor.model import Observation
from tests.histories import NOW, Kept, seen, verdict

SHIFT = {"shift": "stance", "window": "7d", "baseline": "28d"}


def before(score: float, count: int = 12) -> list[Observation]:
    return [seen(8 + number, score, title=f"Old word {number}") for number in range(count)]


def recent(score: float, count: int = 5, **fields: object) -> list[Observation]:
    return [seen(number + 0.5, score, **{"title": f"New word {number}", **fields}) for number in range(count)]


def undecided(history: Kept) -> bool:
    """Whether there is no telling: an alert neither opens nor ends."""
    found = verdict(SHIFT, history)
    return found.holds and not found.firing


def test_a_shift_gives_both_figures_and_both_quotes() -> None:
    found = verdict(SHIFT, Kept(before(-0.4) + recent(0.6)))
    assert found.firing
    assert found.reason == (
        "stance +0.6 in 1 week (5 statements) against -0.4 in 4 weeks (12): "
        "now “New word 0” (01 Mar), before “Old word 0” (21 Feb)"
    )


def test_the_message_shows_the_old_word_and_the_new_ones() -> None:
    found = verdict(SHIFT, Kept(before(-0.4) + recent(0.6, 6)))
    assert [each.title for each in found.observations] == ["Old word 0", *(f"New word {n}" for n in range(4, -1, -1))]
    assert found.turn is not None
    assert found.turn.before == found.observations[0]


def test_the_newest_statement_that_leans_the_new_way_speaks_for_it() -> None:
    found = verdict(SHIFT, Kept([*before(-0.5, 20), *recent(0.9, 6), seen(0.1, -0.5, title="As ever")]))
    assert found.observations[-1].title == "New word 0"


def test_a_statement_is_quoted_in_its_own_words_and_not_at_length() -> None:
    long = [seen(0.1, 0.6, quote="word " * 60)]
    assert "word word …” (01 Mar)" in verdict(SHIFT, Kept(before(-0.4) + recent(0.6) + long)).reason


def test_a_shift_works_in_both_directions() -> None:
    assert verdict(SHIFT, Kept(before(0.5) + recent(-0.5))).firing


def test_a_small_difference_is_no_shift() -> None:
    assert not verdict(SHIFT, Kept(before(0.0) + recent(0.2))).firing


def test_a_difference_that_chance_may_make_is_no_shift() -> None:
    mixed = [seen(8 + number, score) for number, score in enumerate([1.0, -1.0] * 6)]
    assert undecided(Kept(mixed + recent(0.6, 5)))


def test_too_few_statements_say_so() -> None:
    found = verdict(SHIFT, Kept(before(-0.4, 9) + recent(0.6, 3)))
    assert found.reason == "3 statements with a leaning in 1 week, 9 in 4 weeks before, 5 and 12 needed"
    assert not found.firing


def test_unread_statements_are_never_averaged_in() -> None:
    unread = [seen(number / 9 + 0.1) for number in range(20)]
    assert verdict(SHIFT, Kept(before(-0.4) + recent(0.6) + unread)).firing
    assert not verdict(SHIFT, Kept(before(-0.4) + unread)).firing


def test_copies_of_one_statement_are_one() -> None:
    copies = [seen(number / 9, 0.6, story="one") for number in range(20)]
    assert not verdict(SHIFT, Kept(before(-0.4) + copies)).firing


def test_two_speakers_in_one_story_are_two_statements() -> None:
    two = [seen(n, 0.6, story=f"s{n}", speaker=name) for n in (1, 2, 3) for name in ("one", "two")]
    assert verdict(SHIFT, Kept(before(-0.4) + two)).firing


def test_one_owner_alone_makes_no_shift() -> None:
    assert undecided(Kept(before(-0.4) + recent(0.6, owner="one")))


def test_history_alone_makes_no_shift() -> None:
    assert undecided(Kept(before(-0.4) + recent(0.6, historic=True)))


def test_a_week_with_few_statements_neither_opens_nor_ends_a_shift() -> None:
    assert undecided(Kept(before(-0.4) + recent(0.6, 3)))


def test_a_shift_is_told_while_it_is_new_and_ends_when_the_new_tone_is_the_usual_one() -> None:
    statements = [seen(30 - day / 2, -0.5 if day < 30 else 0.5) for day in range(120)]
    history, states = Kept(statements), []
    for day in range(-20, 31):
        found = verdict(SHIFT, history, NOW + timedelta(days=day))
        states.append("fires" if found.firing else "holds" if found.holds else "ends")
    said = [state for state, previous in zip(states, [None, *states], strict=False) if state != previous]
    assert said == ["holds", "ends", "holds", "fires", "holds", "ends"]


def test_a_turn_of_some_weeks_ago_is_no_shift_any_more() -> None:
    turned = [seen(28 + number, -0.5) for number in range(7)] + [seen(number / 2, 0.5) for number in range(46)]
    assert undecided(Kept(turned)) or not verdict(SHIFT, Kept(turned)).firing
