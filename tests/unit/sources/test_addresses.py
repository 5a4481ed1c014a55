"""Which addresses feeds may lead to."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.addresses import AllowList, literal, objection

PRIVATE_V4 = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
]
PUBLIC_V4 = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.0.1",
    "223.255.255.255",
]
PRIVATE_V6 = [
    "::",
    "::1",
    "::127.0.0.1",
    "100::1",
    "64:ff9b:1::1",
    "2001::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", [*PRIVATE_V4, *PRIVATE_V6])
def test_private_and_special_addresses_are_refused(address: str) -> None:
    assert objection(address) == f"{address} is not an address of the public internet"


@pytest.mark.parametrize("address", [*PUBLIC_V4, "2606:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888"])
def test_public_addresses_are_not(address: str) -> None:
    assert objection(address) is None


@pytest.mark.parametrize("address", [*PRIVATE_V4, *PUBLIC_V4])
@pytest.mark.parametrize("wrapping", ["::ffff:", "64:ff9b::"])
def test_an_address_wrapped_into_ipv6_is_judged_by_itself(address: str, wrapping: str) -> None:
    assert (objection(wrapping + address) is None) == (objection(address) is None)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_nothing_is_public_that_the_standard_library_calls_private(address: IPv4Address | IPv6Address) -> None:
    if address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast:
        assert objection(str(address))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0",
        "::1",
        "::ffff:127.0.0.1",
        "0xa9fea9fe",
    ],
)
def test_an_address_is_recognised_in_any_spelling(host: str) -> None:
    assert objection(literal(host) or "8.8.8.8")


@pytest.mark.parametrize("host", ["herald.example", "127.0.0.1.example", "beef", ""])
def test_a_name_is_no_address(host: str) -> None:
    assert literal(host) is None


@pytest.mark.parametrize(
    ("entry", "host", "address", "port", "covered"),
    [
        ("rsshub", "rsshub", "10.0.0.5", 80, True),
        ("RSSHub.", "rsshub", "10.0.0.5", 80, True),
        ("rsshub", "RSSHUB.", "10.0.0.5", 80, True),
        ("rsshub", "evil.example", "10.0.0.5", 80, False),
        ("rsshub", "sub.rsshub", "10.0.0.5", 80, False),
        ("rsshub:1200", "rsshub", "10.0.0.5", 1200, True),
        ("rsshub:1200", "rsshub", "10.0.0.5", 6379, False),
        ("10.0.0.5", "any.example", "10.0.0.5", 80, True),
        ("10.0.0.5", "any.example", "10.0.0.6", 80, False),
        ("10.0.0.5", "any.example", "::ffff:10.0.0.5", 80, True),
        ("10.0.0.0/8", "any.example", "10.9.9.9", 80, True),
        ("10.0.0.1/8", "any.example", "10.9.9.9", 80, True),
        ("10.0.0.0/8", "any.example", "127.0.0.1", 80, False),
        ("127.0.0.1:8080", "127.0.0.1", "127.0.0.1", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", "127.0.0.1", 22, False),
        ("::1", "localhost", "::1", 80, True),
        ("[::1]", "localhost", "::1", 80, True),
        ("[::1]:8080", "localhost", "::1", 8080, True),
        ("[::1]:8080", "localhost", "::1", 22, False),
        ("fd00::/8", "any.example", "fd12::1", 80, True),
        (" 10.0.0.5 ", "any.example", "10.0.0.5", 80, True),
    ],
)
def test_the_operator_allows_hosts_addresses_and_networks(
    entry: str, host: str, address: str, port: int, covered: bool
) -> None:
    assert AllowList([entry]).covers(host, address, port) is covered


def test_nothing_is_allowed_unless_it_is_listed() -> None:
    assert not AllowList().covers("localhost", "127.0.0.1", 80)
