"""What becomes of a notification after an attempt: sent, again later, or dead with its reason in words."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.errors import DeliveryError
from monitor.model import Notification, NotificationState, Receipt

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=24)
FEWEST_ATTEMPTS = 10  # a service that was off for a day, or a retry by hand, has not tried its best yet
SHORTEST_WAIT = timedelta(seconds=1)
_JITTER = 0.1


def after_success(notification: Notification, receipt: Receipt) -> Notification:
    """The notification, sent."""
    return replace(
        notification,
        state=NotificationState.SENT,
        attempts=notification.attempts + 1,
        sent_at=receipt.sent_at,
        receipt=receipt.detail,
        reason="",
    )


def after_failure(notification: Notification, error: DeliveryError, now: datetime) -> Notification:
    """The notification, to be tried again later, or dead: refused for good, or failing for a day and often."""
    tried = replace(notification, attempts=notification.attempts + 1)
    if error.permanent:
        return _dead(tried, f"refused for good: {error.message}")
    if now - tried.created_at >= GIVE_UP_AFTER and tried.attempts >= FEWEST_ATTEMPTS:
        return _dead(tried, f"given up after {_in_words(GIVE_UP_AFTER)} and {tried.attempts} attempts: {error.message}")
    wait = _wait(tried, error)
    return replace(tried, next_attempt_at=now + wait, reason=f"{error.message}, again in {_in_words(wait)}")


def _dead(notification: Notification, reason: str) -> Notification:
    return replace(notification, state=NotificationState.DEAD, reason=reason)


def _wait(notification: Notification, error: DeliveryError) -> timedelta:
    """How long until the next attempt: as long as the service asked for, or twice as long as the last time."""
    if error.retry_after is not None:
        asked = min(max(error.retry_after, SHORTEST_WAIT), GIVE_UP_AFTER)
        return asked * (1 + _JITTER * _chance(notification))
    doublings = min(notification.attempts - 1, 10)
    backoff = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    return backoff * (1 - _JITTER * _chance(notification))


def _chance(notification: Notification) -> float:
    """0..1, spread over notifications and attempts, but the same whenever the same attempt is judged again."""
    digest = hashlib.blake2b(f"{notification.id} {notification.attempts}".encode("utf-8", "replace"), digest_size=4)
    return int.from_bytes(digest.digest(), "big") / 2**32


def _in_words(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
