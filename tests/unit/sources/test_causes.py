"""What lies below an error of the HTTP library."""

import socket
import ssl

import pytest

from monitor.sources.causes import cause
from monitor.sources.network import Refused


@pytest.mark.parametrize(
    ("below", "word"),
    [
        (Refused("private"), "private"),
        (ssl.SSLCertVerificationError("bad"), "tls"),
        (socket.gaierror("unknown"), "dns"),
        (UnicodeError("label too long"), "address"),
        (TimeoutError(), "slow"),
        (ConnectionRefusedError(), "unreachable"),
        (KeyError(), ""),
    ],
)
def test_the_deepest_reason_is_named(below: Exception, word: str) -> None:
    middle = RuntimeError("middle")
    middle.__cause__ = below
    top = RuntimeError("top")
    top.__context__ = middle
    assert cause(top) == word
    assert cause(below) == word
