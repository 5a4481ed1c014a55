"""What every kind of channel keeps to, each against a real receiver."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from monitor.channels.base import Channel, ChannelSpec
from monitor.channels.console import Console
from monitor.channels.table import CHANNELS, build
from monitor.errors import DeliveryError
from monitor.model import Message, Receipt, Severity
from tests.functional.sinks import SLACK, TELEGRAM, HttpsSink, PlainSink, Reply, SmtpSink, mail_text

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "plantedsecretabcdefghijk"


@dataclass(frozen=True, kw_only=True)
class Target:
    """A channel, what has arrived at its other end, and how to make that end fail."""

    channel: Channel
    arrived: Callable[[], list[str]]
    fail: Callable[[], None]


def _service(url: str) -> Channel:
    return build([ChannelSpec(name="desk", kind="apprise", url=url)])["desk"]


def _console(stack: ExitStack, folder: Path) -> Target:
    stream = StringIO()

    def arrived() -> list[str]:
        return [block for block in stream.getvalue().split("\n\n") if block]

    return Target(channel=Console("desk", stream), arrived=arrived, fail=stream.close)


def _https(host: str, url: str) -> Callable[[ExitStack, Path], Target]:
    def target(stack: ExitStack, folder: Path) -> Target:
        sink = stack.enter_context(HttpsSink(folder))
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in sink.environment.items():
            environment.setenv(name, value)
        return Target(
            channel=_service(url),
            arrived=lambda: [request.text for request in sink.to(host)],
            fail=lambda: sink.script(host, Reply(status=500)),
        )

    return target


def _mail(stack: ExitStack, folder: Path) -> Target:
    sink = stack.enter_context(SmtpSink())
    return Target(
        channel=_service(sink.url()),
        arrived=lambda: [mail_text(mail) for mail in sink.mails],
        fail=lambda: sink.script("451 later"),
    )


def _json(stack: ExitStack, folder: Path) -> Target:
    sink = stack.enter_context(PlainSink())
    return Target(
        channel=_service(f"json://127.0.0.1:{sink.port}/{SECRET}"),
        arrived=lambda: [f"{request.json['title']}\n{request.json['message']}" for request in sink.requests],
        fail=lambda: sink.script(Reply(status=503)),
    )


def _webhook(stack: ExitStack, folder: Path) -> Target:
    sink = stack.enter_context(PlainSink())
    secret = "whsec_" + b64encode(SECRET.encode()).decode()
    url = f"http://127.0.0.1:{sink.port}/{SECRET}"
    return Target(
        channel=build([ChannelSpec(name="desk", kind="webhook", url=url, secret=secret)])["desk"],
        arrived=lambda: [_told(request.json["data"]) for request in sink.requests],
        fail=lambda: sink.script(Reply(status=503, body=f"no {SECRET}")),
    )


def _told(data: Mapping[str, str]) -> str:
    return f"{data['severity'].upper()} {data['title']}\n{data['link']}\n{data['text']}"


TARGETS = {
    "console": _console,
    "apprise slack": _https(SLACK, f"slack://T1JJ3T3L2/A1BRTD4JD/{SECRET}/#desk"),
    "apprise telegram": _https(TELEGRAM, f"tgram://123456789:{SECRET}_0123456789/42"),
    "apprise mail": _mail,
    "apprise json": _json,
    "webhook": _webhook,
}


@pytest.fixture(params=TARGETS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    with ExitStack() as stack:
        yield TARGETS[request.param](stack, tmp_path)


def send(target: Target, message: Message, address: str = "") -> Receipt:
    return target.channel.send(message, NOW, address)


def test_every_kind_is_tried_here() -> None:
    assert {name.split()[0] for name in TARGETS} == set(CHANNELS)


def test_a_channel_keeps_its_name(target: Target) -> None:
    assert target.channel.name == "desk"


@pytest.mark.parametrize("severity", Severity)
def test_a_sent_message_arrives_whole_and_gives_a_receipt(target: Target, severity: Severity) -> None:
    message = Message(
        title="Ґріпен: a title — “quoted”",
        body="Why: because\n\nAlert 1a2b3c4d.",
        link="https://a.example/1?a=b",
        severity=severity,
    )
    receipt = send(target, message)
    assert (receipt.channel, receipt.sent_at) == ("desk", NOW)
    assert receipt.detail
    arrived = "\n".join(target.arrived())
    for part in (severity.upper(), message.title, "Why: because", "Alert 1a2b3c4d.", message.link):
        assert part in arrived


def test_a_failure_names_the_channel_and_may_be_tried_again(target: Target) -> None:
    target.fail()
    with pytest.raises(DeliveryError) as caught:
        send(target, Message(title="t", body="b"))
    assert caught.value.channel == "desk"
    assert str(caught.value).startswith("desk: ")
    assert not caught.value.permanent


def test_no_secret_is_told(target: Target) -> None:
    target.fail()
    with pytest.raises(DeliveryError) as caught:
        send(target, Message(title="t", body="b"))
    told = f"{caught.value!r} {caught.value} {target.channel.describe()} {target.channel!r}"
    assert SECRET not in told


def test_an_address_that_cannot_be_sent_to_is_refused_for_good(target: Target) -> None:
    for address in ("a@b.example\r\nBcc: c@d.example", "a b", "<!channel>", "x" * 300):
        assert target.channel.check_address(address)
        with pytest.raises(DeliveryError) as caught:
            send(target, Message(title="t", body="b"), address)
        assert caught.value.permanent
    assert target.channel.check_address("") is None
    assert target.arrived() == []


def test_an_empty_and_a_huge_message_arrive_too(target: Target) -> None:
    send(target, Message(title="", body=""))
    send(target, Message(title="t " * 20_000, body="b " * 20_000 + "\n\nAlert 1a2b3c4d."))
    assert target.arrived()[-1].rstrip().endswith("Alert 1a2b3c4d.")
