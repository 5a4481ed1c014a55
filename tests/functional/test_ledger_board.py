"""`monitor ledger` and `monitor board` on a real database: what an analyst sees."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from monitor.cli.main import app
from monitor.cli.options import now
from monitor.cli.stored import store_of
from monitor.model import Amount, Item, Observation, Outcome, System
from monitor.settings import load

RULE = """\
rule: aid
title: Aid
question: How much, and how fast?
tags: [aid]
match: [aid]
extract: {amount: true, systems: true, stage: true, donor: true}
alert: low
"""
CONFIGURATION = """\
database: sqlite:///monitor.db
rules: [rules]
feeds:
  - {id: north, url: "https://north.example/feed", publisher: North Daily}
channels: {console: {}}
"""
PATRIOT = System(id="patriot", name="Patriot", kind="air_defence", quantity=2)


@dataclass(slots=True)
class Desk:
    """A small installation, what is stored in it, and a way to call commands."""

    folder: Path

    def ok(self, *args: str) -> str:
        result = CliRunner().invoke(app, list(args), prog_name="monitor")
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    def json(self, *args: str) -> Any:
        return json.loads(self.ok(*args))

    def keep(self, observations: Iterable[Observation]) -> None:
        kept = tuple(observations)
        items = [Item(id=each.item_id, feed_id="north", title=each.title, first_seen_at=each.at) for each in kept]
        with store_of(load(self.folder / "monitor.yaml")) as store, store.unit() as unit:
            unit.add_items(items)
            unit.save(Outcome(observations=kept))

    def watch(self, since: datetime) -> None:
        """As if the feed had been read from then until now."""
        at = now()
        with store_of(load(self.folder / "monitor.yaml")) as store:
            [lease] = store.claim_feeds(at, limit=1, ttl=timedelta(minutes=1), feed_ids=["north"])
            with store.unit() as unit:
                unit.finish_feed(lease, replace(lease.state, first_polled_at=since, last_success_at=at))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "aid.yaml").write_text(RULE, encoding="utf-8")
    (tmp_path / "monitor.yaml").write_text(CONFIGURATION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_CONFIG", "monitor.yaml")
    monkeypatch.delenv("MONITOR_DATABASE", raising=False)
    return Desk(tmp_path)


def report(id_: str, at: datetime, *, donor: str, millions: int = 0, title: str = "", **more: Any) -> Observation:
    value = Decimal(millions) * 1_000_000
    amounts = (Amount(value=value, currency="USD", usd=value, rate_date="2025-11-19"),) if millions else ()
    named = {"publisher": f"Paper {id_}", "link": f"https://{id_}.example/1", "title": title or f"Aid from {donor}"}
    return Observation(
        id=id_, rule="aid", rule_version="1", item_id=id_, at=at, donor=donor, amounts=amounts, **(named | more)
    )


@pytest.fixture
def told(desk: Desk) -> Desk:
    at = now()
    desk.keep([
        report("a", at - timedelta(days=40), donor="Spain", millions=900, stage="announced"),
        report("b", at - timedelta(days=1), donor="Norway", millions=150, stage="announced"),
        report("c", at - timedelta(hours=3), donor="Norway", millions=150, stage="approved"),
        report("d", at - timedelta(hours=2), donor="Germany", systems=(PATRIOT,), stage="delivered"),
    ])  # fmt: skip
    return desk


# --- the ledger -----------------------------------------------------------------------------------------------------


def test_the_ledger_shows_each_package_once_and_sums_up_weeks(told: Desk):
    lines = told.ok("ledger").splitlines()
    assert [line.split()[1] for line in lines[1:4]] == ["Spain", "Norway", "Germany"]
    assert "150 million USD" in lines[2]
    assert "approved" in lines[2]
    assert "2 × Patriot" in lines[3]
    assert "not told" in lines[3]
    assert lines[-1] == "Dollars at the reference rates of 2025-11-19."


def test_the_ledger_is_data_too(told: Desk):
    ledger = told.json("ledger", "--format", "json", "--since", "30d")
    norway = ledger["packages"][0]
    assert (norway["donor"], norway["amount"]["usd"], norway["reports"]) == ("Norway", 150e6, 2)
    assert [step["stage"] for step in norway["stages"]] == ["announced", "approved"]
    assert sum(week["usd"] for week in ledger["weeks"]) == 150e6
    assert sum(week["unpriced"] for week in ledger["weeks"]) == 1


def test_the_ledger_can_be_narrowed_to_a_donor(told: Desk):
    assert [each["donor"] for each in told.json("ledger", "--donor", "ger", "--format", "json")["packages"]] == [
        "Germany"
    ]


def test_the_ledger_opens_in_a_spreadsheet(told: Desk):
    rows = list(csv.DictReader(io.StringIO(told.ok("ledger", "--format", "csv"))))
    assert [row["usd"] for row in rows] == ["900000000", "150000000", ""]
    assert rows[1]["publishers"] == "Paper b, Paper c"
    assert rows[1]["links"] == "https://b.example/1 https://c.example/1"
    assert rows[2]["delivered"] == f"{now() - timedelta(hours=2):%Y-%m-%d}"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t=", "\r=", "\u200b=", "＝"])
def test_no_headline_becomes_a_formula(desk: Desk, start: str):
    desk.keep([report("a", now(), donor="Spain", millions=1, title=start + 'HYPERLINK("https://evil.example","x")')])
    [row] = csv.DictReader(io.StringIO(desk.ok("ledger", "--format", "csv")))
    assert row["headline"].startswith("'")


def test_an_empty_ledger_says_so(desk: Desk):
    assert desk.ok("ledger") == "No packages.\n"
    assert desk.json("ledger", "--format", "json") == {"packages": [], "weeks": []}


def test_a_span_that_is_none_is_refused(desk: Desk):
    result = CliRunner().invoke(app, ["ledger", "--since", "lately"], prog_name="monitor")
    assert result.exit_code == 2


# --- the board ------------------------------------------------------------------------------------------------------


def test_a_fresh_board_says_that_nothing_was_watched(desk: Desk):
    shown = desk.ok("board")
    assert shown.startswith("0 of 1 feeds read, 1 never read; nothing has been watched yet")
    assert "Aid" in shown
    [row] = desk.json("board", "--json")["rows"]
    assert (row["reading"], row["last"], row["alerts"]) == ("nothing has been watched yet", None, [])


def test_the_board_tells_reading_trend_and_evidence(told: Desk):
    told.watch(now() - timedelta(days=9, hours=1))
    shown = told.ok("board")
    assert shown.startswith("1 of 1 feeds read; watching since ")
    assert "9 of 28 days watched" in shown
    assert "2 packages, 150 million USD in 7 days (1 without a sum): Norway 150 million USD, approved" in shown
    assert "  question  How much, and how fast?" in shown
    assert "“Aid from Germany” Paper d, 2 h ago https://d.example/1" in shown


def test_the_board_is_data_first(told: Desk):
    told.watch(now() - timedelta(days=9))
    shown = told.json("board", "--json")
    assert shown["coverage"]["text"] == "1 of 1 feeds read"
    [row] = shown["rows"]
    assert (row["rule"], row["reports"], row["last"]["publisher"]) == ("aid", 3, "Paper d")
    assert row["trend"]["direction"] in ("rising", "steady")


@pytest.mark.parametrize("command", ["ledger", "board"])
def test_a_broken_rule_file_is_told_with_its_line(desk: Desk, command: str):
    (desk.folder / "rules" / "aid.yaml").write_text("rule: aid\nmatch: [$nowhere]\n", encoding="utf-8")
    result = CliRunner().invoke(app, [command], prog_name="monitor")
    assert result.exit_code == 1
    assert "nowhere" in str(result.exception)
