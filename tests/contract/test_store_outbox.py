"""The outbox keeps every step: what waits, what is held back, what was told together, what somebody did by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import StoreError
from monitor.model import (
    Alert,
    Message,
    Notification,
    NotificationKind,
    NotificationState,
    Outcome,
    Severity,
)
from monitor.store import Store
from monitor.store.health import Signs
from tests.fakes import begin_due

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOTE = Notification(
    id="note",
    route="desk",
    channel="mail",
    message=Message(title="Something happened", body=""),
    created_at=NOON,
    next_attempt_at=NOON,
)
HELD = replace(NOTE, state=NotificationState.HELD, bundle="daily", reason="daily digest at 13:00")
DIGEST = replace(NOTE, id="digest", kind=NotificationKind.DIGEST)


def alert(name: str) -> Alert:
    return Alert(
        id=name,
        rule="rule",
        rule_version="1",
        name="any",
        group="",
        severity=Severity.HIGH,
        title="Something happened",
        reason="1 match",
        opened_at=NOON,
        updated_at=NOON,
    )


def write(store: Store, *notifications: Notification) -> None:
    with store.unit() as unit:
        unit.save(Outcome(notifications=notifications))


def states(store: Store) -> dict[str, NotificationState]:
    return {each.id: each.state for each in store.notifications()}


def story(store: Store, notification_id: str) -> list[tuple[NotificationState, str]]:
    return [(event.state, event.reason) for event in store.history(notification_id)]


def bundle(store: Store, digest: Notification, parts: Sequence[Notification], now: datetime = NOON) -> bool:
    with store.unit() as unit:
        return unit.bundle(digest, parts, now)


# --- history --------------------------------------------------------------------------------------------------------


def test_the_history_tells_every_step_with_its_time_and_reason(store: Store) -> None:
    write(store, NOTE)
    (lease,) = begin_due(store, NOON, limit=1, ttl=MINUTE)
    failed = replace(NOTE, attempts=1, next_attempt_at=NOON + MINUTE, reason="429, again in 60 s")
    store.finish_notification(lease, failed, NOON)
    (lease,) = begin_due(store, NOON + MINUTE, limit=1, ttl=MINUTE)
    sent = replace(failed, state=NotificationState.SENT, attempts=2, sent_at=NOON + MINUTE, receipt="ok", reason="")
    store.finish_notification(lease, sent, NOON + MINUTE)
    assert [(event.at, event.state, event.attempts, event.reason) for event in store.history("note")] == [
        (NOON, NotificationState.PENDING, 0, ""),
        (NOON, NotificationState.PENDING, 1, "429, again in 60 s"),
        (NOON + MINUTE, NotificationState.SENT, 2, ""),
    ]
    assert store.notification("note") == sent


def test_writing_a_notification_twice_notes_it_once(store: Store) -> None:
    write(store, NOTE, replace(NOTE, id="other"))
    write(store, replace(NOTE, reason="again"), replace(NOTE, id="third"))
    assert [len(store.history(each)) for each in ("note", "other", "third")] == [1, 1, 1]
    assert store.notification("note") == NOTE


def test_a_unit_that_fails_leaves_no_step(store: Store) -> None:
    with pytest.raises(StoreError, match="refused"), store.unit() as unit:
        unit.save(Outcome(notifications=(NOTE, replace(NOTE, id="other", alert_id="unknown"))))
    assert (store.history("note"), store.notification("note")) == ([], None)


def test_several_are_finished_together_and_one_that_was_lost_spoils_no_other(store: Store) -> None:
    write(store, NOTE, replace(NOTE, id="other"))
    late = begin_due(store, NOON, limit=2, ttl=MINUTE)
    begin_due(store, NOON + MINUTE, limit=1, ttl=MINUTE)
    done = [(lease, replace(lease.notification, state=NotificationState.SENT)) for lease in late]
    (refused,) = store.finish_notifications(done, NOON)
    assert "another worker has taken over" in str(refused)
    assert sorted(states(store).values()) == [NotificationState.PENDING, NotificationState.SENT]


def test_what_may_come_twice_is_noted_when_a_lease_runs_out(store: Store) -> None:
    write(store, NOTE, replace(NOTE, id="other"))
    (lost,) = begin_due(store, NOON, limit=1, ttl=MINUTE)
    store.release_notifications(begin_due(store, NOON, limit=1, ttl=MINUTE))
    assert store.counts().maybe_twice == 0
    begin_due(store, NOON + MINUTE, limit=2, ttl=MINUTE)
    assert store.counts().maybe_twice == 1
    assert "may come twice" in store.history(lost.notification.id)[-1].reason


def test_what_may_come_twice_is_noted_when_a_service_starts_again_on_its_file(store: Store, url: str) -> None:
    write(store, NOTE, replace(NOTE, id="other"))
    begin_due(store, NOON, limit=1, ttl=MINUTE)
    store.take_over(NOON)
    assert store.counts().maybe_twice == url.startswith("sqlite")


def test_the_latest_attempts_are_remembered_with_their_targets(store: Store) -> None:
    write(store, NOTE, replace(NOTE, id="other", channel="chat", address="7"), replace(NOTE, id="third"))
    for minutes, lease in enumerate(begin_due(store, NOON, limit=2, ttl=MINUTE)):
        tried = replace(lease.notification, attempts=1)
        store.finish_notification(lease, tried, NOON + minutes * MINUTE)
    assert store.attempts_since(NOON) == [("mail", "", NOON), ("chat", "7", NOON + MINUTE)]
    assert store.attempts_since(NOON + MINUTE) == [("chat", "7", NOON + MINUTE)]


def test_who_only_looks_takes_nothing(store: Store) -> None:
    write(store, NOTE)
    [seen] = store.due_notifications(NOON, limit=9)
    assert store.due_notifications(NOON, limit=9) == [seen]
    store.take_over(NOON)
    assert (store.counts().maybe_twice, len(store.history("note"))) == (0, 1)


@pytest.mark.parametrize("change", ["begun", "sent", "tried", "dropped", "retried", "held too long"])
def test_what_has_changed_since_it_was_looked_at_is_not_begun(store: Store, change: str) -> None:
    write(store, NOTE)
    [seen] = store.due_notifications(NOON, limit=9)
    if change in ("dropped", "retried"):
        act = {"dropped": store.drop_notifications, "retried": store.retry_notifications}[change]
        assert act(NOON + MINUTE, ids=["note"], **({"reason": "wrong"} if change == "dropped" else {})) == 1
    else:
        [lease] = begin_due(store, NOON, limit=1, ttl=MINUTE)
        sent = replace(NOTE, state=NotificationState.SENT, attempts=1)
        tried = replace(NOTE, attempts=1, reason="429, again in 30 s")
        if change in ("sent", "tried"):
            store.finish_notification(lease, sent if change == "sent" else tried, NOON)
    assert store.begin_notification(seen, NOON + 2 * MINUTE, MINUTE) is None


def test_pauses_are_kept_until_they_are_over(store: Store) -> None:
    assert store.pauses(NOON) == {}
    store.pause_channels({"chat": NOON + MINUTE, "mail": NOON + 2 * MINUTE})
    store.pause_channels({"chat": NOON + 3 * MINUTE})
    assert store.pauses(NOON + MINUTE) == {"chat": NOON + 3 * MINUTE, "mail": NOON + 2 * MINUTE}
    assert store.pauses(NOON + 2 * MINUTE) == {"chat": NOON + 3 * MINUTE}
    store.pause_channels({})


def test_spared_addresses_are_not_claimed(store: Store) -> None:
    write(store, NOTE, replace(NOTE, id="other", address="7"))
    (lease,) = begin_due(store, NOON, limit=9, ttl=MINUTE, channels=["mail"], spared=[""])
    assert lease.notification.address == "7"


def test_what_need_not_last_is_kept_all_the_same_and_undone_as_a_whole(store: Store) -> None:
    write(store, NOTE, replace(NOTE, id="other"))
    with store.together(in_turn=False, lasting=False):
        (lease,) = begin_due(store, NOON, limit=1, ttl=MINUTE)
        store.finish_notification(lease, replace(lease.notification, state=NotificationState.SENT), NOON)

    def break_off() -> None:
        with store.together(in_turn=False, lasting=False):
            begin_due(store, NOON, limit=1, ttl=MINUTE)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        break_off()
    assert len(begin_due(store, NOON, limit=9, ttl=MINUTE)) == 1
    assert sorted(states(store).values()) == [NotificationState.PENDING, NotificationState.SENT]


# --- held back ------------------------------------------------------------------------------------------------------


def test_what_is_held_is_not_sent_but_due_at_its_time(store: Store) -> None:
    write(store, replace(HELD, next_attempt_at=NOON + MINUTE))
    assert begin_due(store, NOON + 2 * MINUTE, limit=9, ttl=MINUTE) == []
    assert store.held(NOON) == []
    assert [each.id for each in store.held(NOON + MINUTE)] == ["note"]


def test_a_digest_and_the_marks_of_what_it_tells_are_written_together(store: Store) -> None:
    write(store, HELD, replace(HELD, id="other"), replace(HELD, id="third"))
    assert bundle(store, DIGEST, [HELD, replace(HELD, id="other")], NOON + MINUTE)
    assert states(store) == {
        "note": NotificationState.BUNDLED,
        "other": NotificationState.BUNDLED,
        "third": NotificationState.HELD,
        "digest": NotificationState.PENDING,
    }
    told = store.notification("note")
    assert told is not None
    assert (told.bundle, told.reason) == ("digest", "told in digest digest")
    assert story(store, "note")[-1] == (NotificationState.BUNDLED, "told in digest digest")
    assert story(store, "digest") == [(NotificationState.PENDING, "")]


def test_a_unit_that_fails_writes_no_digest_and_marks_nothing(store: Store) -> None:
    write(store, HELD)

    def break_off() -> None:
        with store.unit() as unit:
            unit.bundle(DIGEST, [HELD], NOON)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        break_off()
    assert states(store) == {"note": NotificationState.HELD}
    assert [each.id for each in store.held(NOON)] == ["note"]


def test_a_digest_that_is_known_swallows_nothing_new(store: Store) -> None:
    write(store, HELD)
    assert bundle(store, DIGEST, [HELD])
    late = replace(HELD, id="late")
    write(store, late)
    assert not bundle(store, DIGEST, [late])
    assert states(store)["late"] is NotificationState.HELD


def test_what_left_the_queue_meanwhile_is_not_marked_as_told(store: Store) -> None:
    write(store, HELD)
    store.drop_notifications(NOON, ids=["note"], reason="wrong")
    bundle(store, DIGEST, [HELD])
    assert states(store)["note"] is NotificationState.DROPPED


def test_the_storm_budget_counts_what_a_route_was_to_hear_at_once(store: Store) -> None:
    write(
        store,
        NOTE,
        replace(NOTE, id="update", kind=NotificationKind.UPDATE, created_at=NOON + MINUTE),
        replace(NOTE, id="sent", state=NotificationState.SENT),
        replace(HELD, id="held"),
        replace(NOTE, id="muted", state=NotificationState.MUTED),
        replace(DIGEST, id="digest"),
        replace(NOTE, id="old", created_at=NOON - MINUTE),
        replace(NOTE, id="elsewhere", route="others"),
    )
    assert store.told("desk", NOON) == 3
    assert store.told("desk", NOON + MINUTE) == 1
    assert store.told("nobody", NOON) == 0


# --- by hand --------------------------------------------------------------------------------------------------------


def with_every_state(store: Store) -> None:
    write(store, *(replace(NOTE, id=state, state=state, attempts=3) for state in NotificationState))


def test_a_retry_of_a_channel_takes_up_what_is_dead_or_waits(store: Store) -> None:
    with_every_state(store)
    assert store.retry_notifications(NOON + MINUTE, channel="mail") == 2
    assert store.retry_notifications(NOON, channel="elsewhere") == 0
    dead = store.notification("dead")
    assert dead is not None
    assert (dead.state, dead.attempts, dead.next_attempt_at) == (NotificationState.PENDING, 0, NOON + MINUTE)
    assert story(store, "dead")[-1] == (NotificationState.PENDING, "to be sent again, by hand")


@pytest.mark.parametrize("state", NotificationState)
def test_a_retry_by_id_never_repeats_what_was_told(store: Store, state: NotificationState) -> None:
    with_every_state(store)
    told = state in (NotificationState.SENT, NotificationState.BUNDLED)
    assert store.retry_notifications(NOON, ids=[state]) == (not told)
    assert states(store)[state] == (state if told else NotificationState.PENDING)


@pytest.mark.parametrize("state", NotificationState)
def test_only_what_waits_or_is_dead_is_dropped(store: Store, state: NotificationState) -> None:
    with_every_state(store)
    waits = state in (NotificationState.PENDING, NotificationState.HELD, NotificationState.DEAD)
    assert store.drop_notifications(NOON, ids=[state], reason="wrong rule") == waits
    expected = (NotificationState.DROPPED, "dropped: wrong rule") if waits else (state, "")
    assert story(store, state)[-1] == expected


def test_choices_narrow_each_other_and_none_means_nothing(store: Store) -> None:
    with_every_state(store)
    write(store, replace(NOTE, id="elsewhere", channel="slack", state=NotificationState.DEAD))
    assert store.drop_notifications(NOON, reason="none") == 0
    assert store.drop_notifications(NOON, ids=[], reason="none") == 0
    assert store.retry_notifications(NOON, ids=[]) == 0
    assert store.drop_notifications(NOON, channel="slack", state=NotificationState.PENDING, reason="none") == 0
    assert store.drop_notifications(NOON, channel="slack", ids=["dead"], reason="none") == 0
    assert store.drop_notifications(NOON, state=NotificationState.DEAD, reason="all") == 2


def test_what_is_being_sent_is_left_alone(store: Store) -> None:
    write(store, NOTE)
    begin_due(store, NOON, limit=1, ttl=MINUTE)
    assert store.drop_notifications(NOON, ids=["note"], reason="late") == 0
    assert store.drop_notifications(NOON + MINUTE, ids=["note"], reason="late") == 1


# --- finding one ----------------------------------------------------------------------------------------------------


def test_a_notification_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    write(store, NOTE, replace(NOTE, id="north"))
    assert store.notification("not") == NOTE
    assert [store.notification(each) for each in ("x", "", "%", "n_t")] == [None] * 4
    with pytest.raises(StoreError, match='several notifications begin with "no"'):
        store.notification("no")


def test_what_waits_is_counted_for_each_channel(store: Store) -> None:
    with_every_state(store)
    write(store, replace(NOTE, id="gone", channel="gone"))
    assert store.waiting() == {"mail": 2, "gone": 1}
    assert [each.id for each in store.notifications(channel="gone")] == ["gone"]


def test_a_notification_of_an_unknown_alert_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="refused"):
        write(store, replace(NOTE, alert_id="unknown"))
    with store.unit() as unit:
        unit.save(Outcome(alerts=(alert("known"),), notifications=(replace(NOTE, alert_id="known"),)))
        assert [each.channel for each in unit.notifications_of("known")] == ["mail"]


def test_signs_of_work_tell_what_is_due_and_what_was_done(store: Store) -> None:
    assert store.signs(["mail"]) == Signs()
    write(
        store, NOTE, replace(NOTE, id="gone", channel="gone", next_attempt_at=NOTE.next_attempt_at - timedelta(hours=1))
    )
    assert store.signs(["mail"]) == Signs(send_due_at=NOTE.next_attempt_at), "the other channel is not there"
    [lease] = begin_due(store, NOTE.next_attempt_at, limit=1, ttl=timedelta(hours=1), channels=["mail"])
    store.finish_notification(lease, replace(NOTE, state=NotificationState.SENT, attempts=1), NOTE.next_attempt_at)
    assert store.signs(["mail"]) == Signs(sent_at=NOTE.next_attempt_at)
