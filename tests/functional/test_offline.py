"""A day without a network is one notice to the operator, not one for each feed, and ends by itself."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from monitor.app import App, build
from monitor.settings import load
from monitor.sources.fetch import Fetcher
from tests.fakes import Answer, Clock, Mailbox, Publisher

NAMES = ("herald", "ledger", "post", "wire")
FEEDS = "".join(f'  - {{id: {name}, url: "https://{name}.example/feed", every: 30m}}\n' for name in NAMES)
CONFIGURATION = f"""\
database: sqlite:///monitor.db
rules: []
feeds:
{FEEDS}channels: {{operator: {{kind: console}}}}
operator: operator
"""


class Service:
    """An app that reads four feeds over a line that a test can cut."""

    def __init__(self, folder: Path) -> None:
        (folder / "monitor.yaml").write_text(CONFIGURATION, encoding="utf-8")
        self.publisher, self.clock, self.mailbox = Publisher(), Clock(), Mailbox("operator")
        self.app: App = build(load(folder / "monitor.yaml"), clock=self.clock)
        self.app.fetcher = Fetcher(transport=httpx.MockTransport(self._answer))
        self.app.channels = {"operator": self.mailbox}
        self.online = True

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if not self.online:
            raise httpx.ConnectError("no route to host", request=request)
        return self.publisher.transport.handle_request(request)

    def pass_hours(self, count: int) -> list[str]:
        """What the operator was told meanwhile."""
        for _ in range(2 * count):
            self.clock.forward(minutes=31)
            asyncio.run(self.app.poll_due())
            asyncio.run(self.app.judge())
        asyncio.run(self.app.send_due())
        told, self.mailbox.messages = self.mailbox.messages, []
        return [f"{message.title}\n{message.body}" for message in told]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path)
    for name in NAMES:
        made.publisher.publish(name, f"News of the {name}", made.clock.now)
    yield made
    asyncio.run(made.app.close())


def test_a_day_offline_is_told_once_and_so_is_its_end(service: Service) -> None:
    assert service.pass_hours(3) == []
    service.online = False
    [told] = service.pass_hours(24)
    assert "No feed can be read" in told
    assert "none of 4 feeds could be read since 2026-03-01 11:06 UTC: is the network down here?" in told
    service.online = True
    [over] = service.pass_hours(24)
    assert "Over: No feed can be read" in over


def test_a_feed_that_stays_broken_afterwards_is_told_by_its_name(service: Service) -> None:
    service.pass_hours(3)
    service.online = False
    service.pass_hours(12)
    service.online = True
    service.publisher.answers["wire"] = Answer(status=503)
    told = service.pass_hours(24)
    assert [line.split("\n")[0] for line in told] == ["Over: No feed can be read", "Feed wire cannot be read"]
