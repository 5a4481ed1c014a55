"""What people can say to the bot, over a real store."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from selectolax.lexbor import LexborHTMLParser

from monitor.bot.commands import COMMANDS, Asked, answer
from monitor.bot.updates import Update, read
from monitor.model import (
    Alert,
    Cadence,
    Message,
    Notification,
    Outcome,
    Severity,
    Subscription,
    SubscriptionState,
)
from monitor.readers import Desk, Wish
from monitor.rules.load import load
from monitor.settings import Bot
from monitor.store.store import Store
from tests.fakes import MORNING, Mailbox

RULES = """\
rule: plums
title: Plums & pears in talks
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
ANNA, BORYS = "101", "202"
Say = Callable[..., str]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    for number, rule in enumerate(RULES.split("---\n")):
        (tmp_path / f"{number}.yaml").write_text(rule)
    store = Store.open("sqlite://")
    store.migrate()
    yield Desk(store=store, channels={"telegram": Mailbox("telegram")}, rules=load([tmp_path]).rules)
    store.close()


@pytest.fixture
def say(desk: Desk) -> Say:
    named = Bot(token=SecretStr("t"), channel="telegram", chats=(ANNA,))

    def saying(text: str, chat: str = ANNA, alert: str = "") -> str:
        update = Update(number=1, chat=chat, user=1, name="Anna", text=text, alert=alert, at=MORNING)
        asked = Asked(desk=desk, settings=named, update=update, now=MORNING)
        return answer(asked, update.command("news_bot") or "help")

    return saying


def going(desk: Desk) -> dict[str, Subscription]:
    return {one.address: one for one in desk.store.subscriptions(SubscriptionState.ACTIVE)}


def told(desk: Desk, chat: str, alert_id: str = "abcdef0123456789", group: str = "s1") -> Alert:
    """An alert that a chat was told of."""
    alert = Alert(
        id=alert_id,
        rule="plums",
        rule_version="v",
        name="n",
        group=group,
        severity=Severity.LOW,
        title="Plums <b>ripe</b>",
        reason="r",
        opened_at=MORNING,
        updated_at=MORNING,
    )
    notification = Notification(
        id=f"{alert_id}-{chat}",
        alert_id=alert.id,
        alert_state=alert.state,
        route="r",
        channel="telegram",
        address=chat,
        subscription=going(desk)[chat].id,
        message=Message(title="t", body="b"),
        created_at=MORNING,
        next_attempt_at=MORNING,
    )
    with desk.store.unit() as unit:
        unit.save(Outcome(alerts=(alert,), notifications=(notification,)))
    return alert


def test_start_subscribes_and_a_second_one_changes_nothing(desk: Desk, say: Say) -> None:
    assert "high, critical at once" in say("/start")
    first = going(desk)
    assert "high, critical at once" in say("/start")
    assert going(desk) == first
    assert first[ANNA].origin == "telegram"


def test_two_chats_get_what_each_has_chosen(desk: Desk, say: Say) -> None:
    say("/subscribe plums daily")
    say("/subscribe war medium uk now", BORYS)
    anna, borys = going(desk)[ANNA], going(desk)[BORYS]
    assert (anna.rules, anna.tags, anna.schedule.cadences[Severity.LOW]) == (("plums",), (), Cadence.DAILY)
    assert anna.schedule.cadences[Severity.HIGH] is Cadence.NOW
    assert (borys.rules, borys.tags, borys.langs, borys.at_least) == ((), ("war",), ("uk",), Severity.MEDIUM)
    assert set(borys.schedule.cadences.values()) == {Cadence.NOW}


def test_a_cadence_alone_leaves_the_choice_as_it_was(desk: Desk, say: Say) -> None:
    say("/subscribe plums")
    say("/subscribe weekly")
    assert (going(desk)[ANNA].rules, going(desk)[ANNA].schedule.cadences[Severity.INFO]) == (("plums",), Cadence.WEEKLY)
    say("/subscribe all")
    assert going(desk)[ANNA].rules == ()


def test_a_rule_that_is_not_there_is_answered_with_what_may_have_been_meant(desk: Desk, say: Say) -> None:
    assert "plums" in say("/subscribe plum")
    assert going(desk) == {}


def test_the_list_of_rules_marks_what_the_chat_gets(say: Say) -> None:
    assert "✓" not in say("/rules")
    say("/subscribe pears")
    marked = [row for row in say("/rules").splitlines() if row.startswith("✓")]
    assert marked == ["✓ <code>pears</code>"]
    assert "Plums &amp; pears in talks" in say("/rules")


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("/settings zone Europe/Kyiv", lambda one: one.schedule.zone == "Europe/Kyiv"),
        ("/settings at 6:30", lambda one: one.schedule.at == time(6, 30)),
        ("/settings on friday", lambda one: one.schedule.weekday == 4),
        ("/settings quiet 22:00 - 07:00", lambda one: one.schedule.quiet.end == time(7)),
        ("/settings severity high", lambda one: one.at_least is Severity.HIGH),
        ("/settings cadence low=weekly", lambda one: one.schedule.cadences[Severity.LOW] is Cadence.WEEKLY),
    ],
)
def test_a_setting_is_changed_and_only_that(
    desk: Desk, say: Say, text: str, check: Callable[[Subscription], bool]
) -> None:
    say("/start")
    before = going(desk)[ANNA]
    assert "Done" in say(text)
    after = going(desk)[ANNA]
    assert check(after)
    assert replace(after, schedule=before.schedule, at_least=before.at_least) == before


