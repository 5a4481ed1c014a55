"""Subscribing, confirming, changing, ending: each checked, each harmless when asked twice."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from monitor.errors import RequestError
from monitor.model import (
    Cadence,
    Notification,
    NotificationKind,
    NotificationState,
    Quiet,
    Schedule,
    Severity,
    Subscription,
    SubscriptionState,
)
from monitor.readers import Desk, Wish
from monitor.readers.desk import STRANGERS_AN_HOUR
from tests.fakes import MORNING
from tests.unit.readers.conftest import ANNA, BORYS, alert, notification, told

LATER = MORNING + timedelta(minutes=1)


def letters(desk: Desk) -> list[Notification]:
    """What was written to readers, the oldest first."""
    return list(reversed(desk.store.notifications()))


def pending(desk: Desk) -> Subscription:
    [found] = desk.store.subscriptions(SubscriptionState.PENDING)
    return found


def reasons(caught: pytest.ExceptionInfo[RequestError]) -> dict[str, str]:
    return dict(caught.value.reasons)


# --- by the operator ------------------------------------------------------------------------------------------------


def test_the_operator_subscribes_somebody_at_once_and_nobody_is_asked(desk: Desk) -> None:
    made = desk.enrol(ANNA, MORNING)
    assert (made.state, made.confirmed_at, made.name) == (SubscriptionState.ACTIVE, MORNING, ANNA.address)
    assert desk.store.subscription(made.id) == made
    assert letters(desk) == []


def test_who_names_no_cadence_hears_of_high_and_critical_at_once_and_of_the_rest_daily(desk: Desk) -> None:
    schedule = desk.enrol(ANNA, MORNING).schedule
    assert schedule.at == time(7)
    assert [schedule.cadences.get(each, Cadence.NOW) for each in Severity] == ["daily"] * 3 + ["now"] * 2


def test_an_address_is_subscribed_once_however_it_is_capitalised(desk: Desk) -> None:
    desk.enrol(ANNA, MORNING)
    with pytest.raises(RequestError, match="subscribed already"):
        desk.enrol(replace(ANNA, address="Anna@Newsroom.example"), LATER)


def test_everything_that_is_wrong_is_told_at_once(desk: Desk) -> None:
    quiet = Quiet(start=time(7), end=time(7))
    wrong = Wish(
        channel="mail",
        address="a\nb",
        name="two\nlines",
        rules=("plumbs",),
        tags=("frut",),
        langs=("english",),
        schedule=Schedule(zone="Europe/Kiew", weekday=9, quiet=quiet),
    )
    with pytest.raises(RequestError) as caught:
        desk.enrol(wrong, MORNING)
    assert set(reasons(caught)) == {"address", "name", "rules", "tags", "langs", "zone", "weekday", "quiet"}
    assert 'did you mean "plums"?' in reasons(caught)["rules"]
    assert 'did you mean "fruit"?' in reasons(caught)["tags"]


@pytest.mark.parametrize("zone", ["Nowhere/City", "", "..", "/etc/passwd", "Europe", "a\0b", "é" * 300])
def test_what_is_no_time_zone_is_refused(desk: Desk, zone: str) -> None:
    with pytest.raises(RequestError) as caught:
        desk.enrol(replace(ANNA, schedule=Schedule(zone=zone)), MORNING)
    assert list(reasons(caught)) == ["zone"]


def test_an_unknown_channel_is_told_with_those_there_are(desk: Desk) -> None:
    with pytest.raises(RequestError, match=r"no channel \"fax\" \(known: mail\)"):
        desk.enrol(replace(ANNA, channel="fax"), MORNING)


# --- by themselves --------------------------------------------------------------------------------------------------


def test_a_stranger_is_asked_first_and_hears_nothing_before(desk: Desk) -> None:
    desk.ask(ANNA, MORNING)
    waiting = pending(desk)
    [letter] = letters(desk)
    assert (letter.kind, letter.address, letter.subscription) == (
        NotificationKind.CONFIRMATION,
        ANNA.address,
        waiting.id,
    )
    assert "Indicators: Plums in talks" in letter.message.body
    assert desk.confirm(waiting.id, LATER).state is SubscriptionState.ACTIVE


def test_a_second_click_on_confirm_changes_nothing(desk: Desk) -> None:
    desk.ask(ANNA, MORNING)
    first = desk.confirm(pending(desk).id, LATER)
    assert desk.confirm(first.id, LATER + timedelta(hours=1)) == first


def test_asking_often_writes_few_letters(desk: Desk) -> None:
    for minute in range(0, 2 * 24 * 60, 5):
        desk.ask(ANNA, MORNING + timedelta(minutes=minute))
    assert len(letters(desk)) == 4
    assert {letter.subscription for letter in letters(desk)} == {pending(desk).id}


def test_the_last_wish_is_the_one_that_is_confirmed(desk: Desk) -> None:
    desk.ask(ANNA, MORNING)
    desk.ask(replace(ANNA, rules=("pears",)), LATER)
    assert desk.confirm(pending(desk).id, LATER).rules == ("pears",)


def test_a_request_nobody_confirmed_is_asked_anew_after_two_days(desk: Desk) -> None:
    desk.ask(ANNA, MORNING)
    desk.ask(ANNA, MORNING + timedelta(days=2))
    assert len({letter.subscription for letter in letters(desk)}) == 2


def test_who_is_subscribed_is_told_so_once_a_day_and_nothing_changes(desk: Desk) -> None:
    subscription = desk.enrol(ANNA, MORNING)
    for hour in range(12):
        desk.ask(replace(ANNA, rules=()), MORNING + timedelta(hours=hour))
    [letter] = letters(desk)
    assert letter.message.title == "You are subscribed already"
    assert desk.store.subscriptions() == [subscription]


def test_strangers_cannot_make_it_write_to_the_whole_world(desk: Desk) -> None:
    for number in range(STRANGERS_AN_HOUR):
        desk.ask(replace(ANNA, address=f"{number}@newsroom.example"), MORNING)
    with pytest.raises(RequestError, match="try again in an hour"):
        desk.ask(ANNA, LATER)
    desk.ask(ANNA, MORNING + timedelta(hours=1))


def test_without_pages_nobody_can_be_asked(desk: Desk) -> None:
    with pytest.raises(RequestError, match="there are no pages"):
        replace(desk, pages=False).ask(ANNA, MORNING)


def test_nobody_can_be_asked_without_an_address(desk: Desk) -> None:
    with pytest.raises(RequestError, match="address"):
        desk.ask(replace(ANNA, address=""), MORNING)


# --- changing and ending --------------------------------------------------------------------------------------------


def test_a_change_replaces_what_comes_and_keeps_to_whom(desk: Desk) -> None:
    anna = desk.enrol(ANNA, MORNING)
    wish = replace(BORYS, at_least=Severity.HIGH, schedule=Schedule(zone="Europe/Kyiv"))
    changed = desk.change(anna.id, wish)
    assert (changed.address, changed.rules, changed.at_least) == (ANNA.address, ("pears",), Severity.HIGH)
    assert desk.store.subscription(anna.id) == changed


def test_a_change_that_is_wrong_changes_nothing(desk: Desk) -> None:
    anna = desk.enrol(ANNA, MORNING)
    with pytest.raises(RequestError, match="no rule"):
        desk.change(anna.id, replace(ANNA, rules=("nuts",)))
    assert desk.store.subscription(anna.id) == anna


def test_ending_twice_ends_once(desk: Desk) -> None:
    anna = desk.enrol(ANNA, MORNING)
    ended = desk.end(anna.id, LATER)
    assert (ended.state, ended.ended_at) == (SubscriptionState.ENDED, LATER)
    assert desk.end(anna.id, LATER + timedelta(days=1)) == ended


def test_an_ended_subscription_is_neither_confirmed_nor_changed(desk: Desk) -> None:
    anna = desk.end(desk.enrol(ANNA, MORNING).id, LATER)
    with pytest.raises(RequestError, match="subscribe anew"):
        desk.confirm(anna.id, LATER)
    with pytest.raises(RequestError, match="ended"):
        desk.change(anna.id, ANNA)


def test_what_waits_for_somebody_who_leaves_is_never_sent(desk: Desk) -> None:
    anna, borys = desk.enrol(ANNA, MORNING), desk.enrol(BORYS, MORNING)
    plum = alert()
    told(desk.store, (plum, notification(plum, anna.id)), (plum, notification(plum, borys.id)))
    desk.end(anna.id, LATER)
    states = {each.subscription: (each.state, each.reason) for each in desk.store.notifications()}
    assert states[anna.id] == (NotificationState.DROPPED, "dropped: the subscription was ended")
    assert states[borys.id] == (NotificationState.PENDING, "")


def test_who_has_ended_can_subscribe_again(desk: Desk) -> None:
    first = desk.end(desk.enrol(ANNA, MORNING).id, LATER)
    assert desk.enrol(ANNA, LATER).id != first.id


def test_an_unknown_subscription_is_refused(desk: Desk) -> None:
    for request in (lambda: desk.confirm("x", MORNING), lambda: desk.end("x", MORNING), lambda: desk.change("x", ANNA)):
        with pytest.raises(RequestError, match="no such subscription"):
            request()
