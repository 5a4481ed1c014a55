"""The guard in the network: checked and connected are the same address."""

import asyncio
import sys
import threading
from collections.abc import Sequence

import httpcore
import pytest

from monitor.sources.addresses import AllowList
from monitor.sources.network import GuardedNetwork, Refused, Resolver


class Names:
    """A name server that answers as told, one list after the other."""

    def __init__(self, *answers: Sequence[str] | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def reached(guard: GuardedNetwork, port: int) -> str:
    stream = await guard.connect_tcp("herald.example", port, timeout=5)
    address: tuple[str, int] = stream.get_extra_info("server_addr")
    await stream.aclose()
    return address[0]


async def connect(names: Names, *allowed: str) -> str:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        return await reached(GuardedNetwork(AllowList(allowed), names), server.sockets[0].getsockname()[1])


def test_a_private_address_behind_a_public_name_is_refused() -> None:
    with pytest.raises(
        Refused, match=r"herald\.example is refused: 127\.0\.0\.1 is not an address of the public internet"
    ):
        asyncio.run(connect(Names(["127.0.0.1"])))


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(Refused):
        asyncio.run(connect(Names(["93.184.216.34", "10.0.0.1"])))


def test_an_allowed_address_is_connected_to() -> None:
    assert asyncio.run(connect(Names(["127.0.0.1"]), "127.0.0.0/8")) == "127.0.0.1"


def test_the_name_is_asked_once_so_that_a_second_answer_cannot_differ() -> None:
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    assert asyncio.run(connect(names, "127.0.0.1")) == "127.0.0.1"
    assert names.asked == ["herald.example"]


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    assert asyncio.run(connect(Names(["127.0.0.2", "127.0.0.1"]), "127.0.0.0/8")) == "127.0.0.1"


@pytest.mark.parametrize("answer", [[], OSError("no such name"), UnicodeError("label too long")])
def test_a_name_without_address_cannot_be_connected_to(answer: Sequence[str] | Exception) -> None:
    with pytest.raises(httpcore.ConnectError, match="the name of the host"):
        asyncio.run(connect(Names(answer)))


def test_a_name_server_that_never_answers_runs_into_the_timeout() -> None:
    async def never(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(httpcore.ConnectTimeout, match=r"no connection within 0\.01 s"):
        asyncio.run(GuardedNetwork(AllowList(), never).connect_tcp("herald.example", 80, timeout=0.01))


def test_unix_sockets_are_refused() -> None:
    with pytest.raises(Refused):
        asyncio.run(GuardedNetwork(AllowList(), Names([])).connect_unix_socket("/run/docker.sock"))


def test_the_resolver_works_in_threads_of_its_own() -> None:
    resolver = Resolver(threads=1)
    try:
        assert asyncio.run(resolver("127.0.0.1", 80)) == ["127.0.0.1"]
        assert any(thread.name.startswith("dns") for thread in threading.enumerate())
    finally:
        resolver.close()


def test_a_missing_sniffio_is_not_looked_for_with_every_request():
    assert "sniffio" in sys.modules
