"""What strangers try on the pages, with bytes of their own."""

import socket
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from monitor.alerts.links import Purpose
from monitor.errors import MonitorError
from monitor.web import server
from monitor.web.forms import BODY_BYTES
from monitor.web.server import bound
from tests.functional.sinks import wait_until
from tests.web.conftest import Pages, opened

OTHER_HOSTS = (
    "evil.example",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1:{port}.evil.example",
    "evil.example@127.0.0.1:{port}",
    "",
)

CUT_OFF = 0


def request(pages: Pages, *lines: str, host: str | None = None, body: bytes = b"") -> bytes:
    """A raw request; its first line is the first of `lines`."""
    named = f"Host: {host if host is not None else f'127.0.0.1:{pages.port}'}"
    return "\r\n".join([lines[0], named, *lines[1:], "", ""]).encode() + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else CUT_OFF


# --- host and headers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", OTHER_HOSTS)
def test_no_other_host_is_answered_for(pages: Pages, host: str) -> None:
    answer = pages.raw(request(pages, "GET /subscribe HTTP/1.1", host=host.format(port=pages.port)))
    assert status(answer) in (400, 421)
    assert b"<form" not in answer


@pytest.mark.parametrize("head", ["GET /subscribe HTTP/1.1\r\n\r\n", "GET /subscribe HTTP/1.0\r\n\r\n"])
def test_a_request_that_names_no_host_is_refused(pages: Pages, head: str) -> None:
    assert status(pages.raw(head.encode())) in (400, 421)


def test_two_hosts_in_one_request_are_refused(pages: Pages) -> None:
    twice = request(pages, "GET /subscribe HTTP/1.1", "Host: evil.example")
    assert status(pages.raw(twice)) == 400


def test_a_host_named_in_the_request_line_does_not_count(pages: Pages) -> None:
    answer = pages.raw(request(pages, "GET http://evil.example/subscribe HTTP/1.1", host="evil.example"))
    assert status(answer) == 421


@pytest.mark.parametrize("path", ["/subscribe", "/style.css", "/nothing", "/preferences/forged"])
def test_every_answer_forbids_scripts_frames_guessing_and_referrers(pages: Pages, path: str) -> None:
    headers = pages.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert "server" not in headers
    assert "set-cookie" not in headers


def test_signed_pages_are_kept_by_nobody(pages: Pages) -> None:
    anna = pages.subscriber()
    assert pages.get(pages.path(Purpose.PREFERENCES, anna)).headers["cache-control"] == "no-store"


def test_no_page_has_a_script_or_a_style_of_its_own(pages: Pages) -> None:
    anna = pages.subscriber()
    alert = pages.alert(anna)
    paths = ["/subscribe", *(pages.path(purpose, anna, alert) for purpose in Purpose)]
    for text in (pages.get(path).text.lower() for path in paths):
        assert "<script" not in text
        assert "style=" not in text
        assert " on" not in "".join(part.split(">")[0] for part in text.split("<"))


# --- size and time --------------------------------------------------------------------------------------------------


def test_a_form_that_is_too_large_is_refused(pages: Pages) -> None:
    assert pages.post("/subscribe", {"address": "a" * BODY_BYTES}).status == 413


def test_a_body_without_end_is_refused(pages: Pages) -> None:
    head = request(
        pages,
        "POST /subscribe HTTP/1.1",
        "Content-Type: application/x-www-form-urlencoded",
        "Transfer-Encoding: chunked",
    )
    chunk = b"4000\r\n" + b"a" * 0x4000 + b"\r\n"
    assert status(pages.raw(head + chunk * 5)) == 413


def test_a_head_that_is_too_large_is_refused(pages: Pages) -> None:
    assert status(pages.raw(request(pages, "GET /subscribe HTTP/1.1", "X: " + "a" * 300_000))) in (CUT_OFF, 400)


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/json", ""])
def test_a_form_of_another_kind_is_refused(pages: Pages, kind: str) -> None:
    assert pages.post("/subscribe", {"address": "a@newsroom.example"}, **{"Content-Type": kind}).status == 415


def test_a_thousand_fields_are_refused(pages: Pages) -> None:
    assert pages.post("/subscribe", {"rule": ["x"] * 5000}).status == 400


