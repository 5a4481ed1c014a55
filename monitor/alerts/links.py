"""Signed links: what a reader may do from a message, without a login. Whoever holds the link may do it, and only that.

A token names who acts, the alert and when it ends, and carries an HMAC-SHA256 over that and its purpose. Nothing
in it is secret but the right it gives; addresses of readers are not in it.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from monitor.model import Action, Message, Notification, NotificationKind

_MAC_BYTES = 32
_LONGEST = 1000  # characters; far more than any token made here has
_ROUTE = "@"  # before the name of a configured route, which no id of a subscription begins with


class Purpose(StrEnum):
    """What a link is for; a token for one purpose is worth nothing for another."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"
    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    MUTE = "mute"


LASTS: Mapping[Purpose, timedelta] = MappingProxyType(
    {
        Purpose.CONFIRM: timedelta(days=2),
        Purpose.PREFERENCES: timedelta(days=90),
        Purpose.UNSUBSCRIBE: timedelta(days=400),  # whoever finds an old mail must still get out
        Purpose.ACKNOWLEDGE: timedelta(days=30),
        Purpose.SNOOZE: timedelta(days=30),
        Purpose.MUTE: timedelta(days=30),
    }
)
"""How long a link works, from the writing of its message."""

_LABELS = {
    Purpose.CONFIRM: "Confirm",
    Purpose.ACKNOWLEDGE: "Acknowledge",
    Purpose.SNOOZE: "Snooze",
    Purpose.MUTE: "Mute",
    Purpose.PREFERENCES: "Preferences",
}
_ABOUT_ALERT = (Purpose.ACKNOWLEDGE, Purpose.SNOOZE, Purpose.MUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token allows.

    Attributes:
        subscription: Whose it is; "" for a route of monitor.yaml.
        route: Name of that route, or "".
        alert_id: What it is about, or "".
    """

    purpose: Purpose
    subscription: str = ""
    route: str = ""
    alert_id: str = ""
    until: datetime

    @property
    def reader(self) -> str:
        """Who acts, as mutes name them: id of the subscription, or name of the route."""
        return self.subscription or self.route


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Makes and checks links.

    Attributes:
        base: Where the pages are, without a slash at its end.
        key: 32 random bytes that never leave the service.
        acknowledging: Whether readers may take care of an alert for everybody.
    """

    base: str
    key: bytes = field(repr=False)
    acknowledging: bool = True

    def signed(self, message: Message, notification: Notification) -> Message:
        """The message with the links its reader may use, which last from its writing on: sent twice it is the same."""
        actions = tuple(
            Action(label=_LABELS[purpose], url=self.url(_grant(purpose, notification)))
            for purpose in _purposes(notification)
            if self.acknowledging or purpose is not Purpose.ACKNOWLEDGE
        )
        wanted = notification.subscription and notification.kind is not NotificationKind.CONFIRMATION
        unsubscribe = self.url(_grant(Purpose.UNSUBSCRIBE, notification)) if wanted else ""
        return replace(message, actions=actions, unsubscribe=unsubscribe)

    def preferences(self, subscription_id: str, now: datetime) -> str:
        """Where somebody who has just proved who they are can change what they get."""
        until = now + LASTS[Purpose.PREFERENCES]
        return self.url(Grant(purpose=Purpose.PREFERENCES, subscription=subscription_id, until=until))

    def url(self, grant: Grant) -> str:
        """Where a page for this grant is."""
        return f"{self.base}/{grant.purpose}/{self.token(grant)}"

    def token(self, grant: Grant) -> str:
        """The grant as text that fits into an address."""
        reader = grant.subscription or _ROUTE + grant.route
        told = json.dumps([reader, grant.alert_id, int(grant.until.timestamp())], separators=(",", ":"))
        body = told.encode()
        return urlsafe_b64encode(self._mac(grant.purpose, body) + body).rstrip(b"=").decode()

    def verify(self, token: str, purpose: Purpose, now: datetime) -> Grant | None:
        """What the token allows; None when it is forged, for another purpose, or over."""
        raw = _decoded(token)
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(purpose, body)):
            return None
        reader, alert_id, until = json.loads(body)
        grant = Grant(
            purpose=purpose,
            subscription="" if reader.startswith(_ROUTE) else reader,
            route=reader[1:] if reader.startswith(_ROUTE) else "",
            alert_id=alert_id,
            until=datetime.fromtimestamp(until, UTC),
        )
        return grant if now < grant.until else None

    def _mac(self, purpose: Purpose, body: bytes) -> bytes:
        return hmac.digest(self.key, purpose.encode() + b"\0" + body, "sha256")


def _purposes(notification: Notification) -> Iterator[Purpose]:
    if notification.kind is NotificationKind.CONFIRMATION:
        yield Purpose.CONFIRM
        return
    if notification.alert_id:
        yield from _ABOUT_ALERT
    if notification.subscription:
        yield Purpose.PREFERENCES


def _grant(purpose: Purpose, notification: Notification) -> Grant:
    return Grant(
        purpose=purpose,
        subscription=notification.subscription,
        route="" if notification.subscription else notification.route,
        alert_id=notification.alert_id or "" if purpose in _ABOUT_ALERT else "",
        until=notification.created_at + LASTS[purpose],
    )


def _decoded(token: str) -> bytes:
    """The bytes behind a token; b"" when it is none, which no key has signed."""
    if len(token) > _LONGEST:
        return b""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        return b""
    # lenient decoding would let a second spelling of the same token pass
    return raw if urlsafe_b64encode(raw).rstrip(b"=").decode() == token else b""
