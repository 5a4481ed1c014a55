"""Runs a blocking send in a thread beside the others, and never waits longer than a send may take."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

from monitor.channels.answers import Outcome
from monitor.channels.base import SEND_TIMEOUT
from monitor.errors import DeliveryError

_IDLE = 1.0
"""Seconds for which a thread stays for the next send, so that a run of messages needs one thread."""
_Job = tuple[Future[Outcome], Callable[[], Outcome]]


class Turns:
    """Sends of one channel to one target, done one after the other."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._jobs: deque[_Job] = deque()
        self._news = threading.Condition()
        self._staffed = False

    async def take(self, send: Callable[[], Outcome]) -> Outcome:
        """What came of the send.

        Raises:
            DeliveryError: It did not begin in time, and never will, or it did not end in time.
        """
        result: Future[Outcome] = Future()
        self._put((result, send))
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                return await asyncio.wrap_future(result)
        except TimeoutError as error:
            began = not result.cancelled()
            reason = f"no answer within {SEND_TIMEOUT:.0f} s; it may have arrived" if began else "busy with others"
            raise DeliveryError(self._channel, reason) from error

    def _put(self, job: _Job) -> None:
        with self._news:
            self._jobs.append(job)
            self._news.notify()
            if not self._staffed:  # a daemon: a service that never answers must not hold up the end
                threading.Thread(target=self._run, name=f"send {self._channel}", daemon=True).start()
                self._staffed = True

    def _run(self) -> None:
        while job := self._next():
            result, send = job
            if result.set_running_or_notify_cancel():
                try:
                    result.set_result(send())
                except BaseException as error:  # noqa: BLE001  # it is raised where the answer is waited for
                    result.set_exception(error)
            del job, result, send  # a message is not kept until the next one

    def _next(self) -> _Job | None:
        with self._news:
            if not self._jobs:
                self._news.wait(_IDLE)
            self._staffed = bool(self._jobs)
            return self._jobs.popleft() if self._jobs else None
