"""Runs a blocking send in a thread of its own, and never waits longer than a send may take."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future

from monitor.channels.answers import Outcome
from monitor.channels.base import SEND_TIMEOUT
from monitor.errors import DeliveryError


class Turns:
    """Sends of one channel to one target, done one after the other."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._turn = threading.Lock()

    async def take(self, send: Callable[[], Outcome]) -> Outcome:
        """What came of the send.

        Raises:
            DeliveryError: It did not begin in time, and never will, or it did not end in time.
        """
        result: Future[Outcome] = Future()
        threading.Thread(target=self._run, args=(result, send), name=f"send {self._channel}", daemon=True).start()
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                return await asyncio.wrap_future(result)
        except TimeoutError as error:
            began = not result.cancelled()
            reason = f"no answer within {SEND_TIMEOUT:.0f} s; it may have arrived" if began else "busy with others"
            raise DeliveryError(self._channel, reason) from error

    def _run(self, result: Future[Outcome], send: Callable[[], Outcome]) -> None:
        with self._turn:
            if result.set_running_or_notify_cancel():
                try:
                    result.set_result(send())
                except BaseException as error:  # noqa: BLE001  # it is raised where the answer is waited for
                    result.set_exception(error)
