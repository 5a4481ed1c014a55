"""Nothing a publisher writes makes us connect to a private address; the guard is really in the transport."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from monitor.errors import FetchError
from monitor.model import Document, Feed, FeedLease, FeedState
from monitor.sources.fetch import Fetcher, FetchLimits
from monitor.sources.network import GuardedNetwork
from tests.functional.publishers import Publisher, answers, by_path, publisher

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RSS = b"<rss version='2.0'><channel/></rss>"


async def fetch(fetcher: Fetcher, url: str) -> Document:
    state = FeedState(feed_id="herald", url=url, next_due_at=NOW)
    lease = FeedLease(feed=Feed(id="herald", url=url), state=state, token="t", until=NOW)
    try:
        return await fetcher.fetch(lease, NOW)
    finally:
        await fetcher.aclose()


async def local(host: str, port: int) -> Sequence[str]:
    """A name server that says that everything is here."""
    return ["127.0.0.1"]


def test_the_guard_stands_in_the_transport() -> None:
    async def run() -> None:
        fetcher = Fetcher()
        assert isinstance(fetcher._transport._pool._network_backend, GuardedNetwork)  # type: ignore[attr-defined]
        await fetcher.aclose()

    asyncio.run(run())


SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "0",
    "0.0.0.0",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "127.0.0.1.",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[::127.0.0.1]",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "127。0。0。1",
    "user@127.0.0.1",
    "herald.example@127.0.0.1",
]


@pytest.mark.parametrize("host", SPELLINGS)
@pytest.mark.parametrize("redirected", [False, True], ids=["directly", "redirected"])
def test_no_spelling_of_a_private_address_is_connected_to(host: str, redirected: bool) -> None:
    async def run() -> None:
        async with publisher(answers(RSS)) as private:
            port = private.url.rpartition(":")[2]
            target = f"http://{host}:{port}/"
            async with publisher(
                by_path(feed=answers(status=302, location=target.encode().decode("latin-1")))
            ) as public:
                limits = FetchLimits(allow_private_hosts=(public.url.removeprefix("http://"),), deadline=20)
                with pytest.raises(FetchError):
                    await fetch(Fetcher(limits), f"{public.url}/feed" if redirected else target)
            assert private.requests == []
            assert private.open_most == 0

    asyncio.run(run())


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "fd00:ec2::254", "::ffff:192.168.0.1"])
def test_a_name_that_answers_with_a_private_address_is_refused(address: str) -> None:
    async def private(host: str, port: int) -> Sequence[str]:
        return [address]

    with pytest.raises(FetchError, match="is not an address of the public internet; list it under allow_private_hosts"):
        asyncio.run(fetch(Fetcher(resolve=private), "http://metadata.example/latest"))


def test_a_name_that_changes_its_answer_is_judged_by_the_one_connected_to() -> None:
    given: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        given.append("127.0.0.1" if given else "127.0.0.9")
        return given[-1:]

    async def run() -> None:
        async with publisher(answers(RSS)) as private:
            port = private.url.rpartition(":")[2]
            limits = FetchLimits(allow_private_hosts=("127.0.0.9",), connect=2)
            with pytest.raises(FetchError):
                await fetch(Fetcher(limits, resolve=rebinding), f"http://rebinding.example:{port}/")
            assert private.open_most == 0

    asyncio.run(run())
    assert given == ["127.0.0.9"]


@pytest.mark.parametrize(
    "allowed", ["127.0.0.1", "127.0.0.0/8", "herald.example", "herald.example:{port}", "127.0.0.1:{port}"]
)
def test_what_the_operator_allows_is_reached(allowed: str) -> None:
    async def run() -> Document:
        async with publisher(answers(RSS)) as private:
            port = private.url.rpartition(":")[2]
            limits = FetchLimits(allow_private_hosts=(allowed.format(port=port),))
            return await fetch(Fetcher(limits, resolve=local), f"http://herald.example:{port}/")

    assert asyncio.run(run()).body == RSS


def test_another_port_of_an_allowed_host_stays_closed() -> None:
    async def run() -> None:
        async with publisher(answers(RSS)) as private:
            limits = FetchLimits(allow_private_hosts=("127.0.0.1:1",))
            with pytest.raises(FetchError, match="is not an address of the public internet"):
                await fetch(Fetcher(limits), private.url)
            assert private.open_most == 0

    asyncio.run(run())


# --- encrypted publishers -------------------------------------------------------------------------------------------


@asynccontextmanager
async def encrypted(authority: trustme.CA, *names: str) -> AsyncIterator[Publisher]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    async with publisher(answers(RSS), tls=context) as running:
        yield running


def over_tls(tmp_path: Path, url_host: str, *names: str, trusted: bool = True) -> Document:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    async def run() -> Document:
        async with encrypted(authority, *names) as running:
            ca_file = str(tmp_path / "ca.pem") if trusted else ""
            limits = FetchLimits(allow_private_hosts=("127.0.0.1",), ca_file=ca_file)
            port = running.url.rpartition(":")[2]
            return await fetch(Fetcher(limits, resolve=local), f"https://{url_host}:{port}/")

    return asyncio.run(run())


def test_certificates_are_checked_against_the_name_not_the_address(tmp_path: Path) -> None:
    assert over_tls(tmp_path, "herald.example", "herald.example").body == RSS


@pytest.mark.parametrize(("name", "trusted"), [("other.example", True), ("herald.example", False)])
def test_a_wrong_certificate_is_an_error_that_says_so(tmp_path: Path, name: str, trusted: bool) -> None:
    with pytest.raises(FetchError, match=r"cannot be reached: .*certificate verify failed"):
        over_tls(tmp_path, "herald.example", name, trusted=trusted)


# --- proxies --------------------------------------------------------------------------------------------------------


def test_a_proxy_is_used_and_only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with publisher(answers(RSS)) as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
            with pytest.raises(FetchError):
                await fetch(Fetcher(), "http://nowhere.invalid/")
            assert proxy.requests == []
            document = await fetch(Fetcher(FetchLimits(proxy=proxy.url)), "http://herald.example/feed")
            assert document.body == RSS
            assert proxy.requests[0].path == "http://herald.example/feed"

    asyncio.run(run())


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "2130706433", "[::1]", "169.254.169.254"])
def test_a_proxy_is_never_asked_for_a_private_address(host: str) -> None:
    async def run() -> None:
        async with publisher(answers(RSS)) as proxy:
            with pytest.raises(FetchError, match="leads to a private address"):
                await fetch(Fetcher(FetchLimits(proxy=proxy.url)), f"http://{host}/")
            assert proxy.requests == []

    asyncio.run(run())
