"""Tests of monitor.alerts.muting."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.muting import muted
from monitor.model import Alert, Mute, Route, Severity

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALERT = Alert(
    id="a1",
    rule="envoys",
    rule_version="v1",
    name="n",
    group="story-1",
    severity=Severity.MEDIUM,
    title="t",
    reason="r",
    opened_at=NOW,
    updated_at=NOW,
)
ROUTE = Route(name="desk", channel="mail", subscription="s1")
MUTE = Mute(id="m1", author="Anna", created_at=NOW)


@pytest.mark.parametrize(
    ("mute", "covers"),
    [
        (MUTE, True),
        (replace(MUTE, rule="envoys"), True),
        (replace(MUTE, rule="other"), False),
        (replace(MUTE, story="story-1"), True),
        (replace(MUTE, story="story-2"), False),
        (replace(MUTE, alert_id="a1"), True),
        (replace(MUTE, alert_id="a2"), False),
        (replace(MUTE, subscription="s1"), True),
        (replace(MUTE, subscription="s2"), False),
        (replace(MUTE, rule="envoys", subscription="s2"), False),
        (replace(MUTE, until=NOW + timedelta(hours=1)), True),
        (replace(MUTE, until=NOW), False),
        (replace(MUTE, lifted_at=NOW), False),
        (replace(MUTE, lifted_at=NOW + timedelta(hours=1)), True),
    ],
    ids=[
        *("everything", "its rule", "another rule", "its story", "another story", "the alert", "another alert"),
        *("the reader", "another reader", "its rule for another", "going on", "over", "lifted", "lifted later"),
    ],
)
def test_a_mute_covers_what_fits_all_it_names_while_it_lasts(mute: Mute, covers: bool) -> None:
    assert (muted(ALERT, ROUTE, [mute], NOW) is not None) is covers


def test_a_mute_says_who_asked_for_it_until_when_and_why() -> None:
    assert muted(ALERT, ROUTE, [MUTE], NOW) == "muted by Anna until it is lifted"
    ending = replace(MUTE, until=NOW + timedelta(hours=1), reason="known for days")
    assert muted(ALERT, ROUTE, [ending], NOW) == "muted by Anna until 2026-03-01 13:00 UTC: known for days"
    assert muted(ALERT, ROUTE, [], NOW) is None


def test_a_mute_from_a_message_to_a_configured_route_is_for_that_route_alone() -> None:
    mute = replace(MUTE, subscription="ops")
    assert muted(ALERT, Route(name="ops", channel="mail"), [mute], NOW)
    assert muted(ALERT, Route(name="press", channel="mail"), [mute], NOW) is None
    assert muted(ALERT, replace(ROUTE, name="ops"), [mute], NOW) is None
