"""One event under several headlines and in several languages is one alert: live, restarted and in rule tests."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import build
from monitor.backtest import HOUR, run
from monitor.model import Alert, Item
from monitor.pipeline import Detector
from monitor.rules.load import load
from monitor.rules.rule import RuleSet
from monitor.rules.trial import Simulation
from monitor.settings import load as settings
from monitor.shipped import RULES
from monitor.sources.fetch import Fetcher
from monitor.store.store import Store
from monitor.stories import Stories
from tests.fakes import Clock, Mailbox, Publisher

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
Told = tuple[float, str, str]
PACKAGE: list[Told] = [
    (0, "en", "Norway pledges 250 million euros for air defence missiles for Ukraine"),
    (2, "uk", "Норвегія виділить Україні 250 млн євро на ракети для протиповітряної оборони"),
    (3, "ru", "Норвегия объявила о выделении Украине 250 млн евро на ракеты ПВО"),
]
HOWITZERS: list[Told] = [
    (0, "en", "Denmark to deliver 12 Caesar howitzers to Ukraine"),
    (2, "uk", "Данія передасть Україні 12 гаубиць Caesar"),
    (5, "ru", "Дания поставит Украине 12 гаубиц Caesar"),
]
SABOTAGE: list[Told] = [
    (0, "en", "Sabotage on railway line near Tartu, Estonia says Russia is behind it"),
    (1, "uk", "В Естонії сталася диверсія на залізниці поблизу Тарту, підозрюють Росію"),
    (4, "ru", "Диверсия на железной дороге в Эстонии близ Тарту: подозревают Россию"),
]
AIRSPACE: list[Told] = [
    (0, "en", "Romania scrambles jets as Russian drone enters its airspace"),
    (1, "uk", "Російський дрон порушив повітряний простір Румунії, піднято винищувачі"),
    (2, "ru", "Российский дрон нарушил воздушное пространство Румынии"),
]
STATEMENT: list[Told] = [
    (0, "en", "Peskov says Russia remains open to talks on the US peace plan"),
    (1, "ru", "Песков: Россия остается открытой к переговорам по мирному плану США"),
    (2, "uk", "Пєсков заявив, що Росія залишається відкритою до переговорів щодо плану США"),
]
LATVIA: Told = (1, "uk", "В Латвії сталася диверсія на залізниці поблизу Даугавпілса, підозрюють Росію")
AGAIN: Told = (5, "en", "Tallinn certain that sabotage stopped its trains, Russian agents sought")
CHARGES: Told = (6, "en", "Estonian prosecutors charge two Russian agents with acts of sabotage")
REFUSAL: Told = (3, "en", "Peskov rules out talks on the US peace plan")


@pytest.fixture(scope="module")
def shipped() -> RuleSet:
    loaded = load([RULES])
    assert not loaded.problems
    return loaded.rules


def news(told: Sequence[Told]) -> list[Item]:
    return [
        Item(
            id=f"i{number}",
            feed_id=f"f{number}",
            publisher=f"outlet{number}.example",
            title=title,
            lang=lang,
            first_seen_at=BEGIN + timedelta(hours=hours),
        )
        for number, (hours, lang, title) in enumerate(told)
    ]


def reports(alerts: Sequence[Alert]) -> list[int]:
    """How many reports each alert of one event has; a condition over time has none."""
    return [len(alert.observation_ids) for alert in alerts if alert.group]


@pytest.mark.parametrize("event", [PACKAGE, HOWITZERS, SABOTAGE, AIRSPACE, STATEMENT])
def test_an_event_in_three_languages_is_one_alert(shipped: RuleSet, event: list[Told]) -> None:
    found = run(shipped, news(event), BEGIN - HOUR, BEGIN + 12 * HOUR)
    assert reports(found.alerts) == [3]


@pytest.mark.parametrize(("event", "other"), [(SABOTAGE, LATVIA), (SABOTAGE, CHARGES), (PACKAGE, HOWITZERS[0])])
def test_another_event_keeps_its_own_alert(shipped: RuleSet, event: list[Told], other: Told) -> None:
    found = run(shipped, news([*event, other]), BEGIN - HOUR, BEGIN + 12 * HOUR)
    assert sorted(reports(found.alerts)) == [1, 3]


def test_a_restart_after_every_poll_changes_nothing(shipped: RuleSet) -> None:
    items = news([*SABOTAGE, LATVIA, AGAIN, CHARGES, *STATEMENT, REFUSAL])
    assert played(shipped, items, restarts=True) == played(shipped, items, restarts=False)


def played(rules: RuleSet, items: Sequence[Item], *, restarts: bool) -> list[tuple[object, ...]]:
    store = Store.open("sqlite://")
    store.migrate()
    detector = Detector(rules, Stories())
    for item in sorted(items, key=lambda each: (each.first_seen_at, each.id)):
        if restarts:
            detector = Detector(rules, Stories())
            detector.stories.remember(store.recent_items(BEGIN - HOUR))
        with store.unit() as unit:
            detector.detect(unit, unit.add_items(detector.stories.assign([item])), item.first_seen_at)
    alerts = store.alerts()
    store.close()
    assert any("told before: " in alert.reason for alert in alerts)
    return [(each.id, each.group, each.title, each.reason, each.observation_ids, each.publishers) for each in alerts]


def test_a_rule_test_opens_what_a_backtest_opens(shipped: RuleSet) -> None:
    items = Stories().assign(news([*SABOTAGE, LATVIA, AGAIN, CHARGES]))
    rule = shipped.rule("hybrid-spillover")
    assert rule is not None
    opened = Simulation(shipped, rule).play(items, iter(()))
    found = run(shipped, items, BEGIN - HOUR, BEGIN + 12 * HOUR)
    assert opened == [(alert.opened_at, alert.name) for alert in found.alerts if alert.rule == rule.id]


CONFIGURATION = f"""\
database: sqlite:///monitor.db
rules: ["{RULES}"]
feeds:
  - {{id: north, url: "https://north.example/feed", publisher: North Daily, owner: North, every: 10m}}
  - {{id: south, url: "https://south.example/feed", publisher: South Post, owner: South, every: 10m}}
