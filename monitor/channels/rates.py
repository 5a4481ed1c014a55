"""How fast each service may be sent to, where the configuration does not say."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from monitor.channels.base import ChannelSpec
from monitor.model import Rate

PART = "/"  # as in `channels.table`
_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
USUAL = Rate(count=5, span=_SECOND)
GROUP = Rate(count=20, span=_MINUTE)
UNLIMITED = ("mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms", "syslog")
"""What people run themselves, or has no rate of its own."""
RATES: Mapping[str, Rate] = {
    "tgram": Rate(count=1, span=_SECOND),  # for each chat; groups take 20 a minute
    "slack": Rate(count=1, span=_SECOND),
    "discord": Rate(count=30, span=_MINUTE),
}
_PRIVATE_TELEGRAM = "0123456789"


def rates(specs: Sequence[ChannelSpec]) -> Callable[[str, str], Rate | None]:
    """What each channel and address allow: the declared rate, or what is usual for the service."""
    declared = {spec.name: spec for spec in specs}

    def rate(channel: str, address: str) -> Rate | None:
        spec = declared.get(channel) or declared.get(channel.partition(PART)[0])
        return _rate(spec, address) if spec else None

    return rate


def _rate(spec: ChannelSpec, address: str) -> Rate | None:
    if spec.rate is not None:
        return spec.rate
    scheme = spec.url.partition("://")[0].lower()
    if spec.kind != "apprise" or scheme in UNLIMITED:
        return None
    chat = address or spec.url.partition("?")[0].rstrip("/").rpartition("/")[2]
    if scheme == "tgram" and not chat.startswith(tuple(_PRIVATE_TELEGRAM)):
        return GROUP
    return RATES.get(scheme, USUAL)
