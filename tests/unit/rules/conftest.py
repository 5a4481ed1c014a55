"""Rules from a few lines of YAML, items from a headline, observations from a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from monitor.model import Item, Observation, Stance
from monitor.rules.load import Loaded, load

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a file below the rules folder of this test."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")
        return path

    return written


@pytest.fixture
def load_text(tmp_path: Path, write: Callable[[str, str], Path]) -> Callable[..., Loaded]:
    """Loads one rule, with lexicons as further texts."""

    def loaded(text: str, *lexicons: str) -> Loaded:
        write("rule.yaml", text)
        for number, lexicon in enumerate(lexicons):
            write(f"lexicons/{number}.yaml", lexicon)
        return load([tmp_path])

    return loaded


def make_item(title: str = "", **fields: Any) -> Item:
    return Item(**{"id": "1", "feed_id": "feed", "first_seen_at": NOW, "title": title} | fields)


@pytest.fixture
def item() -> Callable[..., Item]:
    return make_item


@pytest.fixture
def selects(load_text: Callable[..., Loaded]) -> Callable[..., bool]:
    """Whether a match expression selects an item with this title and these fields."""

    def selected(expression: str, title: str = "", lexicon: str = "lists: {}", **fields: Any) -> bool:
        loaded = load_text(f"rule: r\nmatch: {expression}\n", lexicon)
        assert not loaded.problems, loaded.problems
        return bool(loaded.rules.match([make_item(title, **fields)]))

    return selected


@pytest.fixture
def why(load_text: Callable[..., Loaded]) -> Callable[..., str]:
    """Why a match expression does not select an item."""

    def reason(expression: str, title: str = "", **fields: Any) -> str:
        loaded = load_text(f"rule: r\nmatch: {expression}\n")
        assert not loaded.problems, loaded.problems
        result = loaded.rules.evaluate(make_item(title, **fields), "r").result
        assert not result.holds
        return f"{result.label}: {result.why}"

    return reason


@pytest.fixture
def problems(load_text: Callable[..., Loaded]) -> Callable[..., list[str]]:
    """What is wrong with a rule, as line:column: message (hint)."""

    def found(text: str, *lexicons: str) -> list[str]:
        loaded = load_text(text, *lexicons)
        return [str(problem).split("rule.yaml:")[-1] for problem in loaded.problems]

    return found


# --- observations ---------------------------------------------------------------------------------------------------


_numbers = count(1)


@pytest.fixture
def seen() -> Callable[..., Observation]:
    """An observation so many days (and hours) before now; each is its own story unless told otherwise."""

    def made(days: float = 0, score: float | None = None, **fields: Any) -> Observation:
        number = next(_numbers)
        observation = Observation(
            id=str(number), rule="r", rule_version="v", item_id=str(number), title=f"title {number}",
            story=f"story {number}", publisher="a.example", at=NOW - timedelta(days=days),
        )  # fmt: skip
        label = "unread" if score is None else "plus" if score > 0 else "minus" if score < 0 else "zero"
        return replace(observation, **({"stance": Stance(score=score, label=label)} | fields))

    return made


@dataclass
class Memory:
    """Observations in memory."""

    kept: list[Observation] = field(default_factory=list)

    def observations(self, rule: str, since: datetime | None = None, limit: int | None = None) -> Sequence[Observation]:
        found = sorted(
            (o for o in self.kept if o.rule == rule and (since is None or o.at >= since)), key=lambda o: o.at
        )
        return found[-limit:] if limit else found


@dataclass
class WatchedMemory(Memory):
    """Observations of feeds that have been polled without a gap."""

    since: datetime | None = None

    def watched_since(self, rule: str, now: datetime) -> datetime | None:
        return self.since


@pytest.fixture
def memory() -> Callable[..., Memory]:
    return lambda *observations: Memory(list(observations))


@pytest.fixture
def watched() -> Callable[..., WatchedMemory]:
    return lambda since, *observations: WatchedMemory(list(observations), since)


@pytest.fixture
def condition(load_text: Callable[..., Loaded]) -> Callable[..., Any]:
    """The condition of one alert, from its YAML."""

    def compiled(alert: str) -> Any:
        loaded = load_text(f"rule: r\nmatch: [x]\nalerts:\n  - {alert}\n")
        assert not loaded.problems, loaded.problems
        return next(rule for rule in loaded.rules.rules if rule.id == "r").alerts[0].condition

    return compiled


@pytest.fixture
def firing() -> Callable[..., dict[str, str]]:
    """The reasons of firing verdicts by group."""

    def reasons(verdicts: Iterator[Any]) -> dict[str, str]:
        return {verdict.group: verdict.reason for verdict in verdicts if verdict.firing}

    return reasons
