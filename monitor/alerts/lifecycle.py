"""The life of an alert: it opens, later reports join it, it ends. Every group alternates firing and resolved."""

import hashlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from monitor.alerts.message import body_of, title_of
from monitor.model import Alert, AlertRule, AlertState, Observation, Verdict

T = TypeVar("T")


def advance(alert: Alert | None, verdict: Verdict, rule: AlertRule, now: datetime) -> Alert | None:
    """The alert as it is after this verdict, or None when nothing changed.

    Args:
        alert: The open alert of the same rule, name and group, or else the last one that ended, if there is one.
    """
    if alert is None or alert.state is AlertState.RESOLVED:
        return _open(alert, verdict, rule, now) if verdict.firing and not _cooling(alert, rule, now) else None
    if verdict.firing:
        return _join(alert, verdict, now)
    return expire(alert, rule, now) if verdict.holds else _end(alert, now)


def expire(alert: Alert, rule: AlertRule, now: datetime) -> Alert | None:
    """The alert ended because nothing new joined it for `rule.expires`, or None while it lives or when it has ended."""
    if alert.state is AlertState.RESOLVED or now - alert.updated_at < rule.expires:
        return None
    return _end(alert, now)


def abandon(alert: Alert, judged: Container[tuple[str, str]], now: datetime) -> Alert | None:
    """The alert ended because nothing judges it any more, or None when something does.

    Args:
        judged: Rule and name of every entry below `alerts:` that there is now.
    """
    if alert.state is AlertState.RESOLVED or (alert.rule, alert.name) in judged:
        return None
    gone = f'over: there is no alert "{alert.name}" of a rule "{alert.rule}" any more'
    return replace(_end(alert, now), reason=f"{alert.reason}; {gone}")


def _open(previous: Alert | None, verdict: Verdict, rule: AlertRule, now: datetime) -> Alert:
    newest = verdict.observations[-1] if verdict.observations else None
    return Alert(
        id=_opening_id(previous, verdict, rule, now),
        rule=rule.rule,
        rule_version=rule.rule_version,
        name=rule.name,
        group=verdict.group,
        severity=rule.severity,
        tags=rule.tags,
        title=title_of(rule, verdict),
        body=body_of(rule, verdict),
        link=newest.link if newest else "",
        reason=verdict.reason,
        observation_ids=_once(observation.id for observation in verdict.observations),
        publishers=_publishers(verdict.observations),
        opened_at=now,
        updated_at=now,
    )


def _join(alert: Alert, verdict: Verdict, now: datetime) -> Alert | None:
    known = frozenset(alert.observation_ids)
    new = [observation for observation in verdict.observations if observation.id not in known]
    if not new:
        return None
    return replace(
        alert,
        reason=verdict.reason,
        observation_ids=_once((*alert.observation_ids, *(observation.id for observation in new))),
        publishers=_once((*alert.publishers, *_publishers(new))),
        updated_at=now,
    )


def _end(alert: Alert, now: datetime) -> Alert:
    return replace(alert, state=AlertState.RESOLVED, updated_at=now, ended_at=now)


def _cooling(ended: Alert | None, rule: AlertRule, now: datetime) -> bool:
    return ended is not None and ended.ended_at is not None and now - ended.ended_at < rule.cooldown


def _opening_id(previous: Alert | None, verdict: Verdict, rule: AlertRule, now: datetime) -> str:
    # The previous alert is part of it, so that one observation which fires twice makes two alerts.
    opening = verdict.observations[-1].id if verdict.observations else now.isoformat()
    parts = (rule.rule, rule.name, verdict.group, previous.id if previous else "", opening)
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _publishers(observations: Sequence[Observation]) -> tuple[str, ...]:
    return _once(observation.publisher for observation in observations if observation.publisher)


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
