"""Connections only to addresses that were checked: the check and the connection use the same resolved address."""

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import httpcore

from monitor.sources.addresses import AllowList, objection

_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

# httpcore tries this import several times with every request. Where it is not installed, Python looks through all of
# sys.path each time, a third of the cost of a request; told that there is none, it stops looking.
if "sniffio" not in sys.modules and find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]


class Refused(httpcore.ConnectError):
    """A host is, or claims to be, at an address that feeds must not lead to."""


class Resolver:
    """Names to addresses, in threads of its own: slow name servers must not hold up other work in threads."""

    def __init__(self, threads: int = 8) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="dns")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, best first, each once."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _lookup, host, port)

    def close(self) -> None:
        """Let go of the threads; look-ups that hang are left behind."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves a host, refuses it if any of its addresses is private and not allowed, connects to what it checked."""

    def __init__(self, allowed: AllowList, resolve: Resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the checked addresses that answers."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._checked(host, port)
                return await self._first(addresses, port, local_address, socket_options)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"no connection within {timeout:g} s") from error

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[_SocketOption] | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Never: feeds come over the network."""
        raise Refused("unix sockets are refused")

    async def sleep(self, seconds: float) -> None:
        """Between attempts to connect."""
        await asyncio.sleep(seconds)

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name of the host cannot be resolved") from error
        for address in addresses:
            reason = objection(address)
            if reason and not self._allowed.covers(host, address, port):
                raise Refused(f"{host} is refused: {reason}; list it under allow_private_hosts if it is yours")
        return addresses

    async def _first(
        self,
        addresses: Sequence[str],
        port: int,
        local_address: str | None,
        socket_options: Iterable[_SocketOption] | None,
    ) -> httpcore.AsyncNetworkStream:
        failure: httpcore.ConnectError = httpcore.ConnectError("the name of the host has no address")
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    address, port, local_address=local_address, socket_options=socket_options
                )
            except httpcore.ConnectError as error:
                failure = error
        raise failure


def _lookup(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
