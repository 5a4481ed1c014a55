"""The process that parses: requests in on stdin, answers out on stdout. It may be killed, or die, at any moment.

Nothing heavy is imported that parsing does not need, and nothing of the service's configuration ever gets here.
"""

import os
import pickle
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from monitor.errors import ParseError
from monitor.sources import table

MAX_MEMORY = 256 * 1024 * 1024  # bytes of address space
MAX_CPU = 30  # seconds for one document; stops a hung worker whose parent is gone
Read = Callable[..., object]
_LENGTH = 8  # bytes before every message


def serve(requests: IO[bytes], answers: IO[bytes], read: Read = table.parse) -> None:
    """Answer requests, which are the arguments of `read`, until they end; with words where it cannot be read."""
    while (request := receive(requests)) is not None:
        _allow_cpu()
        send(answers, pickle.dumps(_answer(read, pickle.loads(request)), pickle.HIGHEST_PROTOCOL))


def send(stream: IO[bytes], message: bytes) -> None:
    """Write one message."""
    stream.write(len(message).to_bytes(_LENGTH, "big"))
    stream.write(message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one message; None when the other side is gone."""
    length = int.from_bytes(stream.read(_LENGTH), "big")
    message = stream.read(length)
    return message if length and len(message) == length else None


def _answer(read: Read, request: tuple[Any, ...]) -> object:
    try:
        return read(*request)
    except ParseError as error:
        return error.message
    except MemoryError:
        return "needs more memory to be read than any honest feed"


def _limit(kind: int, most: int) -> None:
    with suppress(ValueError, OSError):  # not every system knows every limit
        resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


def _allow_cpu() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + MAX_CPU)


def main(read: Read = table.parse) -> None:
    """Serve on this process's own streams, out of reach of anything that prints."""
    _limit(resource.RLIMIT_AS, MAX_MEMORY)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers, read)


if __name__ == "__main__":
    main()
