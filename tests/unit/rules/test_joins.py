"""Which verdicts join an open alert."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from monitor.model import AlertRule, Evidence, Observation, Severity, Verdict
from monitor.rules.conditions.each import Each
from monitor.rules.joins import Event, hosts, joined, why
from monitor.rules.rule import CompiledAlert
from tests.histories import NOW, seen

TITLES = ("Estonia suspects sabotage on its railway", "Railway sabotage in Estonia: police search for two men")


def report(number: int, title: str = TITLES[0], hours: float = 0, place: str = "Estonia") -> Observation:
    evidence = tuple(Evidence(clause="near", words=word) for word in (place, "sabotage"))
    name = f"{number}"
    return seen(-hours / 24, id=name, story=name, item_id=name, publisher=name, title=title, evidence=evidence)


def verdict(*reports: Observation, firing: bool = True) -> Verdict:
    return Verdict(group=reports[0].story, firing=firing, reason=f"{len(reports)} here", observations=reports)


def event(*reports: Observation, opened: float = 0) -> Event:
    return Event(group=reports[0].story, opened_at=NOW + timedelta(hours=opened), reports=reports)


def groups(verdicts: Sequence[Verdict]) -> list[str]:
    return [each.group for each in verdicts]


def test_another_story_of_the_same_event_joins_its_alert_and_says_why() -> None:
    [found] = joined([verdict(report(2, TITLES[1], hours=3))], [event(report(1))], NOW + timedelta(hours=3))
    assert (found.group, found.firing) == ("1", True)
    assert found.reason == "1 here; told before: same act, same place, 3 hours apart"


def test_what_tells_another_event_opens_its_own() -> None:
    news = [verdict(report(2, "Latvia suspects sabotage on its railway", place="Latvia"))]
    assert joined(news, [event(report(1))], NOW) == news


def test_a_day_after_its_beginning_an_event_takes_in_nothing_more() -> None:
    later = NOW + timedelta(hours=25)
    known = event(report(1), report(3, hours=24))
    assert groups(joined([verdict(report(2, TITLES[1], hours=25))], [known], later)) == ["2"]


def test_a_story_that_joined_before_stays_with_its_alert() -> None:
    known = event(report(1), report(2))
    later = verdict(report(2, "Nothing in common", hours=40, place="Norway"))
    assert groups(joined([later], [known], NOW + timedelta(hours=40))) == ["1"]


def test_of_several_stories_in_one_poll_the_first_is_the_event() -> None:
    [found] = joined([verdict(report(1)), verdict(report(2, TITLES[1])), verdict(report(3))], [], NOW)
    assert found.group == "1"
    assert [each.id for each in found.observations] == ["1", "2", "3"]


def test_of_several_events_it_joins_the_one_told_in_the_likest_words() -> None:
    blast = report(1, "Estonia: blast of unknown origin is sabotage, too")
    railway = report(2, "Railway sabotage in Estonia: police search for a van")
    assert groups(joined([verdict(report(3, TITLES[1]))], [event(blast), event(railway)], NOW)) == ["2"]


def test_what_does_not_fire_joins_nothing_and_moves_nothing() -> None:
    waiting = verdict(report(2, TITLES[1]), firing=False)
    assert joined([waiting], [event(report(1))], NOW) == [waiting]
    own = verdict(report(1), firing=False)
    assert joined([own, verdict(report(2, TITLES[1]))], [event(report(1))], NOW)[0].firing


def test_a_verdict_joins_only_with_all_its_reports() -> None:
    both = verdict(report(2, TITLES[1]), report(2, "Estonia charges two men with sabotage"))
    assert groups(joined([both], [event(report(1))], NOW)) == ["2"]


def test_the_reason_of_a_stored_report_is_found_again() -> None:
    assert why(report(2, TITLES[1], hours=2), [report(1)]) == "same act, same place, 2 hours apart"
    assert why(report(2, "Nothing in common", place="Norway"), [report(1)]) == ""


@pytest.mark.parametrize(
    ("name", "expected"), [("loud", {"loud"}), ("quiet", {"loud", "quiet"}), ("by story", set[str]())]
)
def test_the_quieter_entry_joins_the_louder_one(name: str, expected: set[str]) -> None:
    entries = [
        entry("loud", Severity.MEDIUM),
        entry("quiet", Severity.INFO),
        entry("by story", Severity.HIGH, joins=False),
    ]
    [mine] = [each for each in entries if each.rule.name == name]
    assert hosts(entries, mine) == expected


def entry(name: str, severity: Severity, *, joins: bool = True) -> CompiledAlert:
    rule = AlertRule(rule="r", rule_title="R", rule_version="1", name=name, severity=severity)
    return CompiledAlert(rule=rule, condition=Each(), joins=joins)