@pytest.mark.parametrize("body", [b"address=%ff%fe", b"\xff\xfe=1", b"a=" + b"\x00" * 10])
def test_bytes_that_are_no_text_break_nothing(pages: Pages, body: bytes) -> None:
    answer = pages.ask("POST", "/subscribe", body, {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status in (400, 422)


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"GET /subscribe HTTP/1.1\r\nHost: ",
        b"POST /subscribe HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 100\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\naddress=",
    ],
)
def test_who_never_ends_a_request_is_cut_off(pages: Pages, start: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "DEADLINE", 0.5)
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", pages.port), timeout=10) as client:
        client.sendall(start.replace(b"{port}", str(pages.port).encode()))
        with suppress(ConnectionResetError):
            assert client.recv(1000) == b""
    assert time.monotonic() - began < 5


def test_many_silent_connections_do_not_keep_others_out(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "DEADLINE", 1.0)
    with ExitStack() as stack:
        for _ in range(server.CONNECTIONS + 50):
            stack.enter_context(socket.create_connection(("127.0.0.1", pages.port), timeout=10))
        time.sleep(1.5)
        assert pages.get("/subscribe").status == 200


def test_who_leaves_in_the_middle_of_a_form_is_no_news(pages: Pages) -> None:
    form = ("POST /subscribe HTTP/1.1", "Content-Length: 100", "Content-Type: application/x-www-form-urlencoded")
    with capture_logs() as logs:
        with socket.create_connection(("127.0.0.1", pages.port), timeout=10) as client:
            client.sendall(request(pages, *form, body=b"address="))
            time.sleep(0.3)
        wait_until(lambda: len(logs) > 0)
    assert [entry["event"] for entry in logs] == ["web.request"]


# --- ways in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/../monitor.yaml",
        "/style.css/../../monitor.db",
        "/%2e%2e/monitor.yaml",
        "/templates/base.html",
        "//evil.example/",
        "/preferences/",
        "/preferences/../../etc/passwd",
        "/subscribe/",
        "/confirm/x/y",
    ],
)
def test_there_is_nothing_beside_the_pages(pages: Pages, path: str) -> None:
    answer = pages.raw(request(pages, f"GET {path} HTTP/1.1"))
    assert status(answer) == 404
    assert b"location:" not in answer.lower()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS"])
def test_other_methods_do_nothing(pages: Pages, method: str) -> None:
    assert pages.ask(method, "/subscribe").status in (400, 404, 405)


def test_a_form_of_another_site_cannot_subscribe_anybody(pages: Pages) -> None:
    form = {"address": "anna@newsroom.example"}
    assert pages.post("/subscribe", form, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert pages.app.store.subscriptions() == []


def test_without_signup_there_is_no_form_but_links_work(tmp_path: Path) -> None:
    with opened(
        tmp_path, "mailto://127.0.0.1:9/?from=a@b.example&to=c@d.example&mode=insecure", signup=False
    ) as closed:
        anna = closed.subscriber()
        assert (closed.get("/").status, closed.get("/subscribe").status) == (404, 404)
        assert closed.post("/subscribe", {"address": "x@newsroom.example"}).status == 404
        assert closed.get(closed.path(Purpose.PREFERENCES, anna)).status == 200


# --- what it tells --------------------------------------------------------------------------------------------------


def test_neither_tokens_nor_keys_nor_addresses_stand_in_the_log(pages: Pages) -> None:
    anna = pages.subscriber()
    path = pages.path(Purpose.PREFERENCES, anna)
    with capture_logs() as logs:
        structlog.get_logger().info("begins")
        pages.get(path)
        pages.get("/" + path)
        pages.get("/nothing/" + "x" * 50)
        pages.post("/subscribe", {"address": "secret@newsroom.example"})
    text = str(logs)
    assert "'page': 'preferences'" in text
    assert path.rsplit("/", 1)[1] not in text
    assert "newsroom.example" not in text
    assert "xxx" not in text


@pytest.mark.parametrize("host", ["127.0.0.1", "nowhere.invalid", "192.0.2.1"])
def test_an_address_nobody_can_listen_on_is_told(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MonitorError, match=f"{port}: "):
            bound(host, port)


def test_pages_end_with_the_service_although_somebody_is_connected(tmp_path: Path) -> None:
    made = opened(tmp_path, "mailto://127.0.0.1:9/?from=a@b.example&to=c@d.example&mode=insecure")
    with made:
        client = socket.create_connection(("127.0.0.1", made.port), timeout=10)
        client.sendall(b"POST /subscribe HTTP/1.1\r\nHost: ")
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert "web" not in {thread.name for thread in threading.enumerate()}
    client.close()
