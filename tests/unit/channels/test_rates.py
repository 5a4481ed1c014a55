"""Tests of monitor.channels.rates."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.channels.base import ChannelSpec
from monitor.channels.rates import GROUP, RATES, USUAL, rates
from monitor.model import Rate


@pytest.mark.parametrize(
    ("url", "address", "rate"),
    [
        ("mailto://desk@newsroom.example", "", None),
        ("json://127.0.0.1:1/", "", None),
        ("slack://T1JJ3T3L2/A1BRTD4JD/abc/#desk", "", RATES["slack"]),
        ("tgram://123456789:token/987654321", "", RATES["tgram"]),
        ("tgram://123456789:token/-100987654321/?format=text", "", GROUP),
        ("tgram://123456789:token/@channel/", "", GROUP),
        ("tgram://123456789:token/987654321", "-100987", GROUP),
        ("tgram://123456789:token/-100987654321", "987", RATES["tgram"]),
        ("ntfy://topic", "", USUAL),
    ],
)
def test_what_is_usual_depends_on_the_service_and_the_target(url: str, address: str, rate: Rate | None) -> None:
    assert rates([ChannelSpec(name="desk", kind="apprise", url=url)])("desk", address) == rate


def test_the_declared_rate_wins() -> None:
    slow = Rate(count=3, span=timedelta(hours=1))
    spec = ChannelSpec(name="desk", kind="apprise", url="tgram://123456789:token/987654321", rate=slow)
    assert rates([spec])("desk", "-100987") == slow


def test_the_console_and_what_is_not_declared_have_none() -> None:
    of = rates([ChannelSpec(name="here", kind="console")])
    assert (of("here", ""), of("elsewhere", "")) == (None, None)


def test_every_target_of_an_apprise_file_has_the_rate_of_its_declaration() -> None:
    assert rates([ChannelSpec(name="all", kind="apprise", config=Path("apprise.yaml"))])("all/2", "") == USUAL
