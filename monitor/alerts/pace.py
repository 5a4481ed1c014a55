"""How fast each target may be sent to; services turn away, or ban, who is faster."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.model import Rate

Target = tuple[str, str]
"""Channel and address; the address "" is the target a channel was declared with."""
Rates = Callable[[str, str], Rate | None]
"""What a channel and an address allow; None for no limit."""
LONGEST_PAUSE = timedelta(hours=1)
"""After which a channel that asked for more is tried again."""


class Pace:
    """When each target was sent to lately, and which channels asked to be left alone."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._sent: dict[Target, deque[datetime]] = {}
        self._pauses: dict[str, datetime] = {}

    def take(self, channel: str, address: str, now: datetime) -> bool:
        """Whether this target may be sent to now; then it counts as sent to."""
        if not self._free(channel, address, now):
            return False
        self.remember(channel, address, now)
        return True

    def remember(self, channel: str, address: str, at: datetime) -> None:
        """Count something that was sent, in the order of time."""
        rate = self._rates(channel, address)
        if rate is not None:
            self._sent.setdefault((channel, address), deque(maxlen=rate.count)).append(at)

    def full(self, channel: str, now: datetime) -> list[str]:
        """The addresses of a channel that may not be sent to now."""
        self._forget(now)
        return [address for name, address in self._sent if name == channel and not self._free(channel, address, now)]

    def pause(self, channel: str, span: timedelta, now: datetime) -> None:
        """Leave a channel alone for as long as its service asked, within reason."""
        self.pause_until(channel, now + min(span, LONGEST_PAUSE))

    def pause_until(self, channel: str, until: datetime) -> None:
        """Leave a channel alone until then, or longer if that was asked for before."""
        self._pauses[channel] = max(until, self._pauses.get(channel, until))

    @property
    def pauses(self) -> dict[str, datetime]:
        """Until when channels are, or were, left alone."""
        return dict(self._pauses)

    def paused(self, channel: str, now: datetime) -> bool:
        """Whether a channel is to be left alone."""
        return channel in self._pauses and now < self._pauses[channel]

    def next_free(self, now: datetime) -> datetime | None:
        """When the first target that is full may be sent to again; None when none is."""
        times = (self._free_at(*target) for target in tuple(self._sent))
        return min((at for at in times if at is not None and at > now), default=None)

    def _free(self, channel: str, address: str, now: datetime) -> bool:
        at = self._free_at(channel, address)
        return at is None or at <= now

    def _free_at(self, channel: str, address: str) -> datetime | None:
        rate, sent = self._rates(channel, address), self._sent.get((channel, address))
        return sent[0] + rate.span if rate and sent and len(sent) >= rate.count else None

    def _forget(self, now: datetime) -> None:
        """A target whose last message is older than its span has nothing to wait for."""
        old = [target for target, sent in self._sent.items() if self._over(target, sent[-1], now)]
        for target in old:
            del self._sent[target]

    def _over(self, target: Target, last: datetime, now: datetime) -> bool:
        rate = self._rates(*target)
        return rate is None or last + rate.span <= now
