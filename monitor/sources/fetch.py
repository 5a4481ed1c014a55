"""The only module that contacts publishers: conditional requests, bounded in time, size and place."""

import asyncio
import re
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import httpx

from monitor import __version__
from monitor.errors import FetchError
from monitor.model import Document, Feed, FeedLease, FeedState
from monitor.sources import answers
from monitor.sources.access import OPEN, Access
from monitor.sources.addresses import AllowList, literal, objection
from monitor.sources.body import Body, BodyLimits, BodyRefused
from monitor.sources.causes import cause
from monitor.sources.network import GuardedNetwork, Resolve, Resolver
from monitor.sources.slots import Slots
from monitor.sources.terms import Terms, of_page

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_MAX_DETAIL = 200  # characters
_MAX_VALIDATOR = 1000  # bytes; we send it back with every request
# Few, because nearly every feed is a host of its own, and the pool looks at all it keeps with every request.
_KEPT_ALIVE = httpx.Limits(max_connections=None, max_keepalive_connections=5, keepalive_expiry=30)
# httpx lets some errors of its parts through: bad host names, headers that cannot be encoded, broken TLS.
_RAISED = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """What one fetch may cost, and where it may lead.

    Attributes:
        deadline, connect: In seconds; the deadline covers all redirects together.
        max_raw, max_decoded: In bytes.
        at_once, per_host: Requests in flight.
        spacing: Seconds from one request to a host to the next.
        allow_private_hosts: Host names, addresses or networks that may be private: "rsshub:1200", "10.0.0.0/8".
        proxy: Address of an HTTP proxy. It resolves names itself, so it has to refuse private addresses itself.
        ca_file: Certificates to trust besides the public ones, PEM.
    """

    deadline: float = 30.0
    connect: float = 10.0
    max_raw: int = 10_000_000
    max_decoded: int = 20_000_000
    max_redirects: int = 5
    at_once: int = 50
    per_host: int = 2
    spacing: float = 0.0
    allow_private_hosts: tuple[str, ...] = ()
    user_agent: str = f"indicator-monitor/{__version__} (feed reader)"
    proxy: str = ""
    ca_file: str = ""


