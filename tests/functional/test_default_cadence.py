"""Four recorded days on a clock of their own, for a reader who chose nothing: high at once, the rest once a day."""

import asyncio
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.app import App, build
from monitor.model import Message, Notification, NotificationKind, NotificationState, Severity
from monitor.settings import load
from monitor.shipped import RULES
from tests.fakes import Clock, Mailbox
from tests.functional.replay_publisher import ReplayPublisher, outlets

RECORDING = "news/replay_2025-11-17_2025-11-20.jsonl"
BEGIN, END = datetime(2025, 11, 17, 6, 1, tzinfo=UTC), datetime(2025, 11, 21, tzinfo=UTC)
HOURS = 3
AT_ONCE = (Severity.HIGH, Severity.CRITICAL)
ABOUT_ALERTS = (NotificationKind.ALERT, NotificationKind.UPDATE)


def test_every_alert_of_four_recorded_days_is_told_once_at_once_or_in_one_digest(
    shared_data: Path, tmp_path: Path
) -> None:
    clock, box = Clock(BEGIN), Mailbox("mail")
    with ReplayPublisher(outlets(shared_data / RECORDING), BEGIN) as publisher:
        app = _app(tmp_path / "monitor.yaml", publisher, clock)
        app.channels = {"mail": box}
        asyncio.run(_live(app, publisher, clock))
    written = app.store.notifications(limit=100_000)
    alerts = {alert.id: alert for alert in app.store.alerts(limit=100_000)}
    assert len(alerts) > 20, "four days around the plan bring alerts"

    first = Counter(each.alert_id for each in written if each.kind is NotificationKind.ALERT)
    assert first == Counter(alerts.keys()), "one first message for each alert"
    about = [each for each in written if each.kind in ABOUT_ALERTS]
    for each in about:
        loud = alerts[each.alert_id or ""].severity in AT_ONCE
        assert loud or each.state is NotificationState.BUNDLED, f"{each.message.title}: {each.reason}"
        assert each.state in (NotificationState.SENT, NotificationState.BUNDLED)
    _every_bundled_alert_stands_once_in_its_digest(about, written)

    digests = [each for each in written if each.kind is NotificationKind.DIGEST]
    assert {each.created_at.hour for each in digests} == {7}
    assert len({each.created_at.date() for each in digests}) == len(digests) == 4, "one each morning"
    sent = [each for each in written if each.state is NotificationState.SENT]
    assert sorted(each.id for each in sent) == sorted(message.id for message in box.messages)


def _every_bundled_alert_stands_once_in_its_digest(about: list[Notification], written: list[Notification]) -> None:
    told = defaultdict(set)
    for each in about:
        if each.state is NotificationState.BUNDLED:
            told[each.bundle].add(each.alert_id)
    bundles = {each.id: each for each in written if not each.alert_id}
    assert told
    for bundle, alerts in told.items():
        assert bundles[bundle].state is NotificationState.SENT
        assert _entries(bundles[bundle].message) == len(alerts)


def _entries(digest: Message) -> int:
    return sum(len(section.entries) + section.hidden for section in digest.sections)


def _app(config: Path, publisher: ReplayPublisher, clock: Clock) -> App:
    feeds = "".join(
        f'  - {{id: outlet-{number}, url: "{url}", publisher: "{name}", every: {HOURS}h}}\n'
        for number, (name, url) in enumerate(publisher.urls().items())
    )
    config.write_text(
        f"""\
rules: ["{RULES}"]
feeds:
{feeds}
channels: {{mail: {{url: "mailto://127.0.0.1/?from=monitor@newsroom.example&to=desk@newsroom.example"}}}}
subscriptions: {{desk: {{channel: mail}}}}
polling: {{spacing: 0s, per_host: 50, allow_private_hosts: ["127.0.0.1"]}}
""",
        encoding="utf-8",
    )
    return build(load(config), clock=clock)


async def _live(app: App, publisher: ReplayPublisher, clock: Clock) -> None:
    """Let the days pass, and the morning after them."""
    while clock.now <= END + timedelta(hours=8):
        publisher.now = min(clock.now, END)
        await app.poll_due()
        for _ in range(HOURS):
            await app.bundle()
            await app.send_due()
            clock.forward(hours=1)
    await app.close()
