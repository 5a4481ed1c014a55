"""What a service answered, read for three things: did it take the message, is its refusal final, when to come back."""

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from monitor.errors import DeliveryError
from monitor.text import plain

_PERMANENT = frozenset({400, 401, 403, 404, 410})
_CAUSES = (
    (re.compile(r"timed out", re.I), "no answer in time; it may have arrived"),
    (re.compile(r"resolve|name or service|getaddrinfo|nodename", re.I), "its address cannot be found"),
    (re.compile(r"certificate", re.I), "its certificate is not trusted"),
    (re.compile(r"refused", re.I), "connection refused"),
    (re.compile(r"AUTH extension"), "the mail server offers no login"),
    (re.compile(r"reset|aborted|disconnected|closed|eof", re.I), "the connection broke off; it may have arrived"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP response to a send."""

    status: int
    retry_after: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one send: Apprise's verdict, its warnings, and the last answer."""

    accepted: bool
    logs: tuple[str, ...]
    answer: Answer | None

    @property
    def told(self) -> dict[str, Any]:
        """The answer as JSON; empty when it is none."""
        try:
            told = json.loads(self.answer.body) if self.answer else {}
        except (ValueError, RecursionError):
            return {}
        return told if isinstance(told, dict) else {}

    @property
    def succeeded(self) -> bool:
        return self.accepted and self.told.get("ok") is not False

    @property
    def status(self) -> int | None:
        """The HTTP or SMTP status; what the body says goes before the status line."""
        told = self.told.get("error_code")
        if isinstance(told, int) and 400 <= told < 600:
            return told
        http = self.answer.status if self.answer else _number(r"error=(\d{3})", self.logs)
        return http or _number(r"\((\d{3}), b['\"]", self.logs)

    @property
    def permanent(self) -> bool:
        """Whether it would fail again: the usual HTTP refusals, and 5xx of a mail server (4xx is its "later")."""
        smtp = _number(r"\((\d{3}), b['\"]", self.logs) if self.answer is None else None
        return smtp >= 500 if smtp else self.status in _PERMANENT

    @property
    def words(self) -> str:
        """Why it failed, as the service said it or as the network showed it."""
        for key in ("description", "error", "message"):
            if isinstance(self.told.get(key), str):
                return str(self.told[key])
        if self.answer is not None:
            return self._short_body or phrase(self.answer.status) or "no reason given"
        said = re.search(r"\(\d{3}, b(['\"])(.*?)\1\)", " ".join(self.logs))
        return said[2] if said else _cause(self.logs)

    @property
    def _short_body(self) -> str:
        body = self.answer.body.strip() if self.answer else ""
        return body if len(body) < 100 and "<" not in body else ""

    def retry_after(self, now: datetime) -> timedelta | None:
        """How long the service asked us to wait, at most a day."""
        parameters = self.told.get("parameters")
        asked = (
            self.answer.retry_after if self.answer else "",
            parameters.get("retry_after") if isinstance(parameters, dict) else None,
            self.told.get("retry_after"),
            _number(r"retry after (\d+)", self.logs),
        )
        return next((span for value in asked if (span := _span(value, now)) is not None), None)


def failure(channel: str, service: str, outcome: Outcome, now: datetime, hidden: tuple[str, ...] = ()) -> DeliveryError:
    """The error of a send that failed, in words without secrets."""
    words = plain.line(redacted(outcome.words, hidden), 160)
    said = f"{outcome.status}: {words}" if outcome.status else words
    return DeliveryError(
        channel, f"{service}: {said}", permanent=outcome.permanent, retry_after=outcome.retry_after(now)
    )


def secrets_in(url: str) -> tuple[str, ...]:
    """Every part of a URL that might be secret, longest first."""
    parts = {part for text in (url, unquote(url)) for part in re.split(r"[/:@?&=,#\s]+", text.partition("://")[2])}
    return tuple(sorted((part for part in parts if len(part) >= 4), key=len, reverse=True))


def redacted(text: str, hidden: tuple[str, ...]) -> str:
    """The text without secrets."""
    for secret in hidden:
        text = text.replace(secret, "***")
    return text


def _span(value: object, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date as a span."""
    try:
        seconds = float(str(value))
    except ValueError:
        return _until(str(value), now)
    return timedelta(seconds=min(max(seconds, 0.0), 86400.0)) if math.isfinite(seconds) else None


def _until(date: str, now: datetime) -> timedelta | None:
    try:
        at = parsedate_to_datetime(date)
    except ValueError:
        return None
    return min(max((at if at.tzinfo else at.replace(tzinfo=UTC)) - now, timedelta(0)), timedelta(days=1))


def _number(pattern: str, logs: tuple[str, ...]) -> int | None:
    found = re.search(pattern, " ".join(logs))
    return int(found[1]) if found else None


def phrase(status: int) -> str:
    """The name of an HTTP status, or "" for other numbers."""
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""


def _cause(logs: tuple[str, ...]) -> str:
    """The reason in our own words: the log lines of failed connections name whole URLs."""
    text = " ".join(logs)
    return next((words for pattern, words in _CAUSES if pattern.search(text)), "not sent, for no reason given")
