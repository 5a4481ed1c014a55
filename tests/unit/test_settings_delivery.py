"""monitor.yaml, on who hears when: what it means, and what is refused in which words."""

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor.alerts.storm import Allowance
from monitor.errors import ConfigError
from monitor.model import Cadence, Quiet, Route, Schedule, Severity
from monitor.settings import Settings, load

CHANNELS = 'channels: {console: {}, mail: {url: "mailto://u:p@mail.example?to=a@b.example"}}\n'
Loading = Callable[[str], Settings]
NOW, HOURLY, DAILY, WEEKLY = Cadence.NOW, Cadence.HOURLY, Cadence.DAILY, Cadence.WEEKLY
USUAL = {Severity.INFO: DAILY, Severity.LOW: DAILY, Severity.MEDIUM: DAILY}


@pytest.fixture
def loading(tmp_path: Path) -> Loading:
    (tmp_path / "rules").mkdir()

    def write_and_load(text: str) -> Settings:
        path = tmp_path / "monitor.yaml"
        path.write_text(CHANNELS + text)
        return load(path, {})

    return write_and_load


def test_a_subscription_says_whom_what_and_when(loading: Loading):
    [route] = loading(
        """\
subscriptions:
  desk:
    channel: mail
    address: desk@newsroom.example
    langs: [uk, en]
    cadence: {high: now, medium: hourly, low: weekly}
    at: "08:30"
    on: Friday
    zone: Europe/Kyiv
    quiet: {from: "22:00", to: 07:00, passes: critical}
"""
    ).routes
    assert route == Route(
        name="desk",
        channel="mail",
        address="desk@newsroom.example",
        langs=("uk", "en"),
        schedule=Schedule(
            zone="Europe/Kyiv",
            at=time(8, 30),
            weekday=4,
            cadences={Severity.INFO: DAILY, Severity.LOW: WEEKLY, Severity.MEDIUM: HOURLY, Severity.HIGH: NOW},
            quiet=Quiet(start=time(22), end=time(7), passes=Severity.CRITICAL),
        ),
    )


@pytest.mark.parametrize(
    ("subscription", "cadences"),
    [
        ("{channel: mail}", USUAL),
        ("{channel: console}", {}),
        ("{channel: mail, cadence: now}", dict.fromkeys(Severity, NOW)),
        ("{channel: console, cadence: {high: now}}", {**USUAL, Severity.HIGH: NOW}),
    ],
    ids=["quieter alerts once a day", "a console at once", "one word for all", "the rest as usual"],
)
def test_what_no_cadence_names_is_told_as_usual(loading: Loading, subscription: str, cadences: dict[Severity, Cadence]):
    [route] = loading(f"subscriptions: {{desk: {subscription}}}").routes
    assert route.schedule.cadences == cadences


def test_budget_and_escalation_are_set(loading: Loading):
    settings = loading(
        "delivery: {budget: 200/day, catch_up_after: 2h}\nescalation: {to: mail, after: 5m, at_least: critical}"
    )
    assert settings.delivery.budget == Allowance(messages=200, window=timedelta(days=1))
    assert settings.delivery.catch_up_after == timedelta(hours=2)
    assert settings.escalation is not None
    assert settings.escalation.routes == (Route(name="escalation", channel="mail"),)
    assert (settings.escalation.after, settings.escalation.at_least) == (timedelta(minutes=5), Severity.CRITICAL)


def test_without_a_word_thirty_an_hour_are_sent_and_nobody_is_woken(loading: Loading):
    settings = loading("")
    assert settings.delivery.budget == Allowance(messages=30, window=timedelta(hours=1))
    assert settings.escalation is None
    assert loading("delivery: {budget: none}").delivery.budget.messages == 0


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "zone: Europe/Kiyv",
            'monitor.yaml:4:11: "zone": there is no time zone "Europe/Kiyv" (did you mean "Europe/Kyiv"?)',
        ),
        ("zone: Europe", 'there is no time zone "Europe" ('),
        ("zone: ../../etc/passwd", "there is no time zone"),
        ("at: 25:00", 'monitor.yaml:4:9: "at": must be a time of day such as "07:00"'),
        ("at: 7", 'must be a time of day such as "07:00"'),
        ("on: mondy", '"on": must be a day of the week: monday, tuesday'),
        ("cadence: nwo", '"cadence": there is no cadence "nwo" (did you mean "now"?)'),
        ("cadence: {hgh: now}", 'there is no severity "hgh" (did you mean "high"?)'),
        ("cadence: {high: [now]}", "there is no cadence ['now'] (one of now, hourly, daily, weekly)"),
        ("cadence: 5", "there is no cadence 5"),
        ('quiet: {from: "22:00"}', '"to" is missing'),
        ('quiet: {from: "22:00", to: "22:00"}', "quiet hours that begin and end at the same time hold nothing"),
        ('quiet: {from: "22:00", till: "07:00"}', 'unknown key "till"'),
        ("langs: [ukr]", "must be a language code of two small letters, such as uk"),
        ('langs: [""]', "must not be empty"),
        ('address: ""', '"address" must not be empty'),
    ],
)
def test_a_mistake_in_a_subscription_is_told_with_its_line_and_what_would_be_right(
    loading: Loading, tmp_path: Path, line: str, expected: str
):
    with pytest.raises(ConfigError) as caught:
        loading(f"subscriptions:\n  desk:\n    {line}\n    channel: mail\n")
    assert expected in "\n".join(str(problem) for problem in caught.value.problems).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("delivery: {budget: lots}", "must be a number of messages such as 30/hour or 200/day, or none"),
        ("delivery: {budget: 0/hour}", "must be a number of messages"),
        ("escalation: {to: mial}", 'there is no channel "mial" (did you mean "mail"?)'),
        ("escalation: {}", '"to" is missing'),
        ("escalation: {to: mail, after: soon}", '"soon" is no length of time'),
    ],
)
def test_a_mistake_in_delivery_and_escalation_is_told(loading: Loading, text: str, expected: str):
    with pytest.raises(ConfigError) as caught:
        loading(text)
    assert expected in "\n".join(str(problem) for problem in caught.value.problems)
