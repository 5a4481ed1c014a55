"""Tests of monitor.alerts.links."""

from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.links import LASTS, Grant, Links, Purpose
from monitor.model import AlertState, Message, Notification, NotificationKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINKS = Links(base="https://watch.example", key=bytes(range(32)))
MESSAGE = Message(title="t", body="b")
TO_READER = Notification(
    id="n1",
    alert_id="a1",
    alert_state=AlertState.FIRING,
    route="anna",
    channel="mail",
    address="anna@newsroom.example",
    subscription="s1",
    message=MESSAGE,
    created_at=NOW,
    next_attempt_at=NOW,
)
TO_ROUTE = replace(TO_READER, subscription="", route="ops", address="")
GRANT = Grant(purpose=Purpose.MUTE, subscription="s1", alert_id="a1", until=NOW + timedelta(days=1))

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
grants = st.builds(
    lambda purpose, subscription, route, alert_id, hours: Grant(
        purpose=purpose,
        subscription=subscription,
        route="" if subscription else route,
        alert_id=alert_id,
        until=NOW + timedelta(hours=hours),
    ),
    st.sampled_from(Purpose),
    st.text("0123456789abcdef", max_size=16),
    names,
    names,
    st.integers(1, 9000),
)


def labels(notification: Notification) -> list[str]:
    return [action.label for action in LINKS.signed(MESSAGE, notification).actions]


def token_of(url: str) -> str:
    return url.rsplit("/", 1)[1]


@given(grants)
def test_a_token_says_what_was_put_into_it_until_it_is_over(grant: Grant) -> None:
    token = LINKS.token(grant)
    assert LINKS.verify(token, grant.purpose, grant.until - timedelta(seconds=1)) == grant
    assert LINKS.verify(token, grant.purpose, grant.until) is None


@given(grants, st.sampled_from(Purpose))
def test_a_token_is_worth_nothing_for_another_purpose(grant: Grant, other: Purpose) -> None:
    assert other == grant.purpose or LINKS.verify(LINKS.token(grant), other, NOW) is None


@given(grants, st.data())
def test_no_changed_character_passes(grant: Grant, data: st.DataObject) -> None:
    token = LINKS.token(grant)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCDwxyz0189-_ .=/é"))
    changed = token[:place] + other + token[place + 1 :]
    assert changed == token or LINKS.verify(changed, grant.purpose, NOW) is None


@given(st.text(max_size=300))
def test_no_made_up_token_passes(token: str) -> None:
    assert all(LINKS.verify(token, purpose, NOW) is None for purpose in Purpose)


def test_a_token_of_another_installation_does_not_pass() -> None:
    stranger = Links(base=LINKS.base, key=bytes(32))
    assert LINKS.verify(stranger.token(GRANT), Purpose.MUTE, NOW) is None


@pytest.mark.parametrize("change", [str.swapcase, lambda text: text + "=", lambda text: text + "A" * 2000])
def test_a_second_spelling_of_a_token_does_not_pass(change: object) -> None:
    assert callable(change)
    assert LINKS.verify(change(LINKS.token(GRANT)), Purpose.MUTE, NOW) is None


def test_a_reader_gets_links_to_act_on_the_alert_and_to_change_or_end_the_subscription() -> None:
    signed = LINKS.signed(MESSAGE, TO_READER)
    assert labels(TO_READER) == ["Acknowledge", "Snooze", "Mute", "Preferences"]
    assert all(action.url.startswith("https://watch.example/") for action in signed.actions)
    ending = LINKS.verify(token_of(signed.unsubscribe), Purpose.UNSUBSCRIBE, NOW)
    assert ending is not None
    assert (ending.reader, ending.alert_id) == ("s1", "")


def test_a_configured_route_has_nothing_to_unsubscribe_from() -> None:
    signed = LINKS.signed(MESSAGE, TO_ROUTE)
    assert labels(TO_ROUTE) == ["Acknowledge", "Snooze", "Mute"]
    assert signed.unsubscribe == ""
    grant = LINKS.verify(token_of(signed.actions[0].url), Purpose.ACKNOWLEDGE, NOW)
    assert grant is not None
    assert (grant.reader, grant.route, grant.alert_id) == ("ops", "ops", "a1")


def test_who_may_not_acknowledge_is_not_offered_to() -> None:
    signed = replace(LINKS, acknowledging=False).signed(MESSAGE, TO_READER)
    assert [action.label for action in signed.actions] == ["Snooze", "Mute", "Preferences"]


def test_a_digest_has_no_single_alert_to_act_on() -> None:
    digest = replace(TO_READER, kind=NotificationKind.DIGEST, alert_id=None, alert_state=None)
    assert labels(digest) == ["Preferences"]


def test_a_confirmation_can_only_be_confirmed() -> None:
    asked = replace(TO_READER, kind=NotificationKind.CONFIRMATION, alert_id=None, alert_state=None)
    assert labels(asked) == ["Confirm"]
    assert LINKS.signed(MESSAGE, asked).unsubscribe == ""


def test_a_message_sent_again_has_the_same_links() -> None:
    later = replace(TO_READER, attempts=3, next_attempt_at=NOW + timedelta(hours=5))
    assert LINKS.signed(MESSAGE, later) == LINKS.signed(MESSAGE, TO_READER)


def test_links_last_from_the_writing_of_the_message() -> None:
    token = token_of(LINKS.signed(MESSAGE, TO_READER).unsubscribe)
    end = NOW + LASTS[Purpose.UNSUBSCRIBE]
    assert LINKS.verify(token, Purpose.UNSUBSCRIBE, end - timedelta(minutes=1)) is not None
    assert LINKS.verify(token, Purpose.UNSUBSCRIBE, end) is None


def test_neither_the_address_nor_the_key_stands_in_a_link() -> None:
    token = token_of(LINKS.signed(MESSAGE, TO_READER).unsubscribe)
    raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert b"anna" not in raw
    assert LINKS.key[:8] not in raw
    assert "key" not in repr(LINKS)
