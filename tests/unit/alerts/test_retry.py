"""Tests of monitor.alerts.retry."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.retry import GIVE_UP_AFTER, LONGEST_WAIT, after_failure, after_success
from monitor.errors import DeliveryError
from monitor.model import AlertState, Message, Notification, NotificationState, Receipt

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PENDING = Notification(
    id="n1",
    alert_id="a1",
    alert_state=AlertState.FIRING,
    route="all",
    channel="desk",
    message=Message(title="t", body="b"),
    created_at=NOW,
    next_attempt_at=NOW,
    reason="500, again in 30 s",
)
FAILED = DeliveryError("desk", "Slack: 500")


def seconds_until_next(notification: Notification, error: DeliveryError = FAILED) -> float:
    return (after_failure(notification, error, NOW).next_attempt_at - NOW).total_seconds()


def test_a_success_keeps_the_receipt() -> None:
    sent = after_success(PENDING, Receipt(channel="desk", sent_at=NOW, detail="Slack: 200 OK"))
    assert sent == replace(
        PENDING, state=NotificationState.SENT, attempts=1, sent_at=NOW, receipt="Slack: 200 OK", reason=""
    )


def test_a_failure_is_tried_again_and_says_when() -> None:
    failed = after_failure(PENDING, FAILED, NOW)
    assert (failed.state, failed.attempts) == (NotificationState.PENDING, 1)
    assert failed.reason in {f"Slack: 500, again in {seconds} s" for seconds in (27, 28, 29, 30)}


@pytest.mark.parametrize(("attempts", "longest"), [(0, 30), (1, 60), (2, 120), (6, 1920), (7, 3600), (500, 3600)])
def test_waits_double_up_to_an_hour(attempts: int, longest: int) -> None:
    assert 0.9 * longest <= seconds_until_next(replace(PENDING, attempts=attempts)) <= longest


def test_waits_differ_between_notifications_but_not_between_runs() -> None:
    waits = {seconds_until_next(replace(PENDING, id=str(number))) for number in range(20)}
    assert len(waits) == 20
    assert seconds_until_next(PENDING) == seconds_until_next(PENDING)


@pytest.mark.parametrize(("asked", "shortest"), [(3, 3), (0, 1), (-5, 1), (7200, 7200), (10**7, 86400)])
def test_a_wait_the_service_asked_for_is_kept(asked: int, shortest: int) -> None:
    error = DeliveryError("desk", "Slack: 429", retry_after=timedelta(seconds=asked))
    assert shortest <= seconds_until_next(PENDING, error) <= 1.1 * shortest


def test_a_permanent_refusal_is_the_end() -> None:
    dead = after_failure(PENDING, DeliveryError("desk", "Slack: 404: no_service", permanent=True), NOW)
    assert (dead.state, dead.attempts) == (NotificationState.DEAD, 1)
    assert dead.reason == "refused for good: Slack: 404: no_service"


def test_a_day_of_failures_is_the_end() -> None:
    tired = replace(PENDING, attempts=29)
    assert after_failure(tired, FAILED, NOW + timedelta(hours=23)).state is NotificationState.PENDING
    dead = after_failure(tired, FAILED, NOW + timedelta(hours=24))
    assert (dead.state, dead.reason) == (NotificationState.DEAD, "given up after 24 h and 30 attempts: Slack: 500")


def test_an_old_message_is_not_given_up_before_it_was_tried_often() -> None:
    late = NOW + timedelta(days=3)
    assert after_failure(replace(PENDING, attempts=8), FAILED, late).state is NotificationState.PENDING
    assert after_failure(replace(PENDING, attempts=9), FAILED, late).state is NotificationState.DEAD


@pytest.mark.parametrize(("asked", "words"), [(100, "again in 10"), (600, "min"), (80000, "again in 2")])
def test_waits_are_told_in_words(asked: int, words: str) -> None:
    error = DeliveryError("desk", "later", retry_after=timedelta(seconds=asked))
    assert words in after_failure(PENDING, error, NOW).reason


@given(st.integers(0, 10**6), st.text(max_size=20))
def test_every_wait_is_bounded(attempts: int, identity: str) -> None:
    wait = seconds_until_next(replace(PENDING, attempts=attempts, id=identity))
    assert 27 <= wait <= LONGEST_WAIT.total_seconds()


def test_a_notification_that_always_fails_ends_after_a_day_in_few_attempts() -> None:
    notification, now = PENDING, NOW
    while notification.state is NotificationState.PENDING:
        notification = after_failure(notification, FAILED, now)
        now = max(now, notification.next_attempt_at)
    assert now - NOW <= GIVE_UP_AFTER + LONGEST_WAIT
    assert 25 <= notification.attempts <= 40
