"""The service's own way out alone, in a process that can be killed: no feeds, no rules, no pages."""

import asyncio
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from monitor.app import build
from monitor.channels.apprise import library
from monitor.settings import load

library.prepare()  # once, in the process that all lives are forked from


def send(config: Path, environment: Mapping[str, str]) -> None:
    """Begin as the service does after it was killed, and empty the outbox."""
    os.environ.update(environment)
    asyncio.run(_send(config))


async def _send(config: Path) -> None:
    app = build(load(config), clock=lambda: datetime.now(UTC))
    await app.begin(app.clock())
    await app.sender.work()
    await app.close()
