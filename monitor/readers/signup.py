"""Whether people could subscribe to the channel that the settings name for it."""

from collections.abc import Mapping

from monitor.channels.base import Channel
from monitor.errors import Problem
from monitor.settings import Settings

_SOMEBODY = "reader@example.org"


def problems(settings: Settings, channels: Mapping[str, Channel]) -> list[Problem]:
    """Why nobody could subscribe by themselves; empty when they can, or are not meant to."""
    signup = settings.web.signup if settings.web else ""
    why = _why_not(channels.get(signup)) if signup else None
    if not why:
        return []
    message = f'web: nobody can subscribe to the channel "{signup}": {why}'
    return [Problem(path=settings.path, message=message, hint="name a channel that sends mail")]


def _why_not(channel: Channel | None) -> str | None:
    return channel.check_address(_SOMEBODY) if channel else "it has several targets"
