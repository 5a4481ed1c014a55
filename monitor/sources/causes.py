"""Why there was no answer at all: what lies below the error of the HTTP library."""

import socket
import ssl
from collections.abc import Iterator

from monitor.sources.network import Refused

# The order matters: one failure can hold several of these, the first says most.
_CAUSES: tuple[tuple[type[BaseException], str], ...] = (
    (Refused, "private"),
    (ssl.SSLError, "tls"),
    (socket.gaierror, "dns"),
    (UnicodeError, "address"),
    (TimeoutError, "slow"),
    (OSError, "unreachable"),
)


def cause(error: BaseException) -> str:
    """One word: private, tls, dns, address, slow, unreachable, or "" when nothing is known."""
    chain = tuple(_chain(error))
    found = (name for kind, name in _CAUSES for one in chain if isinstance(one, kind))
    return next(found, "")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
