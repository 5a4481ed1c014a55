"""The board: what it says of every indicator, and what it does not claim to know."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Alert, Amount, FeedState, Observation, Severity, Stance, System
from monitor.rules.board import Board, Known, Row, board, cover
from monitor.rules.lexicons import Scale
from monitor.rules.load import load
from monitor.rules.rule import Baseline, ExtractSpec, Rule, StanceSpec

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
LABELS = StanceSpec(scale=Scale(name="s", points={}, terms={}), minus="hardening", zero="fixed", plus="softening")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Rule:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "plain.yaml").write_text(
        "rule: plain\ntitle: Plain\nquestion: Why?\nmatch: [word]\nalert: low\n", "utf-8"
    )
    loaded = load([folder])
    assert not loaded.problems
    return loaded.rules.rules[0]


def feed(days: float = 60, *, last: float = 0, name: str = "north") -> FeedState:
    return FeedState(
        feed_id=name,
        url="https://north.example/feed",
        next_due_at=NOW,
        first_polled_at=NOW - timedelta(days=days),
        last_success_at=NOW - timedelta(days=last),
    )


def said(id_: str, days: float, score: float | None = None, **fields: object) -> Observation:
    stance = Stance(score=score, label="") if score is not None else None
    known = {"item_id": id_, "rule": "plain", "rule_version": "1", "publisher": "North", "title": f"Headline {id_}"}
    return Observation(id=id_, at=NOW - timedelta(days=days), stance=stance, **(known | fields))  # type: ignore[arg-type]


def given_aid(id_: str, days: float, millions: int = 0, **fields: object) -> Observation:
    value = Decimal(millions) * 1_000_000
    amounts = (Amount(value=value, currency="USD", usd=value),) if millions else ()
    return said(id_, days, amounts=amounts, **fields)


def drawn(
    rules: Sequence[Rule], seen: Mapping[str, Sequence[Observation]], feeds: Sequence[FeedState] = (feed(),)
) -> Board:
    return board(rules, Known(observations=seen, feeds=feeds), NOW)


def row(rule: Rule, seen: Sequence[Observation], feeds: Sequence[FeedState] = (feed(),)) -> Row:
    [only] = drawn([rule], {rule.id: sorted(seen, key=lambda each: each.at)}, feeds).rows
    return only


# --- how well we watch ----------------------------------------------------------------------------------------------


def test_a_fresh_database_has_watched_nothing(plain: Rule):
    unread = replace(feed(), first_polled_at=None, last_success_at=None)
    shown = drawn([plain], {}, [unread])
    assert str(shown.coverage) == "0 of 1 feeds read, 1 never read"
    assert shown.rows[0].reading == "nothing has been watched yet"
    assert (shown.rows[0].watched, shown.rows[0].last) == ("0 of 28 days watched", None)
    assert str(shown.rows[0].trend) == "too early to tell"
    assert str(cover([], NOW)) == "no feeds are declared"


def test_coverage_tells_stale_feeds():
    slow = replace(feed(last=0.4, name="slow"), interval=timedelta(hours=4))
    shown = cover([feed(9), feed(last=0.3, name="south"), slow, replace(feed(), first_polled_at=None)], NOW)
    assert str(shown) == "2 of 4 feeds read, 1 stale, 1 never read"
    assert cover([feed(9), feed(3)], NOW).since == NOW - timedelta(days=9)


def test_coverage_tells_feeds_that_are_silent_against_their_own_rate():
    mute = replace(feed(9, name="south"), overdue_at=NOW - timedelta(hours=1))
    shown = cover([feed(9), mute], NOW)
    assert str(shown) == "2 of 2 feeds read, 1 silent"
    assert str(cover([feed(9), replace(mute, overdue_at=NOW)], NOW)) == "2 of 2 feeds read"


def test_the_row_says_how_full_the_baseline_is(plain: Rule):
    assert row(plain, [], [feed(9.5)]).watched == "9 of 28 days watched"
    assert row(plain, [], [feed(90)]).watched == "28 of 28 days watched"


# --- readings -------------------------------------------------------------------------------------------------------


def test_stories_and_publishers_are_counted_where_a_rule_reads_no_more(plain: Rule):
    shown = row(plain, [said("a", 1, story="s"), said("b", 0.5, story="s", publisher="South"), said("c", 2)])
    assert shown.reading == "2 stories in 7 days, 2 publishers"
    assert (shown.reports, shown.stories, shown.daily) == (3, 2, (0, 0, 0, 0, 1, 1, 0))


def test_silence_is_told_with_what_we_know(plain: Rule):
    assert row(plain, [said("a", 12)]).reading == "nothing in 7 days; last seen 12 days ago"
    assert row(plain, [], [feed(9)]).reading == "nothing seen in 9 days watched"


def test_a_stance_is_told_with_its_mean_over_statements_not_reports(plain: Rule):
    rule = replace(plain, stance=LABELS)
    copies = [said(f"copy-{n}", 1, 1.0, story="wire", speaker="kremlin") for n in range(9)]
    others = [said(f"s{n}", 2 + n / 4, score) for n, score in enumerate([-0.5, -0.5, 0.0, 0.0])]
    before = [said(f"b{n}", 8 + n, 0.0) for n in range(12)]
    shown = row(rule, [*copies, *others, *before])
    assert shown.reading == "fixed, +0.0, 5 statements in 7 days, no shift"
    assert shown.score == 0.0


def test_a_move_is_told_against_what_was_before(plain: Rule):
    rule = replace(plain, stance=LABELS)
    seen = [said(f"n{n}", n, 0.6) for n in range(5)] + [said(f"b{n}", 8 + n, -0.4) for n in range(12)]
    assert row(rule, seen).reading == "softening, +0.6, 5 statements in 7 days, moved from hardening, -0.4"


def test_few_statements_tell_no_shift_and_unread_ones_are_not_zero(plain: Rule):
    rule = replace(plain, stance=LABELS)
    unread = replace(said("u", 1), stance=Stance(score=None, label="unread"))
    assert row(rule, [unread]).reading == "unread, 1 statement in 7 days"
    needed = "1 of 5 now, 0 of 12 in the 28 days before"
    told = f"hardening, -0.8, 2 statements in 7 days (1 unread), too few to tell a shift ({needed})"
    assert row(rule, [unread, said("a", 1, -0.8)]).reading == told


def test_aid_is_told_in_packages_and_sum(plain: Rule):
    rule = replace(plain, extract=ExtractSpec(amount=True))
    patriot = System(id="patriot", name="Patriot")
    seen = [
        given_aid("a", 6, 100, donor="Spain", stage="announced"),
        given_aid("b", 5, 100, donor="Spain", stage="approved"),
        given_aid("c", 3, 300, donor="Norway"),
        given_aid("d", 2, donor="Germany", systems=(patriot,), stage="delivered"),
        given_aid("e", 1, 20),
        given_aid("old", 20, 900, donor="Denmark"),
    ]
    assert row(rule, seen).reading == (
        "4 packages, 420 million USD in 7 days (1 without a sum): Norway 300 million USD; "
        "Spain 100 million USD, approved; unknown donor 20 million USD; 1 more"
    )
    assert row(rule, [said("talk", 1)]).reading == "1 story in 7 days, 1 publisher"
    assert "Germany Patriot, delivered" in row(rule, seen[3:4]).reading


# --- the composite --------------------------------------------------------------------------------------------------


def composite(plain: Rule, aid: Sequence[Observation], talks: Sequence[Observation], watched: float = 60) -> Row:
    rules = [
        replace(plain, id="aid", extract=ExtractSpec(amount=True)),
        replace(plain, id="talks", tags=("diplomacy",)),
        replace(plain, id="both", tags=("composite", "diplomacy")),
    ]
    return drawn(rules, {"aid": aid, "talks": talks}, [feed(watched)]).rows[2]


def test_the_composite_reads_both_tracks(plain: Rule):
    talks, aid = [said(f"t{n}", n) for n in range(3)], [given_aid("a", 9, 100)]
    assert composite(plain, aid, talks).reading == "in parallel: 1 package in 21 days, 3 stories of talks in 7 days"
    assert composite(plain, [], talks).reading.startswith("instead of: 0 packages")
    assert composite(plain, [given_aid("a", 22, 100)], talks).reading.startswith("instead of")
    assert composite(plain, [], talks, watched=4).reading.startswith("not told yet, 4 of 21 days watched")
    assert composite(plain, [], talks[:2]).reading.startswith("neither")
    assert composite(plain, aid, []).reading.startswith("aid without talks")


def test_the_composite_shows_aid_falling_while_talks_rise(plain: Rule):
    aid = [given_aid(f"a{n}", 3.9 - n / 8, 100 + 50 * n) for n in range(9)]
    talks = [said(f"t{n}", 1.5 - n / 8) for n in range(9)]
    assert str(composite(plain, aid, talks, watched=4).trend) == (
        "aid falling: 0 in the last 2 days against 9 in the 2 days before; "
        "talks rising: 9 in the last 2 days against 0 in the 2 days before"
    )


STATE = """\
rule: both
title: Both
tags: [composite]
match: [nothing]
alerts:
  - name: reading
    when:
      state:
        military: {rules: [aid], within: 21d}
        diplomatic: {rules: [talks], at_least: 2, within: 7d}
      readings: {in parallel: [military, diplomatic], instead of: [diplomatic], military alone: [military], neither: []}
