"""What every request passes: the right host, and headers that leave a browser nothing to guess."""

import time
from collections.abc import Collection
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Connection": "close",  # each connection has one deadline, so one request
}
log = structlog.get_logger()


class Guard:
    """Wraps the pages.

    Args:
        host: The only one that is answered for, with its port unless that is the usual one: `Host` headers of others
            are how pages of one site are made to act for another.
        pages: First segments of known paths; a log shows only these, because what follows them is a right.
    """

    def __init__(self, app: ASGIApp, host: str, pages: Collection[str]) -> None:
        self._app = app
        self._host = host
        self._pages = frozenset(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        began, status = time.monotonic(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(MutableHeaders(scope=message))
            await send(message)

        app = self._app if _host(scope) == self._host else PlainTextResponse("Not the host you are looking for.", 421)
        try:
            await app(scope, receive, sending)
        finally:
            log.info("web.request", **self._told(scope), status=status, ms=round((time.monotonic() - began) * 1000))

    def _told(self, scope: Scope) -> dict[str, Any]:
        page = scope["path"].split("/")[1]
        return {"method": scope["method"], "page": page if page in self._pages else "?"}


def _host(scope: Scope) -> str:
    return Headers(scope=scope).get("host", "").lower()


def _complete(headers: MutableHeaders) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
