"""Apprise on a short lead: no retries, redirects, branding or log lines of its own, and what services answer is heard.

It drops Retry-After and takes Telegram's `200 {"ok": false}` for a success, so the answers are read here.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import requests
from apprise import Apprise, AppriseAsset
from apprise.plugins import NotifyBase

from monitor.channels.answers import Answer, Outcome
from monitor.channels.connections import Line

ASSET = AppriseAsset(
    app_id="Indicator monitor",
    app_desc="Indicator monitor",
    app_url="",
    image_url_mask=None,
    image_url_logo=None,
    http_redirects=False,
    interpret_emojis=False,
    pgp_autogen=False,
    pem_autogen=False,
    async_mode=False,  # with no service_timeout: in the thread that calls; the time limit is ours
    service_timeout=0,
    storage_mode="memory",
)
LOG = logging.getLogger("apprise")
_CAUSE = "Socket Exception"  # how its lines about the network begin
_SOCKET_TIMEOUT = 10.0  # Apprise's own 4 s turn a slow but successful send into a duplicate


@dataclass(slots=True)
class Heard:
    """What was said while one message was sent: answers of the service, and Apprise's lines about a failure."""

    answers: list[Answer] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)

    def outcome(self, *, accepted: bool) -> Outcome:
        """What came of it; the last answer counts."""
        return Outcome(accepted=accepted, logs=tuple(self.logs), answer=self.answers[-1] if self.answers else None)


_HEARD: ContextVar[Heard | None] = ContextVar("heard", default=None)
_LINE: ContextVar[Line | None] = ContextVar("line", default=None)


@contextmanager
def hearing(line: Line) -> Iterator[Heard]:
    """Listen to everything that is sent in this thread; it goes over this line."""
    heard = Heard()
    token, other = _HEARD.set(heard), _LINE.set(line)
    try:
        yield heard
    finally:
        _LINE.reset(other)
        _HEARD.reset(token)


def line() -> Line:
    """Connections of their own, by which every answer is noted for the send it belongs to."""
    made = Line()
    made.hooks["response"].append(_hear)  # requests' own way to listen
    return made


def _session() -> requests.Session:
    return _LINE.get() or requests.Session()


def _hear(response: requests.Response, *_: object, **__: object) -> None:
    heard = _HEARD.get()
    if heard is not None:
        body = response.content[:4000].decode("utf-8", "replace")
        heard.answers.append(
            Answer(status=response.status_code, retry_after=response.headers.get("Retry-After", ""), body=body)
        )


class _Terse(logging.Logger):
    """Lets lines at DEBUG pass that tell why a send failed; the others repeat the message, whatever it says."""

    def debug(self, msg: object, *args: object, **_: object) -> None:
        if str(msg).startswith(_CAUSE) or self.isEnabledFor(logging.DEBUG):
            self._log(logging.DEBUG, msg, args)


class _Listener(logging.Handler):
    """Keeps the lines that tell why a send failed."""

    def emit(self, record: logging.LogRecord) -> None:
        if heard := _HEARD.get():
            heard.logs.append(record.getMessage())


def prepare() -> None:
    """Make answers heard and Apprise silent; doing it twice changes nothing."""
    # requests.post() and its siblings, which all plugins use, make their session by this name
    requests.sessions.Session = _session  # type: ignore[assignment,misc]
    # its lines name tokens and whole URLs; at DEBUG some tell what an SMTP server said, and only they
    LOG.propagate = False
    LOG.setLevel(logging.WARNING)
    LOG.__class__ = _Terse
    if not any(isinstance(handler, _Listener) for handler in LOG.handlers):
        LOG.addHandler(_Listener())
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # below, it names the paths of requests, tokens and all
    with warnings.catch_warnings():  # its plugins, loaded by the first URL, lean on modules Python will drop
        warnings.simplefilter("ignore", DeprecationWarning)
        Apprise.instantiate("json://localhost", asset=ASSET)


def tamed(service: NotifyBase) -> NotifyBase:
    """The service without habits of its own: our queue retries, and a failure is never taken for a success."""
    service.optional = False
    service.redirects = False
    service.request_rate_per_sec = 0  # the outbox keeps the pace (channels/rates.py): nothing waits inside a send
    if service.socket_read_timeout == NotifyBase.socket_read_timeout:
        service.socket_read_timeout = _SOCKET_TIMEOUT
    if service.socket_connect_timeout == NotifyBase.socket_connect_timeout:
        service.socket_connect_timeout = _SOCKET_TIMEOUT
    return service


def url_of(service: NotifyBase, *, privacy: bool = False) -> str:
    """The URL of a service; with `privacy` without most of its secrets."""
    return str(service.url(privacy=privacy))  # type: ignore[no-untyped-call]
