"""A service that is told to stop ends what it has begun, and nothing of that looks like a crash."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.scheduler import Pace, Service
from tests.functional.newsroom import Newsroom


@dataclass(slots=True, kw_only=True)
class Busy(Service):
    """A service whose judging is at work when it is told to stop, and begins a poll at its end."""

    takes: float = 0.3
    done: list[str] = field(default_factory=list)

    async def _judge_tick(self) -> None:
        self.stop()
        await asyncio.sleep(self.takes)
        task = asyncio.create_task(self._poll())
        self._polls.add(task)
        task.add_done_callback(self._polls.discard)
        self.done.append("judged")

    async def _poll(self) -> None:
        await asyncio.sleep(self.takes)
        self.done.append("polled")


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, "subscriptions: {desk: {channel: mailbox}}")


def test_what_is_at_work_ends_and_so_does_what_that_begins(room: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    service = Busy(app=room.app)
    with caplog.at_level(logging.ERROR):
        asyncio.run(service.run())
    assert service.done == ["judged", "polled"]
    assert caplog.records == []
    room.stop()


def test_what_takes_longer_than_the_grace_is_given_up(room: Newsroom) -> None:
    service = Busy(app=room.app, takes=60, pace=Pace(grace=timedelta(milliseconds=50)))
    asyncio.run(service.run())
    assert service.done == []
    room.stop()
