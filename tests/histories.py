"""Observations in memory, and rules from a few lines, for tests of conditions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from monitor.model import Amount, Observation, Stance, Verdict
from monitor.rules.conditions.base import Condition
from monitor.rules.conditions.table import CONDITIONS
from monitor.rules.load import Loaded, load

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = count(1)


def seen(days: float, score: float | None = None, **fields: Any) -> Observation:
    """An observation so many days before NOW; each is its own story, by an owner of its own, unless told otherwise."""
    name = f"{next(_numbers):05}"
    stance = {"stance": Stance(score=score, label=f"{score}")} if score is not None else {}
    known = {"rule": "r", "rule_version": "1", "item_id": name, "story": name, "title": f"Report {name}"}
    return Observation(**{"id": name, **known, "publisher": name, "at": NOW - timedelta(days=days), **stance, **fields})


def dollars(millions: float, *, total: bool = False) -> tuple[Amount, ...]:
    """One sum in US dollars."""
    value = Decimal(str(millions)) * 10**6
    return (Amount(value=value, currency="USD", usd=value, words=f"${millions}m", total=total),)


@dataclass
class Kept:
    """A history that knows since when, and what, was watched."""

    all: list[Observation] = field(default_factory=list)
    since: datetime | None = NOW - timedelta(days=365)
    failing: str = ""

    def observations(self, rule: str, since: datetime | None = None, limit: int | None = None) -> Sequence[Observation]:
        found = sorted((o for o in self.all if o.rule == rule and (since is None or o.at >= since)), key=_order)
        return found[-limit:] if limit else found

    def watched_since(self, rule: str, now: datetime) -> datetime | None:
        return self.since

    def unwatched(self, rule: str, now: datetime) -> str:
        return self.failing


def _order(observation: Observation) -> tuple[datetime, str]:
    return observation.at, observation.id


def condition(when: dict[str, Any], *group: str) -> Condition:
    """A condition from what stands below `when`."""
    kind = CONDITIONS[next(iter(when))]
    return kind.build(kind.SPEC.model_validate(when), group, confirmed=False)


def verdict(when: dict[str, Any], history: Kept, now: datetime = NOW) -> Verdict:
    """The only verdict of a condition on rule r."""
    [found] = condition(when).judge("r", (), history, now)
    return found


def load_text(folder: Path, *texts: str) -> Loaded:
    """Rules from their texts."""
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    return load([folder])