class Fetcher:
    """Fetches documents over one pool of connections.

    It drives httpx's transport itself: a client on top of it would keep cookies, read proxies from the environment, and
    log addresses with the secrets in them.

    Args:
        access: By feed id, for feeds that are not open to everybody.
        transport: Instead of the network; for tests.
        resolve: Instead of the system's name servers; for tests.
    """

    def __init__(
        self,
        limits: FetchLimits = FetchLimits(),
        *,
        access: Mapping[str, Access] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._limits = limits
        self._terms = Terms(deadline=limits.deadline, limits=BodyLimits(raw=limits.max_raw, decoded=limits.max_decoded))
        self._access = access or {}
        self._allowed = AllowList(limits.allow_private_hosts)
        self._resolver = Resolver()
        self._transport = transport or self._network(resolve or self._resolver, limits.proxy)
        self._by_proxy: dict[str, httpx.AsyncHTTPTransport] = {}
        self._slots = Slots(at_once=limits.at_once, per_host=limits.per_host, spacing=limits.spacing)

    async def fetch(self, lease: FeedLease, now: datetime) -> Document:
        """The feed's document, or one without body when it has not changed since.

        Raises:
            FetchError: There is none to be had now.
        """
        return await self._fetched(lease, now, self._terms)

    async def page(self, feed: Feed, link: str, now: datetime) -> Document:
        """The web page that an entry of the feed leads to; asked like the feed, with less patience.

        Raises:
            FetchError: There is none to be had now, or it is no HTML.
        """
        lease = FeedLease(feed=feed, state=FeedState(feed_id=feed.id, url=link, next_due_at=now), token="", until=now)
        return await self._fetched(lease, now, of_page(self._terms))

    async def _fetched(self, lease: FeedLease, now: datetime, terms: Terms) -> Document:
        try:
            return await self._follow(lease, now, terms)
        except TimeoutError as error:
            raise FetchError(
                lease.feed.id, f"did not answer in full within {terms.deadline:g} s", cause="slow"
            ) from error
        except (BodyRefused, _Unusable) as error:
            raise FetchError(lease.feed.id, str(error)) from error
        except _RAISED as error:
            raise FetchError(lease.feed.id, _explain(error), cause=cause(error)) from error

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in (self._transport, *self._by_proxy.values()):
            await transport.aclose()
        self._resolver.close()

    def _way(self, proxy: str) -> httpx.AsyncBaseTransport:
        if proxy and proxy not in self._by_proxy:
            self._by_proxy[proxy] = self._network(self._resolver, proxy)
        return self._by_proxy[proxy] if proxy else self._transport

    def _network(self, resolve: Resolve, proxy: str) -> httpx.AsyncHTTPTransport:
        trusted = httpx.create_ssl_context(trust_env=False)
        if self._limits.ca_file:
            trusted.load_verify_locations(self._limits.ca_file)
        transport = httpx.AsyncHTTPTransport(verify=trusted, trust_env=False, limits=_KEPT_ALIVE, proxy=proxy or None)
        if not proxy:
            # No public way in (httpx 0.28); tests/functional/test_fetching_guard.py fails when this stops working.
            transport._pool._network_backend = GuardedNetwork(self._allowed, resolve)
        return transport

    async def _follow(self, lease: FeedLease, now: datetime, terms: Terms) -> Document:
        hops: list[_Redirect] = []
        url = _first_url(lease.state.url)
        proxy = self._access.get(lease.feed.id, OPEN).proxy
        left = terms.deadline
        while True:
            self._check(url, proxy or self._limits.proxy)
            async with self._slots.one(url.netloc.decode("ascii")):
                begun = time.monotonic()
                async with asyncio.timeout(left):  # waiting for a slot is not the publisher's fault
                    answer = await self._ask(url, lease, now, terms)
                left -= time.monotonic() - begun
            if isinstance(answer, Document):
                return replace(answer, moved_to=_moved_to(lease.state.url, hops), options=lease.feed.options)
            hops.append(answer)
            url = answer.to
            if len(hops) > self._limits.max_redirects:
                raise _Unusable(f"redirects more than {self._limits.max_redirects} times")

    def _check(self, url: httpx.URL, proxy: str) -> None:
        if url.scheme not in _PORTS or not url.host:
            raise _Unusable("leads to an address that is not http:// or https://: check it")
        address = literal(url.host) if proxy else None
        reason = objection(address) if address else None
        if address and reason and not self._allowed.covers(url.host, address, url.port or _PORTS[url.scheme]):
            raise _Unusable(f"leads to a private address: {reason}")

    async def _ask(self, url: httpx.URL, lease: FeedLease, now: datetime, terms: Terms) -> "Document | _Redirect":
        timeouts = {"connect": self._limits.connect, "read": None, "write": None, "pool": None}
        access = self._access.get(lease.feed.id, OPEN)
        headers = self._headers(url, lease.state, terms.accept)
        secrets = access.sent()
        if secrets and _same_origin(url, _first_url(lease.feed.url)):  # a redirect must not carry them away
            headers += secrets
        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeouts})
        response = await self._way(access.proxy).handle_async_request(request)
        try:
            if response.status_code in _REDIRECTS and "location" in response.headers:
                to = url.join(response.headers["location"])
                return _Redirect(to=to, permanent=response.status_code in _PERMANENT)
            return _document(lease.feed.id, url, response, await self._body(lease, response, now, terms), now)
        finally:
            await response.aclose()

    def _headers(self, url: httpx.URL, state: FeedState, accept: bytes) -> list[tuple[bytes, bytes]]:
        """Validators go back as the bytes they came as; publishers put anything into them."""
        headers = [
            (b"User-Agent", self._limits.user_agent.encode("latin-1", "replace")),
            (b"Accept", accept),
            (b"Accept-Encoding", b"gzip"),
        ]
        if state.etag:
            headers.append((b"If-None-Match", state.etag.encode("latin-1", "replace")))
        if state.last_modified:
            headers.append((b"If-Modified-Since", state.last_modified.encode("latin-1", "replace")))
        if url.userinfo:
            secret = f"{url.username}:{url.password}".encode()
            headers.append((b"Authorization", b"Basic " + b64encode(secret)))
        return headers

    async def _body(self, lease: FeedLease, response: httpx.Response, now: datetime, terms: Terms) -> bytes | None:
        """What came, unpacked; None for "not modified"."""
        if response.status_code == 304:
            await _drain(response, asked=bool(lease.state.etag or lease.state.last_modified))
            return None
        if not 200 <= response.status_code < 300:
            raise FetchError(
                lease.feed.id,
                answers.reason(response.status_code),
                status=response.status_code,
                retry_after=answers.retry_after(response.headers.get("retry-after", ""), now),
            )
        terms.check(response.headers.get("content-type", ""))
        body = Body(response.headers.get("content-encoding", ""), terms.limits)
        async for piece in _pieces(response):
            body.add(piece)
        return body.finish()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redirect:
    to: httpx.URL
    permanent: bool


