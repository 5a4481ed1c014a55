"""The HTTP server: uvicorn in the loop of the service, with bounds on what a client may cost."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from monitor.errors import MonitorError

DEADLINE = 20.0
"""Seconds after which a connection ends, whatever it is at: each serves one request."""
CONNECTIONS = 200
HEAD_BYTES = 16_384
_GRACE = 1  # second for answers under way when the service ends
_BACKLOG = 128


class _Connection(H11Protocol):
    """A connection that ends in time: uvicorn itself waits without end for the rest of a request."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS:
            transport.abort()
        self._deadline = self.loop.call_later(DEADLINE, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.cancel()
        super().connection_lost(exc)


class _Server(uvicorn.Server):
    """Leaves signals to the service, which ends it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bound(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        MonitorError: Nobody can listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise MonitorError(f"web: cannot listen on {host}, port {port}: {why}") from error


@asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Answer requests for the length of the block."""
    config = uvicorn.Config(
        app,
        http=_Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.CRITICAL,  # its lines name whole paths, and a path may hold a right
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=HEAD_BYTES,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=_GRACE,
    )
    server = _Server(config)
    work = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    try:
        yield
    finally:
        server.should_exit = True
        await work
