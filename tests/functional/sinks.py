"""Real servers on loopback that take what the channels send: mail over SMTP, and HTTPS services behind a proxy.

`HttpsSink` is a CONNECT proxy that plays the services itself, with certificates a test authority signed for their
names; so unmodified URLs reach it from any process that has `HttpsSink.environment`.
"""

import json
import re
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SLACK = "hooks.slack.com"
TELEGRAM = "api.telegram.org"
HOSTS = (SLACK, TELEGRAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request a service got.

    Attributes:
        connection: Number of the connection it came over.
    """

    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int = 0

    @property
    def json(self) -> dict[str, Any]:
        """The body as JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def text(self) -> str:
        """All a reader of the message sees of it, whichever service it was for."""
        return telegram_text(self.json["text"]) if self.host == TELEGRAM else slack_text(self.json["attachments"][0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a service answers.

    Attributes:
        reset: Cut the connection instead.
        delay: Seconds to keep silent first.
        last: End the connection after it, without a word.
    """

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    reset: bool = False
    delay: float = 0
    last: bool = False


TAKEN = {SLACK: Reply(body="ok"), TELEGRAM: Reply(body='{"ok": true, "result": {"message_id": 7}}')}


class HttpsSink:
    """HTTPS services behind a proxy; entering starts it, leaving stops it.

    Answers are scripted with `script`; without a script a service takes everything.

    Args:
        keeps: Whether connections stay open for the next request.
    """

    def __init__(self, folder: Path, hosts: Iterable[str] = HOSTS, *, keeps: bool = False) -> None:
        self.requests: list[Request] = []
        self.keeps = keeps
        self.port = 0
        self._replies: dict[str, deque[Reply]] = {host: deque() for host in hosts}
        self._stopping = threading.Event()
        self._ca_file = folder / "authority.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self._ca_file))
        self._contexts = {host: _context(authority, host) for host in hosts}
        self._services = {host: _service(self, host) for host in hosts}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to meet this sink instead of the real services."""
        proxy = f"http://127.0.0.1:{self.port}"
        return {
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "REQUESTS_CA_BUNDLE": str(self._ca_file),
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def script(self, host: str, *replies: Reply) -> None:
        """Answer the next requests to a host with these, in order; the ones after them are taken."""
        self._replies[host].extend(replies)

    def to(self, host: str) -> list[Request]:
        """What one service got, in order."""
        return [request for request in list(self.requests) if request.host == host]

    def answer(self, request: Request) -> Reply:
        """Note a request and say what to answer; waits as long as the script says."""
        self.requests.append(request)
        replies = self._replies[request.host]
        reply = replies.popleft() if replies else TAKEN.get(request.host, Reply())
        self._stopping.wait(reply.delay)
        return reply

    def accept(self) -> None:
        """Serve tunnels until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._tunnel, args=(client,), daemon=True).start()

    def _tunnel(self, client: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError), client:
            host = _connect_target(client)
            if host not in self._services:
                client.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
                return
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with self._contexts[host].wrap_socket(client, server_side=True) as secured:
                self._services[host](secured, ("tunnel", 0), _Server(self))

    def __enter__(self) -> Self:
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


class PlainSink:
    """A plain HTTP service on loopback, for URLs such as `json://127.0.0.1:port/`, scripted like `HttpsSink`."""

    def __init__(self, *, keeps: bool = False) -> None:
        self.requests: list[Request] = []
        self.keeps = keeps
        self._replies: deque[Reply] = deque()
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _service(self, "127.0.0.1"))
        self._server.daemon_threads = True
        self.port = self._server.server_port

    def script(self, *replies: Reply) -> None:
        """Answer the next requests with these, in order; the ones after them are taken."""
        self._replies.extend(replies)

    def answer(self, request: Request) -> Reply:
        """Note a request and say what to answer; waits as long as the script says."""
        self.requests.append(request)
        reply = self._replies.popleft() if self._replies else Reply()
        self._stopping.wait(reply.delay)
        return reply

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()


class SmtpSink:
    """A mail server on loopback; entering starts it, leaving stops it.

    Answers are scripted with `script`, one for each mail, e.g. "451 later" or "550 no such mailbox"; without a script
    it takes everything.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self._replies: deque[str] = deque()
        self._controller = Controller(self, hostname="127.0.0.1", port=_free_port())

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def url(self, recipient: str = "desk@newsroom.example", *, password: str = "") -> str:
        """The Apprise URL of a mailbox here."""
        login = f"user:{password}@" if password else ""
        return f"mailto://{login}127.0.0.1:{self.port}/?from=monitor@newsroom.example&to={recipient}&mode=insecure"

    def script(self, *replies: str) -> None:
        """Answer the next recipients with these lines, in order."""
        self._replies.extend(replies)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        reply = self._replies.popleft() if self._replies else "250 OK"
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        mail = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 taken"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


def mail_text(mail: EmailMessage) -> str:
    """The subject and the text of a mail as its reader sees them; fails when it has other parts than text and HTML."""
    return f"{mail['subject']}\n{mail_part(mail, 'plain')}"


def mail_part(mail: EmailMessage, kind: Literal["plain", "html"]) -> str:
    """One of the two parts of a mail; fails when it has any other."""
    parts = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert parts == ["text/plain", "text/html"]
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def telegram_text(markup: str) -> str:
    """What Telegram shows of a message, the addresses of links beside their words."""
    linked = re.sub(r'<a href="([^"]*)">([^<]*)</a>', r"\2 \1", markup)
    return unescape(re.sub(r"</?(?:b|i|blockquote)>", "", linked))


def slack_text(attachment: Mapping[str, Any]) -> str:
    """What Slack shows of an attachment, the addresses of links beside their words."""
    texts = [text for block in attachment["blocks"] for text in slack_objects(block)]
    linked = re.sub(r"<(https?://[^|>]*)\|([^>]*)>", r"\2 \1", "\n".join(text["text"] for text in texts))
    return linked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def slack_objects(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The text objects of a block."""
    return [*([block["text"]] if "text" in block else []), *block.get("fields", ()), *block.get("elements", ())]


def wait_until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for something to become true, and fail when it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


class _Server:
    """As much of a server as a request handler asks for."""

    def __init__(self, sink: HttpsSink) -> None:
        self.sink = sink


def _context(authority: trustme.CA, host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def _connect_target(client: socket.socket) -> str:
    head = b""
    while b"\r\n\r\n" not in head:
        received = client.recv(4096)
        if not received:
            return ""
        head += received
    return urlsplit("//" + head.split(b" ")[1].decode()).hostname or ""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _service(sink: HttpsSink | PlainSink, host: str) -> Any:
    numbers = count(1)

    class Service(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1" if sink.keeps else "HTTP/1.0"
        wbufsize = -1  # head and body together, as servers send them: apart, the second would be delayed

        def setup(self) -> None:
            super().setup()
            self.number = next(numbers)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Request(host=host, path=self.path, headers=dict(self.headers), body=body, connection=self.number)
            reply = sink.answer(asked)
            self.close_connection = reply.last or not sink.keeps
            if reply.reset:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            with suppress(OSError):
                self._send(reply)

        do_GET = do_POST

        def _send(self, reply: Reply) -> None:
            content = reply.body.encode()
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

        def log_message(self, *_: object) -> None:
            pass

    return Service
