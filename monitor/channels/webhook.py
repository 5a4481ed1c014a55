"""Posts messages as signed JSON to an address of one's own, by the scheme of standardwebhooks.com."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from urllib.parse import urlsplit

import requests

from monitor.channels.answers import Answer, Outcome, failure, phrase, secrets_in
from monitor.channels.base import Channel, ChannelSpec
from monitor.channels.connections import Line
from monitor.channels.forms.payload import payload
from monitor.errors import ConfigError, DeliveryError
from monitor.model import Message, Receipt

_TIMEOUT = 10.0
_SERVICE = "Webhook"
_READ = 4000  # bytes of an answer
_PREFIX = "whsec_"
_LEAST_KEY, _LONGEST_KEY = 24, 64


class Webhook:
    """One address that gets every message in one POST; redirects are not followed."""

    def __init__(self, name: str, url: str, key: bytes) -> None:
        self.name = name
        self._url = url
        self._key = key
        self._hidden = secrets_in(url)
        self._line = Line()

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        """Post the message.

        Raises:
            DeliveryError: It was not taken with a 2xx, or nobody knows whether it was.
        """
        if wrong := self.check_address(address):
            raise DeliveryError(self.name, wrong, permanent=True)
        outcome = self._post(message, now)
        if not outcome.accepted:
            raise failure(self.name, _SERVICE, outcome, now, self._hidden)
        status = outcome.status or 0
        return Receipt(channel=self.name, sent_at=now, detail=f"{_SERVICE}: {status} {phrase(status)}")

    def check_address(self, address: str) -> str | None:
        return "a webhook sends to its URL only" if address else None

    def describe(self) -> str:
        split = urlsplit(self._url)
        return f"{_SERVICE}, {split.scheme}://{split.hostname}/…"

    def _post(self, message: Message, now: datetime) -> Outcome:
        body = json.dumps(payload(message, now), ensure_ascii=False).encode()
        headers = signed_headers(self._key, message.id or _made_id(body), int(now.timestamp()), body)
        try:
            with self._line.post(
                self._url, data=body, headers=headers, timeout=_TIMEOUT, allow_redirects=False, stream=True
            ) as response:
                answer = _answer(response)
        except (requests.RequestException, OSError) as error:
            return Outcome(accepted=False, logs=(str(error),), answer=None)
        return Outcome(accepted=200 <= answer.status < 300, logs=(), answer=answer)


def signed_headers(key: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a receiver needs to know that the message is ours, whole, and not an old one sent again."""
    signed = hmac.digest(key, b".".join((message_id.encode(), str(timestamp).encode(), body)), "sha256")
    return {
        "Content-Type": "application/json",
        "User-Agent": "Indicator monitor",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def build(spec: ChannelSpec) -> dict[str, Channel]:
    """The webhook of this declaration.

    Raises:
        ConfigError: No address of a web server, or a secret that is none.
    """
    if urlsplit(spec.url).scheme not in ("http", "https") or not urlsplit(spec.url).hostname:
        raise ConfigError([spec.problem("needs the address it posts to", "url: https://…")])
    return {spec.name: Webhook(spec.name, spec.url, _key(spec))}


def _key(spec: ChannelSpec) -> bytes:
    try:
        key = base64.b64decode(spec.secret.removeprefix(_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not _LEAST_KEY <= len(key) <= _LONGEST_KEY:
        hint = f"{_PREFIX} and {_LEAST_KEY} to {_LONGEST_KEY} bytes as base64; `openssl rand -base64 32` makes some"
        raise ConfigError([spec.problem("needs a secret to sign with", hint)])
    return key


def _answer(response: requests.Response) -> Answer:
    chunks = response.iter_content(_READ)
    body = next(chunks, b"")
    if len(body) < _READ:
        next(chunks, b"")  # the end: only a connection that was read to there can be used again
    retry_after = response.headers.get("Retry-After", "")
    return Answer(status=response.status_code, retry_after=retry_after, body=body.decode("utf-8", "replace"))


def _made_id(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=12).hexdigest()
