"""Fetching from publishers on this machine, good ones and bad ones."""

import asyncio
import gzip
import logging
import tracemalloc
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from monitor.errors import FetchError
from monitor.model import Document, Feed, FeedLease, FeedState
from monitor.sources.fetch import Fetcher, FetchLimits
from tests.functional.publishers import (
    Answer,
    Publisher,
    Request,
    after,
    answers,
    by_path,
    drips,
    in_turn,
    publisher,
    raw,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RSS = b"<rss version='2.0'><channel/></rss>"
HERE = FetchLimits(allow_private_hosts=("127.0.0.1",), deadline=20)
LARGE = FetchLimits(allow_private_hosts=("127.0.0.1",), max_raw=100_000, max_decoded=1_000_000)


def lease(url: str, **state: str) -> FeedLease:
    return FeedLease(
        feed=Feed(id="herald", url=url),
        state=FeedState(feed_id="herald", url=url, next_due_at=NOW, **state),
        token="t",
        until=NOW + timedelta(minutes=3),
    )


def scene(answer: Answer, act: Callable[[Fetcher, Publisher], Awaitable[None]], limits: FetchLimits = HERE) -> None:
    async def run() -> None:
        fetcher = Fetcher(limits)
        try:
            async with publisher(answer) as running:
                await act(fetcher, running)
        finally:
            await fetcher.aclose()

    asyncio.run(run())


def fetch(answer: Answer, path: str = "/", limits: FetchLimits = HERE, **state: str) -> Document:
    """What one fetch from a publisher that answers like this brings."""
    brought: list[Document] = []

    async def act(fetcher: Fetcher, running: Publisher) -> None:
        brought.append(await fetcher.fetch(lease(running.url + path, **state), NOW))

    scene(answer, act, limits)
    return brought[0]


def refusal(answer: Answer, path: str = "/", limits: FetchLimits = HERE, **state: str) -> FetchError:
    """Why a fetch from a publisher that answers like this fails."""
    with pytest.raises(FetchError) as caught:
        fetch(answer, path, limits, **state)
    return caught.value


# --- what is asked and what comes -----------------------------------------------------------------------------------


def test_a_document_comes_with_all_the_publisher_says_of_it() -> None:
    document = fetch(
        answers(
            RSS,
            content_type="application/rss+xml",
            etag='W/"1"',
            last_modified="today",
            cache_control="public, max-age=300",
        )
    )
    assert (document.feed_id, document.status, document.body) == ("herald", 200, RSS)
    assert (document.content_type, document.etag, document.last_modified) == ("application/rss+xml", 'W/"1"', "today")
    assert (document.max_age, document.moved_to, document.fetched_at) == (timedelta(minutes=5), "", NOW)


def test_the_request_names_us_asks_for_gzip_only_and_keeps_nothing_else() -> None:
    async def act(fetcher: Fetcher, running: Publisher) -> None:
        for _ in range(2):
            await fetcher.fetch(lease(running.url), NOW)
        for request in running.requests:
            assert sorted(request.headers) == ["accept", "accept-encoding", "host", "user-agent"]
            assert request.headers["accept-encoding"] == b"gzip"
            assert request.headers["user-agent"].startswith(b"indicator-monitor/")

    scene(answers(RSS, set_cookie="id=1; Path=/"), act)


def test_validators_go_back_as_the_bytes_they_came_as() -> None:
    async def act(fetcher: Fetcher, running: Publisher) -> None:
        first = await fetcher.fetch(lease(running.url), NOW)
        second = await fetcher.fetch(lease(running.url, etag=first.etag, last_modified=first.last_modified), NOW)
        assert running.requests[1].headers["if-none-match"] == b'"caf\xe9"'
        assert running.requests[1].headers["if-modified-since"] == b"day one"
        assert (second.status, second.body) == (304, None)

    scene(in_turn(answers(RSS, etag='"caf\xe9"', last_modified="day one"), answers(status=304)), act)


def test_a_validator_of_unreasonable_length_is_not_kept() -> None:
    assert fetch(answers(RSS, etag='"' + "x" * 2000 + '"')).etag == ""


def test_not_modified_without_having_been_asked_is_an_error() -> None:
    assert "not modified" in refusal(answers(status=304)).message


@pytest.mark.parametrize("name", ["gzip", "x-gzip"])
def test_gzip_is_unpacked(name: str) -> None:
    assert fetch(answers(gzip.compress(RSS), content_encoding=name)).body == RSS


def test_an_empty_answer_is_an_empty_document() -> None:
    assert fetch(answers(b"")).body == b""
    assert fetch(answers(b"", status=204)).body == b""


def test_a_password_in_the_address_is_sent_and_not_shown() -> None:
    async def act(fetcher: Fetcher, running: Publisher) -> None:
        document = await fetcher.fetch(lease(running.url.replace("://", "://us%40er:p%3Aw@") + "/feed#top"), NOW)
        assert running.requests[0].headers["authorization"] == b"Basic " + b64encode(b"us@er:p:w")
        assert document.url == running.url + "/feed"

    scene(answers(RSS), act)


@pytest.mark.parametrize("scheme", ["feed:http://", "feed://", "FEED:http://", " http://"])
def test_other_spellings_of_the_address_are_understood(scheme: str) -> None:
    async def act(fetcher: Fetcher, running: Publisher) -> None:
        assert (await fetcher.fetch(lease(running.url.replace("http://", scheme)), NOW)).body == RSS

    scene(answers(RSS), act)


# --- redirects ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "for_good"), {301: True, 308: True, 302: False, 303: False, 307: False}.items())
def test_redirects_are_followed_and_remembered_when_permanent(status: int, for_good: bool) -> None:
    document = fetch(by_path(old=answers(status=status, location="/new"), new=answers(RSS)), "/old")
    assert document.body == RSS
    assert document.url.endswith("/new")
    assert document.moved_to == (document.url if for_good else "")


def test_one_temporary_redirect_on_the_way_makes_the_move_temporary() -> None:
    answer = by_path(a=answers(status=301, location="/b"), b=answers(status=302, location="/c"), c=answers(RSS))
    assert fetch(answer, "/a").moved_to == ""


def test_five_redirects_are_followed_and_six_are_not() -> None:
    hops = {f"h{n}": answers(status=301, location=f"/h{n - 1}") for n in range(1, 7)}
    answer = by_path(h0=answers(RSS), **hops)
    assert fetch(answer, "/h5").body == RSS
    assert refusal(answer, "/h6").message == "redirects more than 5 times"


def test_a_redirect_loop_ends() -> None:
    assert "redirects more than" in refusal(answers(status=301, location="/")).message


def test_not_modified_behind_a_redirect_is_not_modified() -> None:
    document = fetch(by_path(old=answers(status=301, location="/new"), new=answers(status=304)), "/old", etag='"1"')
    assert (document.status, document.moved_to) == (304, document.url)


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://x.example/", "javascript:alert(1)", "https://", "gopher://127.0.0.1:6379/"],
)
def test_a_redirect_out_of_the_web_is_refused(location: str) -> None:
    assert "address" in refusal(answers(status=302, location=location)).message


