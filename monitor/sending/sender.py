"""Sends what is due, in a thread beside the event loop, which sees to it that nothing holds up everything."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from monitor.alerts import retry
from monitor.alerts.links import Links
from monitor.alerts.pace import Pace
from monitor.channels.base import SEND_TIMEOUT, Channel
from monitor.errors import DeliveryError, StoreError
from monitor.model import Notification, NotificationLease, NotificationState
from monitor.pipeline import deliver
from monitor.sending.couriers import Courier, Couriers
from monitor.sending.desk import Desk, Finished, Turn
from monitor.sending.heeding import Heeding
from monitor.store.store import Store

PATIENCE = 0.5
"""Seconds for which nothing else is sent while a message is on its way: a kill meanwhile makes one come twice."""
TOLD_WITHIN = 0.05
"""Seconds for which listeners may wait: to wake the event loop for each message costs as much as to write it down."""
log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Sender:
    """Begins, sends and writes down; one `work` at a time.

    Attributes:
        database: Runs work of store and detector in the one thread for it.
        ttl: How long a message that was begun is nobody else's; longer than any channel may take.
        channels: Asked each time: which there are.
        lost: Tells the operator, in the same transaction, what was given up.
        told: Hears of everything that was written down.
        links: Signs what readers may do from their messages; None where there are no pages.
    """

    store: Store
    channels: Callable[[], Mapping[str, Channel]]
    pace: Pace
    clock: Callable[[], datetime]
    database: Callable[[Callable[[], Turn]], Awaitable[Turn]]
    ttl: timedelta
    lost: Callable[[Sequence[Notification]], None]
    told: Callable[[Notification], None]
    links: Links | None = None
    _couriers: Couriers = field(default_factory=Couriers)
    _desk: Desk = field(init=False)
    _at_desk: threading.Lock = field(default_factory=threading.Lock)
    _done: list[Finished] = field(default_factory=list)
    _untold: deque[Turn] = field(default_factory=deque)
    _telling: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop = field(init=False, repr=False)
    _working: bool = False
    _failed: StoreError | None = None
    _closed: bool = False
    _threads: set[asyncio.Future[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._desk = Desk(
            store=self.store,
            channels=self.channels,
            pace=self.pace,
            clock=self.clock,
            ttl=self.ttl,
            lost=self.lost,
            on_the_way=self._couriers.addresses,
        )

    async def work(self) -> None:
        """Send until nothing is due or on its way; while at work, look again at once."""
        self._desk.asked += 1
        if self._working:
            self._news.set()
            return
        self._working, self._failed = True, None
        self._news, self._loop = asyncio.Event(), asyncio.get_running_loop()  # of the loop that runs now
        try:
            await self._see_to_it()
        finally:
            self._working = self._desk.stopped = False
            for thread in tuple(self._threads):
                thread.cancel()  # it goes on, but the loop may be closed before it ends
            self._tell()

    def stop(self) -> None:
        """Begin nothing more in the work that goes on."""
        self._desk.stopped = self._working

    def close(self) -> None:
        """Write nothing down any more."""
        with self._at_desk:
            self._closed = True

    def cancel(self) -> None:
        """Give up what is on its way; it keeps its lease until that runs out."""
        self.stop()
        self._couriers.give_up_all()
        self._news.set()

    # --- in the event loop ------------------------------------------------------------------------------------------

    async def _see_to_it(self) -> None:
        """That somebody is at work while there is something to do, and that nobody is waited for too long."""
        while self._staffed():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), PATIENCE / 2)
            self._news.clear()
            if self._failed:
                raise self._failed
            if self._couriers.overtake(time.monotonic(), PATIENCE):
                self._desk.asked += 1  # there may be more than what the late one carries
            for lease in self._couriers.give_up(time.monotonic(), SEND_TIMEOUT):
                self._done.append((lease, self._unanswered(lease)))

    def _staffed(self) -> bool:
        """Whether anybody is at work; if there is nobody to write down and begin, somebody is sent for."""
        if self._done or self._desk.asked != self._desk.looked:
            courier = None if self._desk.stopped and not self._done else self._couriers.hire()
            if courier:
                ended = asyncio.wrap_future(_in_a_thread(partial(self._carry, courier)))
                self._threads.add(ended)
                ended.add_done_callback(self._ended)
        return bool(self._couriers)

    def _ended(self, work: asyncio.Future[None]) -> None:
        self._threads.discard(work)
        self._news.set()
        error = None if work.cancelled() else work.exception()
        if isinstance(error, StoreError):
            self._failed = error
        elif error:
            log.error("send.crashed", exc_info=error)
            self._desk.asked += 1  # there may be more

    def _unanswered(self, lease: NotificationLease) -> Notification:
        """It is sent again; nobody knows whether it arrived."""
        reason = f"no answer within {SEND_TIMEOUT:.0f} s; it may have arrived"
        error = DeliveryError(lease.notification.channel, reason)
        return retry.after_failure(lease.notification, error, self.clock())

    def _tell(self) -> None:
        self._telling = False
        while self._untold:
            turn = self._untold.popleft()
            for refused in turn.refused:
                log.warning("notification.refused", why=str(refused))
            for notification in turn.notifications:
                self.told(notification)

    # --- in the threads ---------------------------------------------------------------------------------------------

    def _carry(self, courier: Courier) -> None:
        """What was sent is written down before anything else: until then a crash makes it come twice."""
        try:
            while lease := self._turn().next:
                if not self._couriers.leaves(courier, lease, time.monotonic()):
                    return
                notification = self._deliver(lease)
                if not self._couriers.comes_back(courier):
                    return
                self._done.append((lease, notification))
                if self._couriers.first is not courier:
                    return
        finally:
            self._couriers.goes(courier)

    def _turn(self) -> Turn:
        """The detector, which tells the operator of what died, has its own thread."""
        work = partial(self._at_the_desk, tuple(self._done))
        if any(notification.state is NotificationState.DEAD for _, notification in self._done):
            return asyncio.run_coroutine_threadsafe(self._in_database(work), self._loop).result()
        return work()

    async def _in_database(self, work: Callable[[], Turn]) -> Turn:
        return await self.database(work)

    def _at_the_desk(self, done: Sequence[Finished]) -> Turn:
        with self._at_desk:
            new = [each for each in done if each in self._done]  # who was given up just now may have been here
            turn = Turn() if self._closed else self._desk.turn(new)
            for each in new:
                self._done.remove(each)
        if turn.notifications:
            self._untold.append(turn)
            if not self._telling:
                self._telling = True
                self._loop.call_soon_threadsafe(self._loop.call_later, TOLD_WITHIN, self._tell)
        return turn

    def _deliver(self, lease: NotificationLease) -> Notification:
        name = lease.notification.channel
        if self._couriers.blocked(lease):
            error = DeliveryError(name, "still busy with an earlier message")
            return retry.after_failure(lease.notification, error, self.clock())
        found = self.channels().get(name)
        channels = {name: Heeding(channel=found, pace=self.pace)} if found else {}
        return deliver(lease, channels, self.clock(), self._links(lease.notification))

    def _links(self, notification: Notification) -> Links | None:
        """Who subscribed alone is not offered what the page would refuse."""
        if self.links is None or not (notification.subscription and notification.alert_id):
            return self.links
        reader = self.store.subscription(notification.subscription)
        return replace(self.links, acknowledging=reader is not None and reader.by_operator)


def _in_a_thread(work: Callable[[], None]) -> Future[None]:
    """A daemon: a service that never answers must not hold up the end."""
    result: Future[None] = Future()
    result.set_running_or_notify_cancel()

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # it is raised where the end is waited for
            result.set_exception(error)
        else:
            result.set_result(None)

    threading.Thread(target=run, name="send", daemon=True).start()
    return result
