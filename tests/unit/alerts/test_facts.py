"""What is a new fact in a story that was already told."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.facts import facts, revision, same_wording
from monitor.model import Amount, Observation, Stance, System

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def money(millions: int, currency: str = "USD", *, total: bool = False, words: str = "") -> Amount:
    value = Decimal(millions) * 1_000_000
    usd = value if currency == "USD" else value * Decimal("1.158")
    return Amount(value=value, currency=currency, usd=usd, words=words or f"{millions}m {currency}", total=total)


def patriots(number: int | None) -> System:
    return System(id="patriot", name="Patriot", kind="air_defence", quantity=number)


def leaning(score: float | None, label: str) -> Stance:
    return Stance(score=score, label=label)


def report(*amounts: Amount, **fields: object) -> Observation:
    known = {"id": "1", "rule": "aid", "rule_version": "1", "item_id": "1", "story": "s", "publisher": "South Post"}
    return Observation(at=NOON, amounts=amounts, **(known | fields))  # type: ignore[arg-type]


# --- later reports --------------------------------------------------------------------------------------------------


def test_another_report_of_the_same_is_no_news():
    told = report(money(105), systems=(patriots(2),), stage="approved", stance=leaning(0.5, "softening"))
    assert facts([told], [told, replace(told, publisher="West Wire")]) == ()


def test_a_new_sum_is_told_against_the_old():
    assert facts([report(money(105))], [report(money(115))]) == ("sum now “115m USD” (South Post), before “105m USD”",)


def test_the_first_sum_is_news_too():
    assert facts([report()], [report(money(105))]) == ("sum now “105m USD” (South Post), none was told before",)


@pytest.mark.parametrize(
    "later",
    [report(money(500, "EUR")), report(money(580)), report(money(500, "EUR"), money(7000, total=True)), report()],
)
def test_the_same_sum_or_a_total_or_none_is_no_news(later: Observation):
    assert facts([report(money(500, "EUR"))], [later]) == ()


def test_two_new_reports_of_one_sum_tell_it_once():
    assert len(facts([report()], [report(money(105)), report(money(105), publisher="East")])) == 1


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("announced", "delivered", "stage now delivered (South Post), before announced"),
        ("", "approved", "stage now approved (South Post), before not told"),
        ("", "announced", None),
        ("delivered", "announced", None),
        ("approved", "approved", None),
        ("approved", "", None),
    ],
)
def test_only_a_furthered_stage_is_news(before: str, now: str, told: str | None):
    assert facts([report(stage=before)], [report(stage=now)]) == ((told,) if told else ())


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (2, 3, "now 3 × Patriot (South Post), before 2"),
        (None, 3, "now 3 × Patriot (South Post), before no number"),
        (2, None, None),
        (2, 2, None),
    ],
)
def test_another_number_of_a_system_is_news(before: int | None, now: int | None, told: str | None):
    changes = facts([report(systems=(patriots(before),))], [report(systems=(patriots(now),))])
    assert changes == ((told,) if told else ())


def test_a_number_told_of_the_kind_is_known():
    jets = System(id="jets_any", name="fighter jets", kind="aircraft")
    gripen = System(id="gripen", name="Gripen", kind="aircraft", quantity=100)
    assert facts([report(systems=(jets, gripen))], [report(systems=(replace(jets, quantity=100),))]) == ()


def test_a_system_not_named_before_is_no_other_number():
    assert facts([report()], [report(systems=(patriots(3),))]) == ()


def test_a_turned_stance_is_news():
    old, new = report(stance=leaning(-0.5, "hardening")), report(stance=leaning(0.5, "softening"))
    assert facts([old], [new, new]) == ("stance now softening +0.5 (South Post), before hardening",)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (leaning(0.1, "fixed"), leaning(0.3, "softening")),
        (leaning(None, "unread"), leaning(1.0, "softening")),
        (leaning(1.0, "softening"), leaning(None, "unread")),
        (leaning(0.3, "softening"), leaning(1.0, "softening")),
        (None, leaning(1.0, "softening")),
        (leaning(1.0, "softening"), None),
    ],
)
def test_a_stance_that_did_not_turn_in_earnest_is_no_news(before: Stance | None, now: Stance | None):
    assert facts([report(stance=before)], [report(stance=now)]) == ()


def test_another_speaker_of_another_mind_did_not_turn():
    old = report(stance=leaning(-1.0, "hardening"), speaker="kremlin")
    assert facts([old], [report(stance=leaning(1.0, "softening"), speaker="us")]) == ()


def test_several_stories_are_not_compared():
    assert facts([report(money(1), story="a")], [report(money(2), story="b")]) == ()
    assert facts([report(money(1), story="")], [report(money(2), story="", item_id="2")]) == ()
    assert facts([], [report(money(2))]) == facts([report(money(2))], []) == ()


@given(
    sums=st.lists(st.integers(1, 400), max_size=5),
    stages=st.lists(st.sampled_from(["", "announced", "approved", "delivered"]), min_size=5, max_size=5),
)
@settings(max_examples=80, deadline=None)
def test_what_was_told_is_not_told_again(sums: list[int], stages: list[str]):
    reports = [report(money(each), stage=stage) for each, stage in zip(sums, stages, strict=False)]
    assert facts(reports, reports[::-1]) == ()


# --- changed headlines ----------------------------------------------------------------------------------------------


def titled(title: str, *amounts: Amount, **fields: object) -> Observation:
    return report(*amounts, title=title, **fields)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kremlin open to talks", "Kremlin “open” to talks!"),
        ("Zelensky visits Uppsala", "Zelenskyy visits Uppsala"),
        ("Goverment aproves aid", "Government approves aid"),
        ("Песков заявил о готовности", "Песков заявил о готовносте"),
    ],
)
def test_a_mended_typing_error_is_the_same_wording(one: str, other: str):
    assert same_wording(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kremlin ready for talks", "Kremlin not ready for talks"),
        ("Kremlin now ready for talks", "Kremlin not ready for talks"),
        ("US sends 105 missiles", "US sends 115 missiles"),
        ("Norway sends F16 jets", "Norway sends F35 jets"),
        ("Moscow accepts plan", "Moscow rejects plan"),
    ],
)
def test_a_word_that_changes_the_meaning_is_not(one: str, other: str):
    assert not same_wording(one, other)


def test_a_changed_headline_is_told_against_the_old():
    old, new = titled("Kremlin ready for talks"), titled("Kremlin not ready for talks")
    assert revision(old, new, new.title) == (
        "headline now “Kremlin not ready for talks”, before “Kremlin ready for talks” (South Post)",
    )


def test_a_changed_headline_is_told_with_what_it_changes():
    old, new = titled("Aid of $105m", money(105, words="$105m")), titled("Aid of $115m", money(115, words="$115m"))
    told = revision(old, new, new.title)
    assert told[1:] == ("sum now “$115m” (South Post), before “$105m”",)


def test_a_mended_headline_is_told_only_if_it_is_read_differently():
    old, new = titled("Kremlin reqdy for talks"), titled("Kremlin ready for talks")
    assert revision(old, new, new.title) == ()
    turned = replace(new, stance=leaning(1.0, "softening"))
    assert len(revision(replace(old, stance=leaning(-1.0, "hardening")), turned, new.title)) == 2


def test_an_item_that_the_rule_does_not_select_any_more_says_so():
    told = revision(titled("Kremlin ready for talks"), None, "Clarification")
    assert told[1:] == ("it no longer says what the rule looks for",)


def test_the_same_headline_is_no_revision():
    assert revision(titled("Same", money(1)), titled("Same", money(2)), "Same") == ()


def test_a_report_that_calls_itself_a_correction_is_told():
    earlier = report(title="Sweden pledges Gripen jets")
    later = report(title="Correction: Sweden pledges parts of Gripen jets", publisher="North")
    assert facts([earlier], [later])[0].startswith("correction (North): “Correction: Sweden")