def test_a_redirect_without_target_is_an_error() -> None:
    assert refusal(answers(status=302)).status == 302


def test_a_password_does_not_follow_to_another_host() -> None:
    async def act(fetcher: Fetcher, running: Publisher) -> None:
        async with publisher(answers(RSS)) as other:
            running_answer = running.url.replace("://", "://user:secret@")
            running.requests.clear()
            targets.append(other.url)
            document = await fetcher.fetch(lease(running_answer), NOW)
            assert "authorization" in running.requests[0].headers
            assert "authorization" not in other.requests[0].headers
            assert document.moved_to == other.url

    targets: list[str] = []

    async def moved(request: Request, writer: asyncio.StreamWriter) -> None:
        await answers(status=301, location=targets[0])(request, writer)

    scene(moved, act)


def played(answer: Callable[[httpx.Request], httpx.Response]) -> Document:
    """What a fetch over a played transport brings."""
    fetcher = Fetcher(transport=httpx.MockTransport(answer))
    return asyncio.run(fetcher.fetch(lease("https://herald.example/"), NOW))


def test_giving_up_encryption_is_never_for_good() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "https":
            return httpx.Response(301, headers={"location": "http://herald.example/"})
        return httpx.Response(200, content=RSS)

    document = played(answer)
    assert (document.body, document.moved_to) == (RSS, "")


# --- refusals and failures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 429, 451, 500, 503])
def test_an_error_says_what_it_is_and_what_to_do(status: int) -> None:
    error = refusal(answers(b"x" * 1000, status=status))
    assert error.status == status
    assert error.gone is (status == 410)
    assert str(error).startswith("herald: ")
    assert str(status) in error.message


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("when", ["120", format_datetime(NOW + timedelta(minutes=2), usegmt=True)])
def test_the_pause_a_publisher_asks_for_is_passed_on(status: int, when: str) -> None:
    assert refusal(answers(status=status, retry_after=when)).retry_after == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("data", "message"),
    {
        b"": "breaks the rules of HTTP, or off",
        b"hello\r\n\r\n": "breaks the rules of HTTP, or off",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort": "breaks the rules of HTTP, or off",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n": "breaks the rules of HTTP, or off",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 300_000 + b"\r\n\r\n": "breaks the rules of HTTP, or off",
    }.items(),
    ids=range(5),
)
def test_what_is_no_http_is_an_error(data: bytes, message: str) -> None:
    assert message in refusal(raw(data)).message


def test_a_publisher_that_is_down_cannot_be_reached() -> None:
    async def run() -> None:
        async with publisher(answers()) as gone:
            url = gone.url
        await Fetcher(HERE).fetch(lease(url), NOW)

    with pytest.raises(FetchError, match="herald: cannot be reached"):
        asyncio.run(run())


