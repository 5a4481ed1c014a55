"""What an address looks like that a person may give for themselves, and the service turned to it."""

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

from apprise.plugins import NotifyBase

from monitor.channels.apprise.plugins import NotifyEmail, NotifyTelegram

_MAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_CHAT = re.compile(r"(?P<id>-?[0-9]{1,20})|@[A-Za-z][A-Za-z0-9_]{3,31}")


def why_not(service: NotifyBase, address: str) -> str | None:
    """Why the service cannot send to this address, or None when it can."""
    if not address:
        return None
    kind = next((kind for kind in _KINDS if isinstance(service, kind)), None)
    if kind is None:
        return f"{service.service_name} sends to the target of its URL only"
    pattern, hint, _ = _KINDS[kind]
    return None if pattern.fullmatch(address) and len(address) <= 254 else f"is no {hint}"


def turned_to(service: NotifyBase, address: str) -> NotifyBase:
    """The service as it is for "", or a copy that sends to this address alone, which `why_not` has let pass."""
    turned = copy.copy(service) if address else service
    for kind, (_, _, turn) in _KINDS.items():
        if address and isinstance(turned, kind):
            turn(turned, address)
    return turned


def _to_mailbox(service: NotifyEmail, address: str) -> None:
    service.targets = [(False, address)]
    service.cc, service.bcc = set(), set()  # copies are for the operator's own messages, not for other people's


def _to_chat(service: NotifyTelegram, address: str) -> None:
    chat = _CHAT.fullmatch(address)
    target: Any = int(address) if chat and chat["id"] else address
    service.targets = [(target, None)]


_KINDS: Mapping[type[NotifyBase], tuple[re.Pattern[str], str, Callable[..., None]]] = {
    NotifyEmail: (_MAIL, "mail address, such as ada@newsroom.example", _to_mailbox),
    NotifyTelegram: (_CHAT, "chat of Telegram, such as 123456789 or @channelname", _to_chat),
}
