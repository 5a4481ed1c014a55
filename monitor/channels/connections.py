"""Connections to a service that stay open from one message to the next: no new TCP and TLS for each.

Whoever posts on a connection that the service is just closing never learns whether the message arrived. So none is used
that was idle for more than a moment; and one that was closed meanwhile is found out before anything is sent on it.
"""

import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

IDLE = 1.5
"""Seconds for which an idle connection is used again; servers that keep any keep them for two or more."""


class Line(requests.Session):
    """The connections to one service; `with` leaves them open. What else a session would remember is forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Prompt())
        self._used = 0.0
        self._environment: dict[tuple[Any, ...], Any] = {}

    def __exit__(self, *_: object) -> None:
        """Stay open for the next message."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """As `Session.send`, on a connection that was in use a moment ago or on a new one."""
        if time.monotonic() - self._used > IDLE:
            self.close()
        try:
            return super().send(request, **kwargs)
        finally:
            self._used = time.monotonic()

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """As `Session` does; proxies and certificates are looked up once for each host, not for each message."""
        if proxies:
            return super().merge_environment_settings(url, proxies, stream, verify, cert)
        split = urlsplit(url)
        key = (split.scheme, split.netloc, stream, verify, cert)
        if key not in self._environment:
            self._environment[key] = super().merge_environment_settings(url, {}, stream, verify, cert)
        return dict(self._environment[key])


class _Prompt(HTTPAdapter):
    """Sends head and body at once through a proxy, too: urllib3 would wait for the service's delayed ACK, for 40 ms."""

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, socket_options=HTTPConnection.default_socket_options, **kwargs)
