"""Four recorded days of news through the real service, into real mail, Slack-like and Telegram-like servers.

`MONITOR_SOAK=1` kills it at every step of the days; otherwise at every second one.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.alerts.message import short_id
from monitor.model import Alert, NotificationState, Severity
from monitor.shipped import RULES
from monitor.store.store import Store
from tests.functional.replay_publisher import ReplayPublisher, outlets
from tests.functional.service import ServiceProcess, wait_until
from tests.functional.sinks import SLACK, TELEGRAM, HttpsSink, SmtpSink, mail_text

RECORDING = "news/replay_2025-11-17_2025-11-20.jsonl"
FIRST_DAY = datetime(2025, 11, 17, tzinfo=UTC)
HISTORY = timedelta(hours=6)
STEP = timedelta(hours=2)
EVERY = 1 if os.environ.get("MONITOR_SOAK") else 2
KILLS = 50 // EVERY
LEAST = {"mail": Severity.INFO, "telegram": Severity.LOW, "slack": Severity.MEDIUM}
CHANNELS = tuple(LEAST)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Publishers on one side, sinks on the other, the service between them."""

    publisher: ReplayPublisher
    https: HttpsSink
    smtp: SmtpSink
    service: ServiceProcess
    folder: Path

    def store(self) -> Store:
        return Store.open(f"sqlite:///{self.folder / 'monitor.db'}", wait=timedelta(minutes=1))

    def arrived(self) -> dict[str, list[str]]:
        """The texts that arrived at each sink."""
        return {
            "mail": [mail_text(mail) for mail in self.smtp.mails],
            "slack": [request.text for request in self.https.to(SLACK)],
            "telegram": [request.text for request in self.https.to(TELEGRAM)],
        }

    def settle(self) -> None:
        """Wait until everything published was polled and everything due was delivered."""
        store = self.store()
        store.migrate()
        polled = datetime.now(UTC)
        wait_until(
            lambda: _polled_since(store, polled), 120, f"feeds are still unpolled\n{self.service.text()[-3000:]}"
        )
        wait_until(
            lambda: not store.notifications(state=NotificationState.PENDING, limit=1), 120, "the outbox is not empty"
        )
        store.close()


def _polled_since(store: Store, moment: datetime) -> bool:
    feeds = store.feeds()  # none while a slow machine is still starting the service
    return bool(feeds) and all(state.last_success_at and state.last_success_at > moment for _, state in feeds)


@pytest.fixture
def world(shared_data: Path, tmp_path: Path) -> Iterator[World]:
    reports = outlets(shared_data / RECORDING)
    with ExitStack() as stack:
        publisher = stack.enter_context(ReplayPublisher(reports, FIRST_DAY + HISTORY))
        https = stack.enter_context(HttpsSink(tmp_path))
        smtp = stack.enter_context(SmtpSink())
        config = tmp_path / "monitor.yaml"
        config.write_text(_configuration(publisher, smtp), encoding="utf-8")
        service = ServiceProcess(config=config, environment=https.environment)
        stack.callback(lambda: service.kill() if service.running else None)
        yield World(publisher=publisher, https=https, smtp=smtp, service=service, folder=tmp_path)


def _configuration(publisher: ReplayPublisher, smtp: SmtpSink) -> str:
    feeds = "".join(
        f'  - {{id: outlet-{number}, url: "{url}", publisher: "{name}", every: 1s}}\n'
        for number, (name, url) in enumerate(publisher.urls().items())
    )
    return f"""\
database: sqlite:///monitor.db
rules: ["{RULES}"]
feeds:
{feeds}
channels:
  mail: {{url: "{smtp.url()}"}}
  slack: {{url: "slack://T1JJ3T3L2/A1BRTD4JD/plantedslacktokenabcdefg/#desk"}}
  telegram: {{url: "tgram://123456789:planted-telegram_token_0123456789ab/987654321"}}
subscriptions:
  - {{name: mail, channel: mail, cadence: now}}
  - {{name: telegram, channel: telegram, severity: low, cadence: now}}
  - {{name: slack, channel: slack, severity: medium, cadence: now}}
delivery: {{budget: none}}
polling: {{at_least: 1s, spacing: 0s, per_host: 50, allow_private_hosts: ["127.0.0.1"]}}
"""


