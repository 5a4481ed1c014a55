"""A service in small, for `test_power_cuts.py`: polls and sends, and says what was promised as soon as it was.

Usage: power_program.py DATABASE ROUNDS
"""

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.model import Alert, Feed, Item, Message, Notification, NotificationState, Outcome, Severity
from monitor.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def main(database: str, rounds: int) -> None:
    store = Store.open(database)
    store.migrate()
    store.sync_feeds([Feed(id="herald", url="https://herald.example/feed")], NOW)
    for number in range(rounds):
        with store.unit() as unit:
            unit.add_items([_item(f"{number}-{each}") for each in range(5)])
            unit.save(Outcome(alerts=(_alert(number),), notifications=(_notification(number),)))
        _say("kept")
        _send(store)
    store.close()


def _send(store: Store) -> None:
    with store.together(in_turn=False, lasting=False):
        [due] = store.due_notifications(NOW, limit=1, channels=["mail"])
        lease = store.begin_notification(due, NOW, timedelta(minutes=1))
    assert lease is not None
    sent = replace(lease.notification, state=NotificationState.SENT)
    with store.together(in_turn=False, lasting=False):
        store.finish_notifications([(lease, sent)], NOW)
    _say("sent")


def _say(promise: str) -> None:
    os.write(sys.stdout.fileno(), promise.encode())


def _item(name: str) -> Item:
    summary = "Nobody knows what comes next, and everybody says so. " * 40
    return Item(id=name, feed_id="herald", title=f"News {name}", summary=summary, first_seen_at=NOW)


def _alert(number: int) -> Alert:
    return Alert(
        id=f"alert {number}",
        rule="rule",
        rule_version="1",
        name="any",
        group=str(number),
        severity=Severity.HIGH,
        title="Something happened",
        reason="1 report",
        opened_at=NOW,
        updated_at=NOW,
    )


def _notification(number: int) -> Notification:
    message = Message(title="Something happened", body="1 report")
    name = f"note {number}"
    return Notification(id=name, route="desk", channel="mail", message=message, created_at=NOW, next_attempt_at=NOW)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
