"""`poll`, `status`, `alerts`, `outbox`, `send-test` and the line of `run`: what the service did, as one sees it."""

import socket
from datetime import timedelta

from monitor.cli.options import now
from monitor.cli.run import Live
from monitor.cli.stored import store_of
from monitor.errors import DeliveryError
from monitor.model import Alert, AlertState, Message, Notification, NotificationState, Severity
from monitor.pipeline import PollReport
from monitor.settings import load
from tests.fakes import begin_due
from tests.unit.cli.conftest import Installation

# --- poll -----------------------------------------------------------------------------------------------------------


def test_a_first_poll_is_history_and_a_second_raises_alerts(installation: Installation):
    installation.publish("An old plum")
    first = installation.ok("poll", "--once")
    assert first.splitlines()[1].split() == ["orchard", "history", "1", "1", "0"]
    installation.publish("A new plum", "Something else")
    second = installation.ok("poll", "orchard")
    assert "HIGH" in second
    assert "A new plum" in second
    assert "orchard  ok      2          1             1" in second
    assert "1 feeds polled, 0 failed; 2 new items, 1 alerts, 1 notifications tried." in second
    assert "unchanged" in installation.ok("poll", "orchard")


def test_notifications_can_wait(installation: Installation):
    installation.publish("An old plum")
    installation.ok("poll", "--no-send")
    installation.publish("A new plum")
    assert "HIGH" not in installation.ok("poll", "--no-send", "orchard")
    assert "pending" in installation.ok("outbox", "list")


def test_a_poll_says_when_nothing_is_due(installation: Installation):
    installation.publish("plum")
    installation.ok("poll")
    assert installation.ok("poll") == "No feed is due.\n"


def test_a_failed_feed_is_an_exit_code_and_a_reason(installation: Installation):
    installation.publisher.expect_request("/feed").respond_with_data("gone", status=500)
    result = installation.run("poll")
    assert result.exit_code == 1
    assert "failing" in result.stdout
    assert "1 failed" in result.stdout
    assert "orchard" in installation.ok("feeds", "list", "--failing")
    assert "Feeds that cannot be read" in installation.ok("status")
    assert installation.json("status")["failing"][0]["feed"] == "orchard"


def test_an_unknown_feed_is_told_with_a_suggestion(installation: Installation):
    assert 'there is no feed "orchad" (did you mean "orchard"?)' in installation.refused("poll", "orchad")


def test_a_poll_can_answer_in_json(installation: Installation):
    installation.publish("An old plum")
    (report,) = installation.json("poll")
    assert (report["feed_id"], report["new"], report["historic"]) == ("orchard", 1, True)


# --- status ---------------------------------------------------------------------------------------------------------


def test_a_new_installation_has_a_status_too(installation: Installation):
    said = installation.ok("status")
    assert "Service: not running (seen never)" in said
    assert "0 ok, 0 failing, 1 never polled" in said


def test_the_status_counts_what_there_is(alerted: Installation):
    said = alerted.ok("status")
    assert "1 ok, 0 failing, 0 never polled" in said
    assert "1 firing" in said
    assert "0 pending, 0 held, 1 sent, 0 dead" in said
    shown = alerted.json("status")
    assert (shown["ok"], shown["counts"]["items"], shown["counts"]["notifications_sent"]) == (1, 3, 1)
    assert shown["failing"] == []


def test_health_is_a_recent_sign_of_life(installation: Installation):
    settings = load(installation.folder / "monitor.yaml")
    result = installation.run("status", "--healthy")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no service is at work here; last seen never" in result.stderr
    for seconds, exit_code in ((50, 0), (90, 1)):
        with store_of(settings) as store:
            store.beat(socket.gethostname(), now() - timedelta(seconds=seconds))
        assert installation.run("status", "--healthy").exit_code == exit_code


def test_many_failing_feeds_are_cut_short(installation: Installation):
    for number in range(25):
        installation.ok("feeds", "add", f"http://127.0.0.1:{number + 1}/")
    installation.publish("plum")
    installation.run("poll")
    assert "... and 5 more: `monitor feeds list --failing`" in installation.ok("status")


# --- alerts ---------------------------------------------------------------------------------------------------------


