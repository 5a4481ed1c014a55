"""An alert that is open learns of new facts: one message, saying what changed, to those who got the first one."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from monitor.app import App, build
from monitor.model import Message
from monitor.settings import load
from monitor.sources.fetch import Fetcher
from tests.fakes import Answer, Clock, Mailbox, Publisher

RULE = """\
rule: gripen-watch
title: Gripen for Ukraine
match: [Gripen~]
extract: {amount: true, systems: true, stage: true}
alerts:
  - {name: report, when: each, severity: medium, expires: 2d}
"""
CONFIGURATION = """\
database: sqlite:///monitor.db
rules: [rules]
feeds:
  - {id: north, url: "https://north.example/feed", publisher: North Daily, owner: North, every: 10m}
  - {id: south, url: "https://south.example/feed", publisher: South Post, owner: South, every: 10m}
channels: {mailbox: {kind: console}, quiet: {kind: console}}
subscriptions:
  - {name: desk, channel: mailbox, severity: medium}
  - {name: night, channel: quiet, severity: high}
"""
NEWS = "Sweden pledges Gripen jets to Ukraine in deal of $100 million"
SAME = "Sweden pledges Gripen jets to Ukraine in a deal of $100 million"
MORE = "Sweden pledges Gripen jets to Ukraine in deal of $150 million"


@dataclass(slots=True)
class World:
    """An app whose publishers, mailbox and clock a test holds in its hands; entries keep their guid."""

    app: App
    publisher: Publisher
    clock: Clock = field(default_factory=Clock)
    mailbox: Mailbox = field(default_factory=Mailbox)
    quiet: Mailbox = field(default_factory=lambda: Mailbox("quiet"))
    entries: dict[str, dict[str, tuple[str, datetime]]] = field(default_factory=dict)

    def put(self, feed: str, guid: str, title: str) -> None:
        """Publish an entry, or give it another headline, and poll."""
        known = self.entries.setdefault(feed, {})
        known[guid] = (title, known[guid][1] if guid in known else self.clock.now)
        self.show(feed)

    def take_out(self, feed: str, guid: str) -> None:
        """Take an entry out of a feed, and poll."""
        del self.entries[feed][guid]
        self.show(feed)

    def show(self, feed: str) -> None:
        known = self.entries[feed]
        entries = "".join(
            f"<item><guid>https://{feed}.example/{guid}</guid><link>https://{feed}.example/{guid}</link>"
            f"<title>{escape(headline)}</title><pubDate>{format_datetime(at)}</pubDate></item>"
            for guid, (headline, at) in reversed(known.items())
        )
        body = f'<rss version="2.0"><channel><title>{feed}</title>{entries}</channel></rss>'.encode()
        self.publisher.answers[feed] = Answer(body=body)
        self.poll()

    def poll(self) -> None:
        self.clock.forward(minutes=11)
        asyncio.run(self.app.poll_due())

    def told(self) -> list[Message]:
        """What arrived since the last call."""
        asyncio.run(self.app.send_due())
        arrived, self.mailbox.messages = self.mailbox.messages, []
        return arrived


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "gripen.yaml").write_text(RULE, encoding="utf-8")
    (tmp_path / "monitor.yaml").write_text(CONFIGURATION, encoding="utf-8")
    chosen = load(tmp_path / "monitor.yaml")
    publisher, clock = Publisher(), Clock()
    app = build(chosen, clock=clock)
    app.fetcher = Fetcher(transport=publisher.transport)
    made = World(app=app, publisher=publisher, clock=clock)
    app.channels = {"mailbox": made.mailbox, "quiet": made.quiet}
    made.put("north", "old", "Weather stays mild")
    made.put("south", "old", "Weather stays mild in the south")
    made.put("north", "1", NEWS)
    [first] = made.told()
    assert NEWS in first.title
    yield made
    asyncio.run(made.app.close())


def test_a_later_report_of_the_same_sends_nothing(world: World):
    world.put("south", "1", SAME)
    assert world.told() == []
    [alert] = world.app.store.alerts()
    assert len(alert.observation_ids) == 2


def test_a_later_report_with_another_sum_is_told_once_with_the_old_one(world: World):
    world.put("south", "1", MORE)
    [update] = world.told()
    assert update.title.startswith("Updated: ")
    assert "sum now “$150 million” (South Post), before “$100 million”" in update.body
    world.put("south", "2", f"{MORE}, ministry says")
    assert world.told() == []


def test_only_those_who_got_the_first_message_hear_of_it(world: World):
    world.put("south", "1", MORE)
    world.told()
    assert world.quiet.messages == []
    updates = [each for each in world.app.store.notifications() if each.message.title.startswith("Updated")]
    assert [each.channel for each in updates] == ["mailbox"]


def test_a_publisher_that_changes_the_headline_is_told(world: World):
    world.put("north", "1", MORE)
    [update] = world.told()
    assert f"headline now “{MORE}”, before “{NEWS}” (North Daily)" in update.body
    assert "sum now “$150 million” (North Daily), before “$100 million”" in update.body
    [seen] = world.app.store.observations("gripen-watch")
    assert (seen.title, seen.amounts[0].value) == (MORE, 150_000_000), "ledger and board read it as it is now"
    world.poll()
    assert world.told() == []


def test_a_mended_typing_error_is_kept_and_told_to_nobody(world: World):
    mended = NEWS.replace("pledges", "pledgess")
    world.put("north", "1", mended)
    assert world.told() == []
    [seen] = world.app.store.observations("gripen-watch")
    assert seen.title == mended


def test_a_headline_that_takes_it_all_back_is_told(world: World):
    world.put("north", "1", "Correction: no such deal was made")
    [update] = world.told()
    assert "it no longer says what the rule looks for" in update.body
    assert "headline now “Correction: no such deal was made”" in update.body


def test_a_headline_that_a_rule_selects_only_now_is_an_alert_like_any_other(world: World):
    world.put("south", "1", "Parliament of Uppsala meets")
    assert world.told() == []
    world.put("south", "1", "Parliament of Uppsala votes on a second series of Gripen")
    [alert] = world.told()
    assert not alert.title.startswith("Updated")
    assert "votes on a second series" in alert.title


def test_an_alert_that_has_ended_is_not_updated(world: World):
    world.clock.forward(days=3)
    asyncio.run(world.app.judge())
    world.put("north", "1", MORE)
    assert [each.title for each in world.told() if each.title.startswith("Updated")] == []


def test_a_restart_between_report_and_update_loses_and_repeats_nothing(world: World, tmp_path: Path):
    world.put("south", "1", MORE)
    again = build(load(tmp_path / "monitor.yaml"), clock=world.clock)
    again.fetcher = Fetcher(transport=world.publisher.transport)
    again.channels = {"mailbox": world.mailbox}
    world.clock.forward(minutes=11)
    asyncio.run(again.poll_due())
    asyncio.run(again.send_due())
    asyncio.run(again.close())
    assert [message.title[:9] for message in world.told()] == ["Updated: "]


# --- items that are taken back --------------------------------------------------------------------------------------


@pytest.fixture
def kept(world: World) -> World:
    """A feed that has kept its entries for days, with one that was told of among them."""
    world.put("north", "older", "A choir sings in Lund")
    world.clock.forward(days=4)
    world.put("north", "2", "Sweden sends Gripen spare parts")
    world.told()
    return world


def test_an_item_taken_out_of_the_middle_of_a_feed_is_told_as_withdrawn(kept: World):
    kept.put("north", "3", "Rain over Malmö")
    kept.take_out("north", "2")
    assert kept.told() == [], "one document may come from a server that lags behind"
    kept.put("north", "4", "Sun over Malmö")
    [message] = kept.told()
    assert "withdrawn by North Daily: “Sweden sends Gripen spare parts” is no longer in its feed" in message.body
    kept.put("north", "5", "Snow over Malmö")
    assert kept.told() == []


def test_the_newest_item_is_withdrawn_once_a_newer_one_stands_in_its_place(kept: World):
    kept.take_out("north", "2")
    kept.put("north", "3", "Rain over Malmö")
    assert ["withdrawn by North Daily" in message.body for message in kept.told()] == [True]


def test_an_item_that_scrolls_off_the_end_is_not_withdrawn(kept: World):
    kept.put("north", "3", "Rain over Malmö")
    for guid in ("old", "1", "older", "2"):
        kept.take_out("north", guid)
    kept.put("north", "4", "Sun over Malmö")
    assert kept.told() == []


def test_an_item_that_comes_back_was_never_withdrawn(kept: World):
    entry = kept.entries["north"]["2"]
    kept.put("north", "3", "Rain over Malmö")
    rain = kept.entries["north"].pop("3")
    kept.take_out("north", "2")
    kept.entries["north"] |= {"2": entry, "3": rain}
    kept.show("north")
    kept.put("north", "4", "Sun over Malmö")
    assert kept.told() == []


def test_a_feed_from_which_items_leave_every_day_tells_nothing_by_it(kept: World):
    for number in range(3, 9):
        kept.put("north", str(number), f"Weather report number {number}")
    kept.take_out("north", "4")
    kept.put("north", "9", "Snow over Malmö")
    kept.take_out("north", "2")
    kept.put("north", "10", "Sun over Malmö")
    assert kept.told() == []


def test_an_item_that_moved_to_another_address_is_not_withdrawn(kept: World):
    kept.put("north", "3", "Rain over Malmö")
    title, at = kept.entries["north"].pop("2")
    kept.entries["north"] = {"2-new": (title, at), **kept.entries["north"]}
    kept.entries["north"] = dict(sorted(kept.entries["north"].items(), key=lambda pair: pair[1][1]))
    kept.show("north")
    kept.put("north", "4", "Sun over Malmö")
    assert kept.told() == []
