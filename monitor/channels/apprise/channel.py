"""One target of one service: each message in a thread of its own, one at a time, at the service's pace.

Apprise's shared pool has six threads, so that six silent services would stop all others.
"""

from collections import OrderedDict
from datetime import datetime
from urllib.parse import urlsplit

from apprise.plugins import NotifyBase

from monitor.channels.answers import failure, phrase, secrets_in
from monitor.channels.apprise import addresses
from monitor.channels.apprise.library import url_of
from monitor.channels.apprise.transports import transmit
from monitor.channels.threads import Turns
from monitor.errors import DeliveryError
from monitor.model import Message, Receipt
from monitor.text import plain

_ADDRESSES_KEPT = 500
_Target = tuple[NotifyBase, Turns]


class AppriseChannel:
    """The target of one URL, and those who gave an address of their own."""

    def __init__(self, name: str, service: NotifyBase) -> None:
        self.name = name
        self._service = service
        self._hidden = secrets_in(url_of(service))
        self._targets: OrderedDict[str, _Target] = OrderedDict()

    async def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        """Hand the message to the service.

        Raises:
            DeliveryError: It was refused, or nobody knows whether it arrived.
        """
        if wrong := self.check_address(address):
            raise DeliveryError(self.name, f"{plain.line(address, 40)} {wrong}", permanent=True)
        service, turns = self._target(address)
        outcome = await turns.take(lambda: transmit(service, message, now))
        if not outcome.succeeded:
            raise failure(self.name, str(self._service.service_name), outcome, now, self._hidden)
        status = f"{outcome.status} {phrase(outcome.status)}" if outcome.status else "accepted"
        return Receipt(channel=self.name, sent_at=now, detail=f"{self._service.service_name}: {status}")

    def check_address(self, address: str) -> str | None:
        return addresses.why_not(self._service, address)

    def describe(self) -> str:
        private = urlsplit(url_of(self._service, privacy=True))
        return f"{self._service.service_name}, {private.scheme}://{private.netloc}/…"

    def _target(self, address: str) -> _Target:
        """The service turned to an address, and its queue; those used last are kept, with their pace."""
        if address not in self._targets:
            self._targets[address] = addresses.turned_to(self._service, address), Turns(self.name)
        self._targets.move_to_end(address)
        while len(self._targets) > _ADDRESSES_KEPT:
            self._targets.popitem(last=False)
        return self._targets[address]
