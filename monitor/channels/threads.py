"""Runs a blocking send in a thread of its own, and never waits longer than it may."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Busy(Exception):
    """The work did not begin in time: the one before it was not done."""


class Turns(Generic[T]):
    """Work that is done one piece after the other."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    async def take(self, name: str, work: Callable[[], T], seconds: float) -> T:
        """What the work answers.

        Raises:
            Busy: It did not begin within the time, and never will.
            TimeoutError: It began and did not end within the time; nobody knows what comes of it.
        """
        result: Future[T] = Future()
        threading.Thread(target=self._run, args=(result, work), name=name, daemon=True).start()
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(result)
        except TimeoutError as error:
            if result.cancelled():
                raise Busy from error
            raise

    def _run(self, result: Future[T], work: Callable[[], T]) -> None:
        with self._turn:
            if result.set_running_or_notify_cancel():
                try:
                    result.set_result(work())
                except BaseException as error:  # noqa: BLE001  # it is raised where the answer is waited for
                    result.set_exception(error)
