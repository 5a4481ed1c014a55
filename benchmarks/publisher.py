"""A publisher of thousands of invented feeds on loopback, for polling.py: 40 entries each, an ETag, changes on demand.

Every feed has a host of its own (127.x.y.z), as in life. It ends when its standard input does.
"""

import asyncio
import random
import sys
from functools import lru_cache

ENTRIES = 40
CHANGED = 20  # one feed in so many changes with every revision
MODES = ("validators", "same body", "same entries")

ON_TOPIC = 10  # one entry in so many is about what the shipped rules watch

_NEWS = (
    "The choir|A gardener|The school|Her neighbour|The bakery|A painter|The library|His sister|A swimmer|The village",
    "paints|repairs|shows|enjoys|forgets|collects|plants|borrows|washes|finds",
    "an old fence|new shoes|the orchard|seven apples|a long river walk|songs|a chess set|books|a kitchen table|kites",
    "before breakfast|in the rain|after school|by the lake|every spring|at home|with friends|on Sundays|twice|slowly",
)
_TOPIC = (
    "The ministry|A spokesman|The council|Parliament|A court|The railway|The museum|A union|The governor|Farmers",
    "announces|discusses|delays|approves|questions|opens|postpones|reviews|describes|finances",
    "a bridge|new trains|the budget|air defence|a harvest|repairs|an exhibition|grain exports|a power plant|talks",
    "in Kyiv|in Lviv|in Warsaw|near Odesa|in Stockholm|in Berlin|on the Danube|in the north|at the border|in Oslo",
)
_WORDS = [[part.split("|") for part in parts] for parts in (_NEWS, _TOPIC)]


def address(number: int, port: int) -> str:
    """Where a feed is found."""
    return f"http://127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}:{port}/{number}.xml"


def serve() -> None:
    """Serve until standard input ends; the port is printed first."""
    asyncio.run(_serve())


@lru_cache(maxsize=2_000)
def document(number: int, revision: int, noise: int = 0) -> bytes:
    """A feed as it stands at a revision; noise changes its bytes, but no entry."""
    changes = sum(1 for one in range(1, revision + 1) if one % CHANGED == number % CHANGED)
    built = f"Sun, 01 Mar 2026 {noise // 3600 % 24:02}:{noise // 60 % 60:02}:{noise % 60:02} GMT"
    entries = "".join(_entry(number, serial) for serial in range(ENTRIES + changes, changes, -1))
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Herald {number}</title>'
        f"<link>http://herald{number}.example/</link><description>News</description><language>en</language>"
        f"<lastBuildDate>{built}</lastBuildDate>"
        f"\n{entries}</channel></rss>\n"
    ).encode()


def _entry(number: int, serial: int) -> str:
    choose = random.Random(number * 1_000 + serial)
    parts = _WORDS[serial % ON_TOPIC == 0]
    sentences = [" ".join(choose.choice(words) for words in parts) for _ in range(14)]
    link = f"http://herald{number}.example/news/2026/{serial}"
    text = ". ".join(f"{sentence}, and {choose.randrange(10_000)} more" for sentence in sentences[1:])
    return (
        f"<item><title>{sentences[0]} ({choose.randrange(10_000)})</title><link>{link}</link><guid>{link}</guid>"
        f"<description>&lt;p&gt;{text}.&lt;/p&gt;</description><category>world</category>"
        f"<pubDate>Sun, 01 Mar 2026 {serial // 60 % 24:02}:{serial % 60:02}:00 GMT</pubDate></item>\n"
    )


class _Publisher:
    """What all connections share: the state that `/mode/...` and `/revision` change."""

    mode = MODES[0]
    revision = 0
    noise = 0

    def answer(self, path: str, etag: bytes) -> bytes:
        if path.startswith("/mode/"):
            self.mode = MODES[int(path[6:])]
            return _http(b"200 OK", b"")
        if path == "/revision":
            self.revision += 1
            return _http(b"200 OK", b"")
        number = int(path[1:-4])
        changes = sum(1 for one in range(1, self.revision + 1) if one % CHANGED == number % CHANGED)
        current = b'"%d-%d"' % (number, changes)
        if self.mode == MODES[0] and etag == current:
            return _http(b"304 Not Modified", b"", current)
        self.noise += self.mode == MODES[2]
        noise = self.noise if self.mode == MODES[2] else 0
        return _http(b"200 OK", document(number, self.revision if changes else 0, noise), current)


class _Connection(asyncio.Protocol):
    def __init__(self, publisher: _Publisher) -> None:
        self._publisher = publisher
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            first, *lines = head.split(b"\r\n")
            etag = next((line[15:].strip() for line in lines if line.lower().startswith(b"if-none-match:")), b"")
            self._transport.write(self._publisher.answer(first.split()[1].decode(), etag))


def _http(status: bytes, body: bytes, etag: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n" % (status, len(body))
    return head + (b"ETag: %s\r\n" % etag if etag else b"") + b"\r\n" + body


async def _serve() -> None:
    publisher = _Publisher()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(publisher), "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)
