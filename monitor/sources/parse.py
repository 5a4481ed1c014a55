"""Parsing outside of this process: a document that hangs or crashes the parser costs one worker, not the service."""

import asyncio
import os
import pickle
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Any

from monitor.errors import ParseError
from monitor.model import Document, Feed, ParsedFeed
from monitor.sources import memory, reduce, worker

_WORKERS = 2
_DEADLINE = 20.0  # seconds
_PATIENCE = 2.0  # seconds; most documents take a hundredth of one, so one worker keeps up, and each has 30 MB
_LARGE = 2 * 1024 * 1024  # bytes; a worker that has read so much is replaced, to give its memory back
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "LANG", "LC_ALL")  # the others may hold secrets


class Parser:
    """A few worker processes, reused; threads wait for them, so any event loop may ask.

    Another is started only when those there are have been busy for a while: with a document that is large, or hangs.
    """

    def __init__(self, *, workers: int = _WORKERS, deadline: float = _DEADLINE, program: str = worker.__name__) -> None:
        self.counts: Counter[str] = Counter()  # of documents parsed "whole", "reduced", or "skipped"
        self._deadline = deadline
        self._program = program
        self._closed = False
        self._starting = threading.Lock()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="parse")
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._alive: set[_Worker] = set()

    async def parse(self, feed: Feed, document: Document, remembered: bytes = b"") -> ParsedFeed:
        """The entries of a document that has a body.

        Args:
            remembered: What is known of the feed's last document (`sources.memory`); its entries are not read again.

        Raises:
            ParseError: It is no feed, or could not be read in time.
        """
        pieces = reduce.split(document)
        known = memory.unpack(remembered) if pieces else memory.Memory()
        if pieces and known.entries:
            parsed = await self._parse_unseen(feed, document, pieces, known)
            if parsed:
                return parsed
        self.counts["whole"] += 1
        parsed = await self._parse(feed, document)
        return _with_digests(parsed, pieces.digests) if pieces else parsed

    async def _parse_unseen(
        self, feed: Feed, document: Document, pieces: reduce.Pieces, known: memory.Memory
    ) -> ParsedFeed | None:
        """The entries that were not in the last document; None when they cannot be told from the others."""
        seen = tuple(known.entries[digest] for digest in pieces.digests if digest in known.entries)
        unseen = [number for number, digest in enumerate(pieces.digests) if digest not in known.entries]
        if not unseen:
            self.counts["skipped"] += 1
            return ParsedFeed(ttl=known.ttl, skips=known.skips, seen=seen)
        parsed = await self._parse(feed, replace(document, body=pieces.only(unseen)))
        parsed = _with_digests(parsed, [pieces.digests[number] for number in unseen])
        if not parsed.digests:
            return None
        self.counts["reduced"] += 1
        return replace(parsed, seen=seen)

    async def _parse(self, feed: Feed, document: Document) -> ParsedFeed:
        answer: ParsedFeed = await self.ask(feed.id, (feed.kind, document))
        return answer

    async def ask(self, feed_id: str, request: object) -> Any:
        """What a worker makes of a request.

        Raises:
            ParseError: It says in words that it cannot, or died over it.
        """
        packed = pickle.dumps(request, pickle.HIGHEST_PROTOCOL)
        answer = await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, packed)
        if isinstance(answer, str):
            raise ParseError(feed_id, answer)
        return answer

    def close(self) -> None:
        """Kill the workers; what is being parsed fails."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._starting:
            self._closed = True
        for one in tuple(self._alive):
            one.process.kill()
        self._threads.shutdown(wait=True)
        for one in tuple(self._alive):
            self._dismiss(one)

    def _ask(self, request: bytes) -> Any:
        one = self._free()
        if one is None:
            return "was not read: the service is stopping"
        answer = one.ask(request, self._deadline)
        if isinstance(answer, bytes) and len(request) < _LARGE:
            self._idle.put(one)
        else:
            self._dismiss(one)
        return pickle.loads(answer) if isinstance(answer, bytes) else answer

    def _free(self) -> "_Worker | None":
        """A worker that has nothing to do; None when no more are started."""
        with self._starting:
            if not self._alive:
                return self._started()
        with suppress(Empty):
            return self._idle.get(timeout=_PATIENCE)
        with self._starting:
            return self._started()

    def _started(self) -> "_Worker | None":
        if self._closed:
            return None
        one = _Worker(self._program)
        self._alive.add(one)
        return one

    def _dismiss(self, one: "_Worker") -> None:
        self._alive.discard(one)
        one.end()


def _with_digests(parsed: ParsedFeed, digests: Sequence[bytes]) -> ParsedFeed:
    """With the digests of its items, if they can be trusted: the document was well-formed and cut as it was read."""
    trusted = parsed.well_formed and len(parsed.items) == len(digests)
    return replace(parsed, digests=tuple(digests)) if trusted else parsed


class _Worker:
    """One process, asked one thing at a time."""

    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for us; we end our workers ourselves
        )

    def ask(self, request: bytes, deadline: float) -> bytes | str:
        """The answer, or why there is none; the worker is dead then."""
        assert self.process.stdin
        assert self.process.stdout
        begun = time.monotonic()
        killer = threading.Timer(deadline, self.process.kill)
        killer.start()
        try:
            worker.send(self.process.stdin, request)
            answer = worker.receive(self.process.stdout)
        except OSError:  # it died while we wrote
            answer = None
        finally:
            killer.cancel()
        late = time.monotonic() - begun >= deadline
        return answer if answer is not None else self._obituary(f"gave no result within {deadline:g} s" if late else "")

    def end(self) -> None:
        """Kill it and let go of its pipes."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # closing flushes what a dead worker never read
                assert pipe
                pipe.close()
        self.process.wait()

    def _obituary(self, late: str) -> str:
        self.process.kill()
        code = self.process.wait()
        return late or f"crashed the parser (exit code {code}): the document is broken or hostile"


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
