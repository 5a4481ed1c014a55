"""Whether the channels of a configuration can send to the addresses its subscriptions name."""

from collections.abc import Iterator, Mapping

from monitor import yamlfile
from monitor.channels.base import Channel
from monitor.errors import Problem
from monitor.settings.values import Settings
from monitor.yamlfile import Loc


def problems(settings: Settings, channels: Mapping[str, Channel]) -> list[Problem]:
    """Every address that its channel cannot send to, with its line, and why."""
    file = yamlfile.read(settings.path)
    return [
        file.problem(place, f'"address": {why}', f'channel "{name}" sends to where it was declared')
        for place, name, address in _addresses(settings)
        if (why := _why_not(name, address, channels))
    ]


def _addresses(settings: Settings) -> Iterator[tuple[Loc, str, str]]:
    for number, route in enumerate(settings.routes):
        if route.address:
            yield ("subscriptions", route.name, number, "address"), route.channel, route.address
    for route in settings.escalation.routes if settings.escalation else ():
        if route.address:
            yield ("escalation", "address"), route.channel, route.address


def _why_not(name: str, address: str, channels: Mapping[str, Channel]) -> str | None:
    channel = channels.get(name)
    return channel.check_address(address) if channel else "cannot stand with a channel that has several targets"
