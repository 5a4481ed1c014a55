"""Publishers that misbehave in every way we know, and what must become of each."""

import asyncio
import gzip
import ssl
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

import trustme

from tests.functional.publishers import Answer, Request, after, answers, drips, in_turn, raw

HEADLINE = "Ministers meet in the harbour town"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One publisher.

    Attributes:
        error: Words of the message its feed ends with; "" when it can be read.
        items: How many items are stored in the end.
    """

    answer: Answer
    error: str = ""
    items: int = 0
    tls: ssl.SSLContext | None = None


def entry(name: object, *, title: str = HEADLINE, guid: str = "", date: str = "", text: str = "") -> str:
    """One RSS item."""
    return (
        f'<item><guid isPermaLink="false">{guid or name}</guid><title>{title} {name}</title>'
        f"<link>https://news.example/{name}</link><pubDate>{date}</pubDate><description>{text}</description></item>"
    )


def rss(*entries: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    """An RSS document."""
    return f'{head}<rss version="2.0"><channel><title>N</title>{"".join(entries)}</channel></rss>'.encode()


def cases(decoy: str) -> Mapping[str, Case]:
    """All of them by name.

    Args:
        decoy: Address of a server on this machine that nobody may be led to.
    """
    return {**_slow(), **_packed(), **_redirects(decoy), **_no_feeds(), **_statuses(), **_bombs(), **_odd(), **_moody()}


def _slow() -> dict[str, Case]:
    late = "did not answer in full within"
    return {
        "drip": Case(answer=drips(b"x", 0.2), error=late),
        "stall": Case(answer=after(3600, answers()), error=late),
        "endless": Case(answer=drips(b"x" * 65_536, 0), error="sent more than 10 MB"),
        "endless-head": Case(answer=_endless_head, error="breaks the rules of HTTP"),
        "hang-up": Case(answer=raw(b""), error="breaks the rules of HTTP"),
        "half": Case(answer=raw(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n<rss>"), error="breaks the rules"),
        "no-http": Case(answer=raw(b"220 mail.example ESMTP\r\n"), error="breaks the rules of HTTP"),
        "bad-chunks": Case(
            answer=raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n"), error="breaks the rules of HTTP"
        ),
    }


def _packed() -> dict[str, Case]:
    twice = gzip.compress(_gzip_of_zeros(50_000_000))
    return {
        "gzip-bomb": Case(answer=answers(_gzip_of_zeros(300_000_000), content_encoding="gzip"), error="more than 20"),
        "brotli": Case(answer=answers(b"\x5b\xff\xff\xff", content_encoding="br"), error="packed its answer as 'br'"),
        "nested": Case(answer=answers(twice, content_encoding="gzip, gzip"), error="although only gzip was accepted"),
        "gzip-cut": Case(
            answer=answers(gzip.compress(rss(entry(1)))[:-9], content_encoding="gzip"), error="breaks off"
        ),
        "gzip-not": Case(answer=answers(b"no gzip at all", content_encoding="gzip"), error="cannot be unpacked"),
    }


def _redirects(decoy: str) -> dict[str, Case]:
    refused = "is refused"
    return {
        "circle": Case(answer=_redirect("/again"), error="redirects more than 5 times"),
        "to-decoy": Case(answer=_redirect(decoy), error=refused),
        "to-private": Case(answer=_redirect("http://10.1.2.3/feed"), error=refused),
        "to-metadata": Case(answer=_redirect("http://169.254.169.254/latest/meta-data"), error=refused),
        "to-odd": Case(answer=_redirect(decoy.replace("127.0.0.1", "0x7f.1")), error=refused),
        "to-file": Case(answer=_redirect("file:///etc/passwd"), error="not http:// or https://"),
        "to-nowhere": Case(answer=_redirect("http://no-such-host.invalid/"), error="cannot be resolved"),
        "to-junk": Case(answer=_redirect("http://[::::/"), error="cannot be used"),
    }


def _no_feeds() -> dict[str, Case]:
    page = b"<!DOCTYPE html><html><body><p>Sign in</p></body></html>"
    return {
        "html": Case(answer=answers(page, content_type="text/html"), error="a web page, not a feed"),
        "html-later": Case(answer=in_turn(answers(rss(entry(1))), answers(page)), error="a web page", items=1),
        "empty": Case(answer=answers(), error="empty document"),
        "blank": Case(answer=answers(b" \n\t" * 1000), error="empty document"),
        "binary": Case(answer=answers(bytes(range(256)) * 100), error="neither RSS, Atom nor JSON Feed"),
        "json": Case(answer=answers(b'{"a": [' * 5000), error="JSON"),
        "unasked-304": Case(answer=answers(status=304), error="although we never had the document"),
    }


def _statuses() -> dict[str, Case]:
    return {
        "status-401": Case(answer=answers(status=401), error="(401)"),
        "status-403": Case(answer=answers(status=403), error="(403)"),
        "status-404": Case(answer=answers(status=404), error="(404)"),
        "status-410": Case(answer=answers(status=410), error="(410)"),
        "status-429": Case(answer=answers(status=429, retry_after="3600"), error="(429)"),
        "status-503": Case(answer=answers(status=503, retry_after="Fri, 31 Dec 9999 23:59:59 GMT"), error="(503)"),
        "status-999": Case(answer=answers(status=999), error="999"),
        "bad-certificate": Case(answer=answers(rss(entry(1))), error="cannot be reached", tls=_self_signed()),
    }


def _bombs() -> dict[str, Case]:
    chained = "".join(f'<!ENTITY e{n} "&e{n - 1};">' for n in range(1, 30_000))
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    external = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return {
        "entities": Case(answer=answers(rss(entry(1), head=f"<!DOCTYPE rss [{chained}]>")), error="XML entities"),
        "laughs": Case(answer=answers(rss(entry(1, text="&l9;"), head=_laughing(laughs))), items=1),
        "external": Case(answer=answers(rss(entry(1, text="&x;"), head=external)), items=1),
        "deep": Case(answer=answers(rss(entry(1, text="<a>" * 50_000))), items=1),
        "many": Case(answer=answers(rss(*map(entry, range(100_000)))), error="sent more than 10 MB"),
        "many-small": Case(answer=answers(rss(*map(_short, range(100_000)))), items=1000),
        "long-line": Case(answer=answers(rss(entry(1, text="word " * 1_900_000))), items=1),
        "long-title": Case(answer=answers(rss(entry(1, title="word " * 1_000_000))), items=1),
        "long-author": Case(answer=answers(rss(_by("a." * 500_000))), items=1),
    }


def _odd() -> dict[str, Case]:
    return {
        "invalid-utf-8": Case(answer=answers(rss(entry(1)).replace(b"harbour", b"harb\xff\xfeour")), items=1),
        "nul": Case(answer=answers(rss(entry(1)).replace(b"harbour", b"harb\0our")), items=1),
        "surrogates": Case(answer=answers(rss(entry(1, title="&#xD800;&#99999999999;"))), items=1),
        "bidi": Case(answer=answers(rss(entry(1, title="\u202egnihton\u2066 \u200b"))), items=1),
        "markup": Case(answer=answers(rss(entry(1, title="&lt;script&gt;alert(1)&lt;/script&gt;"))), items=1),
        "wrong-charset": Case(
            answer=answers(rss(entry(1)), content_type="application/rss+xml; charset=utf-16"), items=1
        ),
        "dates": Case(
            answer=answers(
                rss(
                    entry(1, date="Thu, 01 Jan 1970 00:00:00 GMT"),
                    entry(2, date="Fri, 31 Dec 2199 00:00:00 GMT"),
                    entry(3, date="soon"),
                )
            ),
            items=3,
        ),
        "one-guid": Case(answer=answers(rss(*(entry(n, guid="same") for n in range(5)))), items=5),
    }


def _moody() -> dict[str, Case]:
    """Those that answer every request in another way."""
    return {
        "flapping": Case(answer=_flapping(rss(entry(1), entry(2))), items=2),
        "new-ids": Case(answer=_each_time(lambda n: rss(*(entry(i, guid=f"{n}-{i}") for i in range(10)))), items=10),
        "new-order": Case(answer=_each_time(lambda n: rss(*(entry((i * 7 + n) % 10) for i in range(10)))), items=10),
        "archive": Case(answer=in_turn(answers(rss(*map(entry, range(10)))), answers(_archive())), items=810),
        "reused-guid": Case(answer=_each_time(lambda n: rss(entry(f"story-{min(n, 3)}", guid="top"))), items=4),
    }


def _archive() -> bytes:
    return rss(*(entry(number, date="Mon, 06 May 2024 10:00:00 GMT") for number in range(810)))


def _laughing(entities: str) -> str:
    return f'<!DOCTYPE rss [<!ENTITY l0 "ha">{entities}]>'


def _short(number: int) -> str:
    return f"<item><title>{HEADLINE} {number}</title><guid>{number}</guid></item>"


def _by(author: str) -> str:
    return f"<item><title>{HEADLINE}</title><guid>1</guid><author>{author}</author></item>"


def _gzip_of_zeros(size: int) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    megabyte = bytes(1_000_000)
    return b"".join(packer.compress(megabyte) for _ in range(size // 1_000_000)) + packer.flush()


def _self_signed() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.1.0.1").configure_cert(context)
    return context


def _redirect(to: str) -> Answer:
    return answers(status=302, location=to)


async def _endless_head(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x-more: " + b"x" * 10_000 + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0)


def _flapping(body: bytes) -> Answer:
    """The whole document and "not modified" in turn, with another ETag each time."""
    numbers = count()

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        number = next(numbers)
        asked = "if-none-match" in request.headers
        one = answers(status=304) if number % 2 and asked else answers(body, etag=f'"{number}"')
        await one(request, writer)

    return answer


def _each_time(document: Callable[[int], bytes]) -> Answer:
    """Another document for every request, by its number."""
    numbers = count()

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        await answers(document(next(numbers)))(request, writer)

    return answer
