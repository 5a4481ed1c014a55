"""Tests of monitor.sending.couriers."""

from datetime import UTC, datetime

from monitor.model import Message, Notification, NotificationLease
from monitor.sending.couriers import Courier, Couriers

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def lease(channel: str, address: str = "") -> NotificationLease:
    note = Notification(
        id=f"{channel} {address}",
        route="desk",
        channel=channel,
        address=address,
        message=Message(title="t", body="b"),
        created_at=NOON,
        next_attempt_at=NOON,
    )
    return NotificationLease(notification=note, token="token", until=NOON)


def out(couriers: Couriers, carried: NotificationLease, at: float = 0.0) -> Courier:
    courier = couriers.hire()
    assert courier is not None
    assert couriers.leaves(courier, carried, at)
    return courier


def test_there_is_one_first_at_a_time() -> None:
    couriers = Couriers()
    first = couriers.hire()
    assert first is not None
    assert couriers.hire() is None
    couriers.goes(first)
    assert not couriers
    assert couriers.hire() is not None


def test_only_who_has_been_out_for_long_is_overtaken() -> None:
    couriers = Couriers()
    assert not couriers.overtake(9, 1)
    first = out(couriers, lease("mail"), at=5)
    assert not couriers.overtake(5.9, 1)
    assert couriers.overtake(6, 1)
    assert (couriers.first, couriers.late) == (None, [first])
    couriers.hire()
    assert not couriers.overtake(99, 1), "who is at the desk is not late"


def test_who_is_late_is_heard_and_waited_for_until_gone() -> None:
    couriers = Couriers()
    late = out(couriers, lease("chat", "7"))
    couriers.overtake(1, 1)
    assert (couriers.addresses("chat"), couriers.addresses("mail")) == (["7"], [])
    assert couriers.comes_back(late)
    assert couriers.addresses("chat") == []
    assert couriers
    assert couriers.give_up(99, 1) == [], "what came back is not given up"
    couriers.goes(late)
    assert not couriers


def test_who_was_given_up_is_not_heard_and_blocks_the_target_until_back() -> None:
    couriers = Couriers()
    lost = out(couriers, lease("chat", "7"))
    couriers.overtake(1, 1)
    assert couriers.give_up(19, 20) == []
    assert couriers.give_up(20, 20) == [lease("chat", "7")]
    assert not couriers
    assert (couriers.blocked(lease("chat", "7")), couriers.blocked(lease("chat", "8"))) == (True, False)
    assert not couriers.comes_back(lost)
    couriers.goes(lost)
    assert not couriers.blocked(lease("chat", "7"))


def test_when_all_are_given_up_nobody_leaves_any_more() -> None:
    couriers = Couriers()
    out(couriers, lease("mail"))
    couriers.overtake(1, 1)
    at_desk = couriers.hire()
    assert at_desk is not None
    couriers.give_up_all()
    assert not couriers
    assert not couriers.leaves(at_desk, lease("chat"), 2)
