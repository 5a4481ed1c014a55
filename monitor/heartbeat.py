"""Tells a watcher elsewhere that the service works: who hears nothing for a while knows that it does not."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import structlog

from monitor import __version__
from monitor.settings import Heartbeat
from monitor.store.health import Signs

PATIENCE = timedelta(minutes=10)  # longer than one poll, one attempt to send, and a database that is busy
_TIMEOUT = 10.0  # seconds
log = structlog.get_logger()


def why_not(signs: Signs, started: datetime, now: datetime) -> str | None:
    """Why the service does not work, in words; None when it does.

    Args:
        started: When it was; it needs its time to take up what waited.
    """
    if _stands_still(signs.poll_due_at, signs.polled_at, started, now):
        return f"no feed was polled for {PATIENCE // timedelta(minutes=1)} min, although some are due"
    if _stands_still(signs.send_due_at, signs.sent_at, started, now):
        return f"no message was sent for {PATIENCE // timedelta(minutes=1)} min, although some are due"
    return None


def _stands_still(due_at: datetime | None, done_at: datetime | None, started: datetime, now: datetime) -> bool:
    long_ago = now - PATIENCE
    return due_at is not None and due_at <= long_ago and max(done_at or started, started) <= long_ago


@dataclass(slots=True)
class Pulse:
    """Calls the watcher. What it could not do is logged once, and never with the address: that is a secret.

    Like the fetcher it drives httpx's transport itself, which follows no redirects and logs no addresses.
    """

    settings: Heartbeat
    transport: Callable[[], httpx.AsyncBaseTransport] = httpx.AsyncHTTPTransport
    _unreachable: bool = False
    _withheld: str = ""

    async def tell(self, why: str | None) -> None:
        """Say that the service works or, where the watcher takes that, that it does not.

        Args:
            why: It does not work; None when it does.
        """
        if why and not self._withheld:
            log.error("heartbeat.withheld", why=why)
        elif self._withheld and not why:
            log.info("heartbeat.resumed")
        self._withheld = why or ""
        if not why or self.settings.fail:
            self._note(await self._call(failed=bool(why)))

    async def _call(self, *, failed: bool) -> str:
        """Why the watcher did not take it; "" when it did."""
        url = httpx.URL(self.settings.url.get_secret_value())
        if failed:
            url = url.copy_with(path=f"{url.path.rstrip('/')}/fail")
        request = httpx.Request("GET", url, headers={"User-Agent": f"monitor/{__version__}"})
        try:
            async with asyncio.timeout(_TIMEOUT), self.transport() as transport:
                status = (await transport.handle_async_request(request)).status_code
        except (httpx.HTTPError, TimeoutError) as error:
            return type(error).__name__
        return "" if status in range(200, 300) else f"it answers {status}"

    def _note(self, why: str) -> None:
        if why and not self._unreachable:
            log.warning("heartbeat.unreachable", why=why)
        elif self._unreachable and not why:
            log.info("heartbeat.reached")
        self._unreachable = bool(why)
