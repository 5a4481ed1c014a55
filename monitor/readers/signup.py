"""Whether people could subscribe to the channels that the settings name for it."""

from collections.abc import Iterator, Mapping

from monitor.channels.base import Channel
from monitor.errors import Problem
from monitor.settings import Settings

_MAILBOX = "reader@example.org"
_CHAT = "1"


def problems(settings: Settings, channels: Mapping[str, Channel]) -> list[Problem]:
    """Why nobody could subscribe by themselves; empty when they can, or are not meant to."""
    return [
        Problem(path=settings.path, message=f"{wrong}: {why}", hint=hint)
        for name, address, wrong, hint in _named(settings)
        if (why := _why_not(channels.get(name), address))
    ]


def _named(settings: Settings) -> Iterator[tuple[str, str, str, str]]:
    """Channel, an address it has to reach, what is wrong when it does not, and what would be right."""
    if settings.web and (name := settings.web.signup):
        wrong = f'web: nobody can subscribe to the channel "{name}"'
        yield name, _MAILBOX, wrong, "name a channel that sends mail"
    if settings.bot:
        wrong = f'bot: the channel "{settings.bot.channel}" cannot reach a chat'
        yield settings.bot.channel, _CHAT, wrong, "name a channel with a tgram:// URL of the same bot"


def _why_not(channel: Channel | None, address: str) -> str | None:
    return channel.check_address(address) if channel else "it has several targets"
