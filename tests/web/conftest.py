"""The real pages on loopback, over a real store, asked with raw sockets or a small client."""

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import pytest

from monitor.alerts.links import Grant, Links, Purpose
from monitor.app import App, build
from monitor.model import Alert, AlertState, Message, Notification, Outcome, Severity, Subscription
from monitor.readers import Desk, Wish
from monitor.settings import load
from monitor.web.run import running
from tests.fakes import MORNING, Clock
from tests.functional.sinks import SmtpSink

RULES = {
    "plums": "rule: plums\ntitle: Plums in the talks\ntags: [fruit]\nmatch: [plums]\nalert: low\n",
    "pears": "rule: pears\ntitle: Pears at the front\ntags: [fruit, war]\nmatch: [pears]\nalert: high\n",
}
CONFIGURATION = """\
rules: [rules]
feeds: [{{id: orchard, url: "http://127.0.0.1:9/rss.xml", lang: uk}}]
channels:
  console: {{}}
  mail: {{url: "{mail}"}}
subscriptions:
  ops: {{channel: console}}
operator: console
polling: {{allow_private_hosts: ["127.0.0.1"]}}
web: {{listen: "127.0.0.1:{port}", public_url: "http://127.0.0.1:{port}"{signup}}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a page answered."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass(slots=True, kw_only=True)
class Pages:
    """An installation whose pages are served from a thread of their own."""

    app: App
    clock: Clock
    port: int
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _ready: threading.Event = field(default_factory=threading.Event)

    @property
    def links(self) -> Links:
        assert self.app.links is not None
        return self.app.links

    @property
    def desk(self) -> Desk:
        return Desk(store=self.app.store, channels=self.app.channels, rules=self.app.loaded.rules, pages=True)

    def subscriber(self, address: str = "anna@newsroom.example", origin: str = "command", **wish: Any) -> Subscription:
        """Somebody who is subscribed."""
        return self.desk.enrol(Wish(channel="mail", address=address, **wish), self.clock(), origin)

    def alert(
        self, *readers: Subscription | str, group: str = "story-1", number: int = 1, rule: str = "plums"
    ) -> Alert:
        """An alert, told to subscribers and configured routes."""
        at = self.clock()
        alert = Alert(
            id=f"{rule}-{number}",
            rule=rule,
            rule_version="v",
            name="n",
            group=group,
            severity=Severity.LOW,
            title=f"<b>Plums</b> & talks {number}",
            reason="a report",
            opened_at=at,
            updated_at=at,
        )
        written = tuple(_written(alert, reader, at) for reader in readers)
        with self.app.store.unit() as unit:
            unit.save(Outcome(alerts=(alert,), notifications=written))
        return alert

    def path(self, purpose: Purpose, reader: Subscription | str, alert: Alert | None = None) -> str:
        """Where a signed link leads."""
        grant = Grant(
            purpose=purpose,
            subscription=reader.id if isinstance(reader, Subscription) else "",
            route=reader if isinstance(reader, str) else "",
            alert_id=alert.id if alert else "",
            until=self.clock() + timedelta(days=1),
        )
        return self.links.url(grant).removeprefix(self.links.base)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, form: dict[str, Any] | None = None, **headers: str) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(form or {}, doseq=True).encode(), {**kind, **headers})

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            text = response.read().decode()
            return Answer(status=response.status, headers={k.lower(): v for k, v in response.getheaders()}, text=text)
        finally:
            connection.close()

    def raw(self, request: bytes, *, seconds: float = 10) -> bytes:
        """All that is answered to these bytes, until the other side closes."""
        answer = b""
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as client,
            suppress(ConnectionResetError, BrokenPipeError),  # how a refusal looks to who goes on sending
        ):
            client.sendall(request)
            while received := client.recv(65_536):
                answer += received
        return answer

    def __enter__(self) -> Self:
        threading.Thread(target=self._run, daemon=True).start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        while self._loop.is_running():
            self._ready.wait(0.01)
        self._loop.close()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        async with running(self.app):
            self._ready.set()
            await self._stop.wait()
        await self.app.close()


def _written(alert: Alert, reader: Subscription | str, at: datetime) -> Notification:
    own = reader if isinstance(reader, Subscription) else None
    return Notification(
        id=f"{alert.id}-{own.id if own else reader}",
        alert_id=alert.id,
        alert_state=AlertState.FIRING,
        route=own.name if own else str(reader),
        channel="mail",
        address=own.address if own else "",
        subscription=own.id if own else "",
        message=Message(title=alert.title, body="b"),
        created_at=at,
        next_attempt_at=at,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def configured(folder: Path, mail: str, port: int, *, signup: bool = True) -> Path:
    """An installation in this folder."""
    (folder / "rules").mkdir(exist_ok=True)
    for name, rule in RULES.items():
        (folder / "rules" / f"{name}.yaml").write_text(rule)
    path = folder / "monitor.yaml"
    path.write_text(CONFIGURATION.format(mail=mail, port=port, signup=", signup: mail" if signup else ""))
    return path


def opened(folder: Path, mail: str, *, signup: bool = True) -> Pages:
    """Pages that are not served yet."""
    port, clock = free_port(), Clock(MORNING)
    app = build(load(configured(folder, mail, port, signup=signup)), clock=clock)
    return Pages(app=app, clock=clock, port=port)


@pytest.fixture
def pages(tmp_path: Path, smtp_sink: SmtpSink) -> Iterator[Pages]:
    """The pages of an installation where people may subscribe by mail."""
    with opened(tmp_path, smtp_sink.url()) as made:
        yield made


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A mail server on loopback."""
    with SmtpSink() as sink:
        yield sink
