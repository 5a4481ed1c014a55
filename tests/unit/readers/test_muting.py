"""Muting, its preview, and taking care of an alert."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import RequestError
from monitor.readers import PREVIEW, Desk, MuteWish
from tests.fakes import MORNING
from tests.unit.readers.conftest import ANNA, alert, notification, told

LATER = MORNING + timedelta(hours=1)
HOUR = timedelta(hours=1)
PLUMS = MuteWish(rule="plums", author="anna", lasts=HOUR)


def test_a_mute_says_who_why_and_until_when(desk: Desk) -> None:
    made = desk.mute(replace(PLUMS, reason="harvest"), MORNING)
    assert (made.author, made.reason, made.until) == ("anna", "harvest", MORNING + HOUR)
    assert desk.store.mutes(MORNING) == [made]
    assert desk.store.mutes(MORNING + HOUR) == []


def test_a_second_mute_of_the_same_replaces_the_first(desk: Desk) -> None:
    first = desk.mute(PLUMS, MORNING)
    second = desk.mute(replace(PLUMS, lasts=None), LATER - timedelta(minutes=1))
    assert (second.id, second.created_at, second.until) == (first.id, MORNING, None)
    assert desk.store.mutes(LATER) == [second]


def test_mutes_of_two_readers_are_two(desk: Desk) -> None:
    desk.mute(replace(PLUMS, reader="s1"), MORNING)
    desk.mute(replace(PLUMS, reader="s2"), MORNING)
    assert len(desk.store.mutes(MORNING)) == 2


def test_lifting_twice_lifts_once(desk: Desk) -> None:
    made = desk.mute(PLUMS, MORNING)
    lifted = desk.lift(made.id, MORNING)
    assert desk.lift(made.id, LATER) == lifted
    assert desk.store.mutes(MORNING) == []


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (MuteWish(author="anna"), "scope"),
        (MuteWish(rule="plums", author=""), "author"),
        (MuteWish(rule="plums", author="a\nb"), "author"),
        (MuteWish(rule="plums", author="a", reason="x" * 301), "reason"),
        (MuteWish(rule="plums", author="a", lasts=timedelta(0)), "lasts"),
        (MuteWish(rule="plums", author="a", lasts=timedelta(days=401)), "lasts"),
        (MuteWish(rule="nuts", author="a"), "rule"),
        (MuteWish(alert_id="nothing", author="a"), "alert"),
    ],
)
def test_a_mute_that_makes_no_sense_is_refused(desk: Desk, wish: MuteWish, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        desk.mute(wish, MORNING)
    assert [name for name, _ in caught.value.reasons] == [field]
    assert desk.store.mutes(MORNING) == []


def test_a_preview_shows_what_the_mute_would_have_held_and_mutes_nothing(desk: Desk) -> None:
    anna = desk.enrol(ANNA, MORNING)
    plum, pear, old = alert("a1"), alert("a2", "pears"), alert("a3", at=MORNING - PREVIEW - HOUR)
    mine, other, not_mine = notification(plum, anna.id), notification(pear, anna.id), notification(plum, "s9")
    told(desk.store, (plum, mine), (pear, other), (plum, not_mine), (old, notification(old, anna.id)))
    assert {each.id for each in desk.preview(replace(PLUMS, reader=anna.id), LATER)} == {mine.id}
    assert {each.id for each in desk.preview(PLUMS, LATER)} == {mine.id, not_mine.id}
    assert desk.store.mutes(LATER) == []


def test_a_mute_from_a_configured_route_is_for_that_route_alone(desk: Desk) -> None:
    plum = alert()
    ops, press = notification(plum, route="ops"), notification(plum, route="press")
    told(desk.store, (plum, ops), (plum, press))
    assert [each.id for each in desk.preview(replace(PLUMS, reader="ops"), LATER)] == [ops.id]


def test_the_first_who_takes_care_of_an_alert_stays(desk: Desk) -> None:
    told(desk.store, (alert(), notification(alert())))
    by, first = desk.acknowledge("a1", "anna", MORNING, "on it")
    assert (by.author, by.reason, first) == ("anna", "on it", True)
    assert desk.acknowledge("a1", "borys", LATER) == (by, False)
    assert desk.acknowledge("a1", "anna", LATER) == (by, False)


@pytest.mark.parametrize(("alert_id", "author"), [("nothing", "anna"), ("a1", "")])
def test_taking_care_needs_an_alert_and_a_name(desk: Desk, alert_id: str, author: str) -> None:
    told(desk.store, (alert(), notification(alert())))
    with pytest.raises(RequestError):
        desk.acknowledge(alert_id, author, MORNING)
