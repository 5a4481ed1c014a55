"""Sends what is due, each message written down before the next begins, at the pace its service allows."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

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
"""Messages in flight for each channel that answers late, so that it holds up no other and is not flooded."""
PATIENCE = 0.5
"""Seconds for which nothing else is sent while a message is in flight: a kill meanwhile makes one come twice."""
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
    database: Callable[[Callable[[], "_Turn"]], Awaitable["_Turn"]]
    ttl: timedelta
    lost: Callable[[Sequence[Notification]], None]
    told: Callable[[Notification], None]
    links: Links | None = None
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="outbox"))
    _sending: Counter[str] = field(default_factory=Counter)
    _tasks: dict[asyncio.Task[None], float] = field(default_factory=dict)  # and when they began
    _done: list[Finished] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _exhausted: set[str] = field(default_factory=set)  # channels for which nothing was due when last asked
    _last: str = ""
    _working: bool = False
    _stopped: bool = False
    _remembers: bool = False

    async def work(self) -> None:
        """Send until nothing is due or in flight; while at work, look again at once."""
        self._exhausted.clear()
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
            free = not self._waits()
            if self._done or (free and self._hungry()):
                turn = await self._turn(free=free)
                self._tell(turn)
                if self._start(turn.next) or turn.notifications:
                    continue
            if not self._tasks and not self._done:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), PATIENCE)

    def _waits(self) -> bool:
        """Whether a message is in flight that may be answered soon; one that is late holds up no other."""
        now = asyncio.get_running_loop().time()
        return any(now - began < PATIENCE for began in self._tasks.values())

    def _hungry(self) -> list[str]:
        """The channels that may have something to send, the one that was last in turn at the end."""
        if self._stopped:
            return []
        names = [name for name in self.channels() if name not in self._exhausted and self._sending[name] < AT_ONCE]
        last = names.index(self._last) + 1 if self._last in names else 0
        return names[last:] + names[:last]

    def _tell(self, turn: "_Turn") -> None:
        for refused in turn.refused:
            log.warning("notification.refused", why=str(refused))
        for notification in turn.notifications:
            self.told(notification)

    def _start(self, lease: NotificationLease | None) -> bool:
        if lease is not None:
            self._last = lease.notification.channel
            self._sending[self._last] += 1
            task = asyncio.create_task(self._send(lease), name=f"send to {self._last}")
            self._tasks[task] = asyncio.get_running_loop().time()
            task.add_done_callback(self._ended)
        return lease is not None

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._news.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("send.crashed", job=task.get_name(), exc_info=error)

    async def _send(self, lease: NotificationLease) -> None:
        name = lease.notification.channel
        found = self.channels().get(name)
        channels = {name: Heeding(channel=found, pace=self.pace)} if found else {}
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

    async def _turn(self, *, free: bool) -> "_Turn":
        """Write down, and see what is next; the detector, which tells the operator of what died, has its own thread."""
        work = partial(self._mark_and_claim, list(self._done), self._hungry() if free else ())
        if any(notification.state is NotificationState.DEAD for _, notification in self._done):
            return await self.database(work)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    # --- in the threads ---------------------------------------------------------------------------------------------

    def _mark_and_claim(self, done: Sequence[Finished], hungry: Sequence[str]) -> "_Turn":
        """In one transaction; a power cut before the next lasting commit makes what it marks come twice, no more."""
        now = self.clock()
        self._remember(now)
        written = [notification for _, notification in done]
        dead = [each for each in written if each.state is NotificationState.DEAD]
        with self.store.together(in_turn=bool(dead), lasting=bool(dead)):
            refused = self.store.finish_notifications(done, now) if done else []
            self.lost(dead)
            claimed = next(filter(None, (self._claim_for(name, now) for name in hungry)), None)
        del self._done[: len(done)]
        return _Turn(notifications=written, refused=refused, next=claimed)

    def _claim_for(self, channel: str, now: datetime) -> NotificationLease | None:
        if not self.pace.paused(channel, now):
            spared = self.pace.full(channel, now)
            for lease in self.store.claim_notifications(now, limit=1, ttl=self.ttl, channels=[channel], spared=spared):
                self.pace.take(channel, lease.notification.address, now)
                return lease
        self._exhausted.add(channel)
        return None

    def _remember(self, now: datetime) -> None:
        """Keep to the rates across a restart."""
        if not self._remembers:
            self._remembers = True
            for channel, address, at in self.store.attempts_since(now - LONGEST_PAUSE):
                self.pace.remember(channel, address, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """What was written down, and what is sent next."""

    notifications: list[Notification]
    refused: list[LeaseLost]
    next: NotificationLease | None