channels: {{mailbox: {{kind: console}}}}
subscriptions: [{{name: desk, channel: mailbox, cadence: now}}]
"""


def test_a_report_that_joins_tells_only_its_new_fact_in_the_thread_of_the_first(tmp_path: Path) -> None:
    (tmp_path / "monitor.yaml").write_text(CONFIGURATION, encoding="utf-8")
    clock, publisher, mailbox = Clock(), Publisher(), Mailbox()
    app = build(settings(tmp_path / "monitor.yaml"), clock=clock)
    app.fetcher, app.channels = Fetcher(transport=publisher.transport), {"mailbox": mailbox}
    for feed in ("north", "south"):
        publisher.publish(feed, "Weather stays mild", clock.now - timedelta(days=1))
    headlines = {
        "north": "Danish government agrees: artillery, howitzers and shells approved for Ukraine",
        "south": "Kyiv will receive howitzers worth 90 million euros after votes in Copenhagen",
    }
    asyncio.run(app.poll_due())
    for feed, headline in headlines.items():
        clock.forward(minutes=11)
        publisher.publish(feed, headline, clock.now)
        asyncio.run(app.poll_due())
        asyncio.run(app.send_due())
    [alert] = app.store.alerts()
    opening, update = mailbox.messages
    assert len({each.story for each in app.store.observations_of(alert)}) == 2, "stories alone do not join them"
    assert "sum now “90 million euros” (South Post), none was told before" in update.body
    assert update.thread == opening.thread
    asyncio.run(app.close())


def test_explain_says_which_alert_a_report_joined_and_why(tmp_path: Path) -> None:
    config = tmp_path / "monitor.yaml"
    config.write_text(CONFIGURATION, encoding="utf-8")
    app = build(settings(config), clock=Clock())
    detector, items = Detector(app.loaded.rules, Stories()), news([SABOTAGE[0], AGAIN])
    for item in items:
        with app.store.unit() as unit:
            detector.detect(unit, unit.add_items(detector.stories.assign([item])), item.first_seen_at)
    [alert] = app.store.alerts()
    asyncio.run(app.close())
    first, again = (explained(config, item.id) for item in items)
    assert f"joined alert {alert.id[:8]}: same act, same place, 5 hours apart" in again
    assert "joined alert" not in first


def explained(config: Path, item: str) -> str:
    command = [sys.executable, "-m", "monitor", "explain", "-c", str(config), "hybrid-spillover", item]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
