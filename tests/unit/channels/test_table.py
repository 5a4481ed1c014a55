"""Tests of monitor.channels.table."""

from pathlib import Path

import pytest

from monitor.channels.base import ChannelSpec
from monitor.channels.table import build, expand
from monitor.errors import ConfigError
from monitor.model import Route


def test_every_declaration_becomes_a_channel() -> None:
    channels = build(
        [
            ChannelSpec(name="here", kind="console"),
            ChannelSpec(name="hook", kind="apprise", url="json://127.0.0.1:1/"),
        ]
    )
    assert {name: channel.name for name, channel in channels.items()} == {"here": "here", "hook": "hook"}


def test_all_that_is_wrong_is_listed_with_its_place() -> None:
    specs = [
        ChannelSpec(name="a", kind="consol", path=Path("monitor.yaml"), line=3, column=5),
        ChannelSpec(name="b", kind="apprise", url="nonsense", path=Path("monitor.yaml"), line=4),
        ChannelSpec(name="c/d", kind="console"),
        ChannelSpec(name="good", kind="console"),
    ]
    with pytest.raises(ConfigError) as caught:
        build(specs)
    first, second, third = map(str, caught.value.problems)
    assert first == 'monitor.yaml:3:5: channel "a": no kind of channel "consol" (did you mean "console"?)'
    assert second.startswith('monitor.yaml:4: channel "b": Apprise does not understand its URL')
    assert third == 'channels: channel "c/d": "/" cannot stand in its name'


def test_a_kind_like_no_other_is_answered_with_all_kinds() -> None:
    with pytest.raises(ConfigError, match="known kinds: console, apprise"):
        build([ChannelSpec(name="a", kind="pigeon")])


def test_a_route_to_several_targets_becomes_one_for_each(tmp_path: Path) -> None:
    file = tmp_path / "apprise.txt"
    file.write_text("ops=json://127.0.0.1:1/a\nops=json://127.0.0.1:2/b\n")
    channels = build(
        [
            ChannelSpec(name="here", kind="console"),
            ChannelSpec(name="ops", kind="apprise", config=file, tag="ops"),
        ]
    )
    routes = [Route(name="r", channel="ops"), Route(name="s", channel="here"), Route(name="t", channel="missing")]
    assert [route.channel for route in expand(routes, channels)] == ["ops/1", "ops/2", "here", "missing"]
    assert [route.name for route in expand(routes, channels)] == ["r", "r", "s", "t"]


def test_the_url_of_a_declaration_is_not_in_its_repr() -> None:
    assert "planted" not in repr(ChannelSpec(name="a", kind="apprise", url="slack://planted"))
