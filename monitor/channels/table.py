"""Every kind of channel there is, and how declared ones are built."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from types import MappingProxyType

from monitor.channels.base import Channel, ChannelSpec
from monitor.errors import ConfigError, Problem
from monitor.model import Route
from monitor.yamlfile import suggestion

Builder = Callable[[ChannelSpec], dict[str, Channel]]

CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        "console": "monitor.channels.console",
        "apprise": "monitor.channels.apprise.declared",  # with Apprise some 10 MB: only for who declares one
        "webhook": "monitor.channels.webhook",
    }
)
"""Whose `build` makes the channels of a declaration; one declaration may name several targets of an Apprise file."""

PART = "/"
"""Stands between the name of a declaration and the number of one of its several targets."""


def build(specs: Sequence[ChannelSpec]) -> dict[str, Channel]:
    """All declared channels by name; a declaration of several targets gives "name/1", "name/2" and so on.

    Raises:
        ConfigError: With everything that is wrong in any of them.
    """
    channels: dict[str, Channel] = {}
    problems: list[Problem] = []
    for spec in specs:
        try:
            channels |= _checked(spec)(spec)
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return channels


def expand(routes: Sequence[Route], channels: Mapping[str, Channel]) -> tuple[Route, ...]:
    """The routes with each that names a declaration of several targets repeated for every target."""
    return tuple(replace(route, channel=name) for route in routes for name in _targets(route.channel, channels))


def _checked(spec: ChannelSpec) -> Builder:
    if PART in spec.name:
        raise ConfigError([spec.problem(f'"{PART}" cannot stand in its name')])
    if spec.kind not in CHANNELS:
        hint = suggestion(spec.kind, CHANNELS) or f"known kinds: {', '.join(CHANNELS)}"
        raise ConfigError([spec.problem(f'no kind of channel "{spec.kind}"', hint)])
    builder: Builder = import_module(CHANNELS[spec.kind]).build
    return builder


def _targets(declared: str, channels: Mapping[str, Channel]) -> list[str]:
    parts = [name for name in channels if name.startswith(declared + PART)]
    return [declared] if declared in channels or not parts else parts
