"""The work at the outbox between two messages: what became of the last is written down, and the next is begun."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.alerts.pace import LONGEST_PAUSE, Pace
from monitor.channels.base import Channel
from monitor.model import Notification, NotificationLease, NotificationState
from monitor.store.errors import LeaseLost
from monitor.store.outgoing import Due
from monitor.store.store import Store

AHEAD = 32
"""Messages of a channel that are looked up at once; looking takes nothing, and a kill leaves them as they are."""
AT_ONCE = 4
"""Late messages of a channel, to as many targets, after which it gets no more until one is answered."""
Finished = tuple[NotificationLease, Notification]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What was written down, and what is sent next."""

    notifications: Sequence[Notification] = ()
    refused: Sequence[LeaseLost] = ()
    next: NotificationLease | None = None


@dataclass(slots=True, kw_only=True)
class Desk:
    """For one thread at a time.

    Attributes:
        ttl: How long a message that was begun is nobody else's; longer than any channel may take.
        lost: Tells the operator, in the same transaction, what was given up.
        on_the_way: The addresses of a channel whose last message is not answered yet.
        asked: How often it was said that something new may be due.
        looked: How often that was so when somebody looked last.
    """

    store: Store
    channels: Callable[[], Mapping[str, Channel]]
    pace: Pace
    clock: Callable[[], datetime]
    ttl: timedelta
    lost: Callable[[Sequence[Notification]], None]
    on_the_way: Callable[[str], Sequence[str]]
    asked: int = 0
    looked: int = 0
    stopped: bool = False
    _ahead: dict[str, deque[Due]] = field(default_factory=dict)
    _exhausted: dict[str, int] = field(default_factory=dict)  # nothing was due when so many had asked
    _last: str = ""
    _kept: dict[str, datetime] | None = None  # pauses, as they are written down; None before the first look

    def turn(self, done: Sequence[Finished]) -> Turn:
        """In one transaction; a power cut before the next lasting commit makes what it marks come twice, no more."""
        now, self.looked = self.clock(), self.asked
        self._remember(now)
        for lease, _ in done:  # its target may be sent to again
            self._exhausted.pop(lease.notification.channel, None)
        written = [notification for _, notification in done]
        dead = [each for each in written if each.state is NotificationState.DEAD]
        with self.store.together(in_turn=bool(dead), lasting=bool(dead)):
            refused = self.store.finish_notifications(done, now) if done else []
            self.lost(dead)
            pauses = self._keep_pauses()
            begun = self._begin(now)
        self._kept = pauses
        return Turn(notifications=written, refused=refused, next=begun)

    def _begin(self, now: datetime) -> NotificationLease | None:
        return next(filter(None, (self._begin_for(name, now) for name in self._hungry())), None)

    def _hungry(self) -> list[str]:
        """The channels that may have something to send, the one that was last in turn at the end."""
        if self.stopped:
            return []
        names = [name for name in self.channels() if self._exhausted.get(name) != self.looked]
        last = names.index(self._last) + 1 if self._last in names else 0
        return names[last:] + names[:last]

    def _begin_for(self, channel: str, now: datetime) -> NotificationLease | None:
        busy = self.on_the_way(channel)
        if len(busy) < AT_ONCE and not self.pace.paused(channel, now):
            for due in self._due(channel, busy, now):
                address = due.notification.address
                if address in busy or not self.pace.take(channel, address, now):
                    continue
                if lease := self.store.begin_notification(due, now, self.ttl):
                    self._last = channel
                    return lease
        self._exhausted[channel] = self.looked
        return None

    def _due(self, channel: str, busy: Sequence[str], now: datetime) -> Iterator[Due]:
        """What was looked up before, then what the database says now."""
        ahead = self._ahead.setdefault(channel, deque())
        while ahead:
            yield ahead.popleft()
        spared = [*self.pace.full(channel, now), *busy]
        ahead.extend(self.store.due_notifications(now, limit=AHEAD, channels=[channel], spared=spared))
        while ahead:
            yield ahead.popleft()

    def _remember(self, now: datetime) -> None:
        """Keep to the rates, and to what services asked for, across a restart."""
        if self._kept is not None:
            return
        for channel, address, at in self.store.attempts_since(now - LONGEST_PAUSE):
            self.pace.remember(channel, address, at)
        self._kept = self.store.pauses(now)
        for channel, until in self._kept.items():
            self.pace.pause_until(channel, until)

    def _keep_pauses(self) -> dict[str, datetime]:
        pauses = self.pace.pauses
        if pauses != self._kept:
            self.store.pause_channels(pauses)
        return pauses
