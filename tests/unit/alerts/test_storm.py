"""Tests of monitor.alerts.storm."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.storm import Allowance, over_budget, summary_at
from monitor.model import Alert, Severity

NOW = datetime(2026, 3, 1, 12, 20, tzinfo=UTC)
BUDGET = Allowance(messages=4)


def alert(rule: str = "a", publisher: str = "P", severity: Severity = Severity.HIGH) -> Alert:
    return Alert(
        id="1",
        rule=rule,
        rule_version="v1",
        name="n",
        group="",
        severity=severity,
        title="t",
        reason="r",
        publishers=(publisher,) if publisher else (),
        opened_at=NOW,
        updated_at=NOW,
    )


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ([], None),
        ([alert()], None),
        ([alert(rule="b"), alert(rule="c")], '2 messages of the publisher "P" within 60 min'),
        ([alert(publisher="Q"), alert(publisher="R")], '2 messages of the rule "a" within 60 min'),
        ([alert("b", "Q"), alert("b", "R"), alert("c", "S")], None),
        ([alert("b", "Q"), alert("b", "R"), alert("c", "S"), alert("d", "T")], "4 messages within 60 min"),
        ([alert(severity=Severity.CRITICAL)] * 4, None),
    ],
    ids=["none", "few", "its publisher's share", "its rule's share", "room", "the whole", "critical ones are apart"],
)
def test_an_alert_waits_when_the_budget_or_the_share_of_its_cause_is_used_up(
    told: list[Alert], why: str | None
) -> None:
    held = over_budget(alert(), told, BUDGET, NOW)
    assert (held and held.reason) == (why and f"{why}; summary at 13:00 UTC")
    assert held is None or (held.bundle, held.until) == ("storm", datetime(2026, 3, 1, 13, tzinfo=UTC))


def test_critical_alerts_have_a_budget_of_their_own() -> None:
    critical = alert(severity=Severity.CRITICAL)
    assert over_budget(critical, [alert()] * 9, BUDGET, NOW) is None
    assert over_budget(critical, [critical] * 2, BUDGET, NOW) is not None


def test_alerts_that_nobody_reported_share_the_whole() -> None:
    silent = alert(publisher="")
    others = [replace(silent, rule=name) for name in "bcd"]
    assert over_budget(silent, others, BUDGET, NOW) is None
    assert over_budget(silent, [*others, replace(silent, rule="e")], BUDGET, NOW) is not None


def test_no_budget_bounds_nothing() -> None:
    assert over_budget(alert(), [alert()] * 1000, Allowance(messages=0), NOW) is None


@given(st.timedeltas(timedelta(0), timedelta(days=30)), st.integers(1, 1440))
def test_all_that_waits_in_a_window_is_summed_up_at_its_end(later: timedelta, minutes: int) -> None:
    budget = Allowance(window=timedelta(minutes=minutes))
    until = summary_at(budget, NOW + later)
    assert NOW + later < until <= NOW + later + budget.window
    assert summary_at(budget, until - timedelta(microseconds=1)) == until
