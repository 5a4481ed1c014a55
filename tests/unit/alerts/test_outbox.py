"""Tests of monitor.alerts.outbox."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.alerts.message import render
from monitor.alerts.outbox import following, notifications
from monitor.model import Alert, AlertState, NotificationState, Observation, Route, Severity

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEEN = Observation(id="o1", rule="envoys", rule_version="v1", item_id="i1", title="Report", at=NOW)
ALERT = Alert(
    id="a1",
    rule="envoys",
    rule_version="v1",
    name="n",
    group="",
    severity=Severity.MEDIUM,
    title="t",
    reason="r",
    observation_ids=("o1",),
    opened_at=NOW,
    updated_at=NOW,
)
ENDED = replace(ALERT, state=AlertState.RESOLVED, ended_at=NOW)
ROUTES = [
    Route(name="all", channel="desk"),
    Route(name="loud", channel="phone", at_least=Severity.HIGH),
    Route(name="mine", channel="mail", rules=("envoys",)),
]


def test_an_opening_is_told_to_every_channel_that_wants_it() -> None:
    desk, mail = notifications(ALERT, None, [SEEN], ROUTES, NOW)
    assert (desk.channel, desk.route, mail.channel, mail.route) == ("desk", "all", "mail", "mine")
    assert desk.message == mail.message == render(ALERT, [SEEN])
    assert (desk.alert_id, desk.alert_state, desk.state) == ("a1", AlertState.FIRING, NotificationState.PENDING)
    assert (desk.created_at, desk.next_attempt_at, desk.attempts, desk.reason) == (NOW, NOW, 0, "")


def test_a_new_alert_after_one_that_ended_is_an_opening() -> None:
    assert len(notifications(replace(ALERT, id="a2"), ENDED, [SEEN], ROUTES, NOW)) == 2


def test_later_reports_send_nothing() -> None:
    joined = replace(ALERT, observation_ids=("o1", "o2"))
    assert notifications(joined, ALERT, [SEEN], ROUTES, NOW) == ()


def test_an_ending_sends_nothing() -> None:
    assert notifications(ENDED, ALERT, [], ROUTES, NOW) == ()


def test_writing_a_notification_twice_gives_the_same_id_and_no_other_has_it() -> None:
    first = notifications(ALERT, None, [SEEN], ROUTES, NOW)
    again = notifications(ALERT, None, [SEEN], ROUTES, NOW + timedelta(hours=1))
    other = notifications(replace(ALERT, id="a2"), None, [SEEN], ROUTES, NOW)
    assert [n.id for n in first] == [n.id for n in again]
    assert len({n.id for n in (*first, *other)}) == 4


def test_news_of_an_open_alert_is_told_once_with_what_changed() -> None:
    [update] = notifications(ALERT, ALERT, [SEEN], ROUTES[:1], NOW, news=["sum now 2", "stage now approved"])
    assert update.message.title == "Updated: t"
    assert update.message.body.startswith("New: sum now 2\nNew: stage now approved\n\nWhy: r")
    [opening] = notifications(ALERT, None, [SEEN], ROUTES[:1], NOW)
    [again] = notifications(ALERT, ALERT, [SEEN], ROUTES[:1], NOW, news=["sum now 2", "stage now approved"])
    [other] = notifications(ALERT, ALERT, [SEEN], ROUTES[:1], NOW, news=["sum now 3"])
    assert again.id == update.id
    assert len({opening.id, update.id, other.id}) == 3


def test_news_follow_the_first_message_to_the_same_target() -> None:
    [news] = notifications(ALERT, ALERT, [SEEN], ROUTES[:1], NOW, news=["sum now 2"])
    [first] = notifications(ALERT, None, [SEEN], ROUTES[:1], NOW)
    later = NOW + timedelta(hours=1)
    held = replace(first, state=NotificationState.HELD, next_attempt_at=later, bundle="daily", reason="daily digest")
    muted = replace(first, state=NotificationState.MUTED)
    joined = following(news, [first, held])
    assert joined == replace(news, state=held.state, next_attempt_at=later, bundle="daily", reason="daily digest")
    assert following(news, [replace(first, state=NotificationState.BUNDLED)]) == news
    assert following(news, [muted]) is None
    assert following(news, [muted, replace(first, state=NotificationState.SENT)]) == news
