"""Sends through Apprise: Slack, Telegram, mail and some 170 other services, one target for each URL.

Apprise is kept on a short lead: no retries, redirects, branding or log lines of its own, each send in a thread of its
own (its shared pool has six, so that six silent services would stop all others), and what the services answer is read
here, because it drops Retry-After and takes Telegram's `200 {"ok": false}` for a success.
"""

import asyncio
import logging
import re
import threading
import warnings
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests
from apprise import Apprise, AppriseAsset, AppriseConfig, LogCapture, NotifyFormat, NotifyType
from apprise.exception import AppriseException
from apprise.plugins import NotifyBase

from monitor.channels.answers import Answer, Outcome, phrase
from monitor.channels.base import SEND_TIMEOUT, Channel, ChannelSpec
from monitor.errors import ConfigError, DeliveryError
from monitor.model import Message, Receipt, Severity
from monitor.text import plain

_SOCKET_TIMEOUT = 10.0  # Apprise's own 4 s turn a slow but successful send into a duplicate
_USUAL_PACE = 0.2  # seconds between two messages where the service names none: Apprise waits 5.5 s, mail included
_TITLE_LIMIT = 2000
_BODY_LIMIT = 100_000
_TAIL_LIMIT = 200
_LOG = logging.getLogger("apprise")
_ASSET = AppriseAsset(
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
_URGENCY = {
    Severity.INFO: NotifyType.INFO,
    Severity.LOW: NotifyType.INFO,
    Severity.MEDIUM: NotifyType.WARNING,
    Severity.HIGH: NotifyType.FAILURE,
    Severity.CRITICAL: NotifyType.FAILURE,
}
_SKIPPED_ENTRY = re.compile(r"(?:unparseable|invalid|unsupported|could not load)[^\n]*?\b((?:line|entry) #?\d+)", re.I)
_ENTRY = re.compile(r"^\s*(?:-\s*)?(?:url:\s*)?[\"']?(?:[\w,: -]+=)?\s*[a-z0-9]{1,32}://", re.I | re.M)


# --- what a service answers -----------------------------------------------------------------------------------------


_HEARD: ContextVar[list[Answer] | None] = ContextVar("heard", default=None)


class _Session(requests.Session):
    """A session that notes every answer for the send it belongs to, by requests' own response hook."""

    def __init__(self) -> None:
        super().__init__()
        self.hooks["response"].append(_hear)


def _hear(response: requests.Response, *_: object, **__: object) -> None:
    heard = _HEARD.get()
    if heard is not None:
        body = response.content[:4000].decode("utf-8", "replace")
        heard.append(
            Answer(status=response.status_code, retry_after=response.headers.get("Retry-After", ""), body=body)
        )


def _prepare_libraries() -> None:
    """Make answers heard and Apprise silent; doing it twice changes nothing."""
    # requests.post() and its siblings, which all plugins use, make their session by this name
    requests.sessions.Session = _Session  # type: ignore[misc]
    # its lines name tokens and whole URLs; at DEBUG, results still tell what an SMTP server said, and only they
    _LOG.propagate = False
    _LOG.setLevel(logging.DEBUG)
    if not any(isinstance(handler, logging.NullHandler) for handler in _LOG.handlers):
        _LOG.addHandler(logging.NullHandler())
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # below, it names the paths of requests, tokens and all
    with warnings.catch_warnings():  # its plugins, loaded by the first URL, lean on modules Python will drop
        warnings.simplefilter("ignore", DeprecationWarning)
        Apprise.instantiate("json://localhost", asset=_ASSET)


# --- what it is sent ------------------------------------------------------------------------------------------------


def _cut(message: Message, service: NotifyBase) -> tuple[str, str]:
    """Title and body within the service's limits; the last paragraph, which names the alert, and the link are kept."""
    limit = service.body_maxlen
    title = plain.fitted(f"[{message.severity.upper()}] {message.title}", service.title_maxlen or min(250, limit // 2))
    room = limit - plain.units(title) - (50 if limit > 500 else 2)
    head, _, tail = message.body.rpartition("\n\n")
    if plain.units(tail) > _TAIL_LIMIT:
        head, tail = message.body, ""
    ending = "\n".join(part for part in (tail, "" if message.link in tail else message.link) if part)
    if plain.units(ending) > room // 2:
        return title, plain.fitted(message.body, room)
    return title, f"{plain.fitted(head, room - plain.units(ending) - 2)}\n\n{ending}".strip()


# --- the channel ----------------------------------------------------------------------------------------------------


class AppriseChannel:
    """One target of one service. Sends one message at a time, at the service's pace."""

    def __init__(self, name: str, service: NotifyBase) -> None:
        self.name = name
        self._service = service
        self._apprise = Apprise(service, asset=_ASSET)
        self._secrets = _secrets(_url(service))
        self._turn = threading.Lock()

    async def send(self, message: Message, now: datetime) -> Receipt:
        """Hand the message to the service.

        Raises:
            DeliveryError: It was refused, or nobody knows whether it arrived.
        """
        sending: Future[Outcome] = Future()
        threading.Thread(target=self._run, args=(sending, message), name=f"send {self.name}", daemon=True).start()
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                outcome = await asyncio.wrap_future(sending)
        except TimeoutError as error:
            began = not sending.cancelled()
            reason = f"no answer within {SEND_TIMEOUT:.0f} s; it may have arrived" if began else "busy with others"
            raise DeliveryError(self.name, reason) from error
        if not outcome.succeeded:
            raise self._error(outcome, now)
        status = f"{outcome.status} {phrase(outcome.status)}" if outcome.status else "accepted"
        return Receipt(channel=self.name, sent_at=now, detail=f"{self._service.service_name}: {status}")

    def describe(self) -> str:
        private = urlsplit(_url(self._service, privacy=True))
        return f"{self._service.service_name}, {private.scheme}://{private.netloc}/…"

    def _run(self, sending: "Future[Outcome]", message: Message) -> None:
        with self._turn:
            if sending.set_running_or_notify_cancel():
                sending.set_result(self._notify(message))

    def _notify(self, message: Message) -> Outcome:
        heard: list[Answer] = []
        _HEARD.set(heard)
        title, body = _cut(_cleaned(message, self._service), self._service)
        urgency = _URGENCY[message.severity]
        with self._apprise.notify(
            body or title, title=title, notify_type=urgency, body_format=NotifyFormat.TEXT, log_level=logging.DEBUG
        ) as result:
            logs = tuple(entry.message for entry in result.logs() if _tells_why(entry.level, entry.message))
            return Outcome(accepted=bool(result), logs=logs, answer=heard[-1] if heard else None)

    def _error(self, outcome: Outcome, now: datetime) -> DeliveryError:
        words = plain.line(_redacted(outcome.words, self._secrets), 160)
        said = f"{outcome.status}: {words}" if outcome.status else words
        retry_after = outcome.retry_after(now)
        message = f"{self._service.service_name}: {said}"
        return DeliveryError(self.name, message, permanent=outcome.permanent, retry_after=retry_after)


def _tells_why(level: str, text: str) -> bool:
    """Whether a line of Apprise's is about the failure; at DEBUG most repeat the message, which may say anything."""
    return level != "DEBUG" or text.startswith("Socket Exception")


def _cleaned(message: Message, service: NotifyBase) -> Message:
    """The message without anything a service could take for more than text."""
    title, body = plain.line(message.title, _TITLE_LIMIT), plain.lines(message.body, _BODY_LIMIT)
    if not _is_mail(service):  # plain text in a mail is only ever shown
        title, body = plain.harmless(title), plain.harmless(body)
    return replace(message, title=title, body=body, link=plain.line(message.link, _TITLE_LIMIT))


def _url(service: NotifyBase, *, privacy: bool = False) -> str:
    return str(service.url(privacy=privacy))  # type: ignore[no-untyped-call]


def _is_mail(service: NotifyBase) -> bool:
    return _url(service).startswith("mailto")


def _secrets(url: str) -> tuple[str, ...]:
    """Every part of a URL that might be secret, longest first."""
    parts = {part for text in (url, unquote(url)) for part in re.split(r"[/:@?&=,#\s]+", text.partition("://")[2])}
    return tuple(sorted((part for part in parts if len(part) >= 4), key=len, reverse=True))


def _redacted(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


# --- from declarations ----------------------------------------------------------------------------------------------


def build(spec: ChannelSpec) -> dict[str, Channel]:
    """The channels of this declaration: one for a URL, one for each matching entry of an Apprise file.

    Raises:
        ConfigError: A URL that no service understands or that names several targets; a file with entries like that.
    """
    _prepare_libraries()
    if bool(spec.url) == bool(spec.config):
        raise ConfigError([spec.problem("needs either an Apprise URL or an Apprise configuration file")])
    services = _from_file(spec, spec.config) if spec.config else [_from_url(spec)]
    problems = [spec.problem(*wrong) for service in services for wrong in [_wrong_targets(service)] if wrong]
    if problems:
        raise ConfigError(problems)
    names = [spec.name] if len(services) == 1 else [f"{spec.name}/{number}" for number in range(1, len(services) + 1)]
    return {name: AppriseChannel(name, _tamed(service)) for name, service in zip(names, services, strict=True)}


def _from_url(spec: ChannelSpec) -> NotifyBase:
    try:
        service = Apprise.instantiate(spec.url, asset=_ASSET, suppress_exceptions=False)
    except (AppriseException, TypeError, ValueError, LookupError, AttributeError, OSError) as error:
        reason = plain.line(_redacted(str(error), _secrets(spec.url)), 200)
        raise ConfigError([spec.problem(f"Apprise cannot use its URL: {reason}")]) from None  # the cause holds the URL
    if service is None:
        scheme = plain.line(spec.url.partition("://")[0], 20) if "://" in spec.url else "nothing like that"
        hint = f'it begins with {scheme}; right are "slack://...", "tgram://...", "mailto://..." and others'
        raise ConfigError([spec.problem("Apprise does not understand its URL", hint)])
    return service


def _from_file(spec: ChannelSpec, path: Path) -> list[NotifyBase]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([spec.problem(f"cannot read {path}: {type(error).__name__}")]) from error
    with LogCapture(level=logging.DEBUG) as captured:  # type: ignore[no-untyped-call]
        config = AppriseConfig(asset=_ASSET)
        config.add_config(text, asset=_ASSET)
        loaded = Apprise(config, asset=_ASSET)
        found, everything = list(loaded.find(spec.tag or "all")), len(list(loaded.find("all")))
        skipped = dict.fromkeys(_SKIPPED_ENTRY.findall(captured.getvalue()))
    missing = len(_ENTRY.findall(text)) - everything
    if skipped or missing > 0:
        where = ", ".join(skipped) or f"{missing} of {missing + everything} entries"
        raise ConfigError([spec.problem(f"Apprise cannot use everything in {path}: {where}")])
    if not found:
        tagged = f' with the tag "{spec.tag}"' if spec.tag else ""
        raise ConfigError([spec.problem(f"there is no entry{tagged} in {path}")])
    return found


def _wrong_targets(service: NotifyBase) -> tuple[str, str] | None:
    service.retry = 0  # it multiplies the length
    if len(service) != 1:
        return f"its {service.service_name} URL names {len(service)} targets", "write one channel for each"
    if not getattr(service, "targets", True):
        return f"its {service.service_name} URL names no target", "put the id of the chat or person at its end"
    return None


def _tamed(service: NotifyBase) -> NotifyBase:
    """The service without habits of its own: our queue retries, and a failure is never taken for a success."""
    service.optional = False
    service.redirects = False
    if service.request_rate_per_sec == NotifyBase.request_rate_per_sec:
        service.request_rate_per_sec = _USUAL_PACE
    if service.socket_read_timeout == NotifyBase.socket_read_timeout:
        service.socket_read_timeout = _SOCKET_TIMEOUT
    if service.socket_connect_timeout == NotifyBase.socket_connect_timeout:
        service.socket_connect_timeout = _SOCKET_TIMEOUT
    return service
