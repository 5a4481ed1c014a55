"""The process that parses: requests in on stdin, answers out on stdout. It may be killed, or die, at any moment.

Nothing heavy is imported that parsing does not need, and nothing of the service's configuration ever gets here.
"""

import os
import pickle
import resource
import sys
from contextlib import suppress
from typing import IO

from monitor.errors import ParseError
from monitor.model import Document, ParsedFeed
from monitor.sources import table

MAX_MEMORY = 256 * 1024 * 1024  # bytes of address space
MAX_CPU = 30  # seconds for one document; stops a hung worker whose parent is gone
_LENGTH = 8  # bytes before every message


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer (kind, document) with a ParsedFeed, or with the words that say why not, until the requests end."""
    while (request := receive(requests)) is not None:
        _allow_cpu()
        send(answers, pickle.dumps(_answer(*pickle.loads(request)), pickle.HIGHEST_PROTOCOL))


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


def _answer(kind: str, document: Document) -> ParsedFeed | str:
    try:
        return table.parse(kind, document)
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


def main() -> None:
    """Serve on this process's own streams, out of reach of anything that prints."""
    _limit(resource.RLIMIT_AS, MAX_MEMORY)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
