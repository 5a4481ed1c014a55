"""Sends what is due: a few at a time for each channel, each written down at once, at the pace its service allows."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

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
CAREFUL = 20
"""As many messages go out one by one first: a service that is killed at every start repeats one each time, not many."""
PATIENCE = 1.0
"""Seconds after which even then the next is sent: a channel that hangs holds up no other."""
T = TypeVar("T")
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
        database: Runs work of store and detector in the one thread for it.
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
    database: Callable[[Callable[[], "_Written"]], Awaitable["_Written"]]
    ttl: timedelta
    lost: Callable[[Sequence[Notification]], None]
    told: Callable[[Notification], None]
    links: Links | None = None
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="outbox"))
    _sending: Counter[str] = field(default_factory=Counter)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _done: list[Finished] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _marked: int = 0
    _began: float = 0
    _working: bool = False
    _stopped: bool = False
    _remembers: bool = False

    async def work(self) -> None:
        """Send until nothing is due or in flight; while at work, look again at once."""
        if self._working:
            self._news.set()
            return
        self._working = True
        try:
            await self._work()
        finally:
            self._working = self._stopped = False

    def stop(self) -> None:
        """Claim nothing more in the work that goes on."""
        self._stopped = self._working

    def close(self) -> None:
        """End its thread."""
        self._thread.shutdown(wait=True)

    def cancel(self) -> None:
        """Give up what is in flight; it keeps its lease until that runs out."""
        for task in self._tasks:
            task.cancel()

    async def _work(self) -> None:
        """What was sent is written down before anything else: until then a crash makes it come twice."""
        self._news = asyncio.Event()  # of the loop that runs now
        while True:
            self._news.clear()
            if self._done:
                self._tell(await self._write_down())
            elif self._waits() or (not self._start(await self._quickly(self._claim)) and not self._done):
                if not self._tasks:
                    return
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), PATIENCE)

    def _waits(self) -> bool:
        """Whether nothing may be sent beside what is in flight."""
        now = asyncio.get_running_loop().time()
        return self._marked < CAREFUL and bool(self._tasks) and now - self._began < PATIENCE

    def _tell(self, done: "_Written") -> None:
        for refused in done.refused:
            log.warning("notification.refused", why=str(refused))
        for notification in done.notifications:
            self.told(notification)

    def _start(self, claimed: Sequence[NotificationLease]) -> bool:
        for lease in claimed:
            self._began = asyncio.get_running_loop().time()
            self._sending[lease.notification.channel] += 1
            task = asyncio.create_task(self._send(lease), name=f"send to {lease.notification.channel}")
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        return bool(claimed)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._news.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("send.crashed", job=task.get_name(), exc_info=error)

    async def _send(self, lease: NotificationLease) -> None:
        name = lease.notification.channel
        channels = {name: Heeding(channel=channel, pace=self.pace) for name, channel in self.channels().items()}
        try:
            notification = await deliver(lease, channels, self.clock(), await self._links(lease.notification))
        finally:
            self._sending[name] -= 1
        self._done.append((lease, notification))

    async def _links(self, notification: Notification) -> Links | None:
        """Who subscribed alone is not offered what the page would refuse."""
        if self.links is None or not (notification.subscription and notification.alert_id):
            return self.links
        asked = partial(self.store.subscription, notification.subscription)
        reader = await asyncio.get_running_loop().run_in_executor(self._thread, asked)
        return replace(self.links, acknowledging=reader is not None and reader.by_operator)

    async def _write_down(self) -> "_Written":
        """All that was sent by now; the detector, which tells the operator of what died, has a thread of its own."""
        done = list(self._done)
        if any(notification.state is NotificationState.DEAD for _, notification in done):
            return await self.database(partial(self._mark, done))
        return await self._quickly(partial(self._mark, done))

    async def _quickly(self, work: Callable[[], T]) -> T:
        """In a thread that nobody else keeps busy: a mark that waits is a message that may come twice."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    # --- in the threads ---------------------------------------------------------------------------------------------

    def _mark(self, done: Sequence[Finished]) -> "_Written":
        """Write down; a power cut before the next lasting commit makes it come twice, no more."""
        now = self.clock()
        written = [notification for _, notification in done]
        dead = [each for each in written if each.state is NotificationState.DEAD]
        with self.store.together(in_turn=bool(dead), lasting=bool(dead)):
            refused = self.store.finish_notifications(done, now)
            self.lost(dead)
        del self._done[: len(done)]
        self._marked += len(done)
        return _Written(notifications=written, refused=refused)

    def _claim(self) -> list[NotificationLease]:
        """What comes next for every channel that has hardly anything in hand."""
        hungry = [name for name in self.channels() if self._sending[name] <= 1]
        if self._stopped or not hungry:
            return []
        now = self.clock()
        self._remember(now)
        with self.store.together(in_turn=False, lasting=False):
            if self._marked < CAREFUL:
                return self._claim_one(hungry, now)
            return [each for name in hungry for each in self._claim_for(name, AT_ONCE - self._sending[name], now)]

    def _claim_one(self, hungry: Sequence[str], now: datetime) -> list[NotificationLease]:
        """One message, of the channels in turn."""
        first = self._marked % len(hungry)
        found = (self._claim_for(name, 1, now) for name in (*hungry[first:], *hungry[:first]))
        return next(filter(None, found), [])

    def _claim_for(self, channel: str, most: int, now: datetime) -> list[NotificationLease]:
        if self.pace.paused(channel, now):
            return []
        spared = self.pace.full(channel, now)
        found = self.store.claim_notifications(now, limit=most, ttl=self.ttl, channels=[channel], spared=spared)
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
class _Written:
    notifications: list[Notification]
    refused: list[LeaseLost]
