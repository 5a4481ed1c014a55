"""Live, restarted at random, and in one go: the same series gives the same alerts. Nothing hides in memory."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts import lifecycle
from monitor.model import Alert, AlertState, Item, Observation, Stance
from monitor.pipeline import Detector
from monitor.rules.load import load
from monitor.rules.operators.base import Context
from monitor.rules.rule import Readers, Rule, RuleSet, observation_of
from monitor.store import Store
from monitor.stories import Stories
from tests.histories import Kept, dollars

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAYS = timedelta(hours=1), 40
TICK = 12 * HOUR
RULES = (
    """\
rule: words
match: [word]
alerts:
  - {name: each, when: each, group: [story]}
  - {name: count, when: {count: 4, within: 48h}}
  - {name: spike, when: {spike: 24h, baseline: 14d}, cooldown: 12h}
  - {name: dip, when: {dip: 1d, baseline: 7d}}
  - {name: silence, when: {silence: 4d}}
  - {name: first, when: {first: "stance > 0", after: 5 observations}, confirm: {publishers: 2, within: 24h}}
  - {name: shift, when: {shift: stance, window: 7d, baseline: 21d}}
""",
    """\
rule: sums
match: [sum]
alerts:
  - {name: total, when: {total: amount, at_least: 1bn USD, within: 7d}, group: [donor]}
  - {name: pace, when: {pace: 2d, baseline: 8d}}
  - {name: sequence, when: {sequence: [words, sums], within: 2d}}
  - {name: without, when: {sequence: [sums], without: words, within: 2d}}
""",
    """\
rule: both
alerts:
  - name: reading
    when:
      state: {words: {rules: words, at_least: 3, within: 4d}, sums: {rules: sums, within: 6d}}
      readings: {parallel: [words, sums], words alone: [words], sums alone: [sums], neither: []}
""",
)


def observe(rule: Rule, item: Item, context: Context) -> Observation:
    """Reads stance and sum from the item's tags."""
    score, millions = (float(tag) for tag in item.tags)
    stance = Stance(score=score if abs(score) <= 1 else None, label="any")
    return replace(observation_of(rule, item), stance=stance, amounts=dollars(millions), donor=item.country)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rules")
    for number, text in enumerate(RULES):
        (path / f"{number}.yaml").write_text(text, encoding="utf-8")
    return path


def rules(folder: Path) -> RuleSet:
    loaded = load([folder], Readers(observe=observe))
    assert loaded.problems == ()
    return loaded.rules


def series(random: Random) -> dict[datetime, list[Item]]:
    """News in phases, each with its own pace and leaning, and the ticks between: what comes at each moment."""
    moments: dict[datetime, list[Item]] = {START + number * TICK: [] for number in range(DAYS * 24 * HOUR // TICK)}
    at, number = START, 0
    while at < START + timedelta(days=DAYS):
        pause, leaning = random.choice([1, 6, 12, 130]), random.choice([-1.0, 0.0, 0.5])
        for _ in range(random.randint(1, 40)):
            at += timedelta(hours=random.expovariate(1 / pause))
            number += 1
            moments.setdefault(at, []).append(_item(random, number, at, leaning))
    return {at: moments[at] for at in sorted(moments)}


def _item(random: Random, number: int, at: datetime, leaning: float) -> Item:
    score = leaning if random.random() < 0.7 else random.choice([-1.0, 1.0, 9.0])  # 9: no leaning to be read
    late = timedelta(hours=random.choice([0, 0, 0, 9]))
    return Item(
        id=f"{number:04}",
        feed_id="feed",
        title=f"{random.choice(['word', 'word', 'sum'])} {number}",
        tags=(str(score), str(random.choice([10, 200, 900]))),
        publisher=random.choice("abcd"),
        country=random.choice(["US", "NO"]),
        story=str(number - random.choice([0, 0, 1])),
        published_at=at - late,
        first_seen_at=at,
        historic=number < 4,
    )


def live(folder: Path, moments: dict[datetime, list[Item]], restarts: frozenset[int] = frozenset()) -> list[Alert]:
    """The service's engine on a store; at a restart everything but the store is made anew."""
    with closing(Store.open("sqlite://")) as store:
        store.migrate()
        detector = Detector(rules(folder), Stories())
        for number, (now, items) in enumerate(moments.items()):
            if number in restarts:
                detector = Detector(rules(folder), Stories())
            if items:
                with store.unit() as unit:
                    detector.detect(unit, unit.add_items(items), now)
            else:
                detector.tick(store, now)
        return sorted(store.alerts(limit=100_000), key=_order)


def in_one_go(folder: Path, moments: dict[datetime, list[Item]]) -> list[Alert]:
    """The conditions over observations in memory."""
    compiled = rules(folder)
    began = next(now for now, items in moments.items() if items)
    history, kept = Kept([], since=None), dict[tuple[str, str, str], list[Alert]]()
    for now, items in moments.items():
        found = compiled.match(items)
        history.all += found
        history.since = began if now >= began else None
        fresh = {each.rule for each in found if not each.historic}
        for rule in compiled.rules:
            if not items or rule.id in fresh or rule.reads & fresh:
                new = [each for each in found if each.rule == rule.id and not each.historic]
                _judge(rule, new, history, kept, now)
    return sorted((alert for alerts in kept.values() for alert in alerts), key=_order)


def _judge(rule: Rule, new: list[Observation], history: Kept, kept: dict, now: datetime) -> None:
    for alert in rule.alerts:
        verdicts = {each.group: each for each in alert.condition.judge(rule.id, new, history, now)}
        for group, verdict in verdicts.items():
            known = kept.setdefault((rule.id, alert.rule.name, group), [])
            _keep(known, lifecycle.advance(known[-1] if known else None, verdict, alert.rule, now))
        for (of, name, group), known in kept.items():
            if known and (of, name) == (rule.id, alert.rule.name) and group not in verdicts:
                _keep(known, lifecycle.expire(known[-1], alert.rule, now))


def _keep(known: list[Alert], after: Alert | None) -> None:
    if after is not None:
        known[:] = [*known[:-1], after] if known and known[-1].id == after.id else [*known, after]


def _order(alert: Alert) -> tuple[datetime, str]:
    return alert.opened_at, alert.id


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**32))
def test_the_same_series_gives_the_same_alerts(folder: Path, seed: int) -> None:
    random = Random(seed)
    moments = series(random)
    restarts = frozenset(random.sample(range(len(moments)), k=len(moments) // 5))
    expected = live(folder, moments)
    assert live(folder, moments, restarts) == expected
    assert in_one_go(folder, moments) == expected


def test_nearly_every_condition_speaks_up_in_some_series(folder: Path) -> None:
    alerts = [alert for seed in range(4) for alert in in_one_go(folder, series(Random(seed)))]
    names = {alert.rule.name for rule in rules(folder).rules for alert in rule.alerts}
    assert names - {alert.name for alert in alerts} <= {"dip", "pace"}, "these two need longer series"
    assert {alert.state for alert in alerts} == set(AlertState)