def _play(world: World) -> Iterator[None]:
    """Let the four days pass in steps; the caller does what it likes between them."""
    end = FIRST_DAY + timedelta(days=4)
    while world.publisher.now < end:
        world.publisher.now = min(end, world.publisher.now + STEP)
        yield


def _killed_and_started(world: World, chance: random.Random) -> int:
    """One kill; then mostly time to begin, however slow the machine is, and a little more."""
    world.service.kill()
    lives = world.service.text().count("Starting")
    world.service.start()
    if chance.random() < 0.8:
        wait_until(lambda: world.service.text().count("Starting") > lives, 60, "it does not start")
    time.sleep(chance.uniform(0.0, 3.0))
    return 1


def _stored_titles(world: World) -> set[tuple[str, str]]:
    store = world.store()
    items = store.recent_items(FIRST_DAY)
    store.close()
    return {(item.publisher, item.title) for item in items}


def _missing(world: World) -> list[str]:
    """Published headlines that are not in the store."""
    stored = _stored_titles(world)
    return [title for publisher, title in world.publisher.headlines() if (publisher, title) not in stored]


def _receipts(world: World) -> Mapping[str, Counter[str]]:
    """How often each alert arrived at each sink, by its short id."""
    store = world.store()
    ids = {short_id(alert) for alert in store.alerts(limit=100_000)}
    store.close()
    return {
        channel: Counter(name for text in texts for name in ids if name in text)
        for channel, texts in world.arrived().items()
    }


def _expected(world: World) -> Mapping[str, Counter[str]]:
    """How many messages of each alert were written for each channel: its opening, and what became known later."""
    store = world.store()
    written = store.notifications(limit=1_000_000)
    alerts = store.alerts(limit=100_000)
    store.close()
    assert all(notification.state is NotificationState.SENT for notification in written)
    messages = {channel: Counter(n.alert_id[:8] for n in written if n.channel == channel) for channel in CHANNELS}
    for channel, severity in LEAST.items():
        assert set(messages[channel]) == _at_least(severity, alerts), f"{channel} hears of what was asked for"
    return messages


def _at_least(severity: Severity, alerts: Sequence[Alert]) -> set[str]:
    return {short_id(alert) for alert in alerts if alert.severity.rank >= severity.rank}


def test_every_alert_of_four_recorded_days_has_its_receipt_at_the_sinks(world: World):
    world.service.start()
    world.settle()
    for _ in _play(world):
        time.sleep(0.5)
    world.settle()
    assert world.service.stop() == 0, world.service.text()
    assert _missing(world) == []
    expected, receipts = _expected(world), _receipts(world)
    assert len(expected["mail"]) > 20, "four days around the plan bring alerts"
    for channel in CHANNELS:
        assert receipts[channel] == expected[channel], channel
    assert "planted" not in world.service.text()


@pytest.mark.timeout(900)
def test_kill_9_at_random_instants_loses_no_item_and_no_alert(
    world: World, record_property: Callable[[str, object], None]
):
    chance = random.Random(20251119)
    kills = 0
    world.service.start()
    world.settle()
    for number, _ in enumerate(_play(world)):
        time.sleep(chance.uniform(0.0, 0.8))
        kills += _killed_and_started(world, chance) if number % EVERY == 0 else 0
    while kills < KILLS:
        kills += _killed_and_started(world, chance)
    world.settle()
    assert world.service.stop() == 0, world.service.text()
    assert _missing(world) == []
    expected, receipts = _expected(world), _receipts(world)
    for channel in CHANNELS:
        assert not expected[channel] - receipts[channel], f"{channel}: lost messages"
    repeats = sum((receipts[channel] - expected[channel]).total() for channel in CHANNELS)
    record_property("kills", kills)
    record_property("repeated messages", repeats)
    assert repeats <= kills, "a message comes twice only where a kill fell between its sending and its mark"
