"""The only module that contacts a model: the chat completions protocol, bounded in time and size."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx

from monitor import __version__
from monitor.errors import JudgeError
from monitor.judge import prompt
from monitor.model import Item, Question

_MOST_BYTES = 100_000
_MOST_TOKENS = 1_000_000  # that one answer can claim to have cost
_ANSWER_TOKENS = 400
_CHARACTERS_A_TOKEN = 3  # where the service does not count
_REASONS = {
    401: "refuses the key (401): check `key` under `judge`",
    402: "asks for payment (402)",
    403: "refuses us (403): check `key` and `model` under `judge`",
    404: "has no such address or model (404): check `endpoint` and `model` under `judge`",
    429: "asks for fewer requests (429)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAccess:
    """How to reach a model.

    Attributes:
        endpoint: Address that `/chat/completions` is put behind.
        key: Sent as bearer token; "" where none is needed. Never shown.
        timeout: For one call, in seconds.
    """

    endpoint: str
    model: str
    key: str = field(default="", repr=False)
    timeout: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the model wrote, and what asking has cost."""

    content: str
    calls: int
    tokens: int


class Endpoint:
    """Asks one model.

    It drives httpx's transport itself, as the fetcher does: nothing follows redirects with the key, reads proxies from
    the environment, or logs addresses.

    Args:
        transport: Instead of the network; for tests.
    """

    def __init__(self, access: ModelAccess, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._access = access
        self._transport = transport or httpx.AsyncHTTPTransport(trust_env=False)
        self._form = 0  # of `_forms`: the first that the service understands

    @property
    def model(self) -> str:
        """Whose opinion it is."""
        return self._access.model

    async def ask(self, question: Question, item: Item) -> Said:
        """What the model says about an item, whether usable or not.

        Raises:
            JudgeError: It said nothing.
        """
        forms = _forms(self._access.model, question, item)
        for calls, form in enumerate(range(self._form, len(forms)), start=1):
            status, headers, body = await self._post(forms[form], calls)
            if status != HTTPStatus.BAD_REQUEST:
                break
        if status != HTTPStatus.OK:
            raise JudgeError(_reason(status), calls=calls, retry_after=_retry_after(headers))
        self._form = form  # a service that does not know schemas will not learn them
        content, tokens = _content(body, calls)
        return Said(content=content, calls=calls, tokens=tokens or _estimate(forms[form], content))

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def _post(self, form: Mapping[str, Any], calls: int) -> tuple[int, httpx.Headers, bytes]:
        try:
            async with asyncio.timeout(self._access.timeout):
                return await self._send(json.dumps(form, ensure_ascii=False).encode("utf-8", "replace"), calls)
        except TimeoutError as error:
            raise JudgeError(f"did not answer within {self._access.timeout:g} s", calls=calls) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError) as error:
            # Only the kind of error: its words may hold what a header or the address holds.
            raise JudgeError(f"cannot be reached ({type(error).__name__})", calls=calls) from error

    async def _send(self, content: bytes, calls: int) -> tuple[int, httpx.Headers, bytes]:
        url = f"{self._access.endpoint.rstrip('/')}/chat/completions"
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"indicator-monitor/{__version__}",
        }
        if self._access.key:
            headers["Authorization"] = f"Bearer {self._access.key}"
        response = await self._transport.handle_async_request(
            httpx.Request("POST", url, headers=headers, content=content)
        )
        try:
            return response.status_code, response.headers, await _body(response, calls)
        finally:
            await response.aclose()


def _forms(model: str, question: Question, item: Item) -> Sequence[Mapping[str, Any]]:
    """The request in three forms, the strictest first: not every service knows schemas, or even JSON."""
    plain: dict[str, Any] = {"model": model, "messages": prompt.messages(question, item)}
    bounded = plain | {"temperature": 0, "max_tokens": _ANSWER_TOKENS}
    strict = {"name": "opinion", "strict": True, "schema": prompt.schema(question)}
    return (
        bounded | {"response_format": {"type": "json_schema", "json_schema": strict}},
        bounded | {"response_format": {"type": "json_object"}},
        plain,
    )


async def _body(response: httpx.Response, calls: int) -> bytes:
    assert isinstance(response.stream, httpx.AsyncByteStream)
    body = b""
    async for piece in response.stream:
        body += piece
        if len(body) > _MOST_BYTES:
            raise JudgeError(f"answered with more than {_MOST_BYTES:,} bytes", calls=calls)
    return body


def _content(body: bytes, calls: int) -> tuple[str, int]:
    """What the model wrote, and the tokens the service counted; 0 when it does not count."""
    try:
        answer = json.loads(body)
        content, usage = answer["choices"][0]["message"]["content"], answer.get("usage")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise JudgeError("does not speak the chat completions protocol: check `endpoint`", calls=calls) from error
    counted = usage.get("total_tokens") if isinstance(usage, dict) else 0
    tokens = min(max(counted, 0), _MOST_TOKENS) if isinstance(counted, int) else 0
    return content if isinstance(content, str) else "", tokens


def _estimate(form: Mapping[str, Any], content: str) -> int:
    sent = sum(len(message["content"]) for message in form["messages"])
    return (sent + len(content)) // _CHARACTERS_A_TOKEN


def _reason(status: int) -> str:
    if status in _REASONS:
        return _REASONS[status]
    if 300 <= status < 400:
        return f"sends us elsewhere ({status}), where the key must not go: give that address as `endpoint`"
    if status >= 500:
        return f"has trouble of its own ({status})"
    return f"finds the request wrong ({status}): check `endpoint` and `model` under `judge`"


def _retry_after(headers: httpx.Headers) -> timedelta | None:
    """Only seconds: these services give nothing else."""
    written = headers.get("retry-after", "").strip()
    return timedelta(seconds=int(written[:9])) if written.isascii() and written.isdigit() else None
