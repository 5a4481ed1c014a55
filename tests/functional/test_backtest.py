"""A backtest over what the store recorded gives the alerts the live service gave."""

import asyncio
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from monitor.app import App, build
from monitor.backtest import HOUR, run
from monitor.model import Alert, Item
from monitor.settings import load
from monitor.sources.fetch import Fetcher
from tests.fakes import MORNING, Clock, Mailbox, Publisher

RULE = """\
rule: harbour-watch
title: Ships in harbour
expect: 3/week
match: [harbour~]
alerts:
  - {name: report, when: each, severity: low, expires: 12h}
  - {name: series, when: {count: 3, within: 24h}, severity: high, expires: 1d}
  - {name: silence, when: {silence: 2d}, severity: medium, expires: 3d}
"""
CONFIGURATION = """\
database: sqlite:///monitor.db
rules: [rules]
feeds:
  - {id: north, url: "https://north.example/feed", publisher: North Daily, owner: North, every: 10m}
  - {id: south, url: "https://south.example/feed", publisher: South Post, owner: South, every: 10m}
channels: {mailbox: {kind: console}}
subscriptions: [{name: desk, channel: mailbox}]
"""
PLACES = ["Odesa", "Gdynia", "Constanta", "Varna", "Klaipeda", "Riga"]
DEEDS = ["unloads grain", "waits for a pilot", "leaves at dawn", "burns after a blast", "brings generators"]


def configured(folder: Path) -> Path:
    (folder / "rules").mkdir()
    (folder / "rules" / "harbour.yaml").write_text(RULE, encoding="utf-8")
    (folder / "monitor.yaml").write_text(CONFIGURATION, encoding="utf-8")
    return folder / "monitor.yaml"


async def live(app: App, clock: Clock, publisher: Publisher, hours: int) -> None:
    """One tick and one poll of every feed each hour, with news at random and days without any."""
    chance = random.Random(11)
    for hour in range(hours):
        clock.forward(hours=1)
        if hour % 120 < 60 and chance.random() < 0.3:
            title = f"Ship {chance.randrange(900)} {chance.choice(DEEDS)} in {chance.choice(PLACES)} harbour"
            publisher.publish(chance.choice(["north", "south"]), title, clock.now)
        await app.judge()
        for feed in ("north", "south"):
            await app.poll_due([feed])
    await app.close()


def told(alerts: Sequence[Alert]) -> list[tuple[object, ...]]:
    return sorted(
        (
            alert.opened_at,
            alert.id,
            alert.name,
            alert.group,
            alert.title,
            alert.reason,
            alert.state,
            alert.observation_ids,
        )
        for alert in alerts
    )


def test_a_backtest_of_recorded_items_gives_the_live_alerts_to_the_letter(tmp_path: Path) -> None:
    settings, clock, publisher = load(configured(tmp_path)), Clock(), Publisher()
    publisher.publish("north", "A harbour of the past", MORNING - timedelta(days=3))
    app = build(settings, clock=clock)
    app.fetcher, app.channels = Fetcher(transport=publisher.transport), {"mailbox": Mailbox()}
    store = app.store
    asyncio.run(app.poll_due())
    asyncio.run(live(app, clock, publisher, hours=240))
    happened, items = told(store.alerts(limit=1000)), store.recent_items(MORNING - timedelta(days=30))
    store.close()
    replayed = run(app.loaded.rules, items, MORNING + HOUR, clock.now)
    assert told(replayed.alerts) == happened
    assert {alert.name for alert in replayed.alerts} == {"report", "series", "silence"}


def test_the_command_counts_alerts_a_week_against_what_the_rule_expects(tmp_path: Path) -> None:
    config = configured(tmp_path)
    lines = [
        {
            "id": f"i{day}",
            "title": f"Ship {day} {DEEDS[day % 5]} in {PLACES[day % 6]} harbour",
            "published": f"2026-03-{day:02}T10:00:00Z",
            "source": "north",
        }
        for day in range(1, 29)
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    command = [sys.executable, "-m", "monitor", "-c", config, "backtest", "--items", tmp_path / "news.jsonl"]
    answer = subprocess.run([*command, "--alerts"], capture_output=True, text=True, check=False, timeout=60)
    assert answer.returncode == 1, "it raises about seven a week, and its file expects three"
    assert "harbour-watch: more than twice the 3 a week its file expects" in answer.stdout
    assert "2026-03-28 10:00" in answer.stdout
    data = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False, timeout=60)
    assert len(json.loads(data.stdout)["alerts"]) >= 20


def test_items_before_the_period_are_history(tmp_path: Path) -> None:
    rules = build(load(configured(tmp_path)), clock=Clock()).loaded.rules
    old = Item(id="old", feed_id="north", title="An old harbour", first_seen_at=MORNING - timedelta(days=1))
    new = Item(id="new", feed_id="north", title="A new pier in the harbour", first_seen_at=MORNING + HOUR)
    result = run(rules, [new, old], MORNING, MORNING + 2 * HOUR)
    [report] = [alert for alert in result.alerts if alert.name == "report"]
    assert result.items == 1
    assert (report.opened_at, len(report.observation_ids)) == (new.first_seen_at, 1)
    assert "A new pier" in report.title
    assert result.by_day("harbour-watch") == [1]
