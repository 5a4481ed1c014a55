"""What every channel promises, and how one is declared."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from monitor.errors import Problem
from monitor.model import Message, Rate, Receipt

SEND_TIMEOUT = 20.0
"""Seconds after which nobody waits for the end of a `send` any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """A channel as the user declared it.

    Attributes:
        kind: A key of `channels.CHANNELS`.
        url: Where to send to; a secret, so it never shows up in a repr.
        config: An Apprise configuration file to take targets from, instead of a URL.
        tag: Which of its entries; "" means all.
        secret: What its messages are signed with.
        rate: How fast each of its targets may be sent to; None for what is usual for the service.
        path, line, column: Where it was declared, for messages.
    """

    name: str
    kind: str
    url: str = field(default="", repr=False)
    config: Path | None = None
    tag: str = ""
    secret: str = field(default="", repr=False)
    rate: Rate | None = None
    path: Path = Path("channels")
    line: int = 0
    column: int = 0

    def problem(self, message: str, hint: str = "") -> Problem:
        """What is wrong with this channel, and where it was declared."""
        text = f'channel "{self.name}": {message}'
        return Problem(path=self.path, line=self.line, column=self.column, message=text, hint=hint)


class Channel(Protocol):
    """A place to send to."""

    @property
    def name(self) -> str:
        """What routes call it."""

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        """Hand over one message, and wait for the answer.

        Called from any thread, but never for two messages to one address at once.

        Args:
            address: Whom to send to; "" means the target it was declared with.

        Raises:
            DeliveryError: It did not arrive, or nobody knows whether it did.
        """

    def check_address(self, address: str) -> str | None:
        """Why it cannot send to this address, or None when it can."""

    def describe(self) -> str:
        """Where it sends to, without secrets."""