def test_a_connection_that_breaks_is_an_error() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("")

    with pytest.raises(FetchError, match=r"broke off the connection$"):
        played(answer)


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip"])
def test_packings_nobody_asked_for_are_refused(encoding: str) -> None:
    assert "although only gzip was accepted" in refusal(answers(gzip.compress(RSS), content_encoding=encoding)).message


def test_too_large_a_document_is_refused_on_the_wire_and_unpacked() -> None:
    assert "more than 0.1 MB" in refusal(answers(b"x" * 100_001), limits=LARGE).message
    packed = gzip.compress(b"x" * 1_000_001)
    assert "a document of more than 1 MB" in refusal(answers(packed, content_encoding="gzip"), limits=LARGE).message


def test_a_line_of_any_length_is_only_bytes() -> None:
    assert len(fetch(answers(b"x" * 100_000), limits=LARGE).body or b"") == 100_000


def test_a_gzip_bomb_costs_little_memory() -> None:
    bomb = gzip.compress(b"\0" * 300_000_000)
    tracemalloc.start()
    try:
        error = refusal(answers(bomb, content_encoding="gzip"))
        assert "a document of more than 20 MB" in error.message
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("answer", [drips(b"x", 0.05), after(60, answers(RSS))], ids=["drips", "stalls"])
def test_a_publisher_that_never_ends_is_left(answer: Answer) -> None:
    limits = FetchLimits(allow_private_hosts=("127.0.0.1",), deadline=0.5)
    assert refusal(answer, limits=limits).message == "did not answer in full within 0.5 s"


def test_redirects_share_one_deadline() -> None:
    limits = FetchLimits(allow_private_hosts=("127.0.0.1",), deadline=1)
    slow = after(0.4, answers(status=301, location="/"))
    assert "did not answer in full within 1 s" in refusal(slow, limits=limits).message


def test_a_slow_publisher_does_not_hold_up_another() -> None:
    async def act(fetcher: Fetcher, slow: Publisher) -> None:
        async with publisher(answers(RSS)) as quick:
            waiting = [asyncio.create_task(fetcher.fetch(lease(slow.url), NOW)) for _ in range(10)]
            async with asyncio.timeout(15):
                assert (await fetcher.fetch(lease(quick.url.replace("127.0.0.1", "localhost")), NOW)).body == RSS
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    limits = FetchLimits(allow_private_hosts=("127.0.0.1", "::1"), at_once=4)
    scene(drips(b"x", 0.05), act, limits)


def test_one_host_gets_two_requests_at_once_and_every_feed_its_turn() -> None:
    async def act(fetcher: Fetcher, running: Publisher) -> None:
        documents = await asyncio.gather(*(fetcher.fetch(lease(f"{running.url}/{n}"), NOW) for n in range(20)))
        assert {document.body for document in documents} == {RSS}
        assert running.open_most <= 2

    scene(after(0.01, answers(RSS)), act)


def test_waiting_for_a_turn_does_not_count_against_the_deadline() -> None:
    async def act(fetcher: Fetcher, running: Publisher) -> None:
        documents = await asyncio.gather(*(fetcher.fetch(lease(f"{running.url}/{n}"), NOW) for n in range(8)))
        assert len(documents) == 8

    scene(after(0.4, answers(RSS)), act, FetchLimits(allow_private_hosts=("127.0.0.1",), deadline=1.0))


def test_a_fetch_may_be_cancelled() -> None:
    async def act(fetcher: Fetcher, running: Publisher) -> None:
        task = asyncio.create_task(fetcher.fetch(lease(running.url), NOW))
        while not running.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    scene(drips(b"x", 0.05), act)


# --- secrets --------------------------------------------------------------------------------------------------------

PLANTED = "planted-secret"


@pytest.mark.parametrize(
    "url",
    [
        f"http://user:{PLANTED}@127.0.0.1:1/feed?token={PLANTED}",
        f"http://user:{PLANTED}@nowhere.invalid/{PLANTED}",
        f"http://user:{PLANTED}@bad host/?{PLANTED}",
        f"http://user:{PLANTED}@[::1/",
        f"ftp://user:{PLANTED}@herald.example/",
        f"http://{PLANTED}\x00.example/",
        f"http://user:{PLANTED}@xn--\u2603.example:99999/",
        "",
    ],
)
def test_no_message_and_no_log_holds_the_address(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def run() -> None:
        fetcher = Fetcher(HERE)
        try:
            await fetcher.fetch(lease(url), NOW)
        finally:
            await fetcher.aclose()

    with pytest.raises(FetchError) as caught:
        asyncio.run(run())
    assert PLANTED not in str(caught.value)
    assert PLANTED not in caplog.text


def test_an_answered_request_logs_no_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert PLANTED not in refusal(answers(status=404), f"/?key={PLANTED}").message
    assert PLANTED not in caplog.text
