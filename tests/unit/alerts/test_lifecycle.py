"""Tests of monitor.alerts.lifecycle."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.lifecycle import advance, expire
from monitor.model import Alert, AlertRule, AlertState, Observation, Severity, Verdict

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = AlertRule(
    rule="envoys",
    rule_title="Envoys on the plan",
    rule_version="v1",
    name="soft signal",
    severity=Severity.HIGH,
    tags=("talks",),
    title="Softer: {headline}",
    body="Was it {stance}?",
    expires=timedelta(days=1),
    cooldown=6 * HOUR,
)


def seen(number: int, publisher: str = "a.example") -> Observation:
    return Observation(
        id=f"o{number}",
        rule="envoys",
        rule_version="v1",
        item_id=f"i{number}",
        title=f"Report {number}",
        link=f"https://a.example/{number}",
        publisher=publisher,
        at=NOW,
    )


def verdict(*observations: Observation, firing: bool = True, group: str = "g", reason: str = "because") -> Verdict:
    return Verdict(group=group, firing=firing, reason=reason, observations=observations)


def opened(*observations: Observation, rule: AlertRule = RULE) -> Alert:
    alert = advance(None, verdict(*(observations or (seen(1),))), rule, NOW)
    assert alert is not None
    return alert


def test_a_firing_verdict_opens_an_alert_that_says_all_it_knows() -> None:
    alert = opened(seen(1), seen(2, "b.example"), seen(3))
    assert alert == Alert(
        id=alert.id,
        rule="envoys",
        rule_version="v1",
        name="soft signal",
        group="g",
        severity=Severity.HIGH,
        tags=("talks",),
        title="Softer: Report 3",
        body="Was it ?",
        link="https://a.example/3",
        reason="because",
        observation_ids=("o1", "o2", "o3"),
        publishers=("a.example", "b.example"),
        opened_at=NOW,
        updated_at=NOW,
    )


def test_an_alert_may_open_without_observations() -> None:
    alert = advance(None, verdict(), replace(RULE, title=""), NOW)
    assert alert is not None
    assert (alert.title, alert.link, alert.observation_ids) == ("Envoys on the plan", "", ())


def test_a_quiet_verdict_without_an_alert_changes_nothing() -> None:
    assert advance(None, verdict(firing=False), RULE, NOW) is None


def test_later_reports_join() -> None:
    first = opened(seen(1))
    joined = advance(first, verdict(seen(1), seen(2, "b.example"), reason="two now"), RULE, NOW + HOUR)
    assert joined == replace(
        first,
        reason="two now",
        observation_ids=("o1", "o2"),
        publishers=("a.example", "b.example"),
        updated_at=NOW + HOUR,
    )


def test_the_same_reports_again_change_nothing() -> None:
    assert advance(opened(seen(1)), verdict(seen(1), reason="in other words"), RULE, NOW + HOUR) is None


def test_a_quiet_verdict_ends_an_open_alert() -> None:
    first = opened()
    ended = advance(first, verdict(firing=False), RULE, NOW + HOUR)
    assert ended == replace(first, state=AlertState.RESOLVED, updated_at=NOW + HOUR, ended_at=NOW + HOUR)


def test_an_alert_ends_when_nothing_joined_it_for_long() -> None:
    first = opened()
    assert expire(first, RULE, NOW + timedelta(hours=23)) is None
    ended = expire(first, RULE, NOW + timedelta(hours=24))
    assert ended is not None
    assert (ended.state, ended.ended_at) == (AlertState.RESOLVED, NOW + timedelta(hours=24))
    assert expire(ended, RULE, NOW + timedelta(days=9)) is None


def test_a_verdict_that_cannot_tell_neither_opens_nor_ends_an_alert_but_lets_it_expire() -> None:
    holds, first = replace(verdict(firing=False), holds=True), opened()
    assert advance(None, holds, RULE, NOW) is None
    assert advance(first, holds, RULE, NOW + 23 * HOUR) is None
    ended = advance(first, holds, RULE, NOW + 24 * HOUR)
    assert ended is not None
    assert ended.state is AlertState.RESOLVED


def test_a_late_report_keeps_an_alert_alive() -> None:
    joined = advance(opened(seen(1)), verdict(seen(2)), RULE, NOW + 20 * HOUR)
    assert joined is not None
    assert expire(joined, RULE, NOW + 30 * HOUR) is None


def test_a_group_stays_quiet_until_it_has_cooled_down() -> None:
    ended = advance(opened(), verdict(firing=False), RULE, NOW)
    assert ended is not None
    assert advance(ended, verdict(seen(2)), RULE, NOW + 5 * HOUR) is None
    again = advance(ended, verdict(seen(2)), RULE, NOW + 6 * HOUR)
    assert again is not None
    assert (again.state, again.opened_at, again.ended_at) == (AlertState.FIRING, NOW + 6 * HOUR, None)
    assert again.id != ended.id


def test_the_same_opening_has_the_same_id_and_any_other_has_not() -> None:
    first = opened(seen(1))
    later = advance(None, verdict(seen(1)), RULE, NOW + HOUR)
    assert later is not None
    assert later.id == first.id
    others = [
        advance(None, verdict(seen(1), group="h"), RULE, NOW),
        advance(None, verdict(seen(2)), RULE, NOW),
        advance(None, verdict(seen(1)), replace(RULE, name="other"), NOW),
        advance(None, verdict(seen(1)), replace(RULE, rule="other"), NOW),
        advance(expire(first, RULE, NOW + 48 * HOUR), verdict(seen(1)), RULE, NOW + 96 * HOUR),
    ]
    ids = {alert.id for alert in others if alert is not None}
    assert len(ids) == len(others)
    assert first.id not in ids


steps = st.lists(st.tuples(st.booleans(), st.integers(1, 4), st.integers(0, 40)), max_size=30)


@given(steps)
def test_an_alert_alternates_firing_and_resolved(history: list[tuple[bool, int, int]]) -> None:
    alert: Alert | None = None
    now, states, ids = NOW, [], []
    for firing, number, hours in history:
        now += hours * HOUR
        before = alert
        ended = expire(alert, RULE, now) if alert else None
        alert = ended or alert
        changed = ended or advance(alert, verdict(seen(number), firing=firing), RULE, now)
        alert = changed or alert
        if changed and (before is None or changed.state != before.state):
            states.append(changed.state)
            ids.append(changed.id)
    assert all(one != other for one, other in pairwise(states))
    assert states[:1] in ([], [AlertState.FIRING])
    assert all(opening == ending for opening, ending in zip(ids[::2], ids[1::2], strict=False))
    assert len(set(ids[::2])) == len(ids[::2])


@given(steps)
def test_an_alert_only_ever_gains_reports(history: list[tuple[bool, int, int]]) -> None:
    alert: Alert | None = None
    for _, number, hours in history:
        changed = advance(alert, verdict(seen(number, f"{number % 2}.example")), RULE, NOW + hours * HOUR)
        if changed and alert:
            assert changed.observation_ids[: len(alert.observation_ids)] == alert.observation_ids
            assert set(alert.publishers) <= set(changed.publishers)
            assert len(set(changed.observation_ids)) == len(changed.observation_ids)
        alert = changed or alert
