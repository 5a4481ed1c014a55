"""Sends what is due: a few at a time for each channel, each written down at once, at the pace its service allows."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from monitor.alerts.links import Links
from monitor.alerts.pace import LONGEST_PAUSE, Pace
from monitor.channels.base import Channel
from monitor.errors import DeliveryError
from monitor.model import Message, Notification, NotificationLease, NotificationState, Receipt
from monitor.pipeline import deliver
from monitor.store.errors import LeaseLost
from monitor.store.store import Store

AT_ONCE = 4
"""Messages in flight for each channel, so that one that hangs holds up no other."""
Finished = tuple[NotificationLease, Notification]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heeding:
    """A channel that is left alone, all of it, for as long as its service asks."""

    channel: Channel
    pace: Pace

    @property
    def name(self) -> str:
        return self.channel.name

    async def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        try:
            return await self.channel.send(message, now, address)
        except DeliveryError as error:
            if error.retry_after is not None and not error.permanent:
                self.pace.pause(self.name, error.retry_after, now)
            raise

    def check_address(self, address: str) -> str | None:
        return self.channel.check_address(address)

    def describe(self) -> str:
        return self.channel.describe()


@dataclass(slots=True, kw_only=True)
class Sender:
    """Claims, sends and writes down; one `work` at a time.

    Attributes:
        database: Runs store work in the one thread for it.
        ttl: How long a claim holds; longer than any channel may take.
        channels: Asked each time: which there are.
        lost: Tells the operator, in the same transaction, what was given up.
        told: Hears of everything that was written down.
        links: Signs what readers may do from their messages; None where there are no pages.
    """

    store: Store
    channels: Callable[[], Mapping[str, Channel]]
    pace: Pace
    clock: Callable[[], datetime]
    database: Callable[[Callable[[], "_Turn"]], Awaitable["_Turn"]]
    ttl: timedelta
    lost: Callable[[Sequence[Notification]], None]
    told: Callable[[Notification], None]
    links: Links | None = None
    _sending: Counter[str] = field(default_factory=Counter)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _done: list[Finished] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _working: bool = False
    _stopped: bool = False
    _remembers: bool = False

    async def work(self) -> list[Notification]:
        """Send until nothing is due or in flight, and answer with what was written down; nothing while at work."""
        if self._working:
            self._news.set()
            return []
        self._working = True
        try:
            return await self._work()
        finally:
            self._working = self._stopped = False

    def stop(self) -> None:
        """Claim nothing more in the work that goes on."""
        self._stopped = self._working

    def cancel(self) -> None:
        """Give up what is in flight; it keeps its lease until that runs out."""
        for task in self._tasks:
            task.cancel()

    async def _work(self) -> list[Notification]:
        written: list[Notification] = []
        self._news = asyncio.Event()  # of the loop that runs now
        while True:
            self._news.clear()
            written += self._after(await self.database(self._turn))
            if self._tasks:
                await self._news.wait()
            elif not self._done:
                return written

    def _after(self, turn: "_Turn") -> list[Notification]:
        """Start what was claimed, and tell what was written down."""
        for lease in turn.claimed:
            self._sending[lease.notification.channel] += 1
            task = asyncio.create_task(self._send(lease), name=f"send to {lease.notification.channel}")
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        for refused in turn.refused:
            log.warning("notification.refused", why=str(refused))
        for notification in turn.written:
            self.told(notification)
        return turn.written

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._news.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("send.crashed", job=task.get_name(), exc_info=error)

    async def _send(self, lease: NotificationLease) -> None:
        name = lease.notification.channel
        channels = {name: Heeding(channel=channel, pace=self.pace) for name, channel in self.channels().items()}
        try:
            notification = await deliver(lease, channels, self.clock(), self.links)
        finally:
            self._sending[name] -= 1
        self._done.append((lease, notification))

    # --- in the database thread -------------------------------------------------------------------------------------

    def _turn(self) -> "_Turn":
        """Write down what was sent and claim what comes next: one transaction, one wait for the disk."""
        done, now = list(self._done), self.clock()
        with self.store.together():
            refused = self.store.finish_notifications(done, now)
            written = [notification for _, notification in done]
            self.lost([each for each in written if each.state is NotificationState.DEAD])
            claimed = [] if self._stopped else [each for name in self.channels() for each in self._claim(name, now)]
        del self._done[: len(done)]
        return _Turn(claimed=claimed, written=written, refused=refused)

    def _claim(self, channel: str, now: datetime) -> list[NotificationLease]:
        """What one channel may send now."""
        self._remember(now)
        free = AT_ONCE - self._sending[channel]
        if free <= 0 or self.pace.paused(channel, now):
            return []
        spared = self.pace.full(channel, now)
        found = self.store.claim_notifications(now, limit=free, ttl=self.ttl, channels=[channel], spared=spared)
        allowed = [each for each in found if self.pace.take(channel, each.notification.address, now)]
        self.store.release_notifications([each for each in found if each not in allowed])
        return allowed

    def _remember(self, now: datetime) -> None:
        """Keep to the rates across a restart."""
        if not self._remembers:
            self._remembers = True
            for channel, address, at in self.store.attempts_since(now - LONGEST_PAUSE):
                self.pace.remember(channel, address, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    claimed: list[NotificationLease]
    written: list[Notification]
    refused: list[LeaseLost]
