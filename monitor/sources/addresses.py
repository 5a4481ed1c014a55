"""Which network addresses a feed may lead to: those of the public internet, and what the operator allows by name.

Our own list, because `ipaddress.is_global` differs between Python versions and takes tunnels and multicast for global.
"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network

_REFUSED_V4 = (
    IPv4Network("0.0.0.0/8"),
    IPv4Network("10.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),  # carrier-grade NAT
    IPv4Network("127.0.0.0/8"),
    IPv4Network("169.254.0.0/16"),  # link-local, and the metadata service of clouds
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.0.2.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("198.18.0.0/15"),
    IPv4Network("198.51.100.0/24"),
    IPv4Network("203.0.113.0/24"),
    IPv4Network("224.0.0.0/4"),  # multicast
    IPv4Network("240.0.0.0/4"),
)
_PUBLIC_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = (
    IPv6Network("2001::/23"),  # protocol assignments, Teredo among them
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("3fff::/20"),
)
_TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64: how IPv6-only networks reach every IPv4 host


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowed:
    """One entry of the allow list: a host by name, or a network; at one port or at all."""

    name: str = ""
    network: _Network | None = None
    port: int | None = None

    def covers(self, host: str, address: _Address, port: int) -> bool:
        if self.port not in (None, port):
            return False
        return host == self.name if self.network is None else address in self.network


class AllowList:
    """Hosts that may be private: "rsshub", "rsshub:1200", "10.0.0.5", "10.0.0.0/8", "[::1]:8080"."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._allowed = tuple(_allowed(entry) for entry in entries)

    def covers(self, host: str, address: str, port: int) -> bool:
        """Whether the operator allows this host, which was resolved to this address."""
        plain, name = _plain(address), host.lower().rstrip(".")
        return any(one.covers(name, plain, port) for one in self._allowed)


@lru_cache(maxsize=4096)
def objection(address: str) -> str | None:
    """Why a feed must not lead to this address, or None when it is public."""
    plain = _plain(address)
    if isinstance(plain, IPv4Address):
        public = not any(plain in network for network in _REFUSED_V4)
    else:
        public = plain in _PUBLIC_V6 and not any(plain in network for network in _REFUSED_V6)
    return None if public else f"{address} is not an address of the public internet"


def literal(host: str) -> str | None:
    """The address a host is written as, in any spelling ("0x7f.1"); None for names."""
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        pass
    try:
        return str(ip_address(host))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _plain(address: str) -> _Address:
    """The address itself, taken out of the IPv6 forms that merely wrap an IPv4 one."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv4Address):
        return parsed
    if parsed.ipv4_mapped:
        return parsed.ipv4_mapped
    return IPv4Address(int(parsed) & 0xFFFFFFFF) if parsed in _TRANSLATED else parsed


def _allowed(entry: str) -> _Allowed:
    host, port = _host_and_port(entry.strip().lower())
    try:
        return _Allowed(network=ip_network(host, strict=False), port=port)
    except ValueError:
        return _Allowed(name=host.rstrip("."), port=port)


def _host_and_port(entry: str) -> tuple[str, int | None]:
    if entry.startswith("["):
        host, _, rest = entry[1:].partition("]")
        return host, int(rest[1:]) if rest[1:].isdigit() else None
    host, colon, port = entry.rpartition(":")
    alone = not colon or ":" in host or not port.isdigit()
    return (entry, None) if alone else (host, int(port))
