"""`monitor send-test`: one message to one channel, to see that it arrives."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from monitor import yamlfile
from monitor.channels.base import Channel
from monitor.channels.forms import mail
from monitor.channels.table import PART, build
from monitor.cli.options import CONFIG, ConfigOption, now, settings_from
from monitor.cli.output import say
from monitor.cli.samples import SAMPLES
from monitor.errors import DeliveryError
from monitor.model import Message, Severity

MESSAGE = Message(
    title="Test message of the indicator monitor",
    body="When you read this, alerts can reach this channel.\n\nSent by `monitor send-test`; nothing has happened.",
    severity=Severity.INFO,
)


def send_test(
    channel: Annotated[
        str, typer.Argument(metavar="CHANNEL", help="A name below `channels:` in the configuration.")
    ] = "",
    config: ConfigOption = CONFIG,
    sample: Annotated[str, typer.Option(help=f"Instead an invented message: {', '.join(SAMPLES)}.")] = "",
    address: Annotated[str, typer.Option(help="Send it to this mail address or chat, not to that of the URL.")] = "",
    html: Annotated[
        Path | None, typer.Option(help="Write it as the page of a mail to this file; send nothing.")
    ] = None,
) -> None:
    """Send a test message to one channel, and say what its service answered.

    Examples:

        monitor send-test desk-slack

        monitor send-test desk-mail --sample turn --address ada@newsroom.example

        monitor send-test --sample digest --html digest.html
    """
    message = _sample(sample) if sample else MESSAGE
    if html is not None:
        html.write_text(mail.html(message), encoding="utf-8")
        return say(f"written to {html}")
    if not channel:
        raise typer.BadParameter("name a channel, or a file with --html", param_hint="CHANNEL")
    for target in _targets(channel, build(settings_from(config).channels)):
        receipt = target.send(message, now(), address)
        say(f"{target.name} ({target.describe()}): {receipt.detail or 'sent'}")


def _sample(name: str) -> Message:
    if name not in SAMPLES:
        hint = yamlfile.suggestion(name, SAMPLES) or f"there are: {', '.join(SAMPLES)}"
        raise typer.BadParameter(f'no sample "{name}" ({hint})', param_hint="--sample")
    return SAMPLES[name](now())


def _targets(name: str, channels: Mapping[str, Channel]) -> list[Channel]:
    found = [channel for key, channel in channels.items() if key == name or key.startswith(name + PART)]
    if not found:
        hint = yamlfile.suggestion(name, channels) or f"known: {', '.join(channels)}"
        raise DeliveryError(name, f"there is no such channel ({hint})", permanent=True)
    return found
