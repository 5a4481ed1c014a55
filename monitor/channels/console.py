"""Prints alerts where the service runs: the channel that needs no account."""

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TextIO

from rich.console import Console as Terminal
from rich.text import Text

from monitor.channels.base import Channel, ChannelSpec
from monitor.errors import DeliveryError
from monitor.model import Message, Receipt, Severity
from monitor.text import plain

_LIMIT = 100_000
_STYLES: Mapping[Severity, str] = {
    Severity.INFO: "dim",
    Severity.LOW: "cyan",
    Severity.MEDIUM: "yellow",
    Severity.HIGH: "bold red",
    Severity.CRITICAL: "bold white on red",
}


class Console:
    """A channel that writes one block for each alert, with colour on a terminal and plain elsewhere."""

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self.name = name
        self._stream = stream

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        """Print the message.

        Raises:
            DeliveryError: Nobody reads the stream any more, or it was to have an address.
        """
        if wrong := self.check_address(address):
            raise DeliveryError(self.name, wrong, permanent=True)
        terminal = Terminal(file=self._stream or sys.stdout, highlight=False, soft_wrap=True, emoji=False, markup=False)
        try:
            terminal.print(_block(message, now), end="\n\n")
            terminal.file.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            raise DeliveryError(self.name, f"cannot print: {error}") from error
        return Receipt(channel=self.name, sent_at=now, detail="printed")

    def check_address(self, address: str) -> str | None:
        return None if address == "" else "a console has no addresses"

    def describe(self) -> str:
        return "prints to the console"


def build(spec: ChannelSpec) -> dict[str, Channel]:
    """The console channel of this declaration."""
    return {spec.name: Console(spec.name)}


def _block(message: Message, now: datetime) -> Text:
    """The message as lines; text from outside cannot bring terminal codes or markup of its own."""
    block = Text(f"{now:%Y-%m-%d %H:%M} ", style="dim")
    block.append(f"{message.severity.upper()} ", style=_STYLES[message.severity])
    block.append(plain.line(message.title, _LIMIT), style="bold not dim")
    body = plain.lines(message.body, _LIMIT)
    link = "" if message.link in body else plain.line(message.link, _LIMIT)
    for row in (*body.split("\n"), *filter(None, [link])):
        if row or message.sections:  # blank lines part the indicators of a digest
            block.append(f"\n  {row}".rstrip(" "), style="not dim")
    return block
