"""What the store keeps about those who hear of alerts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import StoreError
from monitor.model import (
    Acknowledgement,
    Alert,
    AlertState,
    Message,
    Mute,
    Notification,
    NotificationKind,
    NotificationState,
    Outcome,
    Severity,
    Subscription,
    SubscriptionState,
)
from monitor.store import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANNA = Subscription(id="anna", name="Anna", channel="mail", address="anna@newsroom.example", created_at=NOON)
QUIET = Mute(id="quiet", author="anna", created_at=NOON)
ALERT = Alert(
    id="alert",
    rule="softening",
    rule_version="1",
    name="any",
    group="story-1",
    severity=Severity.HIGH,
    title="Something happened",
    reason="1 match",
    opened_at=NOON,
    updated_at=NOON,
)
TOLD = Notification(
    id="told",
    alert_id="alert",
    alert_state=AlertState.FIRING,
    route="desk",
    channel="mail",
    message=Message(title="Something happened", body=""),
    state=NotificationState.SENT,
    created_at=NOON,
    next_attempt_at=NOON,
    sent_at=NOON,
)


def keep(store: Store, *values: Subscription | Mute) -> None:
    with store.unit() as unit:
        for value in values:
            if isinstance(value, Subscription):
                unit.keep_subscription(value)
            else:
                unit.keep_mute(value)


def write(store: Store, alerts: tuple[Alert, ...], *notifications: Notification) -> None:
    with store.unit() as unit:
        unit.save(Outcome(alerts=alerts, notifications=notifications))


def acknowledge(store: Store, author: str) -> bool:
    with store.unit() as unit:
        return unit.acknowledge(Acknowledgement(alert_id="alert", author=author, at=NOON))


def letter(to: Subscription) -> Notification:
    return replace(
        TOLD,
        id=f"letter-{to.id}",
        kind=NotificationKind.CONFIRMATION,
        alert_id=None,
        alert_state=None,
        address=to.address,
        subscription=to.id,
    )


# --- subscriptions --------------------------------------------------------------------------------------------------


def test_subscriptions_are_listed_by_state_the_oldest_first(store: Store) -> None:
    boris = replace(ANNA, id="boris", created_at=NOON - HOUR)
    keep(store, ANNA, boris)
    keep(store, replace(ANNA, state=SubscriptionState.ACTIVE, confirmed_at=NOON))
    assert [each.id for each in store.subscriptions()] == ["boris", "anna"]
    assert [each.id for each in store.subscriptions(SubscriptionState.ACTIVE)] == ["anna"]
    assert store.subscription("nobody") is None


def test_a_unit_reads_what_it_has_written(store: Store) -> None:
    with store.unit() as unit:
        unit.keep_subscription(ANNA)
        unit.keep_mute(QUIET)
        assert (unit.subscriptions(), unit.mutes(NOON)) == ([ANNA], [QUIET])


def test_who_never_confirmed_is_forgotten_with_every_letter(store: Store) -> None:
    recent = replace(ANNA, id="recent", created_at=NOON + HOUR)
    confirmed = replace(ANNA, id="confirmed", state=SubscriptionState.ACTIVE)
    keep(store, ANNA, recent, confirmed)
    waiting = replace(letter(ANNA), id="again", state=NotificationState.PENDING, sent_at=None)
    write(store, (), waiting, *map(letter, (ANNA, recent, confirmed)))
    with store.unit() as unit:
        assert unit.forget_unconfirmed(NOON + HOUR) == 1
        assert unit.forget_unconfirmed(NOON + HOUR) == 0
    assert {each.id for each in store.subscriptions()} == {"recent", "confirmed"}
    assert {each.id for each in store.notifications(limit=9)} == {"letter-recent", "letter-confirmed"}
    assert store.history("again") == store.history("letter-anna") == []
    assert store.history("letter-recent") != []


# --- mutes ----------------------------------------------------------------------------------------------------------


def test_a_mute_counts_until_it_is_over_or_lifted(store: Store) -> None:
    short = replace(QUIET, id="short", until=NOON + HOUR)
    keep(store, QUIET, short, replace(QUIET, id="lifted", lifted_at=NOON))
    assert [each.id for each in store.mutes(NOON)] == ["quiet", "short"]
    assert [each.id for each in store.mutes(NOON + HOUR)] == ["quiet"]
    assert store.mute("short") == short
    assert store.mute("nothing") is None


@pytest.mark.parametrize(
    ("mute", "hidden"),
    [
        (QUIET, ["first", "other", "personal"]),
        (replace(QUIET, rule="softening"), ["first", "personal"]),
        (replace(QUIET, story="story-2"), ["other"]),
        (replace(QUIET, alert_id="alert", subscription="anna"), ["personal"]),
        (replace(QUIET, subscription="desk"), ["first", "other"]),
        (replace(QUIET, rule="softening", story="story-2"), []),
    ],
)
def test_the_preview_of_a_mute_shows_what_it_would_have_held(store: Store, mute: Mute, hidden: list[str]) -> None:
    other = replace(ALERT, id="other", rule="hardening", group="story-2")
    write(
        store,
        (ALERT, other),
        replace(TOLD, id="first"),
        replace(TOLD, id="personal", subscription="anna"),
        replace(TOLD, id="other", alert_id="other"),
        replace(TOLD, id="digest", alert_id=None),
        replace(TOLD, id="old", created_at=NOON - HOUR),
    )
    assert sorted(each.id for each in store.muted_by(mute, NOON)) == hidden


# --- acknowledgements -----------------------------------------------------------------------------------------------


def test_the_first_to_take_care_of_an_alert_is_kept(store: Store) -> None:
    write(store, (ALERT,))
    assert store.acknowledgement("alert") is None
    assert acknowledge(store, "anna")
    assert not acknowledge(store, "boris")
    kept = store.acknowledgement("alert")
    assert kept is not None
    assert kept.author == "anna"


def test_of_many_at_once_one_is_first(store: Store) -> None:
    write(store, (ALERT,))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: acknowledge(store, f"reader-{number}"), range(8)))
    assert answers.count(True) == 1


def test_an_unknown_alert_cannot_be_acknowledged(store: Store) -> None:
    with pytest.raises(StoreError, match="refused"):
        acknowledge(store, "anna")


def waiting(store: Store, before: datetime = NOON + HOUR) -> list[str]:
    return [each.id for each in store.waiting_for_acknowledgement(before)]


def test_an_open_alert_waits_from_its_first_message_on(store: Store) -> None:
    write(store, (ALERT,), TOLD, replace(TOLD, id="update", sent_at=NOON + HOUR))
    assert waiting(store, NOON) == []
    assert waiting(store, NOON + timedelta(seconds=1)) == ["alert"]


def test_what_was_never_sent_does_not_wait(store: Store) -> None:
    write(store, (ALERT,), replace(TOLD, state=NotificationState.DEAD, sent_at=None))
    assert waiting(store) == []


def test_what_ended_or_is_taken_care_of_or_was_escalated_waits_no_more(store: Store) -> None:
    ended = replace(ALERT, id="ended", state=AlertState.RESOLVED)
    loud = replace(ALERT, id="loud")
    call = replace(TOLD, id="call", alert_id="loud", kind=NotificationKind.ESCALATION, sent_at=None)
    write(
        store,
        (ALERT, ended, loud),
        TOLD,
        replace(TOLD, id="2", alert_id="ended"),
        replace(TOLD, id="3", alert_id="loud"),
    )
    assert waiting(store) == ["alert", "loud"]
    write(store, (), call)
    assert waiting(store) == ["alert"]
    acknowledge(store, "anna")
    assert waiting(store) == []