def test_quiet_hours_can_be_switched_off(desk: Desk, say: Say) -> None:
    say("/start")
    say("/settings quiet 22:00-07:00")
    say("/settings quiet off")
    assert going(desk)[ANNA].schedule.quiet is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/settings colour red", "no setting"),
        ("/settings zone", "For example"),
        ("/settings zone Mars/Base", "no time zone"),
        ("/settings at noon", "07:00"),
        ("/settings quiet always", "22:00-07:00"),
        ("/settings severity loud", "must be one of"),
        ("/settings cadence sometimes", "no cadence"),
    ],
)
def test_a_setting_that_cannot_be_is_explained_and_changes_nothing(desk: Desk, say: Say, text: str, why: str) -> None:
    say("/start")
    before = going(desk)
    assert why in say(text)
    assert going(desk) == before


def test_stop_ends_it_and_who_gets_nothing_is_told_how_to_begin(desk: Desk, say: Say) -> None:
    say("/start")
    assert "Nothing more" in say("/unsubscribe")
    assert going(desk) == {}
    for command in ("/stop", "/status", "/settings", "/unmute", "/mute all"):
        assert "/start" in say(command)


def test_a_reply_mutes_the_story_for_this_chat_alone(desk: Desk, say: Say) -> None:
    say("/start")
    say("/start", BORYS)
    told(desk, ANNA)
    assert "would have held back 1 message." in say("/mute 8h", alert="abcdef01")
    (mute,) = desk.store.mutes(MORNING)
    assert (mute.rule, mute.story, mute.subscription) == ("plums", "s1", going(desk)[ANNA].id)
    assert mute.until == MORNING + timedelta(hours=8)
    assert "Muted" not in say("/status", BORYS)
    assert "Lifted" in say("/unmute")
    assert desk.store.mutes(MORNING) == []


def test_a_rule_is_muted_for_a_day_unless_told_otherwise(desk: Desk, say: Say) -> None:
    say("/start")
    say("/mute plums")
    assert [mute.until for mute in desk.store.mutes(MORNING)] == [MORNING + timedelta(days=1)]
    assert "there is no rule" in say("/mute plumbs")
    assert "Reply to an alert" in say("/mute")


def test_the_first_who_acknowledges_stays(desk: Desk, say: Say) -> None:
    say("/start")
    told(desk, ANNA)
    assert "You take care" in say("/ack", alert="abcdef01")
    assert "Anna (Telegram) takes care" in say("/ack abcdef01")


def test_strangers_cannot_end_what_wakes_others(desk: Desk, say: Say) -> None:
    say("/start", BORYS)
    told(desk, BORYS)
    assert "this one is 202" in say("/ack", BORYS, alert="abcdef01")
    assert desk.store.acknowledgement("abcdef0123456789") is None


def test_an_alert_told_to_others_is_as_good_as_none(desk: Desk, say: Say) -> None:
    say("/start")
    say("/start", BORYS)
    told(desk, BORYS)
    assert "which alert?" in say("/ack abcdef01")
    assert "which alert?" in say("/mute", alert="abcdef01")


def test_what_nobody_understands_gets_help(say: Say) -> None:
    assert all(f"/{name}" in say("good morning") for name in COMMANDS)
    assert "no command /frobnicate" in say("/frobnicate")


@settings(deadline=None, max_examples=50)
@given(st.sampled_from([*COMMANDS, "frob"]), st.text(max_size=80))
def test_nothing_written_becomes_markup(command: str, words: str) -> None:
    store = Store.open("sqlite://")
    store.migrate()
    try:
        desk = Desk(store=store, channels={"telegram": Mailbox("telegram")}, rules=load([]).rules)
        hostile = Update(number=1, chat=ANNA, name=f"<i>{words}", text=f"/{command} <u>{words} <b>", at=MORNING)
        asked = Asked(desk=desk, settings=Bot(token=SecretStr("t"), channel="telegram"), update=hostile, now=MORNING)
        said = LexborHTMLParser(answer(asked, command))
    finally:
        store.close()
    assert said.css("u, i") == []
    assert {node.tag for node in said.css("body *")} <= {"b", "code"}


def test_a_command_for_another_bot_is_none() -> None:
    assert Update(number=1, text="/stop@other_bot").command("news_bot") == ""
    assert Update(number=1, text="/STOP@News_Bot now").command("news_bot") == "stop"
    assert Update(number=1, text="stop /now").command("news_bot") == ""


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["update_id", "message", "chat", "date", "text", "from", "id", "my_chat_member"]), inner
            )
        ),
    )
)
def test_reports_nobody_understands_are_passed_over(report: object) -> None:
    for update in read([report]):
        assert isinstance(update.number, int)


def test_an_update_nobody_understands_keeps_its_number() -> None:
    assert [update.number for update in read([{"update_id": 7, "message": {"date": "never"}}, {"no": 1}])] == [7]
    assert read({"update_id": 7}) == []


def test_a_chat_the_operator_subscribed_may_take_care_of_alerts(desk: Desk, say: Say) -> None:
    desk.enrol(Wish(channel="telegram", address=BORYS), MORNING)
    told(desk, BORYS)
    assert "You take care" in say("/ack abcdef01", BORYS)
