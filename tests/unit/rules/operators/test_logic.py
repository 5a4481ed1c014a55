"""any, all, none, at_least: how expressions are put together."""

from collections.abc import Callable

import pytest

YES, NO = True, False


@pytest.mark.parametrize(
    ("expression", "title", "expected"),
    [
        ("Gripen", "Gripen jets", YES),
        ("28", "28 points", YES),
        ("[truce, ceasefire]", "A ceasefire", YES),
        ("[truce, ceasefire]", "A war", NO),
        ("{any: [truce, ceasefire]}", "A truce", YES),
        ("{any: [truce, {all: [aid, Kyiv]}]}", "Aid for Kyiv", YES),
        ("{any: [truce, {all: [aid, Kyiv]}]}", "Aid for Gaza", NO),
        ("[truce, {all: [aid, Kyiv]}]", "Kyiv aid", YES),
        ("{all: [aid, [Kyiv, Ukraine]]}", "Aid to Ukraine", YES),
        ("{all: [aid, [Kyiv, Ukraine]]}", "Aid to Gaza", NO),
        ("{any: [aid], none: [Gaza]}", "Aid to Gaza", NO),
        ("{any: [aid], none: [Gaza]}", "Aid to Kyiv", YES),
        ("{none: [{all: [aid, Gaza]}], any: [aid]}", "Aid to Kyiv", YES),
        ("{none: [{all: [aid, Gaza]}], any: [aid]}", "Gaza aid", NO),
        ("{none: [sport]}", "Aid", YES),
        ("{any: [aid], with: [Kyiv]}", "Aid to Kyiv", YES),
        ("[patriot~, -New England Patriots]", "New England Patriots win", NO),
        ("[patriot~, -New England Patriots]", "Patriot missiles", YES),
        ("{at_least: {2: [rail, fire, drone]}}", "Drone starts fire", YES),
        ("{at_least: {2: [rail, fire, drone]}}", "Drone, drone and drone", NO),
        ("{at_least: {2: [[fire, blaze], drone]}}", "A fire and a blaze", NO),
        ("{at_least: {2: [[fire, blaze], {all: [drone, rail]}]}}", "A fire, a drone, a rail", YES),
        ("{any: [{any: [{all: [{any: [deep]}]}]}]}", "deep", YES),
        ("/dro+ne/", "a droone", YES),
        ("{any: [/dro+ne/], none: [toy]}", "a droone", YES),
    ],
)
def test_lists_mean_any_and_maps_mean_all(
    selects: Callable[..., bool], expression: str, title: str, expected: bool
) -> None:
    assert selects(expression, title) is expected


LISTS = """
    lists:
      act:
        en: [sabotage~, arson, blast~]
        ru: [диверсия~]
      peace: [peace, -peace of mind]
    systems:
      patriot: {class: air_defence, terms: [Patriot], unless: [quarterback]}
      nasams: {class: air_defence, en: [NASAMS]}
    actors:
      kremlin: {side: russia, en: [Kremlin]}
      moscow: {side: russia, en: [Moscow]}
"""


@pytest.mark.parametrize(
    ("expression", "title", "expected"),
    [
        ("[$act]", "Arson near Warsaw", YES),
        ("$act", "О диверсиях", YES),
        ("[$act]", "Quiet day", NO),
        ("{at_least: {2: [$act]}}", "Sabotage and arson", YES),
        ("{at_least: {2: [$act]}}", "Sabotages and sabotage", NO),
        ("[$peace]", "peace of mind", NO),
        ("{at_least: {2: [$peace, mind]}}", "peace of mind", NO),
        ("[$patriot]", "Patriot battery", YES),
        ("[$patriot]", "Patriot quarterback", NO),
        ("[$air_defence]", "NASAMS arrive", YES),
        ("[$systems]", "A Patriot", YES),
        ("[$russia]", "Moscow waits", YES),
        ("[$kremlin, -Kremlin Cup]", "The Kremlin Cup", NO),
    ],
)
def test_a_dollar_takes_in_lists_actors_sides_systems_and_classes(
    selects: Callable[..., bool], expression: str, title: str, expected: bool
) -> None:
    assert selects(expression, title, LISTS) is expected


def test_every_clause_says_why_it_fails(why: Callable[..., str]) -> None:
    assert why("{any: [truce, ceasefire]}", "war") == "any: found none of: truce, ceasefire"
    assert why("{any: [aid], none: [Gaza, Iran]}", "aid to Gaza") == 'all: none: found "Gaza"'
    assert why("{at_least: {2: [a1, b1]}}", "a1") == "at_least: 1 of the 2 needed"
    assert why("{any: [{all: [a1, b1]}, {all: [c1, d1]}]}", "x") == "any: none of the entries holds"
    slow = why("['/(b+)+$/']", "a", summary="b" * 50_000 + "!")
    assert slow == "any: found none of: /(b+)+$/; gave up on /(b+)+$/, which took too long"
    many = ", ".join(f"w{number}" for number in range(12))
    assert why(f"[{many}]", "x").endswith("w7 and 4 more")
