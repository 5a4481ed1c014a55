"""`kill -9` at random instants of delivery: no message is lost, and at most one comes twice for each kill.

The figures of docs/reliability.md come from `MONITOR_SOAK=1 pytest -s` of this file: 200 kills over 2,000 messages.
"""

import asyncio
import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.errors import StoreError
from monitor.model import Message, Notification, NotificationState, Outcome
from monitor.store import Store
from tests.functional import sender_process
from tests.functional.service import wait_until
from tests.functional.sinks import SLACK, TAKEN, TELEGRAM, HttpsSink, Reply, Request, SmtpSink

SOAK = bool(os.environ.get("MONITOR_SOAK"))
KILLS, MESSAGES = (200, 2000) if SOAK else (10, 80)
MOST = MESSAGES * 12 // KILLS // 10  # delivered in one life; half of it on average
FAULTY = 0.15  # of all answers
# each life is a fork of a process that has loaded everything: no start-up to wait for
LIVES = get_context("forkserver")
LIVES.set_forkserver_preload([sender_process.__name__])
CHANNELS = ("mail", "slack", "telegram")
CONFIGURATION = """\
rules: []
channels:
  mail: {{url: "{mail}"}}
  slack: {{url: "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#desk", rate: 1000/s}}
  telegram: {{url: "tgram://123456789:abcdefghijklmnopqrstuvwxyz012345678/987654321", rate: 1000/s}}
"""
LATER = Reply(status=429, headers={"Retry-After": "1"}, body="slow down")
FAULTS = {
    SLACK: (LATER, Reply(status=500), Reply(reset=True), Reply(status=503, body="busy")),
    TELEGRAM: (
        Reply(status=429, body='{"ok": false, "error_code": 429, "parameters": {"retry_after": 1}}'),
        Reply(body='{"ok": false, "error_code": 500, "description": "internal"}'),
        Reply(reset=True),
        Reply(status=502),
    ),
}
MAIL_FAULTS = ("451 later", "421 closing")


class Services(HttpsSink):
    """Slack and Telegram that sometimes refuse, and know what they took."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        super().__init__(folder)
        self.taken: list[str] = []
        self._chance = chance

    def answer(self, request: Request) -> Reply:
        time.sleep(self._chance.uniform(0.02, 0.2))  # as services do
        if self._chance.random() < FAULTY:
            return self._chance.choice(FAULTS[request.host])
        self.taken.append(name_in(request.body.decode("utf-8")))
        return TAKEN[request.host]


class Mails(SmtpSink):
    """A mail server that sometimes refuses, and knows what it took."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.taken: list[str] = []
        self._chance = chance

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self._chance.uniform(0.02, 0.2))
        if self._chance.random() < FAULTY:
            return self._chance.choice(MAIL_FAULTS)
        answer = await super().handle_DATA(server, session, envelope)
        self.taken.append(name_in(str(self.mails.pop()["subject"])))
        return answer


@dataclass(slots=True)
class World:
    """Sinks, the service between kills, and its outbox."""

    https: Services
    smtp: Mails
    config: Path
    store: Store
    chance: random.Random
    kills: int = 0
    written: list[str] = field(default_factory=list)

    @property
    def taken(self) -> Sequence[str]:
        return [*self.smtp.taken, *self.https.taken]

    def waiting(self) -> int:
        return sum(self.store.waiting().values())

    def hurry(self) -> None:
        """What waits for another attempt is tried now; the lock may be held for a moment."""
        for channel in CHANNELS:
            with suppress(StoreError):
                self.store.retry_notifications(datetime.now(UTC), channel=channel)

    def live(self) -> BaseProcess:
        """The service's own sender in a process of its own."""
        life = LIVES.Process(target=sender_process.send, args=(self.config, self.https.environment))
        life.start()
        return life

    def live_and_die(self) -> None:
        """Start, deliver some, and be killed at a random instant soon after."""
        enough = len(self.taken) + self.chance.randint(1, MOST)
        life = self.live()
        wait_until(lambda: len(self.taken) >= enough or not life.is_alive(), 120, "nothing is sent")
        time.sleep(self.chance.uniform(0, 0.2))
        self.kills += life.is_alive()
        life.kill()
        life.join()
        self.hurry()


def name_in(text: str) -> str:
    """Which message this is."""
    found = re.search(r"note-\d{5}", text)
    assert found, text
    return found[0]


def write(store: Store, count: int) -> list[str]:
    """Fill the outbox, the channels in turn."""
    now = datetime.now(UTC)
    names = [f"note-{number:05}" for number in range(count)]
    notes = tuple(
        Notification(
            id=f"{number:08x}",
            route="desk",
            channel=channel,
            message=Message(title=f"Something happened, {name}", body="Why: 1 match"),
            created_at=now,
            next_attempt_at=now + timedelta(microseconds=number),
        )
        for number, (name, channel) in enumerate(zip(names, islice(cycle(CHANNELS), count), strict=True))
    )
    with store.unit() as unit:
        unit.save(Outcome(notifications=notes))
    return names


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    chance = random.Random(20260301)
    with ExitStack() as stack:
        https, smtp = stack.enter_context(Services(tmp_path, chance)), stack.enter_context(Mails(chance))
        config = tmp_path / "monitor.yaml"
        config.write_text(CONFIGURATION.format(mail=smtp.url()), encoding="utf-8")
        store = stack.enter_context(closing(Store.open(f"sqlite:///{tmp_path}/monitor.db")))
        store.migrate()
        made = World(https, smtp, config, store, chance)
        made.written = write(store, MESSAGES)
        yield made


@pytest.mark.timeout(7200 if SOAK else 600)
def test_kills_lose_nothing_and_repeat_no_more_than_one_each(world: World) -> None:
    while world.kills < KILLS and world.waiting():
        world.live_and_die()
    until = time.monotonic() + 300
    while world.waiting():
        assert time.monotonic() < until, world.store.waiting()
        life = world.live()
        life.join()
        assert life.exitcode == 0
        world.hurry()
    arrived = Counter(world.taken)
    repeated = sum(arrived.values()) - len(arrived)
    flagged = world.store.counts().maybe_twice
    print(  # noqa: T201 - the figures of docs/reliability.md
        f"\n{world.kills} kills over {MESSAGES} messages: {len(set(world.written) - arrived.keys())} lost, "
        f"{repeated} came twice, {flagged} marked as such"
    )
    assert set(arrived) == set(world.written)
    assert {each.state for each in world.store.notifications(limit=MESSAGES)} == {NotificationState.SENT}
    assert repeated <= world.kills
    assert repeated <= flagged
    assert world.kills == KILLS, "the outbox was empty before the last kill"
