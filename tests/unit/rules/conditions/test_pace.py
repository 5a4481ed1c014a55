"""Tests of monitor.rules.conditions.pace."""

from datetime import timedelta

from monitor.model import Observation, System
from tests.histories import NOW, Kept, condition, dollars, seen, verdict

NASAMS = System(id="nasams", name="NASAMS", kind="air_defence")
PACE = {"pace": "7d", "baseline": "8w"}


def weeks(per_week: int, millions: float = 100, count: int = 8) -> list[Observation]:
    return [
        seen(7 * week + 7 * number / per_week + 0.01, amounts=dollars(millions + week), donor=f"{week}/{number}")
        for week in range(1, count + 1)
        for number in range(per_week)
    ]


def this_week(count: int, millions: float = 100, **fields: object) -> list[Observation]:
    return [seen(number / 9, amounts=dollars(millions), donor=f"now/{number}", **fields) for number in range(count)]


def test_a_usual_week_is_quiet_and_says_the_band() -> None:
    found = verdict(PACE, Kept(weeks(3) + this_week(3)))
    assert not found.firing
    assert found.reason == (
        "3 packages in 1 week against 3.0 before (3 to 3 in 8 weeks); 300m USD against 303m USD to 324m USD"
    )


def test_many_more_packages_than_usual_fire() -> None:
    found = verdict(PACE, Kept(weeks(3) + this_week(14, 10)))
    assert found.firing
    assert len(found.observations) == 14


def test_far_fewer_packages_than_usual_fire() -> None:
    assert verdict(PACE, Kept(weeks(16))).firing


def test_a_volume_far_above_the_largest_week_fires() -> None:
    found = verdict(PACE, Kept(weeks(3) + this_week(2, 2000)))
    assert found.firing
    assert "; 4bn USD against 303m USD to 324m USD" in found.reason


def test_a_volume_far_below_the_smallest_week_fires_where_so_few_packages_are_unusual() -> None:
    found = verdict(PACE, Kept(weeks(6)))
    assert found.firing
    assert found.reason.startswith("0 packages in 1 week against 6.0 before")


def test_as_many_packages_of_small_sums_are_chance() -> None:
    assert not verdict(PACE, Kept(weeks(6) + this_week(6, 1))).firing


def test_a_small_volume_of_the_few_packages_that_are_usual_is_chance() -> None:
    assert not verdict(PACE, Kept(weeks(3) + this_week(3, 1))).firing


def test_sums_that_nobody_gives_do_not_fire() -> None:
    plain = [seen(7 * week + number, systems=(NASAMS,), donor=f"{number}") for week in range(9) for number in range(3)]
    assert not verdict(PACE, Kept(plain)).firing


def test_between_unusual_and_usual_an_alert_neither_opens_nor_ends() -> None:
    judge = condition(PACE).judge
    assert judge("r", (), Kept(weeks(3) + this_week(8, 40)), NOW) == []


def test_a_young_baseline_keeps_quiet_and_says_how_full_it_is() -> None:
    found = verdict(PACE, Kept(weeks(3) + this_week(14), since=NOW - timedelta(days=30)))
    assert (found.firing, found.reason) == (
        False,
        "baseline: 3 weeks of 8 weeks watched, 9 packages, at least 8 in 4 weeks needed",
    )
    assert verdict(PACE, Kept(since=NOW)).reason.startswith("baseline: empty, 0 packages")


def test_a_few_packages_in_many_weeks_are_no_baseline() -> None:
    assert not verdict(PACE, Kept(weeks(1, count=7) + this_week(9))).firing


def test_what_is_not_watched_now_is_said() -> None:
    found = verdict(PACE, Kept(weeks(16), since=None, failing="3 of 9 feeds failing since 14:05 UTC"))
    assert (found.firing, found.reason) == (False, "not watched: 3 of 9 feeds failing since 14:05 UTC")


def test_history_alone_is_no_change_of_pace() -> None:
    found = condition(PACE).judge("r", (), Kept(weeks(3) + this_week(20, historic=True)), NOW)
    assert not any(each.firing for each in found)