def test_alerts_are_listed_and_shown_with_what_they_rest_on(alerted: Installation):
    said = alerted.ok("alerts", "list", "--state", "firing", "--rule", "plums", "--since", "1h")
    assert "A new plum" in said
    short = said.splitlines()[1].split()[0]
    shown = alerted.ok("alerts", "show", short)
    for words in ("Orchard: A new plum", "words: plum", "plums, mention", "console: sent"):
        assert words in shown
    full = alerted.json("alerts", "show", short)
    assert alerted.json("alerts", "list")[0]["id"] == full["id"]
    assert full["observations"][0]["title"] == "A new plum"
    assert full["notifications"][0]["state"] == "sent"
    assert full["id"] in alerted.ok("alerts", "show", full["id"])


def test_an_alert_tells_why_a_subscription_did_not_get_it(alerted: Installation):
    alerted.configure(alerted.read("monitor.yaml").replace("at_least: low", "at_least: critical"))
    short = alerted.json("alerts", "list")[0]["id"][:8]
    assert "not by subscription desk: severity high is below" in alerted.ok("alerts", "show", short)


def test_an_alert_that_is_not_there_and_one_that_is_not_clear(alerted: Installation):
    assert 'there is no alert whose id begins with "zz"' in alerted.refused("alerts", "show", "zz")
    alerted.publish("Another plum, another story, on Tuesday")
    alerted.ok("poll", "orchard")
    assert 'several alerts begin with ""' in alerted.refused("alerts", "show", "")


def test_no_alerts_and_a_wrong_span_are_told(installation: Installation):
    assert installation.ok("alerts", "list") == "No alerts.\n"
    result = installation.run("alerts", "list", "--since", "soon")
    assert result.exit_code == 2
    assert "write 12h, 7d, 3 weeks" in result.stderr


# --- outbox and channels --------------------------------------------------------------------------------------------


def test_the_outbox_shows_what_was_sent_and_what_failed(alerted: Installation):
    said = alerted.ok("outbox", "list")
    assert "console" in said
    assert "sent" in said
    assert alerted.json("outbox", "list")[0]["message"]["title"]
    assert alerted.ok("outbox", "list", "--state", "dead") == "Nothing like that in the outbox.\n"


def test_an_empty_outbox_is_told(installation: Installation):
    assert installation.ok("outbox", "list") == "Nothing in the outbox.\n"


def test_a_dead_notification_is_told_by_the_status(installation: Installation):
    installation.publish("An old plum")
    installation.ok("poll", "--no-send")
    installation.publish("A new plum")
    installation.ok("poll", "--no-send", "orchard")
    installation.configure(installation.read("monitor.yaml").replace("console", "elsewhere"))
    with store_of(load(installation.folder / "monitor.yaml")) as store:
        (lease,) = begin_due(store, now(), limit=1, ttl=timedelta(minutes=1))
        dead = _dead(lease.notification)
        store.finish_notification(lease, dead, now())
    assert "monitor outbox list --state dead" in installation.ok("status")
    assert "refused for good" in installation.ok("outbox", "list", "--state", "dead")


def _dead(notification: Notification) -> Notification:
    values = {name: getattr(notification, name) for name in Notification.__slots__}
    return Notification(**{**values, "state": NotificationState.DEAD, "reason": "refused for good: 403"})


def test_a_test_message_says_what_became_of_it(installation: Installation):
    said = installation.ok("send-test", "console")
    assert "Test message of the indicator monitor" in said
    assert "console (prints to the console): printed" in said


def test_a_test_message_to_nowhere_is_told(installation: Installation):
    result = installation.run("send-test", "consle")
    assert isinstance(result.exception, DeliveryError)
    assert 'there is no such channel (did you mean "console"?)' in str(result.exception)


# --- the line of `run` ----------------------------------------------------------------------------------------------

MOMENT = now()
ALERT = Alert(
    id="a", rule="r", rule_version="1", name="n", group="", severity=Severity.LOW, title="t", reason="x",
    opened_at=MOMENT, updated_at=MOMENT,
)  # fmt: skip
SENT = Notification(
    id="n", alert_id="a", alert_state=AlertState.FIRING, route="r", channel="c", message=Message(title="t", body=""),
    state=NotificationState.SENT, created_at=MOMENT, next_attempt_at=MOMENT,
)  # fmt: skip


def test_the_line_of_a_running_service_counts_what_happens():
    live = Live()
    with live.shown():
        listener = live.listener()
        assert str(live) == "0 polls, 0 failed, 0 new items, 0 alerts, 0 sent"
        listener.polled(PollReport(feed_id="kyiv", new=3))
        listener.polled(PollReport(feed_id="tass", error="404"))
        listener.alerted(ALERT)
        listener.delivered(SENT)
    assert str(live).startswith("2 polls, 1 failed, 3 new items, 1 alerts, 1 sent; last: tass ")
