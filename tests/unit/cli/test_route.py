"""`monitor route test`: who would hear of an alert, when, and why not."""

import pytest

from monitor.model import Mute
from monitor.store import Store
from tests.fakes import MORNING
from tests.unit.cli.conftest import Installation

SUBSCRIPTIONS = """\
channels:
  console: {}
  desk: {kind: console}
  mail: {url: "mailto://u:p@mail.example?to=a@b.example"}
subscriptions:
  everything: {channel: console, at_least: low}
  fruit: {channel: desk, tags: [fruit], cadence: {medium: hourly}, zone: Europe/Kyiv,
          quiet: {from: "22:00", to: "07:00"}}
  anna: {channel: mail, address: anna@newsroom.example, rules: [plums], langs: [uk]}
  late: {channel: console, rules: [plums]}
"""
NIGHT = ("--at", "2026-03-01T22:30")


@pytest.fixture
def readers(bare: Installation) -> Installation:
    bare.write("rules/plums.yaml", RULE)
    bare.configure(SUBSCRIPTIONS)
    return bare


RULE = """\
rule: plums
title: Plums
tags: [fruit]
match: [plum~]
alerts: [{name: any, when: each, severity: medium}, {name: many, when: {count: 9, within: 1h}, severity: high}]
"""


def hears(readers: Installation, *asked: str) -> dict[str, tuple[str, str]]:
    return {row["subscription"]: (row["hears"], row["why"]) for row in readers.json("route", "test", *asked)}


def test_every_subscription_is_shown_with_when_and_why(readers: Installation):
    assert hears(readers, "--rule", "plums", "--severity", "medium", "--lang", "en", *NIGHT) == {
        "everything": ("now", ""),
        "fruit": ("later", "hourly digest at 2026-03-02 07:00 Europe/Kyiv (after the quiet hours)"),
        "anna": ("no", 'its reports are in "en", but none in "uk"'),
        "late": ("no", '"everything" tells the same target'),
    }


def test_a_rule_alone_stands_for_its_loudest_alert(readers: Installation):
    assert hears(readers, "--rule", "plums", *NIGHT)["fruit"] == ("now", "")


def test_a_tag_alone_is_enough_to_ask(readers: Installation):
    told = hears(readers, "--tag", "nuts", "--severity", "info", *NIGHT)
    assert told["everything"] == ("no", 'severity info is below "low"')
    assert told["fruit"] == ("no", 'it has "nuts", but none of "fruit"')


def test_a_mute_is_named(readers: Installation):
    readers.ok("route", "test", "--rule", "plums")
    store = Store.open(f"sqlite:///{readers.folder}/monitor.db")
    with store.unit() as unit:
        unit.keep_mute(Mute(id="m", rule="plums", author="Anna", created_at=MORNING))
    store.close()
    assert hears(readers, "--rule", "plums")["everything"] == ("no", "muted by Anna until it is lifted")


def test_an_alert_that_was_found_can_be_asked_about(alerted: Installation):
    [alert] = alerted.json("alerts", "list")
    assert "desk" in alerted.ok("route", "test", alert["id"][:6])


def test_expectations_are_kept_or_the_command_ends_with_1(readers: Installation):
    asked = ("route", "test", "--rule", "plums", "--lang", "uk")
    readers.ok(*asked, "--expect", "everything, fruit, anna")
    result = readers.run(*asked, "--expect", "everything,boris")
    assert result.exit_code == 1
    assert "Expected, but not told: boris" in result.output
    assert "Told, but not expected: anna, fruit" in result.output


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(("--rule", "plumbs"), 'did you mean "plums"?'), (("--at", "noon"), "must be a time such as")],
)
def test_what_cannot_be_asked_is_explained(readers: Installation, asked: tuple[str, str], expected: str):
    result = readers.run("route", "test", *asked)
    assert result.exit_code == 2
    assert expected in " ".join(result.output.replace("│", " ").split())


def test_an_address_that_its_channel_cannot_send_to_is_found_by_check(readers: Installation):
    readers.configure(SUBSCRIPTIONS.replace("channel: mail, address", "channel: console, address"))
    assert 'monitor.yaml:9:37: "address": ' in readers.refused("check")
