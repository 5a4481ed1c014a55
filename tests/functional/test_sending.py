"""The outbox is emptied: at the pace of each service, all written down, one bad channel holding up no other."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.alerts.pace import Pace
from monitor.channels.base import Channel
from monitor.errors import DeliveryError, StoreError
from monitor.model import Message, Notification, NotificationLease, NotificationState, Outcome, Rate, Receipt
from monitor.sending import Sender, sender
from monitor.sending.desk import AT_ONCE
from monitor.sending.sender import PATIENCE
from monitor.store import LeaseLost, Store
from tests.fakes import MORNING, Clock, Mailbox

NOTE = Notification(
    id="",
    route="desk",
    channel="mail",
    message=Message(title="Something happened", body=""),
    created_at=MORNING,
    next_attempt_at=MORNING,
)
RATE = Rate(count=3, span=timedelta(seconds=10))


@dataclass(slots=True)
class Office:
    """A sender whose channels and clock a test holds in its hands."""

    store: Store
    clock: Clock = field(default_factory=Clock)
    channels: dict[str, Channel] = field(default_factory=dict)
    dead: list[Notification] = field(default_factory=list)
    told: list[Notification] = field(default_factory=list)

    def sender(self) -> Sender:
        async def database(work):  # type: ignore[no-untyped-def]
            return await asyncio.to_thread(work)

        return Sender(
            store=self.store,
            channels=lambda: self.channels,
            pace=Pace(lambda channel, address: RATE if channel == "chat" else None),
            clock=self.clock,
            database=database,
            ttl=timedelta(minutes=2),
            lost=self.dead.extend,
            told=self.told.append,
        )

    def write(self, channel: str, *names: str, address: str = "") -> None:
        rows = (replace(NOTE, id=name, channel=channel, address=address) for name in names)
        with self.store.unit() as unit:
            unit.save(Outcome(notifications=tuple(rows)))

    def states(self) -> dict[str, NotificationState]:
        return {each.id: each.state for each in self.store.notifications()}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(Store.open(f"sqlite:///{tmp_path}/monitor.db")) as store:
        store.migrate()
        yield Office(store)


def send(sender: Sender) -> list[str]:
    """The ids of what was written down."""
    sent: list[str] = []
    told = sender.told
    sender.told = lambda notification: (told(notification), sent.append(notification.id))[1]
    asyncio.run(sender.work())
    sender.told = told
    return sorted(sent)


def names(count: int) -> list[str]:
    return [f"note-{number:03}" for number in range(count)]


def test_everything_due_is_sent_and_written_down_once(office: Office) -> None:
    office.channels = {"mail": (mail := Mailbox("mail")), "desk": (desk := Mailbox("desk"))}
    office.write("mail", *names(50))
    office.write("desk", "other")
    assert send(office.sender()) == [*names(50), "other"]
    assert (len(mail.messages), len(desk.messages)) == (50, 1)
    assert set(office.states().values()) == {NotificationState.SENT}
    assert {len(office.store.history(name)) for name in names(50)} == {2}
    assert len(office.told) == 51


def test_a_target_gets_no_more_than_its_rate_and_the_rest_later(office: Office) -> None:
    office.channels = {"chat": (chat := Mailbox("chat"))}
    office.write("chat", *names(8))
    office.write("chat", "another chat", address="2")
    sender = office.sender()
    assert len(send(sender)) == 4
    office.clock.forward(seconds=9)
    assert send(sender) == []
    office.clock.forward(seconds=1)
    assert len(send(sender)) == 3
    office.clock.forward(seconds=10)
    assert len(send(sender)) == 2
    assert len(chat.messages) == 9
    assert office.store.counts().maybe_twice == 0


def test_a_restart_keeps_to_the_rate(office: Office) -> None:
    office.channels = {"chat": Mailbox("chat")}
    office.write("chat", *names(5))
    assert len(send(office.sender())) == 3
    office.clock.forward(seconds=9)
    assert send(office.sender()) == []
    office.clock.forward(seconds=1)
    assert len(send(office.sender())) == 2


def test_a_service_that_asks_for_a_pause_stops_its_whole_channel_and_no_other(office: Office) -> None:
    office.channels = {"mail": (mail := Mailbox("mail")), "desk": (desk := Mailbox("desk"))}
    mail.failures = [DeliveryError("mail", "429", retry_after=timedelta(seconds=30))]
    office.write("mail", *names(20))
    office.write("desk", "other")
    sender = office.sender()
    assert len(send(sender)) == 2
    assert (len(mail.messages), len(desk.messages)) == (0, 1)
    office.clock.forward(seconds=29)
    assert send(sender) == []
    office.clock.forward(seconds=10)
    assert len(send(sender)) == 20


def test_what_died_is_told_with_its_mark(office: Office) -> None:
    office.channels = {"mail": (mail := Mailbox("mail"))}
    mail.failures = [DeliveryError("mail", "gone", permanent=True, retry_after=timedelta(hours=1))] * 2
    office.write("mail", *names(3))
    send(office.sender())
    assert sorted(each.id for each in office.dead) == names(2)
    assert sorted(office.states().values()) == [NotificationState.DEAD, NotificationState.DEAD, NotificationState.SENT]


def test_each_message_is_written_down_before_the_next_begins(office: Office) -> None:
    desk = Careful("desk", office=office)
    office.channels = {"mail": (mail := Careful("mail", office=office)), "desk": desk}
    office.write("mail", *names(10))
    office.write("desk", *(f"desk {name}" for name in names(10)))
    send(office.sender())
    assert sorted([*mail.written, *desk.written]) == list(range(20))


def test_a_message_that_is_answered_late_holds_up_the_next_only_for_a_moment(office: Office) -> None:
    both = threading.Barrier(2)
    office.channels = {"mail": Meeting("mail", both=both), "desk": Meeting("desk", both=both)}
    office.write("mail", "note")
    office.write("desk", "other")
    assert send(office.sender()) == ["note", "other"]


def test_a_channel_that_hangs_holds_up_no_other(office: Office) -> None:
    office.channels = {"mail": Hanging("mail"), "desk": (desk := Mailbox("desk"))}
    office.write("mail", *names(AT_ONCE + 2))
    sender = office.sender()

    async def work() -> None:
        working = asyncio.create_task(sender.work())
        await asyncio.sleep(0.1)
        office.write("desk", "later")
        await sender.work()
        while not desk.messages:
            await asyncio.sleep(0.01)
        sender.stop()
        sender.cancel()
        await working

    asyncio.run(work())
    assert office.states() == {**dict.fromkeys(names(6), NotificationState.PENDING), "later": NotificationState.SENT}


def test_what_was_sent_while_the_database_refused_is_written_down_later(office: Office) -> None:
    office.channels = {"mail": (mail := Mailbox("mail"))}
    office.write("mail", "note")
    broken = Broken(office.store)
    office.store = broken  # type: ignore[assignment]
    sender = office.sender()
    with pytest.raises(StoreError, match="disk is full"):
        asyncio.run(sender.work())
    assert office.states() == {"note": NotificationState.PENDING}
    broken.works = True
    assert send(sender) == ["note"]
    assert len(mail.messages) == 1
    assert office.states() == {"note": NotificationState.SENT}


def test_a_target_never_has_two_messages_on_the_way(office: Office) -> None:
    office.channels = {"mail": (mail := Slow("mail"))}
    office.write("mail", *names(3))
    office.write("mail", "another", address="a@b.example")
    assert send(office.sender()) == ["another", *names(3)]
    assert mail.at_once == 1


def test_an_answer_that_never_comes_is_not_waited_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "SEND_TIMEOUT", 0.6)
    office.channels = {"mail": (mail := Hanging("mail")), "desk": Mailbox("desk")}
    office.write("mail", *names(2))
    office.write("desk", "other")
    working = office.sender()
    assert send(working) == [*names(2), "other"]
    reasons = sorted(each.reason for each in office.store.notifications(state=NotificationState.PENDING))
    assert [reason.partition(",")[0] for reason in reasons] == [
        "no answer within 1 s; it may have arrived",
        "still busy with an earlier message",
    ]
    mail.gate.set()
    office.clock.forward(seconds=60)
    assert send(working) == names(2)
    assert {each.attempts for each in office.store.notifications(channel="mail")} == {2}


def test_what_was_only_looked_up_is_not_marked_as_perhaps_repeated(office: Office) -> None:
    office.channels = {"mail": (mail := Hanging("mail"))}
    office.write("mail", *names(5))
    killed = office.sender()

    async def begin_one() -> None:
        working = asyncio.create_task(killed.work())
        while not mail.begun:
            await asyncio.sleep(0.01)
        killed.cancel()
        await working

    asyncio.run(begin_one())
    killed.close()
    mail.gate.set()
    office.store.take_over(MORNING)
    assert office.store.counts().maybe_twice == 1
    assert send(office.sender()) == names(5)


def test_what_somebody_else_sent_or_dropped_meanwhile_is_left_alone(office: Office) -> None:
    office.channels = {"mail": (mail := Meddled("mail", office=office))}
    office.write("mail", *names(3))
    assert send(office.sender()) == [names(3)[0], names(3)[2]]
    assert len(mail.messages) == 2
    assert office.states()[names(3)[1]] is NotificationState.DROPPED


def test_a_pause_that_a_service_asked_for_outlives_a_restart(office: Office) -> None:
    office.channels = {"mail": (mail := Mailbox("mail"))}
    mail.failures = [DeliveryError("mail", "429", retry_after=timedelta(seconds=30))]
    office.write("mail", *names(2))
    assert len(send(office.sender())) == 1
    office.clock.forward(seconds=29)
    assert send(office.sender()) == []
    office.clock.forward(seconds=10)
    assert len(send(office.sender())) == 2


def test_a_channel_that_breaks_in_an_unforeseen_way_stops_no_other(office: Office) -> None:
    office.channels = {"mail": Breaking("mail"), "desk": Mailbox("desk")}
    office.write("mail", "note")
    office.write("desk", "other")
    assert send(office.sender()) == ["other"]
    assert office.states()["note"] is NotificationState.PENDING


@dataclass(slots=True, kw_only=True)
class Careful(Mailbox):
    """A channel that notes, at every message, how many are written down as sent."""

    office: Office
    written: list[int] = field(default_factory=list)

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        self.written.append(list(self.office.states().values()).count(NotificationState.SENT))
        time.sleep(0.01)
        return Receipt(channel=self.name, sent_at=now)


@dataclass(slots=True, kw_only=True)
class Meeting(Mailbox):
    """A channel that answers only once another has something in flight, too."""

    both: threading.Barrier

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        self.both.wait()
        return Receipt(channel=self.name, sent_at=now)


@dataclass(slots=True)
class Hanging(Mailbox):
    """A channel that does not answer before the gate is opened."""

    gate: threading.Event = field(default_factory=threading.Event)
    begun: bool = False

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        self.begun = True
        self.gate.wait(60)
        return Receipt(channel=self.name, sent_at=now)


@dataclass(slots=True)
class Slow(Mailbox):
    """A channel that is always late, and notes how many messages it had to one address at once."""

    now_there: Counter[str] = field(default_factory=Counter)
    at_once: int = 0

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        self.now_there[address] += 1
        self.at_once = max(self.at_once, self.now_there[address])
        time.sleep(PATIENCE * 1.5)
        self.now_there[address] -= 1
        return Receipt(channel=self.name, sent_at=now)


@dataclass(slots=True, kw_only=True)
class Meddled(Mailbox):
    """A channel during whose first message somebody drops the second."""

    office: Office

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        self.office.store.drop_notifications(now, ids=[names(3)[1]], reason="by hand")
        self.messages.append(message)
        return Receipt(channel=self.name, sent_at=now)


@dataclass(slots=True)
class Breaking(Mailbox):
    """A channel with a fault of its own."""

    def send(self, message: Message, now: datetime, address: str = "") -> Receipt:
        raise TypeError("a fault")


@dataclass(slots=True)
class Broken:
    """A store that cannot write down what was sent."""

    store: Store
    works: bool = False

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)

    def finish_notifications(
        self, finished: list[tuple[NotificationLease, Notification]], now: datetime
    ) -> list[LeaseLost]:
        if self.works:
            return self.store.finish_notifications(finished, now)
        raise StoreError("the disk is full")
