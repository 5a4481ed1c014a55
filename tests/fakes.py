"""Small stand-ins for the world outside: a publisher, a mailbox, a clock that is set by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

import httpx

from monitor.errors import DeliveryError
from monitor.model import Message, NotificationLease, Receipt
from monitor.store import Store

MORNING = datetime(2026, 3, 1, 8, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """Stands still until it is moved."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a publisher says instead of its feed."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Publisher:
    """Answers HTTP requests for feeds that a test writes; `transport` goes into the fetcher."""

    feeds: dict[str, list[tuple[str, datetime]]] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def publish(self, name: str, title: str, at: datetime = MORNING) -> None:
        """Put a headline on top of a feed."""
        self.feeds.setdefault(name, []).insert(0, (title, at))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        name = request.url.host.removesuffix(".example")
        answer = self.answers.get(name) or Answer(body=rss(name, self.feeds.get(name, [])))
        return httpx.Response(answer.status, headers=answer.headers, stream=httpx.ByteStream(answer.body))


def rss(name: str, items: Sequence[tuple[str, datetime]]) -> bytes:
    """An RSS document; the guid of an item is its headline."""
    entries = "".join(
        f'<item><guid isPermaLink="false">{escape(title)}</guid><title>{escape(title)}</title>'
        f"<pubDate>{format_datetime(at)}</pubDate></item>"
        for title, at in items
    )
    return f'<rss version="2.0"><channel><title>{name}</title>{entries}</channel></rss>'.encode()


@dataclass(slots=True)
class Mailbox:
    """A channel that keeps what it gets, or fails as told."""

    name: str = "mailbox"
    messages: list[Message] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    failures: list[DeliveryError] = field(default_factory=list)

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        if self.failures:
            raise self.failures.pop(0)
        self.messages.append(message)
        self.addresses.append(address)
        return Receipt(channel=self.name, sent_at=now, detail="kept")

    def check_address(self, address: str) -> str | None:
        return None if "\n" not in address else "an address is one line"

    def describe(self) -> str:
        return "a mailbox in memory"


def begin_due(
    store: Store,
    now: datetime,
    *,
    limit: int,
    ttl: timedelta,
    channels: Sequence[str] | None = None,
    spared: Sequence[str] = (),
) -> list[NotificationLease]:
    """Begin all that is due, as a sender does one by one."""
    due = store.due_notifications(now, limit=limit, channels=channels, spared=spared)
    return [lease for each in due if (lease := store.begin_notification(each, now, ttl))]