"""


def stated(tmp_path: Path, plain: Rule, watched: float, aid: Sequence[Observation]) -> str:
    """How the board reads a rule with a `state`, while talks go on every day."""
    (tmp_path / "both.yaml").write_text(STATE, encoding="utf-8")
    (tmp_path / "others.yaml").write_text("rule: aid\n---\nrule: talks\n", encoding="utf-8")
    loaded = load([tmp_path / "both.yaml"])
    assert not loaded.problems
    rules = [replace(plain, id="aid", extract=ExtractSpec(amount=True)), *loaded.rules.rules]
    talks = [said(f"t{n}", 59.5 - n) for n in range(60)]
    return drawn(rules, {"aid": aid, "talks": talks}, [feed(watched)]).rows[1].reading


def test_a_state_of_the_rule_itself_decides_what_the_composite_reads(plain: Rule, tmp_path: Path):
    told = stated(tmp_path, plain, 90, [given_aid("a", 30, 100)])
    assert told.startswith("instead of; from in parallel to instead of: military: nothing for 3 weeks")
    weekly = [given_aid(f"a{n}", 84 - 7 * n, 100 + 10 * n) for n in range(12)]
    assert stated(tmp_path, plain, 90, weekly).startswith("in parallel")


def test_a_state_that_was_not_watched_long_enough_decides_nothing(plain: Rule, tmp_path: Path):
    assert stated(tmp_path, plain, 4, [given_aid("a", 3, 100)]).startswith("aid without talks: 1 package in 21 days")


# --- evidence and alerts --------------------------------------------------------------------------------------------


def test_the_last_evidence_is_the_newest_with_its_quote_or_headline(plain: Rule):
    quoted = said("b", 0.1, quote="we are ready", speaker="kremlin", link="https://north.example/b")
    last = row(plain, [said("a", 1), quoted]).last
    assert last is not None
    assert (last.quote, last.speaker, last.publisher, last.at) == ("we are ready", "kremlin", "North", quoted.at)
    headline = row(plain, [said("a", 1)]).last
    assert headline is not None
    assert headline.quote == "Headline a"


def test_what_counts_later_than_now_is_not_told_yet(plain: Rule):
    assert row(plain, [said("a", 1), said("tomorrow", -1)]).reports == 1


def test_open_alerts_stand_in_the_row_of_their_rule(plain: Rule):
    alert = Alert(
        id="1", rule="plain", rule_version="1", name="report", group="", severity=Severity.HIGH, title="It turned",
        reason="why", observation_ids=("a", "b"), opened_at=NOW, updated_at=NOW,
    )  # fmt: skip
    known = Known(feeds=[feed()], alerts=[alert, replace(alert, rule="another")])
    [shown] = board([plain], known, NOW).rows
    assert [(each.title, each.severity, each.reports) for each in shown.alerts] == [("It turned", "high", 2)]


def test_what_was_true_when_the_rule_was_written_is_told_with_its_date(plain: Rule):
    based = replace(plain, baseline=Baseline(stance="fixed", note="Two prerequisites.", as_of="2025-11-19"))
    assert row(based, []).brief == "2025-11-19: fixed; Two prerequisites."
    assert row(plain, []).brief == ""


@given(days=st.lists(st.floats(0, 50), max_size=25), watched=st.floats(0, 60))
@settings(max_examples=60, deadline=None)
def test_every_figure_comes_from_the_data(plain: Rule, days: list[float], watched: float):
    shown = row(plain, [said(f"{n:02}", each) for n, each in enumerate(days)], [feed(watched)])
    assert shown.reports == sum(each < 7 for each in days) == sum(shown.daily)
