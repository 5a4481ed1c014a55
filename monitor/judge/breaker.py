"""When a model that does not answer is left alone for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES = 3  # in a row
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
_LONGEST_WISH = timedelta(days=1)


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row; after three nothing is asked for a minute, then for twice as long each time."""

    failures: int = 0
    _until: datetime | None = None

    @property
    def broken(self) -> bool:
        """Whether it failed so often that somebody should hear of it."""
        return self.failures >= FAILURES

    def pauses(self, now: datetime) -> bool:
        """Whether nothing may be asked now."""
        return self._until is not None and now < self._until

    def worked(self) -> None:
        """Note that it answered."""
        self.failures, self._until = 0, None

    def failed(self, now: datetime, retry_after: timedelta | None = None) -> None:
        """Note that it failed.

        Args:
            retry_after: How long it wants to be left alone; at once, not only after three failures.
        """
        self.failures += 1
        pause = min(retry_after or timedelta(0), _LONGEST_WISH)
        if self.broken:
            pause = max(pause, min(FIRST_PAUSE * (1 << min(self.failures - FAILURES, 10)), LONGEST_PAUSE))
        self._until = max(self._until or now, now + pause)
