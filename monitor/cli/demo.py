"""`monitor demo`: the whole service against a loopback publisher that plays four invented weeks of news in seconds."""

import asyncio
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from monitor.app import App, Listener, build
from monitor.cli.replay import Archive
from monitor.model import Alert, Notification
from monitor.pipeline import PollReport
from monitor.settings import Settings, load
from monitor.shipped import RULES, SEEDS

STEP = timedelta(hours=12)  # of news between two looks
HISTORY = timedelta(days=2)  # what the publishers have on offer when the service starts
CONFIGURATION = """\
database: sqlite:///demo.db
rules: ["{rules}"]
channels: {{console: {{}}}}
subscriptions:
  - {{name: everything, channel: console, severity: low}}
polling: {{allow_private_hosts: ["127.0.0.1"], per_host: 50, spacing: 0s}}
"""


@dataclass(slots=True)
class SteppedClock:
    """A clock that stands still until it is moved on: the news waits for a slow machine."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def publisher(archive: Archive, clock: SteppedClock) -> Iterator[str]:
    """A web server on loopback that offers the archive as it stood at the clock's time; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content_type, body = archive.document(self.path.strip("/"), clock())
            etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
            unchanged = self.headers.get("If-None-Match") == etag
            self.send_response(304 if unchanged else 200)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", "0" if unchanged else str(len(body)))
            self.end_headers()
            if not unchanged:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the terminal belongs to the alerts."""

    server = _Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    """Has room for all who come at once: with Python's five, each of the others tries again after a second."""

    daemon_threads = True
    request_queue_size = 128


@dataclass(slots=True, kw_only=True)
class Tally:
    """What the demo has seen so far, for the line at its end."""

    counts: Counter[str] = field(default_factory=Counter)
    opened: set[str] = field(default_factory=set)

    def listener(self) -> Listener:
        """The ears that keep this tally."""
        return Listener(polled=self._polled, alerted=self._alerted, delivered=self._delivered)

    def __str__(self) -> str:
        return ", ".join(
            f"{self.counts[what]} {what}" for what in ("polls", "items", "observations", "alerts", "deliveries")
        )

    def _polled(self, report: PollReport) -> None:
        self.counts.update(polls=1, items=report.new, observations=report.observations)

    def _alerted(self, alert: Alert) -> None:
        self.counts.update(alerts=alert.id not in self.opened)  # later news of it are told, too
        self.opened.add(alert.id)

    def _delivered(self, notification: Notification) -> None:
        self.counts.update(deliveries=1)


def settings_for(archive: Archive, folder: Path, address: str) -> Settings:
    """The demo's configuration: the archive's feeds at this address, the shipped rules, the terminal as channel."""
    path = folder / "monitor.yaml"
    path.write_text(CONFIGURATION.format(rules=RULES), encoding="utf-8")
    feeds = tuple(
        replace(publisher.feed(f"{address}/{name}"), every=STEP) for name, publisher in archive.publishers.items()
    )
    return replace(load(path), feeds=feeds)


async def play(app: App, clock: SteppedClock, until: datetime, seconds: float) -> None:
    """Poll, judge and deliver step by step until then; it takes so many seconds, or longer where the machine does."""
    feeds = [feed.id for feed in app.settings.feeds]
    pause = seconds * STEP / (until - clock.now)
    due = time.monotonic()
    while clock.now < until:
        clock.now = min(clock.now + STEP, until)
        await app.poll_due(feeds)
        await app.judge()
        await app.bundle()
        await app.send_due()
        due += pause
        await asyncio.sleep(max(0.0, due - time.monotonic()))
    await app.close()


def demo(
    seconds: Annotated[
        float, typer.Option(help="How long the four weeks take; longer on a slow machine.", min=3, max=3600)
    ] = 14.0,
) -> None:
    """Watch real alerts arrive: the shipped rules over an invented news archive, no account, no network.

    A web server on loopback publishes four weeks of news in a few seconds. The parts of `monitor run` poll it over
    HTTP, match, judge and deliver to this terminal, on a clock that waits for them.
    """
    archive = Archive.load(SEEDS / "replay")
    start = archive.first_at + HISTORY
    console, tally = Console(stderr=True), Tally()
    console.print(
        f"Playing {archive.last_at - start} of news from {len(archive.publishers)} publishers in {seconds:.0f} s …"
    )
    with tempfile.TemporaryDirectory(prefix="monitor-demo-") as folder:
        clock = SteppedClock(start)
        with publisher(archive, clock) as address:
            app = build(settings_for(archive, Path(folder), address), clock=clock, listener=tally.listener())
            asyncio.run(play(app, clock, archive.last_at, seconds))
    console.print(f"[bold]Done:[/] {tally}. Now `make run` watches the real feeds; `monitor init DIR` starts your own.")
