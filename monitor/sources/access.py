"""How a feed that is not open to everybody is asked: password, headers, proxy; in memory only, never shown."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Access:
    """The secrets of one feed.

    Attributes:
        auth: "user:password" for HTTP Basic, or "".
        headers: Sent besides; only to the origin the feed was declared with.
        proxy: Address of an HTTP proxy for this feed alone, or "".
    """

    auth: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str = ""

    def sent(self) -> list[tuple[bytes, bytes]]:
        """What goes along with a request to the feed's own origin."""
        given = [(name.encode("ascii"), value.encode("utf-8")) for name, value in self.headers.items()]
        basic = [(b"Authorization", b"Basic " + b64encode(self.auth.encode("utf-8")))] if self.auth else []
        return given + basic


OPEN = Access()
