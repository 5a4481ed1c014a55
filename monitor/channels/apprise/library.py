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


@contextmanager
def hearing() -> Iterator[Heard]:
    """Listen to everything that is sent in this thread."""
    heard = Heard()
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


class _Session(requests.Session):
    """A session that notes every answer for the send it belongs to, by requests' own response hook."""

    def __init__(self) -> None:
        super().__init__()
        self.hooks["response"].append(_hear)


def _hear(response: requests.Response, *_: object, **__: object) -> None:
    heard = _HEARD.get()
    if heard is not None:
        body = response.content[:4000].decode("utf-8", "replace")
        heard.answers.append(
            Answer(status=response.status_code, retry_after=response.headers.get("Retry-After", ""), body=body)
        )


class _Listener(logging.Handler):
    """Keeps the lines that tell why a send failed; at DEBUG most repeat the message, which may say anything."""

    def emit(self, record: logging.LogRecord) -> None:
        heard, text = _HEARD.get(), record.getMessage()
        if heard is not None and (record.levelno > logging.DEBUG or text.startswith("Socket Exception")):
            heard.logs.append(text)


def prepare() -> None:
    """Make answers heard and Apprise silent; doing it twice changes nothing."""
    # requests.post() and its siblings, which all plugins use, make their session by this name
    requests.sessions.Session = _Session  # type: ignore[misc]
    # its lines name tokens and whole URLs; at DEBUG they still tell what an SMTP server said, and only they
    LOG.propagate = False
    LOG.setLevel(logging.DEBUG)
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
