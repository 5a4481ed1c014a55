"""Messages that show what a channel makes of them; invented: no such publisher exists, and nobody said this."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerts.digest import digest
from monitor.alerts.message import render
from monitor.model import (
    Action,
    Alert,
    Message,
    Notification,
    NotificationKind,
    Observation,
    Severity,
    Stance,
    Turn,
)

_SPOKESMAN = "foreign-ministry"
_LINK = "https://harbour-wire.example/1"
_ACTIONS = tuple(
    Action(label=label, url=f"https://monitor.example/{label.lower()}/sample")
    for label in ("Acknowledge", "Snooze", "Mute", "Preferences")
)
_RULES = ("talks-position", "air-defence", "energy-strikes")
_TITLES = dict(zip(_RULES, ("The other side's position", "Air defence packages", "Strikes on energy"), strict=True))


def turn(now: datetime) -> Message:
    """A stance that turned, both sides quoted."""
    before = _said("hardening", -1.0, "Nothing has changed; our demands remain in force.", now - timedelta(days=9))
    newest = _said("softening", 1.0, "We call the plan a good basis and are ready to discuss it.", now)
    other = replace(
        newest, id="o3", publisher="Harbour Wire", link=_LINK, state_media=False, speaker="", quote="", title=_HEADLINE
    )
    alert = _alert(
        _RULES[0],
        _HEADLINE,
        Severity.HIGH,
        now,
        reason="stance +0.6 in 7 days (6 statements) against -0.8 in 28 days (19)",
    )
    return _signed(render(alert, [before, other, newest], turn=Turn(before=before)))


def update(now: datetime) -> Message:
    """News of an alert that was told before."""
    report = replace(_report(now), title="Donor confirms twelve launchers, four more than announced")
    alert = _alert(_RULES[1], "Updated: Donor sends air defence launchers", Severity.MEDIUM, now, reason="a package")
    facts = ("now 12 × launcher (Weekend Post), before 8", "stage now contracted (Weekend Post), before announced")
    return replace(_signed(render(alert, [report], facts=facts)), kind=NotificationKind.UPDATE)


def daily(now: datetime) -> Message:
    """A day's alerts."""
    made = _digest(now, "daily", 7)
    return replace(made, kind=NotificationKind.DIGEST, actions=_ACTIONS[-1:], unsubscribe=_UNSUBSCRIBE)


def summary(now: datetime) -> Message:
    """What was too much to be told one by one."""
    made = _digest(now, "storm", 312)
    return replace(made, kind=NotificationKind.SUMMARY, actions=_ACTIONS[-1:], unsubscribe=_UNSUBSCRIBE)


SAMPLES: Mapping[str, Callable[[datetime], Message]] = {
    "turn": turn,
    "update": update,
    "digest": daily,
    "summary": summary,
}
_HEADLINE = "Foreign ministry calls the plan a good basis for talks"
_UNSUBSCRIBE = "https://monitor.example/unsubscribe/sample"
_HEADLINES = (
    "Negotiators meet again behind closed doors",
    "Donor pledges interceptors worth 105 million dollars",
    "Overnight attack leaves four regions without power",
)


def _digest(now: datetime, bundle: str, count: int) -> Message:
    parts = [_part(number, now) for number in range(count)]
    charts = {rule: tuple((day * (2 + place)) % 7 for day in range(14)) for place, rule in enumerate(_RULES)}
    coverage = "42 of 45 feeds read, 2 stale"
    return digest(
        parts, {}, bundle=bundle, zone="Europe/Kyiv", now=now, coverage=coverage, charts=charts, titles=_TITLES
    )


def _part(number: int, now: datetime) -> Notification:
    at = now - timedelta(minutes=7 * number)
    severity = (Severity.LOW, Severity.HIGH, Severity.MEDIUM)[number % 3]
    alert = _alert(_RULES[number % 3], _HEADLINES[number % 3], severity, at, reason="a report")
    return Notification(
        id=f"n{number}",
        alert_id=f"a{number}",
        route="sample",
        channel="sample",
        message=render(alert, [_report(at)]),
        created_at=at,
        next_attempt_at=at,
    )


def _alert(rule: str, title: str, severity: Severity, at: datetime, *, reason: str) -> Alert:
    return Alert(
        id="5a3f1c9e0b7d2468",
        rule=rule,
        rule_version="sample",
        name="sample",
        group="",
        severity=severity,
        title=title,
        link=_LINK,
        reason=reason,
        observation_ids=("o1", "o2", "o3"),
        publishers=("Neva Telegraph", "Harbour Wire"),
        opened_at=at,
        updated_at=at,
    )


def _said(label: str, score: float, words: str, at: datetime) -> Observation:
    return replace(
        _report(at),
        id=f"o{score}",
        speaker=_SPOKESMAN,
        quote=words,
        stance=Stance(score=score, label=label, words=()),
        publisher="Neva Telegraph",
        state_media=True,
        link="https://neva-telegraph.example/1",
    )


def _report(at: datetime) -> Observation:
    return Observation(
        id="o1",
        rule="sample",
        rule_version="sample",
        item_id="i1",
        title="A report",
        link="https://weekend-post.example/1",
        publisher="Weekend Post",
        at=at,
    )


def _signed(message: Message) -> Message:
    return replace(message, actions=_ACTIONS, unsubscribe=_UNSUBSCRIBE)
