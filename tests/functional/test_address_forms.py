"""Every way we know to write an inner address, asked for directly and by redirect: nobody gets through."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from monitor.errors import FetchError
from monitor.model import Feed, FeedLease, FeedState
from monitor.sources.fetch import Fetcher, FetchLimits
from tests.functional.publishers import Request, publisher

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMITS = FetchLimits(deadline=5, connect=2, allow_private_hosts=("127.1.0.0/16",), at_once=100, per_host=100)

NUMBERS = ["2130706433", "017700000001", "0x7f000001", "0X7F000001", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "0177.0x0.0.01"]
SHORT = ["127.1", "127.0.1", "0x7f.1", "0177.1", "127.0x1", "0", "0.0", "0.0.0", "0.0.0.0", "00000000", "0x0"]
PADDED = ["127.000.000.001", "127.00.0.1", "127.0.0.01", "127.0.0.1.", "127.1.", "0x7f.1.", "0000177.0.0.1"]
LOOPBACK = ["127.0.0.1", "127.0.0.2", "127.255.255.254", "127.127.127.127", "127.0.1.1", "127.0.0.0"]
NAMES = ["localhost", "LOCALHOST", "localhost.", "LocalHost", "ip6-localhost", "ip6-loopback", "localhost.localdomain"]
UNICODE = [
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "127。0。0。1",
    "127．0．0．1",
    "127｡0｡0｡1",
    "ⓛocalhost",
    "ｌｏｃａｌｈｏｓｔ",
    "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
]
ESCAPED = [
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "%6cocalhost",
    "127.0.0.1%00",
    "127.0.0.1%09",
    "127.0.0.1%20",
    "%5b::1%5d",
]
SIX = [
    "::1", "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001", "::", "0::0", "::0.0.0.1", "::127.0.0.1",
    "::ffff:127.0.0.1", "::ffff:7f00:1", "::FFFF:7F00:0001", "0:0:0:0:0:ffff:127.0.0.1", "::ffff:0.0.0.0",
    "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2002:7f00:1::1", "2002:a00:1::", "2002:a9fe:a9fe::", "2001:0:7f00:1::", "2001::80ff:fffe",
    "fe80::1", "fe80::1%lo", "fe80::1%25lo", "::1%lo", "::1%1", "fc00::1", "fd00::1", "fd00:ec2::254", "fec0::1",
    "ff02::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:192.168.0.1", "100::1", "2001:db8::1", "[::1]",
    "::ffff:127.1",
]  # fmt: skip
INNER = [
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1.1", "169.254.169.254",
    "169.254.170.2", "169.254.0.1", "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.0.192", "192.0.2.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "0.0.0.1", "168430081", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "0xa9.0xfe.0xa9.0xfe",
    "169.254.43518", "0xc0a80101", "3232235777",
]  # fmt: skip
TRICKS = [
    "http://news.example@127.0.0.1:{0}/", "http://user:pass@localhost:{0}/", "http://127.0.0.1:{0}#@news.example/",
    "http://127.0.0.1:{0}?@news.example/", "http://news.example:80@127.0.0.1:{0}/", "http:/\\127.0.0.1:{0}/",
    "http:\\\\127.0.0.1:{0}/", "http:///127.0.0.1:{0}/", "//127.0.0.1:{0}/", "HTTP://127.0.0.1:{0}/",
    " http://127.0.0.1:{0}/", "http://127.0.0.1\t:{0}/", "http://127.0.0.1:0{0}/", "https://127.0.0.1:{0}/",
    "feed://127.0.0.1:{0}/", "feed:http://127.0.0.1:{0}/", "http://127.0.0.1\\@news.example:{0}/",
    "http://[::ffff:127.0.0.1]:{0}/", "ftp://127.0.0.1:{0}/", "gopher://127.0.0.1:{0}/", "unix:///run/socket",
    "file:///etc/passwd", "http://[::1]:{0}", "http://1②7.0.0.1:{0}/", "http://127.0.0.1:{0}/\r\nHost: x",
    "jar:http://127.0.0.1:{0}/!/", "http://0:{0}/", "//0x7f.1:{0}/",
]  # fmt: skip


def forms(port: int) -> Iterator[str]:
    """Addresses of our own and of inner networks."""
    own = socket.gethostname()
    for host in (*NUMBERS, *SHORT, *PADDED, *LOOPBACK, *NAMES, *UNICODE, *ESCAPED, *INNER, own, f"{own}.", *_own()):
        yield f"http://{host}:{port}/"
    for host in SIX:
        yield f"http://[{host}]:{port}/"
    for trick in TRICKS:
        yield trick.replace("{0}", str(port))


def _own() -> set[str]:
    """This machine's addresses on its networks."""
    try:
        found = socket.getaddrinfo(socket.gethostname(), None)
    except OSError:
        return set()
    return {str(one[4][0]) for one in found if ":" not in str(one[4][0])}


@asynccontextmanager
async def decoy() -> AsyncIterator[tuple[int, list[str]]]:
    """A server on every address of this machine, and who connected to it."""
    callers: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        callers.append(str(writer.get_extra_info("sockname")))
        writer.close()

    first = await asyncio.start_server(serve, "0.0.0.0", 0)
    port = first.sockets[0].getsockname()[1]
    servers = [first]
    if socket.has_dualstack_ipv6():
        servers.append(await asyncio.start_server(serve, "::", port))
    try:
        yield port, callers
    finally:
        for server in servers:
            server.close()


async def outcome(fetcher: Fetcher, url: str) -> str:
    """The error it ends with; "" when something came."""
    state = FeedState(feed_id="f", url=url, next_due_at=NOW)
    try:
        await fetcher.fetch(FeedLease(feed=Feed(id="f", url=url), state=state, token="t", until=NOW), NOW)
    except FetchError as error:
        return error.message
    return ""


def test_no_form_of_an_inner_address_gets_through() -> None:
    async def run() -> None:
        async with decoy() as (port, callers):
            tried = list(dict.fromkeys(forms(port)))

            async def redirect(request: Request, writer: asyncio.StreamWriter) -> None:
                to = tried[int(request.path.strip("/"))].encode("utf-8")
                writer.write(b"HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: " + to + b"\r\n\r\n")

            async with publisher(redirect, host="127.1.0.1") as home:
                fetcher = Fetcher(LIMITS)
                try:
                    direct = await asyncio.gather(*(outcome(fetcher, url) for url in tried))
                    led = (outcome(fetcher, f"{home.url}/{number}") for number in range(len(tried)))
                    redirected = await asyncio.gather(*led)
                finally:
                    await fetcher.aclose()
            print(f"{len(tried)} forms, directly and by redirect: {len(callers)} connections")  # noqa: T201 - for docs/reliability.md
            assert len(tried) >= 140
            assert callers == []
            assert [url for url, error in zip(tried, direct, strict=True) if not error] == []
            assert [url for url, error in zip(tried, redirected, strict=True) if not error] == []

    asyncio.run(run())


def test_the_decoy_would_hear_a_connection() -> None:
    """Otherwise the test above could not fail."""

    async def run() -> None:
        async with decoy() as (port, callers):
            fetcher = Fetcher(FetchLimits(allow_private_hosts=("127.0.0.1", "localhost")))
            try:
                for url in (f"http://127.0.0.1:{port}/", f"http://0x7f.1:{port}/"):
                    await outcome(fetcher, url)
            finally:
                await fetcher.aclose()
            assert callers

    asyncio.run(run())
