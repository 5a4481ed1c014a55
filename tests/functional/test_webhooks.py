"""Signed webhooks against a real server, checked as a receiver would check them: with the standard library alone."""

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.channels.base import Channel, ChannelSpec
from monitor.channels.table import build
from monitor.channels.webhook import signed_headers
from monitor.cli.samples import SAMPLES
from monitor.errors import ConfigError, DeliveryError
from monitor.model import Message, Receipt
from tests.functional.sinks import PlainSink, Reply, Request

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = replace(SAMPLES["turn"](NOW), id="n1")


def channel(sink: PlainSink, secret: str = SECRET) -> Channel:
    url = f"http://127.0.0.1:{sink.port}/hooks/planted-token"
    return build([ChannelSpec(name="desk", kind="webhook", url=url, secret=secret)])["desk"]


def send(sink: PlainSink, message: Message = MESSAGE, now: datetime = NOW) -> Receipt:
    return channel(sink).send(message, now)


def refusal(sink: PlainSink, *replies: Reply) -> DeliveryError:
    sink.script(*replies)
    with pytest.raises(DeliveryError) as caught:
        send(sink)
    assert "planted" not in f"{caught.value!r}{caught.value}"
    return caught.value


def verified(request: Request, secret: str = SECRET) -> bool:
    """What the documentation tells receivers to do."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(f"v1,{expected}", request.headers["webhook-signature"])


def test_the_signature_is_that_of_the_published_example() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_can_tell_that_a_message_is_ours(plain_sink: PlainSink) -> None:
    assert send(plain_sink).detail == "Webhook: 200 OK"
    [request] = plain_sink.requests
    assert verified(request)
    assert not verified(replace(request, body=request.body + b" "))
    assert not verified(request, "whsec_" + base64.b64encode(b"another key of some length").decode())
    assert not verified(replace(request, headers={**request.headers, "webhook-timestamp": "1"}))
    assert request.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert request.headers["Content-Type"] == "application/json"


def test_a_message_sent_again_keeps_its_id(plain_sink: PlainSink) -> None:
    for minutes in (0, 5):
        send(plain_sink, now=NOW + timedelta(minutes=minutes))
    assert [request.headers["webhook-id"] for request in plain_sink.requests] == ["n1", "n1"]
    send(plain_sink, replace(MESSAGE, id=""))
    assert len(plain_sink.requests[-1].headers["webhook-id"]) == 24


def test_a_webhook_tells_the_whole_alert(plain_sink: PlainSink) -> None:
    send(plain_sink)
    told = plain_sink.requests[0].json
    assert (told["schema"], told["id"], told["type"], told["timestamp"]) == (1, "n1", "alert", NOW.isoformat())
    data = told["data"]
    assert (data["rule"], data["severity"], data["lead"]) == (
        "talks-position",
        "high",
        "Foreign Ministry: hardening → softening",
    )
    assert [quote["role"] for quote in data["quotes"]] == ["before", "now", ""]
    assert data["quotes"][0]["state_media"] is True
    assert data["reason"] in data["text"]


def test_a_digest_tells_its_sections(plain_sink: PlainSink) -> None:
    send(plain_sink, SAMPLES["digest"](NOW))
    told = plain_sink.requests[0].json
    assert told["type"] == "digest"
    assert len(told["data"]["sections"]) == 3
    assert len(told["data"]["sections"][0]["chart"]) == 14


def test_a_receiver_that_is_gone_is_not_asked_again(plain_sink: PlainSink) -> None:
    assert refusal(plain_sink, Reply(status=410)).permanent


def test_a_receiver_that_asks_for_time_gets_it(plain_sink: PlainSink) -> None:
    error = refusal(plain_sink, Reply(status=429, headers={"Retry-After": "90"}))
    assert (error.permanent, error.retry_after) == (False, timedelta(seconds=90))


@pytest.mark.parametrize("reply", [Reply(status=500, body="planted-token oops"), Reply(reset=True)])
def test_a_failure_may_pass(plain_sink: PlainSink, reply: Reply) -> None:
    assert not refusal(plain_sink, reply).permanent


def test_a_redirect_is_not_followed(plain_sink: PlainSink) -> None:
    error = refusal(plain_sink, Reply(status=307, headers={"Location": f"http://127.0.0.1:{plain_sink.port}/steal"}))
    assert "307" in error.message
    assert len(plain_sink.requests) == 1


@pytest.mark.parametrize("secret", ["", "whsec_", "short", "whsec_c2hvcnQ=", "whsec_not base64 at all!", "é" * 40])
def test_a_secret_that_signs_nothing_is_told_without_it(plain_sink: PlainSink, secret: str) -> None:
    with pytest.raises(ConfigError, match="needs a secret to sign with") as caught:
        channel(plain_sink, secret)
    assert secret in ("", "whsec_") or secret not in str(caught.value)


@pytest.mark.parametrize("url", ["", "ftp://a.example/", "https://", "a.example"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(ConfigError, match="needs the address it posts to"):
        build([ChannelSpec(name="desk", kind="webhook", url=url, secret=SECRET, path=Path("monitor.yaml"))])
