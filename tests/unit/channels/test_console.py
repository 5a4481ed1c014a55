"""Tests of monitor.channels.console."""

import sys
from datetime import UTC, datetime
from io import StringIO

import pytest

from monitor.channels.base import ChannelSpec
from monitor.channels.console import Console, build
from monitor.errors import DeliveryError
from monitor.model import Message, Severity

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MESSAGE = Message(
    title="Envoy [bold]speaks[/bold] :smile:",
    body="Why: because\n\nAlert 1a2b3c4d.",
    link="https://a.example/1",
    severity=Severity.HIGH,
)


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def printed(message: Message, stream: StringIO | None = None) -> str:
    stream = stream or StringIO()
    Console("here", stream).send(message, NOW)
    return stream.getvalue()


def test_an_alert_is_one_block_of_plain_text_where_nobody_watches() -> None:
    assert printed(MESSAGE) == (
        "2026-03-01 12:00 HIGH Envoy [bold]speaks[/bold] :smile:\n"
        "  Why: because\n"
        "  Alert 1a2b3c4d.\n"
        "  https://a.example/1\n"
        "\n"
    )


def test_a_link_in_the_body_is_not_repeated() -> None:
    message = Message(title="t", body="see https://a.example/1", link="https://a.example/1")
    assert printed(message).count("https://a.example/1") == 1


def test_long_lines_are_left_to_the_terminal() -> None:
    assert "word " * 99 + "word\n" in printed(Message(title="t", body="word " * 100))


def test_a_terminal_shows_severities_in_different_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    heads = {severity: printed(Message(title="t", body="b", severity=severity), Terminal()) for severity in Severity}
    assert all("\x1b[" in head for head in heads.values())
    assert len({head.replace(severity.upper(), "") for severity, head in heads.items()}) == len(Severity)


def test_text_cannot_bring_terminal_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = printed(Message(title="\x1b]0;owned\x07", body="\x1b[2J\x9b2J\rhidden"), Terminal())
    assert not any(bad in shown for bad in ("\x1b]", "\x1b[2J", "\x9b", "\x07", "\r"))


def test_a_closed_stream_is_a_failed_delivery() -> None:
    stream = StringIO()
    stream.close()
    with pytest.raises(DeliveryError, match="here: cannot print"):
        Console("here", stream).send(MESSAGE, NOW)


def test_a_declared_console_prints_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    channel = build(ChannelSpec(name="here", kind="console"))["here"]
    channel.send(MESSAGE, NOW)
    assert "Envoy" in capsys.readouterr().out
    assert channel.describe() == "prints to the console"
    assert sys.stdout.writable()
