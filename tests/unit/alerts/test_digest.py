"""Tests of monitor.alerts.digest."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.digest import ENTRIES, SECTIONS, digest
from monitor.alerts.message import render
from monitor.model import Alert, Message, Notification, NotificationKind, Observation, Severity

NOW = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)


def alert(number: int, rule: str = "aid", severity: Severity = Severity.LOW) -> Alert:
    at = NOW - timedelta(minutes=number)
    return Alert(
        id=f"{number:016}",
        rule=rule,
        rule_version="v1",
        name="each",
        group="",
        severity=severity,
        title=f"Alert {number}",
        reason="a package",
        opened_at=at,
        updated_at=at,
    )


def part(alert: Alert, facts: tuple[str, ...] = (), later: int = 0) -> Notification:
    report = Observation(
        id="o", rule="aid", rule_version="v1", item_id="i", title="Report", publisher="a.example", at=NOW
    )
    at = alert.opened_at + timedelta(seconds=later)
    return Notification(
        id=f"{alert.id}{later}",
        kind=NotificationKind.UPDATE if facts else NotificationKind.ALERT,
        alert_id=alert.id,
        route="desk",
        channel="mail",
        message=render(alert, [report], facts=facts),
        created_at=at,
        next_attempt_at=NOW,
    )


def told(*alerts: Alert, bundle: str = "daily", **more: object) -> Message:
    by_id = {each.id: each for each in alerts}
    return digest([part(each) for each in alerts], by_id, bundle=bundle, zone="Europe/Kyiv", now=NOW, **more)  # type: ignore[arg-type]


def test_alerts_stand_by_indicator_the_loudest_first_and_the_newest_on_top() -> None:
    message = told(alert(3), alert(1, "talks", Severity.HIGH), alert(2), alert(5, "talks"))
    assert [(section.title, [entry.title for entry in section.entries]) for section in message.sections] == [
        ("Talks", ["Alert 1", "Alert 5"]),
        ("Aid", ["Alert 2", "Alert 3"]),
    ]
    assert message.severity is Severity.HIGH
    assert message.counts == "4 alerts, 2 indicators"


def test_an_indicator_has_its_title_and_its_chart() -> None:
    message = told(alert(1), titles={"aid": "Packages of aid"}, charts={"aid": (0, 1, 4)})
    assert [(section.title, section.chart) for section in message.sections] == [("Packages of aid", (0, 1, 4))]
    assert message.body.startswith("Packages of aid ▁▃█\n- LOW Alert 1\na.example")


def test_what_became_new_stands_with_its_alert() -> None:
    one = alert(1)
    parts = [part(one, ("sum now $2bn",), later=60), part(one)]
    message = digest(parts, {one.id: one}, bundle="hourly", zone="UTC", now=NOW)
    [entry] = message.sections[0].entries
    assert (entry.title, entry.text) == ("Alert 1", "a.example; new: sum now $2bn")
    assert message.title == "Hourly digest: 1 alert, 1 indicator"


@pytest.mark.parametrize(
    ("bundle", "title"),
    [
        ("daily", "Daily digest of Monday, 2 Mar: 1 alert, 1 indicator"),
        ("weekly", "Weekly digest of Monday, 2 Mar: 1 alert, 1 indicator"),
        ("quiet", "From your quiet hours: 1 alert, 1 indicator"),
        ("storm", "Too many at once: 1 alert, 1 indicator"),
        ("catch-up", "While the service was away: 1 alert, 1 indicator"),
        ("other", "Digest: 1 alert, 1 indicator"),
    ],
)
def test_a_digest_says_what_it_is_by_the_readers_calendar(bundle: str, title: str) -> None:
    assert told(alert(1), bundle=bundle).title == title


@pytest.mark.parametrize("bundle", ["storm", "catch-up"])
def test_a_summary_says_why_it_is_one(bundle: str) -> None:
    assert "None was dropped." in told(alert(1), bundle=bundle).body


def test_the_coverage_is_told() -> None:
    message = told(alert(1), coverage="42 of 45 feeds read, 2 stale")
    assert message.body.endswith("\n\n42 of 45 feeds read, 2 stale\n1 alert, 1 indicator.")


def test_an_alert_that_is_not_known_any_more_is_told_by_its_message() -> None:
    one = alert(1, "talks")
    assert digest([part(one)], {}, bundle="daily", zone="UTC", now=NOW).sections[0].title == "Talks"


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(list(Severity))), min_size=1, max_size=400))
def test_every_alert_is_shown_or_counted(drawn: list[tuple[int, Severity]]) -> None:
    alerts = [alert(number, f"rule-{rule}", severity) for number, (rule, severity) in enumerate(drawn)]
    message = told(*alerts)
    assert sum(len(section.entries) + section.hidden for section in message.sections) == len(alerts)
    assert len(message.sections) <= SECTIONS + 1
    assert max(len(section.entries) for section in message.sections) <= ENTRIES
    assert message.severity == max((severity for _, severity in drawn), key=lambda each: each.rank)
    assert message.body.endswith(f"{message.counts}.")
