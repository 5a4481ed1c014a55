"""One target of one service: each message in a thread of its own, one at a time, at the service's pace.

Apprise's shared pool has six threads, so that six silent services would stop all others.
"""

from collections import OrderedDict
from datetime import datetime
from urllib.parse import urlsplit

from apprise.plugins import NotifyBase

from monitor.channels.answers import Outcome, phrase
from monitor.channels.apprise import addresses
from monitor.channels.apprise.library import redacted, secrets, url_of
from monitor.channels.apprise.transports import transmit
from monitor.channels.base import SEND_TIMEOUT
from monitor.channels.threads import Busy, Turns
from monitor.errors import DeliveryError
from monitor.model import Message, Receipt
from monitor.text import plain

_ADDRESSES_KEPT = 500
_Target = tuple[NotifyBase, Turns[Outcome]]


class AppriseChannel:
    """The target of one URL, and those who gave an address of their own."""

    def __init__(self, name: str, service: NotifyBase) -> None:
        self.name = name
        self._service = service
        self._secrets = secrets(url_of(service))
        self._targets: OrderedDict[str, _Target] = OrderedDict()

    async def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        """Hand the message to the service.

        Raises:
            DeliveryError: It was refused, or nobody knows whether it arrived.
        """
        if wrong := self.check_address(address):
            raise DeliveryError(self.name, f"{plain.line(address, 40)} {wrong}", permanent=True)
        service, turns = self._target(address)
        try:
            outcome = await turns.take(f"send {self.name}", lambda: transmit(service, message, now), SEND_TIMEOUT)
        except Busy as error:
            raise DeliveryError(self.name, "busy with others") from error
        except TimeoutError as error:
            reason = f"no answer within {SEND_TIMEOUT:.0f} s; it may have arrived"
            raise DeliveryError(self.name, reason) from error
        if not outcome.succeeded:
            raise self._error(outcome, now)
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
            self._targets[address] = addresses.turned_to(self._service, address), Turns()
        self._targets.move_to_end(address)
        while len(self._targets) > _ADDRESSES_KEPT:
            self._targets.popitem(last=False)
        return self._targets[address]

    def _error(self, outcome: Outcome, now: datetime) -> DeliveryError:
        words = plain.line(redacted(outcome.words, self._secrets), 160)
        said = f"{outcome.status}: {words}" if outcome.status else words
        retry_after = outcome.retry_after(now)
        message = f"{self._service.service_name}: {said}"
        return DeliveryError(self.name, message, permanent=outcome.permanent, retry_after=retry_after)
