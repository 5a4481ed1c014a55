"""The Telegram Bot API over HTTPS: calls, and what refusals mean. Every address holds the token, so none is shown."""

import logging
from datetime import timedelta
from typing import Any

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from monitor.errors import DeliveryError
from monitor.text import plain

NAME = "telegram bot"
"""What messages about it call it."""
_BASE = "https://api.telegram.org"
_TIMEOUT = 20.0
_WRONG_TOKEN = frozenset({401, 404})  # an unknown token is answered with 404
_MOST_BYTES = 5_000_000


class _Parameters(BaseModel):
    retry_after: float = 0
    migrate_to_chat_id: int | None = None


class _Reply(BaseModel):
    ok: bool
    result: Any = None
    error_code: int = 0
    description: str = ""
    parameters: _Parameters = _Parameters()


class Refused(DeliveryError):
    """Telegram said no.

    Attributes:
        code: Its number, 0 when it did not answer.
        moved_to: The chat's new id, when a group became another kind of group.
    """

    def __init__(self, reply: _Reply) -> None:
        wait = timedelta(seconds=reply.parameters.retry_after) if reply.parameters.retry_after else None
        words = f"{reply.error_code}: {plain.line(reply.description, 160)}"
        super().__init__(NAME, words, permanent=reply.error_code in _WRONG_TOKEN, retry_after=wait)
        self.code = reply.error_code
        self.moved_to = reply.parameters.migrate_to_chat_id


class Api:
    """One bot. Proxies and certificates are taken from the environment, as the channels take them."""

    def __init__(self, token: SecretStr) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # below, it names whole addresses
        self._client = httpx.AsyncClient(base_url=f"{_BASE}/bot{token.get_secret_value()}/", timeout=_TIMEOUT)

    async def call(self, method: str, *, wait: float = 0, **arguments: object) -> Any:
        """What the method gives.

        Args:
            wait: Seconds that Telegram itself may take its time.

        Raises:
            DeliveryError: It refused (`Refused`), cannot be reached, or answers with something else.
        """
        try:
            answer = await self._client.post(method, json=arguments, timeout=_TIMEOUT + wait)
        except (httpx.HTTPError, OSError, ValueError) as error:
            raise DeliveryError(
                NAME, f"cannot be reached: {type(error).__name__}"
            ) from None  # the cause holds the token
        return _result(answer)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def _result(answer: httpx.Response) -> Any:
    if len(answer.content) > _MOST_BYTES:
        raise DeliveryError(NAME, "answers with more than anybody could have written")
    try:
        reply = _Reply.model_validate_json(answer.content)
    except ValidationError:
        raise DeliveryError(NAME, f"answers with something else: {answer.status_code}") from None
    if not reply.ok:
        raise Refused(reply)
    return reply.result
