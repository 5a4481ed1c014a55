"""Digests and quiet hours, also on a clock that is put forward and back: all is told once, one digest each day."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.model import (
    Cadence,
    Mute,
    NotificationKind,
    NotificationState,
    Schedule,
    Severity,
    Subscription,
    SubscriptionState,
)
from tests.functional.newsroom import Newsroom

Opening = Callable[..., Newsroom]
CHANGES = [
    ("Europe/Kyiv", date(2026, 3, 29), "03:30"),
    ("Europe/Kyiv", date(2026, 10, 25), "03:30"),
    ("America/New_York", date(2026, 3, 8), "02:30"),
    ("America/New_York", date(2026, 11, 1), "01:30"),
    ("Australia/Lord_Howe", date(2026, 10, 4), "02:15"),
    ("Australia/Lord_Howe", date(2026, 4, 5), "01:45"),
]
HALF_AN_HOUR = timedelta(minutes=30)
SENT, HELD, BUNDLED = NotificationState.SENT, NotificationState.HELD, NotificationState.BUNDLED


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Opening]:
    opened: list[Newsroom] = []

    def open_one(configuration: str, *names: str) -> Newsroom:
        opened.append(Newsroom(tmp_path, configuration, names or ("mailbox",)))
        return opened[-1]

    yield open_one
    for each in opened:
        each.stop()


@pytest.mark.parametrize(("zone", "changed", "at"), CHANGES)
def test_around_a_change_of_the_clock_every_alert_is_told_once(
    opening: Opening, zone: str, changed: date, at: str
) -> None:
    room = opening(
        f"""\
subscriptions:
  daily: {{channel: daily, cadence: daily, at: "{at}", zone: {zone}}}
  hourly: {{channel: hourly, cadence: hourly, zone: {zone}}}
  night: {{channel: night, cadence: now, zone: {zone}, quiet: {{from: "22:00", to: "07:00", passes: critical}}}}
