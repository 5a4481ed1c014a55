"""Many feeds of one host: asked few at a time and apart, and no other host's feed waits for them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from monitor.app import App, Listener, build
from monitor.settings import load
from tests.functional.publishers import Publisher, Request, answers, publisher

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RSS = (
    b"<rss version='2.0'><channel><title>T</title><item><title>The harbour</title><guid>1</guid></item></channel></rss>"
)
Act = Callable[[App, "Busy", Publisher], Awaitable[None]]


@dataclass(slots=True)
class Busy:
    """A publisher that takes its time, and counts."""

    takes: float
    at_once: int = 0
    most: int = 0
    begun: list[float] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.begun.append(time.monotonic())
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(self.takes)
        self.at_once -= 1
        self.ended.append(request.path)
        await answers(RSS)(request, writer)


def started(folder: Path, polling: str, urls: Sequence[str], listener: Listener | None = None) -> App:
    feeds = "\n".join(f"  - {{id: f{number:03}, url: '{url}'}}" for number, url in enumerate(urls))
    config = folder / "monitor.yaml"
    config.write_text(f"rules: []\npolling: {{allow_private_hosts: ['127.0.0.0/8'], {polling}}}\nfeeds:\n{feeds}\n")
    return build(load(config, {}), clock=lambda: NOW, listener=listener)


def scene(folder: Path, polling: str, busy: Busy, act: Act, feeds: int, listener: Listener | None = None) -> None:
    async def play() -> None:
        async with publisher(busy) as slow, publisher(answers(RSS), host="127.0.0.2") as quick:
            urls = [f"{slow.url}/{number}" for number in range(feeds)] + [f"{quick.url}/{n}" for n in range(2)]
            app = started(folder, polling, urls, listener)
            try:
                await act(app, busy, quick)
            finally:
                await app.close()

    asyncio.run(play())


def test_one_slow_host_with_fifty_feeds_delays_no_other(tmp_path: Path) -> None:
    busy = Busy(0.05)
    done_before: list[tuple[str, int]] = []

    async def act(app: App, busy: Busy, quick: Publisher) -> None:
        reports = await app.poll_due()
        assert sorted(report.feed_id for report in reports) == [f"f{number:03}" for number in range(52)]
        assert not any(report.error for report in reports)
        assert len(quick.requests) == 2

    listener = Listener(polled=lambda report: done_before.append((report.feed_id, len(busy.ended))))
    scene(tmp_path, "spacing: 0s", busy, act, 50, listener)
    assert busy.most == 2
    assert all(ended < 25 for feed_id, ended in done_before if feed_id >= "f050"), "the quick host was held up"


def test_the_service_takes_no_more_of_one_host_than_it_asks_at_once(tmp_path: Path) -> None:
    async def act(app: App, busy: Busy, quick: Publisher) -> None:
        first = await app.claim_feeds(50)
        assert [lease.feed.id for lease in first] == ["f000", "f001", "f010", "f011"]
        polls = [asyncio.create_task(app.poll(lease)) for lease in first[:2]]
        while len(busy.begun) < 2:
            await asyncio.sleep(0.01)
        assert await app.claim_feeds(50) == [], "the slow host has its share in hand"
        await asyncio.gather(*polls)
        assert [lease.feed.id for lease in await app.claim_feeds(50)] == ["f002", "f003"]

    scene(tmp_path, "spacing: 0s", Busy(0.1), act, 10)


def test_feeds_of_one_host_are_asked_apart(tmp_path: Path) -> None:
    async def act(app: App, busy: Busy, quick: Publisher) -> None:
        assert len(await app.poll_due()) == 5

    busy = Busy(0)
    scene(tmp_path, "spacing: 1s", busy, act, 3)
    gaps = [later - earlier for earlier, later in pairwise(busy.begun)]
    assert all(gap > 0.5 for gap in gaps), gaps  # it is kept when we ask; a busy machine notices that unevenly


def test_redirects_to_one_host_are_its_requests_too(tmp_path: Path) -> None:
    async def play() -> None:
        async with AsyncExitStack() as stack:
            slow = await stack.enter_async_context(publisher(busy))
            away = answers(status=302, location=f"{slow.url}/feed")
            hosts = [await stack.enter_async_context(publisher(away, host=f"127.0.0.{n}")) for n in range(2, 6)]
            app = started(tmp_path, "spacing: 0s", [host.url for host in hosts])
            reports = await app.poll_due()
            await app.close()
            assert [report.error for report in reports] == [""] * 4

    busy = Busy(0.05)
    asyncio.run(play())
    assert (len(busy.ended), busy.most) == (4, 2)
