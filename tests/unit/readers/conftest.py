"""A desk over a real store, with rules about fruit and a mailbox as its channel."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from monitor.model import Alert, AlertState, Message, Notification, Outcome, Severity
from monitor.readers import Desk, Wish
from monitor.rules.load import load
from monitor.store.store import Store
from tests.fakes import MORNING, Mailbox

RULES = """\
rule: plums
title: Plums in talks
tags: [fruit]
match: [plums]
alert: low
---
rule: pears
title: Pears at war
tags: [fruit, war]
match: [pears]
alert: high
"""
ANNA = Wish(channel="mail", address="anna@newsroom.example", rules=("plums",))
BORYS = Wish(channel="mail", address="borys@newsroom.example", rules=("pears",))


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open("sqlite://")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    for number, rule in enumerate(RULES.split("---\n")):
        (tmp_path / f"{number}.yaml").write_text(rule)
    loaded = load([tmp_path])
    assert loaded.problems == ()
    return Desk(store=store, channels={"mail": Mailbox("mail")}, rules=loaded.rules, pages=True)


def alert(alert_id: str = "a1", rule: str = "plums", group: str = "", at: datetime = MORNING) -> Alert:
    return Alert(
        id=alert_id,
        rule=rule,
        rule_version="v",
        name="n",
        group=group,
        severity=Severity.LOW,
        title="t",
        reason="r",
        opened_at=at,
        updated_at=at,
    )


def notification(of: Alert, subscription: str = "", route: str = "ops") -> Notification:
    return Notification(
        id=f"{of.id}-{subscription or route}",
        alert_id=of.id,
        alert_state=AlertState.FIRING,
        route=route,
        channel="mail",
        subscription=subscription,
        message=Message(title=of.title, body="b"),
        created_at=of.opened_at,
        next_attempt_at=of.opened_at,
    )


def told(store: Store, *notifications: tuple[Alert, Notification]) -> None:
    """Keep alerts with their notifications."""
    with store.unit() as unit:
        for of, notification in notifications:
            unit.save(Outcome(alerts=(of,), notifications=(notification,)))
