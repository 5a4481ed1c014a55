"""A feed that falls silent against its own rate is told to the operator, once, and its return once."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import App, build
from monitor.model import AlertState
from monitor.settings import load
from monitor.sources.fetch import Fetcher
from tests.fakes import Answer, Clock, Mailbox, Publisher

CONFIGURATION = """\
database: sqlite:///monitor.db
rules: []
feeds:
  - {id: herald, url: "https://herald.example/feed", publisher: Herald, every: 1h}
channels: {operator: {kind: console}}
operator: operator
"""


class Service:
    """An app that reads one feed, hour by hour."""

    def __init__(self, folder: Path) -> None:
        (folder / "monitor.yaml").write_text(CONFIGURATION, encoding="utf-8")
        chosen = load(folder / "monitor.yaml")
        self.publisher, self.clock, self.mailbox = Publisher(), Clock(), Mailbox("operator")
        self.app: App = build(chosen, clock=self.clock)
        self.app.fetcher = Fetcher(transport=self.publisher.transport)
        self.app.channels = {"operator": self.mailbox}

    def hours(self, count: int, *, news: bool) -> list[str]:
        """Let hours pass, with an item in each or without; what the operator was told."""
        for _ in range(count):
            self.clock.forward(hours=1.15)
            if news:
                self.publisher.publish("herald", f"News of {self.clock.now:%d %b %H:%M}", self.clock.now)
            asyncio.run(self.app.poll_due())
        asyncio.run(self.app.send_due())
        told, self.mailbox.messages = self.mailbox.messages, []
        return [f"{message.title}\n{message.body}" for message in told]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path)
    yield made
    asyncio.run(made.app.close())


def test_a_feed_that_falls_silent_is_told_once_and_so_is_its_return(service: Service) -> None:
    assert service.hours(200, news=True) == []
    assert service.hours(20, news=False) == []
    [told] = service.hours(6, news=False)
    assert "Feed herald is silent against its own rate" in told
    assert "nothing new since 2026-03-10 22:00 UTC, although it can be read; its longest pause before was 1 h" in told
    assert service.hours(50, news=False) == []
    [back] = service.hours(1, news=True)
    assert "Over: Feed herald is silent" in back
    assert "it has news again" in back
    assert service.hours(30, news=True) == []


def test_while_it_is_silent_nothing_is_called_watched(service: Service) -> None:
    service.hours(200, news=True)
    with service.app.store.unit() as unit:
        assert unit.watched_since("any", service.clock.now) is not None
    service.hours(26, news=False)
    with service.app.store.unit() as unit:
        assert unit.watched_since("any", service.clock.now) is None
        assert "silent since" in unit.unwatched("any", service.clock.now)
    service.hours(1, news=True)
    with service.app.store.unit() as unit:
        since = unit.watched_since("any", service.clock.now)
        assert since is not None
        assert service.clock.now - since > timedelta(days=10), "it was read all the time: its silence is no gap"


def test_what_was_said_of_a_feed_ends_when_it_is_taken_out_of_the_configuration(service: Service) -> None:
    service.hours(5, news=True)
    service.clock.forward(days=9)
    [told] = service.hours(1, news=False)
    assert "silent" in told
    service.app.store.sync_feeds([], service.clock.now)
    asyncio.run(service.app.judge())
    [over] = service.hours(1, news=False)
    assert "Over: Feed herald is silent" in over
    assert "it is not in the configuration any more" in over
    assert service.app.store.alerts(state=AlertState.FIRING) == []
    asyncio.run(service.app.judge())
    assert service.hours(1, news=False) == [], "once"


def test_what_was_said_of_a_broken_feed_ends_when_it_is_taken_out(service: Service) -> None:
    service.hours(3, news=True)
    service.publisher.answers["herald"] = Answer(status=410)
    [told] = service.hours(1, news=False)
    assert "Feed herald cannot be read" in told
    service.app.store.sync_feeds([], service.clock.now)
    asyncio.run(service.app.judge())
    [over] = service.hours(1, news=False)
    assert "it is not in the configuration any more" in over
