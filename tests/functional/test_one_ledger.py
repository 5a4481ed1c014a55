"""Ledger, board, total and pace count the same packages: to the cent, on recorded news and on the demo's."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from monitor.cli.items import items as read_items
from monitor.cli.replay import Archive
from monitor.model import Item, Observation
from monitor.rules.board import Known, board
from monitor.rules.conditions.total import Total
from monitor.rules.ledger import packages
from monitor.rules.load import load
from monitor.rules.readings import of_aid, tells_of_packages
from monitor.rules.rule import Rule
from monitor.shipped import RULES, SEEDS
from monitor.stories import Stories
from tests.histories import Kept

WEEK = timedelta(days=7)
CENT = Decimal("0.01")


def observed(items: Iterable[Item]) -> tuple[list[Rule], Kept, datetime]:
    """What the shipped rules that read packages see in some news, and when the last of it came."""
    told = Stories().assign(list(items))
    loaded = load([RULES])
    rules = [rule for rule in loaded.rules.rules if tells_of_packages(rule)]
    wanted = {rule.id for rule in rules}
    seen = [each for each in loaded.rules.match(told) if each.rule in wanted]
    return rules, Kept(seen), max(item.first_seen_at for item in told)


def check(rules: Iterable[Rule], known: Kept, now: datetime) -> Decimal:
    """That board and condition say what the ledger says of each rule's last week; the sum of all."""
    sums = Decimal(0)
    for rule in rules:
        seen: list[Observation] = [each for each in known.observations(rule.id) if each.at <= now]
        new = [package for package in packages(seen) if package.first_seen_at > now - WEEK]
        week = sum((package.usd for package in new), Decimal(0))
        [row] = board([rule], Known(observations={rule.id: seen}), now).rows
        assert row.rule == rule.id
        assert of_aid(packages(seen), now - WEEK).startswith(f"{len(new)} package") or not new
        reached = Total(at_least=week, within=WEEK).judge(rule.id, (), known, now)
        missed = Total(at_least=week + CENT, within=WEEK).judge(rule.id, (), known, now)
        assert [each.firing for each in reached] == [bool(new) and any(each.amount for each in new)]
        assert [each.firing for each in missed] == [False]
        sums += week
    return sums


def of_the_demo() -> list[Item]:
    """What the invented publishers print, each item first seen when it appears."""
    return [
        Item(
            id=f"{name}-{number}",
            feed_id=name,
            title=entry.title,
            summary=entry.summary,
            link=publisher.link(entry),
            publisher=publisher.publisher,
            owner=publisher.owner,
            country=publisher.country,
            lang=publisher.lang,
            state_media=publisher.state_media,
            published_at=entry.at,
            first_seen_at=entry.at,
        )
        for name, publisher in Archive.load(SEEDS / "replay").publishers.items()
        for number, entry in enumerate(publisher.items)
    ]


def test_they_agree_on_four_recorded_days(shared_data: Path) -> None:
    lines = shared_data / "news" / "replay_2025-11-17_2025-11-20.jsonl"
    news = list(read_items([str(lines)], datetime.fromisoformat("2025-11-21T00:00:00+00:00"), pytest.fail))
    assert check(*observed(news)) > 0


def test_they_agree_on_the_news_of_the_demo() -> None:
    rules, known, now = observed(of_the_demo())
    sums = [check(rules, known, now - weeks * WEEK) for weeks in range(5)]
    assert min(sums) == 0 < max(sums), "aid falls silent in the demo, and comes back"
