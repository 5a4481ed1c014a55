"""Channels that heed what their services ask."""

from dataclasses import dataclass
from datetime import datetime

from monitor.alerts.pace import Pace
from monitor.channels.base import Channel
from monitor.errors import DeliveryError
from monitor.model import Message, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Heeding:
    """A channel that is left alone, all of it, for as long as its service asks."""

    channel: Channel
    pace: Pace

    @property
    def name(self) -> str:
        return self.channel.name

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        try:
            return self.channel.send(message, now, address)
        except DeliveryError as error:
            if error.retry_after is not None and not error.permanent:
                self.pace.pause(self.name, error.retry_after, now)
            raise

    def check_address(self, address: str) -> str | None:
        return self.channel.check_address(address)

    def describe(self) -> str:
        return self.channel.describe()
