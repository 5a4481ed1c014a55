"""Publishers for tests: small servers on this machine that answer as told, well or badly."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

Headers = dict[str, str]
Answer = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a reader asked for; header names are lower case, values as sent."""

    path: str
    headers: dict[str, bytes]


@dataclass(slots=True)
class Publisher:
    """A running server and what it was asked."""

    url: str
    requests: list[Request] = field(default_factory=list)
    open_now: int = 0
    open_most: int = 0


@asynccontextmanager
async def publisher(
    answer: Answer, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[Publisher]:
    """A server that answers every request the same way; all of 127.0.0.0/8 is this machine."""
    running = Publisher("")
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(cast("asyncio.Task[None]", asyncio.current_task()))
        running.open_now += 1
        running.open_most = max(running.open_most, running.open_now)
        try:
            while request := await _request(reader):
                running.requests.append(request)
                await answer(request, writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the reader had enough, or the test is over
        finally:
            running.open_now -= 1
            writer.close()

    server = await asyncio.start_server(serve, host, 0, ssl=tls)
    running.url = f"{'https' if tls else 'http'}://{host}:{server.sockets[0].getsockname()[1]}"
    try:
        yield running
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def _request(reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    named = (line.split(b": ", 1) for line in lines)
    return Request(path=first.split()[1].decode(), headers={name.decode().lower(): value for name, value in named})


def answers(body: bytes = b"", status: int = 200, **headers: str) -> Answer:
    """Answer with this; underscores in header names become hyphens."""
    head = {"content-length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} As Told", *(f"{name}: {value}" for name, value in head.items())]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    return answer


def by_path(**paths: Answer) -> Answer:
    """Answer by the first part of the path; others get a 404."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        await paths.get(request.path.strip("/").partition("/")[0], answers(status=404))(request, writer)

    return answer


def in_turn(*several: Answer) -> Answer:
    """Answer the first request with the first, and so on; the last stays."""
    left = list(several)

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(request, writer)

    return answer


def raw(data: bytes) -> Answer:
    """Send bytes that need not be HTTP, and hang up."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return answer


def drips(data: bytes, every: float) -> Answer:
    """Begin a long answer, and send a piece of it now and then, for ever."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n")
        while True:
            writer.write(data)
            await writer.drain()
            await asyncio.sleep(every)

    return answer


def after(seconds: float, then: Answer) -> Answer:
    """Answer late."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await then(request, writer)

    return answer
