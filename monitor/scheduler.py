"""The clock of the service: a few APScheduler jobs over App, and an orderly end.

APScheduler only says when to look; what is due is written in the database.
"""

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.app import App, Clock, Listener, build
from monitor.bot.run import running as bot
from monitor.errors import MonitorError, StoreError
from monitor.heartbeat import Pulse, why_not
from monitor.settings import Settings
from monitor.web.run import running as pages

log = structlog.get_logger()
Job = Callable[[], Coroutine[Any, Any, object]]
JOB_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}  # 1 s of grace would drop polls
DATABASE_ANSWERS_WITHIN = 20  # seconds; other work waits for the same thread
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def utc_now() -> datetime:
    """What time it is."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often each job looks, and how long the end may take; in real time, whatever the clock says."""

    poll: timedelta = timedelta(seconds=1)
    deliver: timedelta = timedelta(seconds=1)
    judge: timedelta = timedelta(minutes=1)
    bundle: timedelta = timedelta(seconds=15)
    ask: timedelta = timedelta(seconds=5)
    reload: timedelta = timedelta(seconds=2)
    heartbeat: timedelta = timedelta(seconds=10)
    housekeeping: timedelta = timedelta(hours=1)
    grace: timedelta = timedelta(seconds=8)


@dataclass(slots=True, kw_only=True)
class Service:
    """Jobs over one App until somebody says stop."""

    app: App
    pace: Pace = field(default_factory=Pace)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _jobs: set[asyncio.Task[Any]] = field(default_factory=set)
    _polls: set[asyncio.Task[None]] = field(default_factory=set)
    _asks: set[asyncio.Task[None]] = field(default_factory=set)
    _sends: set[asyncio.Task[None]] = field(default_factory=set)
    _ticked: float = field(default_factory=time.monotonic)
    _started: datetime | None = None
    _pulse: Pulse | None = None

    async def run(self) -> None:
        """Work until `stop`, then finish what is in flight."""
        await self.app.begin(utc_now())
        self._started = self.app.clock()
        if self.app.settings.heartbeat:
            self._pulse = Pulse(self.app.settings.heartbeat)
        scheduler = self._schedule()
        scheduler.start()
        watchdog = asyncio.create_task(self._watch(scheduler))
        try:
            await self._stop.wait()
        finally:
            watchdog.cancel()
            scheduler.pause()
            await self._drain()
            scheduler.shutdown(wait=False)  # cancels jobs that are still at work, and logs each as crashed

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is in flight has ended."""
        self.app.sender.stop()
        self._stop.set()

    def _schedule(self) -> AsyncIOScheduler:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that finds the last one at work is no news
        scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=JOB_DEFAULTS)
        jobs: tuple[tuple[Job, timedelta], ...] = (
            (self._poll_tick, self.pace.poll),
            (self._deliver_tick, self.pace.deliver),
            (self._judge_tick, self.pace.judge),
            (self._bundle_tick, self.pace.bundle),
            (self._ask_tick, self.pace.ask),
            (self._reload_rules, self.pace.reload),
            (self._heartbeat, self.pace.heartbeat),
            (self._housekeeping, self.pace.housekeeping),
        )
        if self._pulse:
            jobs += ((self._tell_watcher, self._pulse.settings.every),)
        for job, every in jobs:
            scheduler.add_job(
                self._run_job,
                "interval",
                args=(job,),
                id=job.__name__,
                seconds=every.total_seconds(),
                next_run_time=utc_now(),
            )
        return scheduler

    async def _run_job(self, job: Job) -> None:
        task = asyncio.current_task()
        if task is not None and not self._stop.is_set():
            self._jobs.add(task)
            task.add_done_callback(self._jobs.discard)
            await _guarded(job.__name__.strip("_"), job())

    async def _poll_tick(self) -> None:
        self._ticked = time.monotonic()
        most = self.app.settings.polling.concurrency
        waiting = min(self.app.full_text.waiting, most)  # for pages: they leave their place to feeds
        free = most + waiting - len(self._polls)
        for lease in await self.app.claim_feeds(free) if free > 0 else ():
            _spawn(self._polls, f"poll {lease.feed.id}", self.app.poll(lease))

    async def _deliver_tick(self) -> None:
        _spawn(self._sends, "send", self.app.sender.work())

    async def _judge_tick(self) -> None:
        await self.app.judge()

    async def _bundle_tick(self) -> None:
        await self.app.bundle()

    async def _ask_tick(self) -> None:
        if not self._asks:
            _spawn(self._asks, "ask for second opinions", self.app.ask())

    async def _reload_rules(self) -> None:
        await self.app.reload_rules()

    async def _heartbeat(self) -> None:
        await self.app.database(self.app.store.beat, socket.gethostname(), utc_now())

    async def _housekeeping(self) -> None:
        await self.app.housekeeping()

    async def _tell_watcher(self) -> None:
        if self._pulse:
            await self._pulse.tell(await self._why_not())

    async def _why_not(self) -> str | None:
        """Why the service does not work; None when it does, and its database can be written."""
        now = self.app.clock()
        try:
            async with asyncio.timeout(DATABASE_ANSWERS_WITHIN):
                await self._heartbeat()
                signs = await self.app.database(self.app.store.signs, tuple(self.app.channels))
        except StoreError as error:
            return str(error)
        except TimeoutError:
            return f"the database has not answered within {DATABASE_ANSWERS_WITHIN} s"
        if self.app.sender.pace.next_free(now):  # a service that takes a message an hour is not stuck
            signs = replace(signs, send_due_at=None)
        return why_not(signs, self._started or now, now)

    async def _watch(self, scheduler: AsyncIOScheduler) -> None:
        """Put the jobs back on time when the wall clock jumped: APScheduler waits for a time that may be far away."""
        patience = max(10.0, 10 * self.pace.poll.total_seconds())
        while True:
            await asyncio.sleep(patience / 4)
            if time.monotonic() - self._ticked > patience:
                log.warning("clock.jumped", quiet_seconds=round(time.monotonic() - self._ticked))
                for job in scheduler.get_jobs():
                    job.modify(next_run_time=utc_now())

    async def _drain(self) -> None:
        for asking in self._asks:  # nobody waits for a model; it is asked again after the next start
            asking.cancel()
        await asyncio.gather(*self._asks, return_exceptions=True)
        late = await self._finish()
        for task in late:
            task.cancel()
        self.app.sender.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if late:
            log.warning("stop.unfinished", tasks=len(late), hint="their leases expire and the work is done again")

    async def _finish(self) -> set[asyncio.Task[Any]]:
        """Wait for what is at work, and for what that begins; what is still at work when the grace is over."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self.pace.grace.total_seconds()
        while (tasks := self._jobs | self._polls | self._sends) and loop.time() < until:
            await asyncio.wait(tasks, timeout=until - loop.time())
        return tasks