class _Unusable(Exception):
    """Where this leads, or what came, is no use to us; the message says why."""


async def _drain(response: httpx.Response, *, asked: bool) -> None:
    if not asked:
        raise _Unusable("answered 'not modified' (304) although we never had the document")
    async for _ in _pieces(response):  # read to its end, the connection can be used again
        pass


def _pieces(response: httpx.Response) -> httpx.AsyncByteStream:
    """The body as it comes over the wire, packed as it may be."""
    assert isinstance(response.stream, httpx.AsyncByteStream)
    return response.stream


def _document(feed_id: str, url: httpx.URL, response: httpx.Response, body: bytes | None, now: datetime) -> Document:
    return Document(
        feed_id=feed_id,
        url=_shown(url),
        status=response.status_code,
        body=body,
        content_type=response.headers.get("content-type", ""),
        etag=_validator(response, b"etag"),
        last_modified=_validator(response, b"last-modified"),
        max_age=answers.max_age(response.headers.get("cache-control", "")),
        fetched_at=now,
    )


def _shown(url: httpx.URL) -> str:
    """The address without secrets; links are made absolute with it."""
    written = str(url)
    return str(url.copy_with(userinfo=b"", fragment=None)) if url.userinfo or "#" in written else written


def _validator(response: httpx.Response, name: bytes) -> str:
    values = [value for key, value in response.headers.raw if key.lower() == name]
    return values[0].decode("latin-1") if values and len(values[0]) <= _MAX_VALIDATOR else ""


def _first_url(written: str) -> httpx.URL:
    """The address as declared; `feed:` is how browsers once marked addresses of feeds."""
    plain = re.sub(r"^feed:(?=https?:)", "", written.strip(), flags=re.IGNORECASE)
    return httpx.URL(re.sub(r"^feed:", "http:", plain, flags=re.IGNORECASE))


def _same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _moved_to(url: str, hops: Sequence[_Redirect]) -> str:
    """The new address if the publisher says it is for good; never one that gives up encryption."""
    moved = bool(hops) and all(hop.permanent for hop in hops)
    secure = moved and (hops[-1].to.scheme == "https" or not url.lower().startswith("https:"))
    return str(hops[-1].to) if secure else ""


def _explain(error: Exception) -> str:
    """What went wrong, in words; never the address, which may hold a password or token."""
    detail = str(error)[:_MAX_DETAIL]
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.ProxyError():
            return f"cannot be reached: {detail}"
        case httpx.RemoteProtocolError():
            return f"breaks the rules of HTTP, or off: {detail}"
        case httpx.TransportError():
            return f"broke off the connection {detail}".rstrip()
        case _:
            return "has an address, or was redirected to one, that cannot be used: check it"
