"""Connections to services stay open from one message to the next, and none that was closed loses or repeats one."""

import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.channels import connections
from monitor.channels.base import Channel, ChannelSpec
from monitor.channels.table import build
from monitor.errors import DeliveryError
from monitor.model import Message
from tests.functional.sinks import SLACK, TAKEN, TELEGRAM, HttpsSink, PlainSink, Reply, Request

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "whsec_" + b64encode(b"plantedsecretabcdefghijk").decode()


@dataclass(frozen=True, kw_only=True)
class Service:
    """A channel, what its service got, and how to script its answers."""

    channel: Channel
    requests: list[Request]
    script: Callable[..., None]
    taken: str = ""

    def send(self, *titles: str) -> None:
        for title in titles:
            self.channel.send(Message(title=title, body="b"), NOW)

    def connections(self) -> list[int]:
        return [request.connection for request in self.requests]


def _plain(stack: ExitStack, kind: str, url: str) -> Service:
    sink = stack.enter_context(PlainSink(keeps=True))
    spec = ChannelSpec(name="desk", kind=kind, url=url.format(port=sink.port), secret=SECRET)
    return Service(channel=build([spec])["desk"], requests=sink.requests, script=sink.script)


def _https(stack: ExitStack, folder: Path, host: str, url: str) -> Service:
    sink = stack.enter_context(HttpsSink(folder, keeps=True))
    environment = stack.enter_context(pytest.MonkeyPatch.context())
    for name, value in sink.environment.items():
        environment.setenv(name, value)
    return Service(
        channel=build([ChannelSpec(name="desk", kind="apprise", url=url)])["desk"],
        requests=sink.requests,
        script=lambda *replies: sink.script(host, *replies),
        taken=TAKEN[host].body,
    )


SERVICES: dict[str, Callable[[ExitStack, Path], Service]] = {
    "json": lambda stack, folder: _plain(stack, "apprise", "json://127.0.0.1:{port}/"),
    "webhook": lambda stack, folder: _plain(stack, "webhook", "http://127.0.0.1:{port}/"),
    "slack": lambda stack, folder: _https(
        stack, folder, SLACK, "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#desk"
    ),
    "telegram": lambda stack, folder: _https(
        stack, folder, TELEGRAM, "tgram://123456789:abcdefghijklmnopqrstuvwxyz012345678/42"
    ),
}


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    with ExitStack() as stack:
        yield SERVICES[request.param](stack, tmp_path)


def test_messages_in_a_row_go_over_one_connection(service: Service) -> None:
    service.send("one", "two", "three")
    assert service.connections() == [1, 1, 1]


def test_a_connection_that_was_closed_between_two_messages_costs_nothing(service: Service) -> None:
    service.script(Reply(body=service.taken, last=True))
    service.send("one")
    time.sleep(0.1)  # the end of the connection arrives
    service.send("two")
    assert service.connections() == [1, 2]


def test_a_connection_that_was_idle_is_not_used_again(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "IDLE", 0.05)
    service.send("one")
    time.sleep(0.1)
    service.send("two")
    assert service.connections() == [1, 2]


def test_a_connection_that_breaks_under_a_message_may_have_delivered_it(service: Service) -> None:
    service.script(Reply(body=service.taken), Reply(reset=True))
    service.send("one")
    with pytest.raises(DeliveryError, match="may have arrived"):
        service.send("two")
    assert len(service.requests) == 2, "it was sent again at once"
    service.send("two")
    assert service.connections() == [1, 1, 2]


def test_cookies_are_not_kept_with_the_connection(service: Service) -> None:
    service.script(Reply(body=service.taken, headers={"Set-Cookie": "who=me; Path=/"}))
    service.send("one", "two")
    assert "Cookie" not in service.requests[-1].headers
