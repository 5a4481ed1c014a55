"""Tests of monitor.alerts.message."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.message import BODY_LIMIT, TITLE_LIMIT, body_of, fields, render, short_id, title_of
from monitor.model import Alert, AlertRule, Amount, Observation, Severity, Stance, System, Turn, Verdict
from monitor.text.template import FIELDS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FULL = Observation(
    id="o1",
    rule="aid",
    rule_version="v1",
    item_id="i1",
    title="Donor sends launchers",
    link="https://a.example/1",
    publisher="a.example",
    country="DE",
    speaker="jane-doe",
    quote="We will send more.",
    stance=Stance(score=0.5, label="softening", words=("send more +1",)),
    amounts=(
        Amount(value=Decimal(105000000), currency="USD", words="$105 million"),
        Amount(value=Decimal(5), currency="EUR"),
    ),
    systems=(System(id="x", name="Launcher", quantity=12), System(id="y", name="Radar")),
    stage="announced",
    donor="DE",
    at=NOW,
)
BARE = Observation(id="o2", rule="aid", rule_version="v1", item_id="i2", title="Second report", at=NOW)
RULE = AlertRule(rule="aid", rule_title="Aid packages", rule_version="v1", name="each", severity=Severity.LOW)


def verdict(*observations: Observation) -> Verdict:
    return Verdict(group="g", firing=True, reason="a new package", observations=observations)


def alert(**changes: object) -> Alert:
    plain = Alert(
        id="0123456789abcdef",
        rule="aid",
        rule_version="v1",
        name="each",
        group="g",
        severity=Severity.LOW,
        title="Aid: launchers",
        reason="a new package",
        link="https://a.example/1",
        observation_ids=("o1", "o2", "o3"),
        publishers=("a.example", "b.example"),
        opened_at=NOW,
        updated_at=NOW,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_every_field_of_a_template_is_known_and_filled() -> None:
    found = fields(RULE, verdict(BARE, FULL))
    assert found.keys() == FIELDS.keys()
    assert found == {
        "headline": "Donor sends launchers",
        "quote": "We will send more.",
        "speaker": "Jane Doe",
        "stance": "softening",
        "amount": "$105 million, 5 EUR",
        "systems": "12 × Launcher, Radar",
        "stage": "announced",
        "donor": "DE",
        "publisher": "a.example",
        "publishers": "1",
        "count": "2",
        "country": "DE",
        "group": "g",
        "reason": "a new package",
        "rule": "Aid packages",
        "severity": "low",
    }


def test_a_title_without_a_template_names_rule_and_headline() -> None:
    assert title_of(RULE, verdict(FULL)) == "Aid packages: Donor sends launchers"
    assert title_of(RULE, verdict()) == "Aid packages"


def test_a_title_that_comes_out_empty_falls_back_to_the_rule() -> None:
    assert title_of(replace(RULE, title="{quote}"), verdict(BARE)) == "Aid packages"


def test_a_rule_may_write_the_body() -> None:
    rule = replace(RULE, body="Sum: {amount}\nStage: {stage}")
    assert body_of(rule, verdict(FULL)) == "Sum: $105 million, 5 EUR\nStage: announced"
    assert body_of(RULE, verdict(FULL)) == ""


def test_a_message_tells_what_who_where_and_why() -> None:
    message = render(alert(body="A body."), [FULL, BARE])
    assert (message.title, message.link, message.severity) == ("Aid: launchers", "https://a.example/1", Severity.LOW)
    assert message.body == (
        "A body.\n\n"
        "Why: a new package\n\n"
        "Jane Doe, a.example, 1 Mar 2026: “We will send more.”\n"
        "Read as: softening +0.5 (send more +1); $105 million, 5 EUR; 12 × Launcher, Radar; announced\n"
        "https://a.example/1\n\n"
        "1 Mar 2026: “Second report”\n\n"
        "3 reports, 2 publishers (1 not shown). Alert 01234567, low."
    )


def test_a_message_without_reports_still_says_why() -> None:
    message = render(alert(observation_ids=(), publishers=()), [])
    assert message.body == "Why: a new package\n\nAlert 01234567, low."


def test_an_unread_stance_is_not_shown() -> None:
    unread = replace(BARE, stance=Stance(score=None, label="unread"))
    assert "Read as" not in render(alert(), [unread]).body
    bare = replace(BARE, stance=Stance(score=0.0, label="fixed"))
    assert "Read as: fixed +0.0\n" in render(alert(), [bare, FULL]).body


def test_only_the_newest_reports_are_shown() -> None:
    many = [replace(BARE, id=str(n), title=f"Report {n}") for n in range(20)]
    body = render(alert(observation_ids=tuple(o.id for o in many), publishers=("a.example",)), many).body
    assert "Report 19”" in body
    assert "Report 13”" not in body
    assert "20 reports, 1 publisher (14 not shown)" in body


def test_links_that_are_no_web_addresses_are_left_out() -> None:
    for link in ("javascript:alert(1)", "https://a.example/" + "x" * 3000, "ftp://a.example"):
        message = render(alert(link=link), [replace(FULL, link=link)])
        assert message.link == ""
        assert link[:20] not in message.body


def test_the_longest_message_keeps_its_alert_id() -> None:
    long = replace(
        FULL, quote="q" * 9000, link="https://a.example/" + "x" * 400, publisher="p" * 500, stage="s " * 1000
    )
    message = render(alert(body="b " * 5000), [long] * 9)
    assert len(message.body) <= BODY_LIMIT
    assert message.body.endswith(f"Alert {short_id(alert())}, low.")


SOFT = replace(BARE, id="o4", speaker="jane-doe", quote="We are open.", stance=Stance(score=1.0, label="softening"))
HARD = replace(
    BARE, id="o3", speaker="jane-doe", quote="Never.", stance=Stance(score=-1.0, label="fixed"), state_media=True
)


def test_a_turn_shows_what_was_said_before_and_now_first() -> None:
    message = render(alert(), [HARD, BARE, SOFT], turn=Turn(before=HARD))
    assert message.lead == "Jane Doe: fixed → softening"
    assert [(quote.role, quote.words) for quote in message.quotes] == [
        ("before", "Never."),
        ("now", "We are open."),
        ("", "Second report"),
    ]
    assert "fixed → softening\n\nWhy: a new package\n\nBefore — Jane Doe, 1 Mar 2026: “Never.”" in message.body


def test_a_statement_before_that_is_not_among_the_reports_is_shown_too() -> None:
    message = render(alert(), [SOFT], turn=Turn(before=HARD))
    assert [quote.words for quote in message.quotes] == ["Never.", "We are open."]


def test_a_turn_between_speakers_names_none() -> None:
    assert render(alert(), [replace(SOFT, speaker="john")], turn=Turn(before=HARD)).lead == "fixed → softening"


def test_countries_and_unions_keep_their_capitals() -> None:
    assert render(alert(), [replace(BARE, speaker="us")]).quotes[0].speaker == "US"


def test_a_turn_without_two_names_has_no_lead() -> None:
    for newest in (replace(SOFT, stance=None), replace(SOFT, stance=Stance(score=None, label="unread")), HARD):
        assert render(alert(), [newest], turn=Turn(before=HARD)).lead == ""
    assert render(alert(), [], turn=Turn(before=HARD)).quotes == ()


def test_a_condition_may_say_itself_what_turned() -> None:
    message = render(alert(), [BARE], turn=Turn(words="talks only → talks and aid"))
    assert message.lead == "talks only → talks and aid"
    assert [quote.role for quote in message.quotes] == [""]


def test_news_stand_before_the_reason() -> None:
    message = render(alert(), [BARE], facts=["sum now “$2bn”, before “$1bn”"])
    assert message.facts == ("sum now “$2bn”, before “$1bn”",)
    assert message.body.startswith("New: sum now “$2bn”, before “$1bn”\n\nWhy: ")


def test_media_of_a_state_are_called_so() -> None:
    body = render(alert(), [replace(HARD, publisher="c.example")]).body
    assert "Jane Doe, c.example (state media), 1 Mar 2026: “Never.”" in body


def test_messages_about_one_story_share_a_thread_and_others_have_their_alert() -> None:
    told = replace(FULL, story="s1")
    assert render(alert(group="s1"), [told]).thread == render(alert(group="s1", id="other"), [told]).thread == "s1"
    assert render(alert(group="g"), [told]).thread == alert().id
    assert render(alert(group=""), [BARE]).thread == alert().id


texts = st.text(max_size=300)


@given(texts, texts, texts, texts)
def test_nothing_hidden_gets_through(title: str, quote: str, publisher: str, template: str) -> None:
    wild = replace(FULL, title=title, quote=quote, publisher=publisher, link=title, speaker=quote)
    rule = replace(RULE, title=template, body=template)
    built = alert(title=title_of(rule, verdict(wild)), body=body_of(rule, verdict(wild)), reason=quote)
    message = render(built, [wild])
    assert len(message.title) <= TITLE_LIMIT
    assert "\n" not in message.title
    hidden = {char for char in message.title + message.body if unicodedata.category(char) in ("Cc", "Cf", "Cs")}
    assert hidden <= set("\n\u200c\u200d")
