"""`monitor outbox`: what happened to a message, sending it again, giving it up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.cli.options import now
from monitor.cli.stored import store_of
from monitor.model import NotificationState
from monitor.settings import load
from tests.fakes import begin_due
from tests.unit.cli.conftest import Installation


@pytest.fixture
def refused(installation: Installation) -> Installation:
    """An installation with one dead message, for a channel that stands in the configuration no more."""
    installation.publish("An old plum")
    installation.ok("poll", "--no-send")
    installation.publish("A new plum")
    installation.ok("poll", "--no-send", "orchard")
    with store_of(load(installation.folder / "monitor.yaml")) as store:
        (lease,) = begin_due(store, now(), limit=1, ttl=timedelta(minutes=1))
        dead = replace(lease.notification, state=NotificationState.DEAD, attempts=1, reason="refused for good: 403")
        store.finish_notification(lease, dead, now())
    return installation


def only(installation: Installation) -> dict[str, object]:
    (one,) = installation.json("outbox", "list")
    return one  # type: ignore[no-any-return]


def test_a_message_shows_every_step_with_its_reason(refused: Installation):
    said = refused.ok("outbox", "show", str(only(refused)["id"])[:6])
    assert "To: console, by" in said
    assert "State: dead" in said
    steps = [line.split()[2:4] for line in said.splitlines() if line.startswith("20")]
    assert steps == [["pending", "0"], ["dead", "1"]]
    assert "refused for good: 403" in said
    assert "A new plum" in said


def test_a_message_and_its_history_come_as_json(refused: Installation):
    shown = refused.json("outbox", "show", str(only(refused)["id"]))
    assert (shown["state"], [step["state"] for step in shown["history"]]) == ("dead", ["pending", "dead"])


def test_a_dead_message_is_sent_again_on_demand(refused: Installation):
    assert refused.ok("outbox", "retry", "--state", "dead") == "1 will be sent again.\n"
    waiting = only(refused)
    assert (waiting["state"], waiting["reason"]) == ("pending", "to be sent again, by hand")
    assert "A new plum" in refused.ok("poll")
    assert only(refused)["state"] == "sent"
    result = refused.run("outbox", "retry", str(only(refused)["id"]))
    assert (result.exit_code, result.stdout) == (1, "Nothing to change: no message in the outbox fits.\n")


def test_what_waits_for_a_channel_that_is_gone_is_told_and_can_be_dropped(refused: Installation):
    refused.ok("outbox", "retry", "--channel", "console")
    refused.configure(refused.read("monitor.yaml").replace("console", "elsewhere"))
    assert '1 waiting for channel "console"' in refused.ok("status")
    assert refused.json("status")["without_channel"] == {"console": 1}
    assert refused.ok("outbox", "drop", "--channel", "console", "--reason", "moved") == "1 dropped.\n"
    assert "dropped: moved" in refused.ok("outbox", "list", "--channel", "console")
    assert "waiting for channel" not in refused.ok("status")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("retry",), "name ids, a --channel or a --state"),
        (("drop", "--reason", "x"), "name ids, a --channel or a --state"),
        (("drop", "--state", "dead"), "Missing option '--reason'"),
        (("show", "zz"), 'no notification begins with "zz"'),
        (("retry", "zz"), 'no notification begins with "zz"'),
    ],
)
def test_a_command_that_means_nothing_or_everything_is_refused(
    refused: Installation, arguments: tuple[str, ...], words: str
):
    result = refused.run("outbox", *arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.replace("│", " ").split())
    assert only(refused)["state"] == "dead"
