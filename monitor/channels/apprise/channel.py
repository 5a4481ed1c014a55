"""One target of one service, in the thread that calls: Apprise's own pool has six, for six silent services to block."""

import threading
from collections import OrderedDict
from datetime import datetime
from urllib.parse import urlsplit

from apprise.plugins import NotifyBase

from monitor.channels.answers import failure, phrase, secrets_in
from monitor.channels.apprise import addresses
from monitor.channels.apprise.library import line, url_of
from monitor.channels.apprise.transports import Outlet
from monitor.errors import DeliveryError
from monitor.model import Message, Receipt
from monitor.text import plain

_ADDRESSES_KEPT = 500


class AppriseChannel:
    """The target of one URL, and those who gave an address of their own."""

    def __init__(self, name: str, service: NotifyBase) -> None:
        self.name = name
        self._service = service
        self._hidden = secrets_in(url_of(service))
        self._line = line()
        self._outlets: OrderedDict[str, Outlet] = OrderedDict()
        self._turn = threading.Lock()

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        """Hand the message to the service.

        Raises:
            DeliveryError: It was refused, or nobody knows whether it arrived.
        """
        if wrong := self.check_address(address):
            raise DeliveryError(self.name, f"{plain.line(address, 40)} {wrong}", permanent=True)
        outcome = self._outlet(address).transmit(message, now)
        if not outcome.succeeded:
            raise failure(self.name, str(self._service.service_name), outcome, now, self._hidden)
        status = f"{outcome.status} {phrase(outcome.status)}" if outcome.status else "accepted"
        return Receipt(channel=self.name, sent_at=now, detail=f"{self._service.service_name}: {status}")

    def check_address(self, address: str) -> str | None:
        return addresses.why_not(self._service, address)

    def describe(self) -> str:
        private = urlsplit(url_of(self._service, privacy=True))
        return f"{self._service.service_name}, {private.scheme}://{private.netloc}/…"

    def _outlet(self, address: str) -> Outlet:
        """The service turned to an address; those used last are kept."""
        with self._turn:
            if address not in self._outlets:
                self._outlets[address] = Outlet(addresses.turned_to(self._service, address), self._line)
            self._outlets.move_to_end(address)
            while len(self._outlets) > _ADDRESSES_KEPT:
                self._outlets.popitem(last=False)
            return self._outlets[address]
