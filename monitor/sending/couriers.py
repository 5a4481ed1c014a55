"""Who carries messages: one at a time whom the others wait for, and those who are late and hold up nobody."""

import threading
from dataclasses import dataclass, field

from monitor.alerts.pace import Target
from monitor.model import NotificationLease


@dataclass(slots=True, eq=False)
class Courier:
    """Carries one message after the other.

    Attributes:
        lease: What is in hand; None between two messages.
        since: Since when, on a clock that only goes forward.
    """

    lease: NotificationLease | None = None
    since: float = 0.0

    @property
    def target(self) -> Target | None:
        return (self.lease.notification.channel, self.lease.notification.address) if self.lease else None


@dataclass(slots=True)
class Couriers:
    """All that are on their way. Safe to use from several threads.

    Attributes:
        first: Whom the others wait for; the only one who begins messages.
        late: Who was not answered in time; the next is sent meanwhile.
        lost: Whose message was given up; should they ever come back, nobody asks what became of it.
    """

    first: Courier | None = None
    late: list[Courier] = field(default_factory=list)
    lost: list[Courier] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __bool__(self) -> bool:
        """Whether anybody is waited for at all."""
        return bool(self.first or self.late)

    def hire(self) -> Courier | None:
        """A new first one; None while there is one."""
        with self._lock:
            if self.first is not None:
                return None
            self.first = Courier()
            return self.first

    def leaves(self, courier: Courier, lease: NotificationLease, at: float) -> bool:
        """Takes a message out; False when it was told to stay."""
        with self._lock:
            courier.lease, courier.since = lease, at
            return courier is self.first

    def comes_back(self, courier: Courier) -> bool:
        """Whether what it says still counts; it has nothing in hand any more, and is waited for until it goes."""
        with self._lock:
            courier.lease = None
            return courier is self.first or courier in self.late

    def goes(self, courier: Courier) -> None:
        """Ends its work, whatever came of it."""
        with self._lock:
            if self.first is courier:
                self.first = None
            for some in (self.late, self.lost):
                if courier in some:
                    some.remove(courier)

    def overtake(self, at: float, patience: float) -> bool:
        """Wait no longer for the first one, if it has been out for so long."""
        with self._lock:
            if not (self.first and self.first.lease and at - self.first.since >= patience):
                return False
            self.late.append(self.first)
            self.first = None
            return True

    def give_up(self, at: float, longest: float) -> list[NotificationLease]:
        """Expect nothing any more of those who have been out for so long; what they carried."""
        with self._lock:
            gone = [each for each in self.late if each.lease and at - each.since >= longest]
            self.late = [each for each in self.late if each not in gone]
            self.lost += gone
            return [each.lease for each in gone if each.lease]

    def give_up_all(self) -> None:
        """Expect nothing any more of anybody."""
        with self._lock:
            self.lost += [*self.late, *([self.first] if self.first else [])]
            self.first, self.late = None, []

    def addresses(self, channel: str) -> list[str]:
        """Who of a channel has a message on the way."""
        with self._lock:
            return [target[1] for each in self.late if (target := each.target) and target[0] == channel]

    def blocked(self, lease: NotificationLease) -> bool:
        """Whether an earlier message to the same target was given up, and is still not back."""
        target = (lease.notification.channel, lease.notification.address)
        with self._lock:
            return any(each.target == target for each in self.lost)
