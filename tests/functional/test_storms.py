"""Floods: a publisher gone wild, an absence, a first run. They end in a few messages, and nothing is dropped."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from monitor.model import Acknowledgement, Mute, NotificationKind, NotificationState, Severity
from monitor.sources.fetch import Fetcher
from tests.fakes import Answer, Publisher
from tests.functional.newsroom import Newsroom

Opening = Callable[..., Newsroom]
SENT, HELD, BUNDLED = NotificationState.SENT, NotificationState.HELD, NotificationState.BUNDLED
DESK = "subscriptions: {desk: {channel: mailbox, cadence: now}}\n"


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Opening]:
    opened: list[Newsroom] = []

    def open_one(configuration: str, *names: str) -> Newsroom:
        opened.append(Newsroom(tmp_path, configuration, names or ("mailbox",)))
        return opened[-1]

    yield open_one
    for each in opened:
        each.stop()


def test_a_publisher_that_floods_is_summed_up_and_the_others_are_told_in_time(opening: Opening) -> None:
    room = opening(DESK)
    flood = room.report(Severity.MEDIUM, "Flood Wire", many=400)
    honest = room.report(Severity.HIGH, "North Daily")
    critical = room.report(Severity.CRITICAL, "Flood Wire")
    room.work()
    titles = [message.title for message in room.told()]
    assert len(titles) == 17, "half of thirty for one publisher, and the two others"
    assert all(any(alert.title in title for title in titles) for alert in (*honest, *critical))
    waiting = room.outbox(HELD)
    assert len(waiting) == len(flood) - 15
    assert waiting[0].reason == '15 messages of the publisher "Flood Wire" within 60 min; summary at 09:00 UTC'

    room.later(hours=1, minutes=1)
    [summary] = room.told()
    assert "385 alerts" in summary.counts
    assert {each.state for each in room.outbox()} == {SENT, BUNDLED}


def test_a_flood_asks_the_store_no_more_often_than_a_drop(opening: Opening) -> None:
    """All other work waits while a poll is committed."""
    room = opening(DESK)
    few = statements(lambda: room.report(Severity.MEDIUM, "Flood Wire", many=5))
    many = statements(lambda: room.report(Severity.MEDIUM, "Flood Wire", many=400))
    assert many <= few
    assert len(room.outbox()) == 405


def statements(work: Callable[[], object]) -> int:
    """How many statements the databases of this process are given meanwhile."""
    counted: list[object] = []

    def count(*statement: object) -> None:
        counted.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        work()
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return len(counted)


def test_a_rule_gone_wild_leaves_room_for_the_others(opening: Opening) -> None:
    room = opening(DESK)
    for number in range(40):
        room.report(Severity.MEDIUM, f"Publisher {number}")
    room.report(Severity.LOW, "North Daily")
    room.work()
    assert [message.severity for message in room.told()] == [Severity.MEDIUM] * 15 + [Severity.LOW]


def test_a_flood_that_goes_on_is_bounded_within_any_hour(opening: Opening) -> None:
    room = opening(DESK)
    for _ in range(36):
        room.report(Severity.MEDIUM, "Flood Wire", many=5)
        room.later(minutes=10)
    sent = [each.sent_at for each in room.outbox(SENT) if each.sent_at is not None]
    for moment in sent:
        assert sum(moment <= other < moment + timedelta(hours=1) for other in sent) <= 15 + 1, "and one summary"


def test_a_budget_holds_across_a_restart_and_for_each_reader_alone(opening: Opening) -> None:
    room = opening(
        "subscriptions:\n"
        "  a: {channel: one, cadence: now}\n"
        "  b: {channel: two, cadence: {medium: now, low: daily}}\n"
        "delivery: {budget: 4/hour}\n",
        *("one", "two"),
    )
    for number in range(3):
        room.report(Severity.LOW, f"Publisher {number}")
    room.restart()
    room.report(Severity.MEDIUM, "North Daily")
    room.report(Severity.MEDIUM, "South Post")
    room.report(Severity.MEDIUM, "East Post")
    room.work()
    assert len(room.told("one")) == 4
    assert len(room.told("two")) == 2, "what it has in its digest does not count"


def test_without_a_bound_everything_is_sent_at_once(opening: Opening) -> None:
    room = opening(DESK + "delivery: {budget: none}\n")
    room.report(Severity.MEDIUM, many=50)
    room.work()
    assert len(room.told()) == 50


# --- after an absence, and at the first run -------------------------------------------------------------------------


def begin(room: Newsroom) -> None:
    asyncio.run(room.app.begin(room.clock.now))


def test_what_is_found_after_an_absence_comes_in_one_summary_but_critical_alerts_at_once(opening: Opening) -> None:
    room = opening(DESK)
    begin(room)
    room.app.store.beat("host", room.clock.now)
    room.restart()
    room.clock.forward(hours=5)
    begin(room)
    for _ in range(3):
        room.report(Severity.HIGH)
        room.later(minutes=1)
    room.report(Severity.CRITICAL)
    room.work()
    assert [message.severity for message in room.told()] == [Severity.CRITICAL]
    assert {each.reason for each in room.outbox(HELD)} == {"found while catching up after an absence"}
    room.later(minutes=8)
    [summary] = room.told()
    assert "3 alerts" in summary.counts
    room.report(Severity.HIGH, "South Post")
    room.work()
    assert len(room.told()) == 1, "it has caught up"


def test_a_restart_while_catching_up_goes_on_with_it(opening: Opening) -> None:
    room = opening(DESK)
    room.app.store.beat("host", room.clock.now)
    room.clock.forward(hours=5)
    begin(room)
    room.app.store.beat("host", room.clock.now)
    room.report(Severity.HIGH)
    room.restart()
    begin(room)
    room.report(Severity.HIGH)
    room.later(minutes=11)
    [summary] = room.told()
    assert "2 alerts" in summary.counts


def test_a_short_absence_changes_nothing(opening: Opening) -> None:
    room = opening(DESK)
    room.app.store.beat("host", room.clock.now)
    room.clock.forward(minutes=50)
    begin(room)
    room.report(Severity.HIGH)
    room.work()
    assert len(room.told()) == 1


def test_quieter_alerts_found_after_an_absence_wait_for_their_digest(opening: Opening) -> None:
    room = opening("subscriptions: {desk: {channel: mailbox, cadence: {low: hourly, high: now}}}")
    room.app.store.beat("host", room.clock.now)
    room.clock.forward(hours=5, minutes=30)
    begin(room)
    room.report(Severity.LOW)
    room.report(Severity.HIGH)
    assert sorted(each.bundle for each in room.outbox(HELD)) == ["catch-up", "hourly"]


# --- nobody acknowledges --------------------------------------------------------------------------------------------

WAKING = DESK + "escalation: {to: pager, after: 15m}\n"


def test_a_loud_alert_nobody_acknowledges_reaches_the_second_route_once(opening: Opening) -> None:
    room = opening(WAKING, "mailbox", "pager")
    [alert] = room.report(Severity.HIGH)
    room.report(Severity.MEDIUM)
    room.work()
    room.later(minutes=14)
    assert room.told("pager") == []
    room.later(minutes=2)
    [woken] = room.told("pager")
    assert woken.title == f"Nobody acknowledged: {alert.title}"
    room.restart()
    room.later(hours=2)
    assert room.told("pager") == []
    [escalated] = [each for each in room.outbox() if each.kind is NotificationKind.ESCALATION]
    assert (escalated.route, escalated.alert_id) == ("escalation", alert.id)


def test_a_loud_alert_that_was_told_in_a_summary_is_escalated_after_that(opening: Opening) -> None:
    room = opening(WAKING + "delivery: {budget: 2/hour}\n", "mailbox", "pager")
    alerts = [room.report(Severity.HIGH, f"Publisher {number}")[0] for number in range(3)]
    room.work()
    assert len(room.told()) == 1, "half of two for one rule"
    room.later(minutes=20)
    assert [message.title for message in room.told("pager")] == [f"Nobody acknowledged: {alerts[0].title}"]
    room.later(minutes=41)
    assert "2 alerts" in room.told()[0].counts
    room.later(minutes=16)
    assert len(room.told("pager")) == 2


def test_an_alert_that_was_not_delivered_yet_waits_with_its_escalation(opening: Opening) -> None:
    room = opening(WAKING, "mailbox", "pager")
    room.report(Severity.HIGH)
    room.clock.forward(minutes=20)
    asyncio.run(room.app.bundle())
    assert [each.kind for each in room.outbox()] == [NotificationKind.ALERT]


def test_what_somebody_acknowledged_or_snoozed_wakes_nobody(opening: Opening) -> None:
    room = opening(WAKING, "mailbox", "pager")
    [seen] = room.report(Severity.HIGH)
    [snoozed] = room.report(Severity.HIGH, "South Post")
    room.work()
    now = room.clock.now
    with room.app.store.unit() as unit:
        unit.acknowledge(Acknowledgement(alert_id=seen.id, author="Anna", at=now))
        unit.keep_mute(Mute(id="m", alert_id=snoozed.id, until=now + timedelta(days=1), author="Anna", created_at=now))
    room.later(hours=1)
    assert room.told("pager") == []


def test_a_new_installation_says_once_that_it_watches(opening: Opening) -> None:
    room = opening(
        DESK + 'operator: ops\nfeeds: [{id: north, url: "https://north.example/feed"}, '
        '{id: south, url: "https://south.example/feed"}]\n',
        *("mailbox", "ops"),
    )
    room.work()
    assert room.told("ops") == []
    publisher = Publisher()
    publisher.publish("north", "Weather stays mild")
    publisher.answers["south"] = Answer(status=500)
    room.app.fetcher = Fetcher(transport=publisher.transport)
    asyncio.run(room.app.poll_due())
    room.work()
    [message] = room.told("ops")
    assert message.title == "The watch has begun"
    assert "watching 2 feeds; 1 could not be read yet" in message.body
    room.restart()
    room.later(hours=1)
    assert (room.told("ops"), room.told()) == ([], [])
