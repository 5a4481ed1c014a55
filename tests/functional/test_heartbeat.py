"""The watcher elsewhere: called while the service works, not when it does not, and its address is told to nobody."""

import asyncio
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from monitor.errors import ConfigError
from monitor.heartbeat import PATIENCE, Pulse, why_not
from monitor.model import NotificationState, Severity
from monitor.settings import Heartbeat, load
from monitor.store.health import Signs
from tests.functional.newsroom import Newsroom
from tests.functional.service import ServiceProcess
from tests.functional.sinks import PlainSink, Reply, wait_until

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)
JUST_NOW = NOW - timedelta(minutes=1)
CONFIGURATION = """\
database: sqlite:///monitor.db
rules: [rules]
feeds: [{id: nobody, url: "http://127.0.0.1:9/rss.xml"}]
channels: {console: {}}
polling: {allow_private_hosts: ["127.0.0.1"]}
heartbeat: {url: "${WATCHER}", every: 1s, fail: true}
"""


@pytest.mark.parametrize(
    ("signs", "reason"),
    [
        (Signs(), None),
        (Signs(poll_due_at=NOW, polled_at=LONG_AGO, send_due_at=NOW), None),
        (Signs(poll_due_at=LONG_AGO, polled_at=JUST_NOW, send_due_at=LONG_AGO, sent_at=JUST_NOW), None),
        (Signs(poll_due_at=LONG_AGO), "no feed was polled for 10 min"),
        (Signs(poll_due_at=NOW - PATIENCE, polled_at=NOW - PATIENCE), "no feed was polled for 10 min"),
        (Signs(poll_due_at=LONG_AGO, polled_at=JUST_NOW, send_due_at=LONG_AGO), "no message was sent for 10 min"),
        (Signs(send_due_at=LONG_AGO, sent_at=LONG_AGO), "no message was sent for 10 min"),
    ],
)
def test_a_service_works_while_what_is_due_is_done(signs: Signs, reason: str | None) -> None:
    told = why_not(signs, LONG_AGO, NOW)
    assert told is None if reason is None else (told or "").startswith(reason)
    assert why_not(signs, JUST_NOW, NOW) is None, "it has only begun, and takes up what waited"


def test_a_message_that_waits_shows_until_it_is_sent(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, "subscriptions: {desk: {channel: mailbox, cadence: now}}\n")
    room.report(Severity.HIGH)
    began = room.clock.now
    room.clock.forward(minutes=11)
    assert why_not(room.app.store.signs(["mailbox"]), began, room.clock.now)
    room.work()
    assert [each.state for each in room.outbox()] == [NotificationState.SENT]
    assert why_not(room.app.store.signs(["mailbox"]), began, room.clock.now) is None
    room.stop()


def test_the_watcher_is_called_and_what_goes_wrong_is_logged_once() -> None:
    with PlainSink() as watcher, capture_logs() as logged:
        secret = f"http://127.0.0.1:{watcher.port}/ping/s3cr3t?rid=1"
        watcher.script(Reply(), Reply(status=500), Reply(status=404), Reply(), Reply(reset=True))
        pulse = Pulse(Heartbeat(url=SecretStr(secret), fail=True))
        for why in (None, None, None, None, None, "locked", "locked", None):
            asyncio.run(pulse.tell(why))
    told = ["/ping/s3cr3t?rid=1"] * 5 + ["/ping/s3cr3t/fail?rid=1"] * 2 + ["/ping/s3cr3t?rid=1"]
    assert [request.path for request in watcher.requests] == told
    events = [line["event"].removeprefix("heartbeat.") for line in logged]
    assert events == ["unreachable", "reached", "unreachable", "withheld", "reached", "resumed"]
    assert "s3cr3t" not in str(logged) + repr(pulse)


def test_silence_is_the_usual_sign_that_it_does_not_work() -> None:
    with PlainSink() as watcher:
        asyncio.run(Pulse(Heartbeat(url=SecretStr(f"http://127.0.0.1:{watcher.port}/"))).tell("locked"))
    assert watcher.requests == []


def test_the_service_calls_while_it_works_and_not_while_its_database_is_locked(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "any.yaml").write_text("rule: any\nmatch: [anything]\nalert: low\n")
    (tmp_path / "monitor.yaml").write_text(CONFIGURATION)
    with PlainSink() as watcher:
        address = f"http://127.0.0.1:{watcher.port}/s3cr3t"
        service = ServiceProcess(config=tmp_path / "monitor.yaml", environment={"WATCHER": address})
        service.start()
        wait_until(lambda: len(watcher.requests) > 1, seconds=60)
        locking = sqlite3.connect(tmp_path / "monitor.db", isolation_level=None)
        locking.execute("BEGIN IMMEDIATE")
        wait_until(lambda: watcher.requests[-1].path == "/s3cr3t/fail", seconds=60)
        locking.close()
        wait_until(lambda: watcher.requests[-1].path == "/s3cr3t", seconds=60)
        assert service.stop() == 0, service.text()
    assert len(re.findall("heartbeat.withheld", service.text())) == 1
    assert "s3cr3t" not in service.text()


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ('{url: "${WATCHER}"}', "must begin with http:// or https:// and name a host"),
        ('{url: "${NOWHERE}"}', "NOWHERE"),
        ("{url: ftp://s3cr3t.example}", "must begin with http:// or https:// and name a host"),
        ("{url: https://watcher.example/s3cr3t, every: 0s}", "every"),
        ("{}", "url"),
    ],
)
def test_a_wrong_heartbeat_stops_the_start_and_shows_no_secret(tmp_path: Path, written: str, wrong: str) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "monitor.yaml").write_text(f"heartbeat: {written}\n")
    with pytest.raises(ConfigError, match=wrong) as error:
        load(tmp_path / "monitor.yaml", {"WATCHER": "gopher://s3cr3t.example"})
    assert "s3cr3t" not in str(error.value)
