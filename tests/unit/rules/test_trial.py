"""Tests in rule files: what passes, and in which words a difference is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.rules import trial
from monitor.rules.load import Loaded

LEXICON = """
    actors: {kremlin: {side: russia, en: [=Kremlin, =Peskov]}}
    scale: openness
    points: {1: {en: [open to, good basis]}, -1: {en: [reject~]}, 0: {en: [unchanged]}}
    systems: {patriot: {name: Patriot, terms: [Patriot]}}
    speech: {say: {en: [say~, call~]}, take: {en: [reject~]}}
"""
HEAD = """
    rule: r
    match: {speaker: [russia]}
    stance: {scale: openness, labels: {minus: hard, zero: fixed, plus: soft}}
    extract: {amount: true, systems: true, stage: true, donor: true}
"""


@pytest.fixture
def tried(load_text: Callable[..., Loaded]) -> Callable[..., list[str]]:
    """The differences of all tests of a rule."""

    def differences(text: str) -> list[str]:
        loaded = load_text(text, LEXICON)
        assert not loaded.problems, loaded.problems
        return [difference for result in trial.run(loaded) for difference in result.differences]

    return differences


@pytest.mark.parametrize(
    ("title", "expect", "difference"),
    [
        ("Peskov says Russia is open to talks", "{match: true, speaker: kremlin, stance: soft}", None),
        ("Peskov says Russia is open to talks", "{speaker: russia}", None),
        ("Kyiv waits", "{match: false}", None),
        ("Kyiv waits", "{match: true}", "does not match: speaker: russia"),
        ("Peskov says no", "{match: false}", "matches: Peskov says no"),
        ("Peskov says Russia is open to talks", "{stance: hard}", 'stance: expected "hard", found "soft" (open to'),
        ("Peskov says no", "{stance: hard}", 'stance: expected "hard", found "unread"'),
        ("Peskov says no", "{speaker: kiev}", 'speaker: expected "kiev", found "kremlin"'),
        ("Peskov says $105 million for a Patriot", "{amount: 105 million USD, systems: [patriot]}", None),
        ("Peskov says $105 million", "{amount: 1bn USD}", 'amount: expected "1bn USD", found 105,000,000 USD'),
        ("Peskov says $105 million", "{amount: ''}", 'amount: expected "none", found 105,000,000 USD'),
        ("Peskov says no", "{amount: 1bn USD}", 'amount: expected "1bn USD", found none'),
        ("Peskov says no", "{systems: patriot}", "systems: expected patriot, found none"),
        ("Peskov says Patriot", "{systems: []}", "systems: expected none, found patriot"),
        ("Peskov says no", "{stage: delivered}", 'stage: expected "delivered", found ""'),
        ("Peskov says no", "{donor: US}", 'donor: expected "US", found ""'),
    ],
)
def test_an_item_is_compared_with_what_was_expected(
    tried: Callable[..., list[str]], title: str, expect: str, difference: str | None
) -> None:
    found = tried(f'{HEAD}    tests: [{{item: {{title: "{title}"}}, expect: {expect}}}]\n')

    assert len(found) == (difference is not None)
    assert difference is None or found[0].startswith(difference)


SERIES = (
    HEAD
    + """
    alerts:
      - name: soft signal
        when: {first: "stance > 0", after: 5 observations}
        confirm: {publishers: 2, within: 12h}
      - {name: each, when: each}
      - {name: quiet, when: {silence: 21d}}
      - {name: many, when: {count: 3, within: 1d}, expires: 2d, cooldown: 5d}
    tests:
      - series:
          - {at: 0d, title: "Kremlin says positions unchanged"}
          - {at: 1d, title: "Peskov says positions unchanged", times: 5, every: 12h}
          - {at: 5d, title: "Peskov calls proposal a good basis", publisher: a.example}
          - {at: 5d2h, title: "Kremlin says plan is good basis", publisher: b.example}
"""
)


@pytest.mark.parametrize(
    ("expected", "differences"),
    [
        ("[{at: 5d2h, name: soft signal}]", []),
        (
            "[{at: 5d, name: soft signal}]",
            ['no alert "soft signal" at 5d', 'alert "soft signal" at 5d2h, not expected'],
        ),
        ("[{at: 26d3h, name: quiet}]", []),
        ("[{at: 5d2h, name: soft signal}, {at: 9d, name: many}]", ['no alert "many" at 9d']),
    ],
)
def test_a_series_opens_exactly_the_alerts_it_names(
    tried: Callable[..., list[str]], expected: str, differences: list[str]
) -> None:
    assert tried(f"{SERIES}        expect_alerts: {expected}\n") == differences


def test_an_empty_expectation_means_no_alert_at_all(tried: Callable[..., list[str]]) -> None:
    assert len(tried(f"{SERIES}        expect_alerts: []\n")) == 9


def test_alerts_end_cool_down_and_open_again(load_text: Callable[..., Loaded]) -> None:
    loaded = load_text(
        """
        rule: r
        match: [drone]
        alerts: [{name: many, when: {count: 3, within: 1d}, cooldown: 5d}, {name: one, when: each, expires: 2d}]
        tests:
          - name: ends and comes again
            series:
              - {at: 0d, title: drone, times: 3}
              - {at: 2d, title: drone, times: 3}
              - {at: 7d, title: drone, times: 3}
              - {at: 9d, title: drone, story: s}
              - {at: 10d, title: drone, story: s}
              - {at: 13d, title: drone, story: s}
              - {at: 14d, title: drone, historic: true}
            until: 20d
            expect_alerts: [{at: 0d, name: many}, {at: 7d, name: many}]
          - series:
              - {at: 9d, title: drone, story: s}
              - {at: 10d, title: drone, story: s}
              - {at: 13d, title: drone, story: s}
            expect_alerts: [{at: 9d}, {at: 13d}]
        """
    )

    results = trial.run(loaded)

    assert [(result.passed, result.differences) for result in results] == [(True, ()), (True, ())]
    assert [result.name for result in results] == ["ends and comes again", "drone"]
    assert trial.failures(results) == {}


def test_failures_are_listed_by_rule(load_text: Callable[..., Loaded]) -> None:
    results = trial.run(load_text("rule: r\nmatch: [x]\ntests: [{item: y, expect: {match: true}}]"))

    assert [result.number for result in trial.failures(results)["r"]] == [1]


def test_a_long_series_has_bounded_ticks(load_text: Callable[..., Loaded]) -> None:
    loaded = load_text(
        "rule: r\nmatch: [x1]\nalert: low\n"
        "tests: [{series: [{at: 0d, title: x1}], until: 500w, expect_alerts: [{at: 0d}]}]"
    )

    (result,) = trial.run(loaded)

    assert result.passed


def test_the_simulation_is_a_history(load_text: Callable[..., Loaded], seen: Callable) -> None:
    rules = load_text("rule: r\nmatch: [x1]").rules
    simulation = trial.Simulation(rules, rules.rules[0], seen=[seen(3), seen(2), seen(1, rule="other")])

    assert len(simulation.observations("r")) == 2
    assert len(simulation.observations("r", limit=1)) == 1
    assert len(simulation.observations("r", since=seen(2.5).at)) == 1
    assert simulation.watched_since("r", trial.BEGINNING + timedelta(days=1)) == trial.BEGINNING
