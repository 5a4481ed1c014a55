"""`monitor send-test`: one message to one channel, to see that it arrives."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from monitor import yamlfile
from monitor.channels.base import Channel
from monitor.channels.table import PART, build
from monitor.cli.options import CONFIG, ConfigOption, now, settings_from
from monitor.cli.output import say
from monitor.errors import DeliveryError
from monitor.model import Message, Severity

MESSAGE = Message(
    title="Test message of the indicator monitor",
    body="When you read this, alerts can reach this channel.\n\nSent by `monitor send-test`; nothing has happened.",
    severity=Severity.INFO,
)


def send_test(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="A name below `channels:` in the configuration.")],
    config: ConfigOption = CONFIG,
) -> None:
    """Send a test message to one channel, and say what its service answered.

    Example:

        monitor send-test desk-slack
    """
    targets = _targets(channel, build(settings_from(config).channels))
    for target in targets:
        receipt = asyncio.run(target.send(MESSAGE, now()))
        say(f"{target.name} ({target.describe()}): {receipt.detail or 'sent'}")


def _targets(name: str, channels: Mapping[str, Channel]) -> list[Channel]:
    found = [channel for key, channel in channels.items() if key == name or key.startswith(name + PART)]
    if not found:
        hint = yamlfile.suggestion(name, channels) or f"known: {', '.join(channels)}"
        raise DeliveryError(name, f"there is no such channel ({hint})", permanent=True)
    return found