def _spawn(tasks: set[asyncio.Task[None]], name: str, work: Coroutine[Any, Any, object]) -> None:
    task = asyncio.create_task(_guarded(name, work), name=name)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


async def _guarded(name: str, work: Awaitable[object]) -> None:
    """One piece of work that fails must not stop the others: the error is logged and its lease brings it back."""
    try:
        await work
    except MonitorError as error:
        log.error("job.failed", job=name, why=str(error))  # noqa: TRY400 - the message says it; no trace for known faults
    except Exception:
        log.exception("job.crashed", job=name)


def _leave(*_: object) -> None:
    """Before the loop runs nothing has begun: leaving at once loses nothing."""
    raise SystemExit(0)


async def serve(app: App, pace: Pace | None = None) -> None:
    """Run the service until SIGTERM or SIGINT, then close the app."""
    service = Service(app=app, pace=pace or Pace())
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, service.stop)
    try:
        async with pages(app), bot(app):
            await service.run()
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
        await app.close()


def run(
    settings: Settings, *, clock: Clock = utc_now, listener: Listener | None = None, pace: Pace | None = None
) -> int:
    """Run the service in the foreground; the exit code.

    Raises:
        MonitorError: It cannot start; every problem is listed.
    """
    for number in SIGNALS:
        signal.signal(number, _leave)
    app = build(settings, clock=clock, listener=listener)
    asyncio.run(serve(app, pace))
    return 0