delivery: {{budget: none}}
""",
        *("daily", "hourly", "night"),
    )
    clock = ZoneInfo(zone)
    begin, end = (datetime.combine(changed + timedelta(days=days), time(12), clock).astimezone(UTC) for days in (-1, 1))
    room.clock.now, alerts = begin, 0
    while room.clock.now < end:
        alerts += len(room.report())
        room.later(minutes=1)
        room.clock.now += HALF_AN_HOUR - timedelta(minutes=1)
        if alerts == 30:  # about when the clock is changed
            room.restart()
    room.until(end + timedelta(days=1, hours=1), HALF_AN_HOUR)
    assert alerts > 90

    for name in ("daily", "hourly", "night"):
        _counts_every_alert_once(room, name, alerts)
    daily = [each for each in room.outbox(channel="daily") if each.kind is NotificationKind.DIGEST]
    days = [_local(each.created_at, clock).date() for each in daily]
    assert days == [changed + timedelta(days=number) for number in (0, 1, 2)], "one on each local day"
    hours = Counter(each.created_at.replace(minute=0) for each in room.outbox(channel="hourly") if not each.alert_id)
    assert set(hours.values()) == {1}
    for each in room.outbox(SENT, "night"):
        assert each.sent_at is not None
        assert time(7) <= _local(each.sent_at, clock).time() < time(22)


def _counts_every_alert_once(room: Newsroom, channel: str, alerts: int) -> None:
    written = room.outbox(channel=channel)
    about_one = [each for each in written if each.alert_id]
    assert len({each.alert_id for each in about_one}) == len(about_one) == alerts
    assert {each.state for each in about_one} <= {SENT, BUNDLED}
    sent = {each.id for each in written if each.state is SENT}
    assert {each.bundle for each in about_one if each.state is BUNDLED} <= sent
    assert len(room.boxes[channel].messages) == len(sent)


def _local(moment: datetime, clock: ZoneInfo) -> datetime:
    return moment.astimezone(clock)


def test_a_digest_tells_what_waited_with_the_coverage_and_marks_it(opening: Opening) -> None:
    room = opening('subscriptions: {desk: {channel: mailbox, cadence: {low: daily}, at: "07:00", zone: Europe/Kyiv}}')
    room.report(Severity.LOW)
    room.later(hours=3)
    room.report(Severity.LOW)
    room.work()
    assert room.told() == []
    [first, second] = room.outbox()
    assert (first.state, first.bundle) == (HELD, "daily")
    assert first.reason == "daily digest at 2026-03-02 07:00 Europe/Kyiv"
    room.until(datetime(2026, 3, 2, 5, 1, tzinfo=UTC), timedelta(hours=1))
    [digest] = room.told()
    assert [len(section.entries) for section in digest.sections] == [2]
    assert digest.coverage == "0 of 0 feeds read"
    assert [sum(section.chart) for section in digest.sections] == [2]
    [written] = [each for each in room.outbox() if each.kind is NotificationKind.DIGEST]
    assert {(each.state, each.bundle) for each in room.outbox() if each.alert_id} == {(BUNDLED, written.id)}
    assert second.id != first.id
    room.later(days=1)
    assert room.told() == [], "a day without news has no digest"


def test_loud_alerts_go_at_once_while_quieter_ones_wait(opening: Opening) -> None:
    room = opening("subscriptions: {desk: {channel: mailbox, cadence: {high: now, medium: hourly}}}")
    room.report(Severity.HIGH)
    room.report(Severity.MEDIUM)
    room.work()
    assert [message.severity for message in room.told()] == [Severity.HIGH]
    room.later(minutes=61)
    assert [message.severity for message in room.told()] == [Severity.MEDIUM]


def test_a_single_message_that_waited_for_the_end_of_quiet_hours_goes_out_as_it_is(opening: Opening) -> None:
    room = opening('subscriptions: {desk: {channel: mailbox, cadence: now, quiet: {from: "07:00", to: "10:00"}}}')
    [alert] = room.report(Severity.MEDIUM)
    room.later(hours=1)
    assert room.told() == []
    room.later(hours=1, minutes=1)
    [message] = room.told()
    assert alert.title in message.title
    assert [each.state for each in room.outbox()] == [SENT]


def test_a_digest_that_nobody_was_there_to_tell_does_not_come_in_quiet_hours(opening: Opening) -> None:
    room = opening('subscriptions: {desk: {channel: mailbox, cadence: hourly, quiet: {from: "22:00", to: "07:00"}}}')
    room.clock.now = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
    room.report(Severity.MEDIUM)
    room.later(hours=3)
    assert room.told() == []
    room.later(hours=7, minutes=31)
    assert len(room.told()) == 1


def test_news_of_a_held_alert_wait_with_it_and_come_in_the_same_digest(opening: Opening) -> None:
    room = opening("subscriptions: {desk: {channel: mailbox, cadence: daily}}")
    [alert] = room.report(Severity.MEDIUM)
    room.later(minutes=30)
    _tell_news(room, alert.id, "sum now 2")
    assert {(each.kind, each.state, each.bundle) for each in room.outbox()} == {
        (NotificationKind.ALERT, HELD, "daily"),
        (NotificationKind.UPDATE, HELD, "daily"),
    }
    room.until(datetime(2026, 3, 2, 7, 1, tzinfo=UTC), timedelta(hours=1))
    assert len(room.told()) == 1
    assert {each.state for each in room.outbox() if each.alert_id} == {BUNDLED}
    _tell_news(room, alert.id, "sum now 3")
    assert [each.state for each in room.outbox() if each.alert_id] == [BUNDLED, BUNDLED, HELD], "the next one"


def test_news_go_to_those_who_got_the_first_message_and_to_nobody_else(opening: Opening) -> None:
    room = opening(
        "subscriptions:\n"
        "  here: {channel: here, cadence: now, langs: [uk]}\n"
        "  there: {channel: there, cadence: now, langs: [en]}\n",
        *("here", "there"),
    )
    [alert] = room.report(lang="en")
    _tell_news(room, alert.id, "sum now 2")
    room.work()
    assert [len(room.told("here")), len(room.told("there"))] == [0, 2]


def test_readers_who_subscribed_themselves_are_told_on_their_own_schedule(opening: Opening) -> None:
    room = opening("subscriptions: {}")
    _subscribe(room, "a1", "anna@x.example")
    _subscribe(room, "b1", "boris@x.example", SubscriptionState.PENDING)
    room.report(Severity.HIGH)
    room.work()
    assert room.boxes["mailbox"].addresses == ["anna@x.example"]
    [sent] = room.outbox()
    assert (sent.subscription, sent.address, sent.state) == ("a1", "anna@x.example", SENT)


@pytest.mark.parametrize(("origin", "may"), [("command", True), ("link", False), ("telegram", False)])
def test_only_whom_the_operator_subscribed_is_offered_to_acknowledge(opening: Opening, origin: str, may: bool) -> None:
    room = opening("subscriptions: {}\nweb: {public_url: https://watch.example}\n")
    _subscribe(room, "a1", "anna@x.example", origin=origin)
    room.report(Severity.HIGH)
    room.work()
    [message] = room.told()
    assert [action.label for action in message.actions] == ["Acknowledge"] * may + ["Snooze", "Mute", "Preferences"]


def test_a_reader_who_left_is_not_told_what_waited_and_it_stays_visible(opening: Opening) -> None:
    room = opening("subscriptions: {}")
    _subscribe(room, "a1", "anna@x.example", schedule=Schedule(cadences={Severity.MEDIUM: Cadence.HOURLY}))
    room.report(Severity.MEDIUM)
    _subscribe(room, "a1", "anna@x.example", SubscriptionState.ENDED)
    room.later(hours=1, minutes=1)
    assert room.told() == []
    [dropped] = room.outbox()
    assert (dropped.state, dropped.reason) == (NotificationState.DROPPED, "dropped: the subscription was ended")


def test_what_was_muted_while_it_waited_is_left_out_of_the_digest(opening: Opening) -> None:
    room = opening("subscriptions: {desk: {channel: mailbox, cadence: hourly}}")
    room.report(Severity.MEDIUM)
    [low] = room.report(Severity.LOW)
    _mute(room, Mute(id="m", rule="medium-watch", author="Anna", created_at=room.clock.now))
    room.later(hours=1, minutes=1)
    [digest] = room.told()
    assert [entry.title for section in digest.sections for entry in section.entries] == [low.title]
    assert sorted(each.state for each in room.outbox() if each.alert_id) == [BUNDLED, NotificationState.MUTED]


def test_a_muted_alert_is_kept_with_its_reason_and_its_news_are_not_told_either(opening: Opening) -> None:
    room = opening("subscriptions: {desk: {channel: mailbox, cadence: now}}")
    until = room.clock.now + timedelta(hours=1)
    _mute(room, Mute(id="m", rule="medium-watch", until=until, author="Anna", created_at=room.clock.now))
    [alert] = room.report(Severity.MEDIUM)
    room.work()
    assert room.told() == []
    assert [(each.state, each.reason) for each in room.outbox()] == [
        (NotificationState.MUTED, "muted by Anna until 2026-03-01 09:00 UTC")
    ]
    room.later(hours=2)
    _tell_news(room, alert.id, "sum now 2")
    room.work()
    assert room.told() == []
    room.report(Severity.MEDIUM)
    room.work()
    assert len(room.told()) == 1, "the mute is over"


def _tell_news(room: Newsroom, alert_id: str, *news: str) -> None:
    with room.app.store.unit() as unit:
        alert = unit.alerts_by_id([alert_id])[alert_id]
        room.app.detector.dispatcher.of(unit, room.clock.now).tell_news(alert, unit.observations_of(alert), news)


def _mute(room: Newsroom, mute: Mute) -> None:
    with room.app.store.unit() as unit:
        unit.keep_mute(mute)


def _subscribe(
    room: Newsroom,
    name: str,
    address: str,
    state: SubscriptionState = SubscriptionState.ACTIVE,
    schedule: Schedule | None = None,
    origin: str = "command",
) -> None:
    subscription = Subscription(
        id=name,
        name=name,
        channel="mailbox",
        address=address,
        state=state,
        schedule=schedule or Schedule(),
        origin=origin,
        created_at=room.clock.now,
    )
    with room.app.store.unit() as unit:
        unit.keep_subscription(subscription)
