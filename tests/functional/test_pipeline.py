"""The pipeline with a real store, rules and parser: what a poll leaves behind, and what reaches a mailbox."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import App, Listener, build
from monitor.errors import DeliveryError, RuleError, StoreError
from monitor.model import Alert, AlertState, Notification, NotificationState
from monitor.pipeline import PollReport
from monitor.settings import Settings, load
from monitor.sources.fetch import Fetcher
from monitor.store import LeaseLost
from tests.fakes import Answer, Clock, Mailbox, Publisher

RULE = """\
rule: gripen-watch
title: Gripen for Ukraine
match: [Gripen~]
alerts:
  - {name: report, when: each, severity: medium, expires: 2d}
  - {name: series, when: {count: 3, within: 72h}, severity: high}
"""
CONFIGURATION = """\
database: sqlite:///monitor.db
rules: [rules]
feeds:
  - {id: north, url: "https://north.example/feed", publisher: North Daily, owner: North, every: 10m}
  - {id: south, url: "https://south.example/feed", publisher: South Post, owner: South, every: 10m}
channels: {mailbox: {}}
subscriptions:
  - {name: desk, channel: mailbox, severity: medium}
"""
OLD = "A museum shows a Gripen of the first series"
NEWS = "Sweden hands over Gripen jets to Ukraine in a ceremony at Uppsala"
SAME_NEWS = "Sweden hands over Gripen jets to Ukraine in ceremony at Uppsala"


@dataclass(slots=True)
class World:
    """An app whose publishers, mailbox and clock a test holds in its hands."""

    app: App
    clock: Clock
    publisher: Publisher
    mailbox: Mailbox
    reports: list[PollReport]
    alerted: list[Alert]
    delivered: list[Notification]

    def poll(self) -> list[PollReport]:
        return asyncio.run(self.app.poll_due())

    def deliver(self) -> list[Notification]:
        return asyncio.run(self.app.send_due())

    def later(self, **span: float) -> None:
        self.clock.forward(**span)

    def alerts(self) -> list[Alert]:
        return self.app.store.alerts()


def settings(folder: Path, rule: str = RULE, configuration: str = CONFIGURATION) -> Settings:
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "gripen.yaml").write_text(rule, encoding="utf-8")
    (folder / "monitor.yaml").write_text(
        configuration.replace("mailbox: {}", "mailbox: {kind: console}"), encoding="utf-8"
    )
    return load(folder / "monitor.yaml")


def world_of(chosen: Settings) -> World:
    clock, publisher, mailbox = Clock(), Publisher(), Mailbox()
    reports, alerted, delivered = [], [], []
    listener = Listener(polled=reports.append, alerted=alerted.append, delivered=delivered.append)
    app = build(chosen, clock=clock, listener=listener)
    app.fetcher = Fetcher(transport=publisher.transport)
    app.channels = {"mailbox": mailbox}
    return World(app, clock, publisher, mailbox, reports, alerted, delivered)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = world_of(settings(tmp_path))
    made.publisher.publish("north", OLD, made.clock.now - timedelta(days=9))
    made.publisher.publish("south", "Weather stays mild", made.clock.now - timedelta(days=1))
    made.poll()
    made.later(minutes=11)
    yield made
    asyncio.run(made.app.close())


def test_a_first_poll_is_history_and_alerts_nobody(world: World):
    assert [(report.historic, report.new, report.error) for report in world.reports] == [(True, 1, "")] * 2
    assert sum(report.observations for report in world.reports) == 1, "it still feeds the baselines"
    assert world.alerts() == []


def test_history_is_kept_but_only_what_a_rule_selects_belongs_to_a_story(world: World):
    items = {item.title: item for item in world.app.store.recent_items(world.clock.now - timedelta(hours=1))}
    assert items.keys() == {OLD, "Weather stays mild"}
    assert items[OLD].story == items[OLD].id
    assert items["Weather stays mild"].story == ""


def test_news_becomes_an_alert_and_reaches_the_mailbox_once(world: World):
    world.publisher.publish("north", NEWS, world.clock.now)
    world.poll()
    [alert] = world.alerts()
    assert (alert.name, alert.state, alert.publishers) == ("report", AlertState.FIRING, ("North Daily",))
    assert NEWS in alert.title
    assert [n.state for n in world.deliver()] == [NotificationState.SENT]
    [message] = world.mailbox.messages
    assert NEWS in message.body
    world.later(minutes=11)
    world.poll()
    assert world.deliver() == []


def test_later_reports_of_a_story_join_its_alert(world: World):
    world.publisher.publish("north", NEWS, world.clock.now)
    world.poll()
    world.later(minutes=11)
    world.publisher.publish("south", SAME_NEWS, world.clock.now)
    world.poll()
    [alert] = world.alerts()
    assert alert.publishers == ("North Daily", "South Post")
    assert len(world.deliver()) == 1


def test_an_alert_that_nothing_joins_any_more_ends(world: World):
    world.publisher.publish("north", NEWS, world.clock.now)
    world.poll()
    world.later(days=3)
    [ended] = asyncio.run(world.app.judge())
    assert (ended.state, ended.ended_at) == (AlertState.RESOLVED, world.clock.now)
    assert asyncio.run(world.app.judge()) == []


def test_an_unchanged_document_is_not_parsed_again(world: World):
    world.poll()
    assert [report.unchanged for report in world.reports[2:]] == [True, True]


def test_a_publisher_that_fails_is_kept_with_its_reason_and_the_others_go_on(world: World):
    world.publisher.answers["north"] = Answer(status=503, headers={"Retry-After": "7200"})
    world.publisher.publish("south", NEWS, world.clock.now)
    world.poll()
    states = {feed.id: state for feed, state in world.app.store.feeds()}
    assert "503" in states["north"].last_error
    assert states["north"].next_due_at >= world.clock.now + timedelta(hours=2)
    assert states["south"].last_error == ""
    assert len(world.alerts()) == 1


@pytest.mark.parametrize("body", [b"", b"<html><body>Please log in</body></html>"])
def test_a_page_where_a_feed_was_is_an_error_not_silence(world: World, body: bytes):
    world.publisher.answers["north"] = Answer(body=body, headers={"Content-Type": "text/html"})
    world.poll()
    assert [report.feed_id for report in world.reports if report.error] == ["north"]


def test_a_channel_that_fails_is_tried_again_and_the_message_arrives_once(world: World):
    world.publisher.publish("north", NEWS, world.clock.now)
    world.poll()
    world.mailbox.failures = [DeliveryError("mailbox", "429", retry_after=timedelta(minutes=3))]
    [tried] = world.deliver()
    assert (tried.state, tried.attempts) == (NotificationState.PENDING, 1)
    assert world.deliver() == []
    world.later(minutes=4)
    assert [n.state for n in world.deliver()] == [NotificationState.SENT]
    assert len(world.mailbox.messages) == 1


def test_messages_for_a_channel_taken_out_of_the_configuration_wait_for_it(world: World):
    world.publisher.publish("north", NEWS, world.clock.now)
    world.poll()
    world.app.channels = {}
    world.deliver()
    [waiting] = world.app.store.notifications()
    assert waiting.state is NotificationState.PENDING, "no channel claims it"


def test_a_lost_message_is_told_to_the_operator_over_another_channel(tmp_path: Path):
    operated = CONFIGURATION.replace(
        "channels: {mailbox: {}}", "channels: {mailbox: {}, ops: {kind: console}}\noperator: ops"
    )
    world = world_of(settings(tmp_path, configuration=operated))
    operator = Mailbox("ops")
    world.app.channels = {"mailbox": world.mailbox, "ops": operator}
    world.poll()
    world.later(minutes=11)
    world.publisher.publish("north", NEWS, world.clock.now)
    world.poll()
    world.mailbox.failures = [DeliveryError("mailbox", "no such mailbox", permanent=True)]
    world.deliver()
    [message] = operator.messages
    assert "mailbox" in message.title
    assert "no such mailbox" in message.body
    asyncio.run(world.app.close())


def test_several_lost_messages_of_a_channel_are_told_to_the_operator_once(tmp_path: Path):
    operated = CONFIGURATION.replace(
        "channels: {mailbox: {}}", "channels: {mailbox: {}, ops: {kind: console}}\noperator: ops"
    )
    world = world_of(settings(tmp_path, configuration=operated))
    operator = Mailbox("ops")
    world.app.channels = {"mailbox": world.mailbox, "ops": operator}
    world.poll()
    world.later(minutes=11)
    world.publisher.publish("north", NEWS, world.clock.now)
    world.publisher.publish("south", "Parliament in Prague debates whether to lease out Gripen", world.clock.now)
    world.poll()
    world.mailbox.failures = [DeliveryError("mailbox", "no such mailbox", permanent=True) for _ in range(2)]
    world.deliver()
    assert [each.state for each in world.delivered].count(NotificationState.DEAD) == 2
    assert len(operator.messages) == 1
    asyncio.run(world.app.close())


def test_a_feed_that_fails_for_long_is_told_to_the_operator_once_and_once_on_return(tmp_path: Path):
    operated = CONFIGURATION + "operator: mailbox\n"
    world = world_of(settings(tmp_path, configuration=operated))
    world.poll()
    world.publisher.answers["north"] = Answer(status=500)
    for _ in range(12):
        world.later(hours=6)
        world.poll()
    world.deliver()
    [down] = world.mailbox.messages
    assert "north" in down.title
    assert "500" in down.body
    del world.publisher.answers["north"]
    world.later(hours=7)
    world.poll()
    world.deliver()
    assert "readable again" in world.mailbox.messages[1].body
    assert len(world.mailbox.messages) == 2
    asyncio.run(world.app.close())


def test_a_condition_over_time_fires_on_the_third_story(world: World):
    for day, place in enumerate(["Uppsala", "Lviv", "Linköping"]):
        world.publisher.publish(
            "north", f"Gripen number {day} lands in {place} under new contract {day + 4}", world.clock.now
        )
        world.poll()
        world.later(hours=20)
    assert [alert.name for alert in world.alerts()].count("series") == 1


def test_a_poll_whose_judging_fails_leaves_nothing_behind(world: World):
    class Broken:
        def judge(self, *_: object) -> None:
            raise StoreError("disk full")

    [rule] = world.app.detector.rules.rules
    broken = replace(rule, alerts=(replace(rule.alerts[0], condition=Broken()),))  # type: ignore[arg-type]
    world.app.detector.rules.rules = (broken,)
    world.publisher.publish("north", NEWS, world.clock.now)
    before = world.app.store.counts()
    with pytest.raises(StoreError, match="disk full"):
        world.poll()
    after = world.app.store.counts()
    assert (after.items, after.observations) == (before.items, before.observations)
    world.app.detector.rules.rules = (rule,)
    world.later(minutes=11)
    world.poll()
    assert len(world.alerts()) == 1, "the item is fetched again and nothing is lost"


def test_a_restart_goes_on_where_it_was(world: World, tmp_path: Path):
    world.publisher.publish("north", NEWS, world.clock.now)
    world.poll()
    again = world_of(settings(tmp_path))
    again.clock.now = world.clock.now + timedelta(minutes=11)
    again.publisher.feeds = {name: list(items) for name, items in world.publisher.feeds.items()}
    again.publisher.publish("south", SAME_NEWS, again.clock.now)
    again.poll()
    [alert] = again.alerts()
    assert alert.publishers == ("North Daily", "South Post"), "the story was remembered"
    assert len(again.deliver()) == 1
    asyncio.run(again.app.close())


def test_an_edited_rule_works_at_once_and_a_broken_one_keeps_its_last_good_version(world: World, tmp_path: Path):
    file = tmp_path / "rules" / "gripen.yaml"
    assert not asyncio.run(world.app.reload_rules()), "nothing has changed"
    file.write_text(RULE.replace("Gripen~", "Rafale~"), encoding="utf-8")
    assert asyncio.run(world.app.reload_rules())
    world.publisher.publish("north", "France promises Rafale jets", world.clock.now)
    world.poll()
    assert len(world.alerts()) == 1
    file.write_text("rule: gripen-watch\nmatch: [\n", encoding="utf-8")
    assert asyncio.run(world.app.reload_rules())
    assert world.app.loaded.problems
    world.later(minutes=11)
    world.publisher.publish("north", "Greece buys more Rafale fighters for its islands", world.clock.now)
    world.poll()
    [told] = [alert for alert in world.alerts() if alert.rule == "monitor-rules"]
    assert "gripen.yaml" in told.reason
    assert len(world.alerts()) == 3


def test_open_alerts_of_a_deleted_rule_end_and_say_why(world: World, tmp_path: Path):
    for title in (NEWS, "Brazil tests a Gripen over the Amazon", "Museum in Prague buys an old Gripen simulator"):
        world.publisher.publish("north", title, world.clock.now)
    world.poll()
    assert {alert.name for alert in world.alerts()} == {"report", "series"}
    file = tmp_path / "rules" / "gripen.yaml"
    file.write_text("\n".join(line for line in RULE.splitlines() if "series" not in line), encoding="utf-8")
    asyncio.run(world.app.reload_rules())
    asyncio.run(world.app.judge())
    [series] = [alert for alert in world.alerts() if alert.state is AlertState.RESOLVED]
    assert series.reason.endswith('over: there is no alert "series" of a rule "gripen-watch" any more')
    file.unlink()
    asyncio.run(world.app.reload_rules())
    asyncio.run(world.app.judge())
    assert all(alert.ended_at == world.clock.now for alert in world.alerts())


def test_a_message_about_the_service_outlives_every_change_of_rules(world: World, tmp_path: Path):
    (tmp_path / "rules" / "other.yaml").write_text("rule: broken\n", encoding="utf-8")
    asyncio.run(world.app.reload_rules())
    asyncio.run(world.app.judge())
    assert [alert.state for alert in world.alerts()] == [AlertState.FIRING]


def test_wrong_rules_stop_the_start_with_all_their_problems(tmp_path: Path):
    chosen = settings(tmp_path, rule="rule: broken\nmatch: [$nowhere]\nalert: loud\n")
    with pytest.raises(RuleError) as caught:
        build(chosen, clock=Clock())
    assert len(caught.value.problems) == 2


def test_polls_that_wait_together_are_committed_together_and_one_that_fails_undoes_no_other(world: World):
    for name in ("north", "south"):
        world.publisher.publish(name, NEWS, world.clock.now)
    free = threading.Event()

    async def polls() -> list[PollReport | BaseException]:
        north, south = sorted(await world.app.claim_feeds(2), key=lambda lease: lease.feed.id)
        busy = asyncio.create_task(world.app.database(free.wait, 30))
        lost = replace(north, token="somebody else's")
        waiting = [asyncio.create_task(world.app.poll(lease)) for lease in (lost, south)]
        while not (turn := world.app._turn) or len(turn.works) < 2:
            await asyncio.sleep(0.01)
        free.set()
        return await asyncio.gather(*waiting, busy, return_exceptions=True)

    refused, report, _ = asyncio.run(polls())
    assert isinstance(refused, LeaseLost)
    assert isinstance(report, PollReport)
    assert report.new == 1
    assert [alert.publishers for alert in world.alerts()] == [("South Post",)]
