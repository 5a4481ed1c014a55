"""Stories of real news, scored as labelled by hand: how often items of one event meet, and others do not."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from monitor.model import Item
from monitor.stories import Stories

REPLAY = "replay_2025-11-17_2025-11-20.jsonl"


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _at(published: str) -> datetime:
    """Some dates have no day or no time."""
    day = published + "-01" if len(published) == len("2025-01") else published
    at = datetime.fromisoformat(day)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _item(line: dict[str, Any]) -> Item:
    at = _at(line["published"])
    return Item(
        id=line["id"],
        feed_id=line["source"],
        publisher=line["source"],
        title=line["title"],
        summary=line["summary"],
        link=line["url"],
        lang=line.get("lang", ""),
        published_at=at,
        first_seen_at=at,
    )


def _stories(lines: Iterable[dict[str, Any]]) -> dict[str, str]:
    items = {line["id"]: _item(line) for line in lines}
    return {item.id: item.story for item in Stories().assign(list(items.values()))}


@pytest.fixture(scope="module", params=["labelled news alone", "labelled news amid four days of everything"])
def story(request: pytest.FixtureRequest, shared_data: Path) -> dict[str, str]:
    lines = _lines(shared_data / "news" / "items.jsonl")
    amid = _lines(shared_data / "news" / REPLAY) if "amid" in request.param else []
    return _stories([*amid, *lines])


@pytest.fixture(scope="module")
def groups(shared_data: Path) -> list[dict[str, Any]]:
    return _lines(shared_data / "news" / "stories.jsonl")


def _labelled_pairs(groups: list[dict[str, Any]]) -> Iterator[tuple[str, str, bool]]:
    label = {id_: group["story_id"] for group in groups if group["type"] == "story" for id_ in group["ids"]}
    for one, other in combinations(sorted(label), 2):
        yield one, other, label[one] == label[other]


def test_items_of_one_event_meet_and_others_do_not(story: dict[str, str], groups: list[dict[str, Any]]) -> None:
    pairs = [(same, story[one] == story[other]) for one, other, same in _labelled_pairs(groups)]
    met = sum(found for _, found in pairs)
    both = sum(same and found for same, found in pairs)
    assert both / met >= 0.95
    assert both / sum(same for same, _ in pairs) >= 0.9


def test_wire_copies_always_meet(story: dict[str, str], groups: list[dict[str, Any]]) -> None:
    copies = [group["ids"] for group in groups if group.get("kind") == "identical_wire"]
    assert all(len({story[id_] for id_ in ids}) == 1 for ids in copies)


def test_what_only_looks_alike_seldom_meets(story: dict[str, str], groups: list[dict[str, Any]]) -> None:
    pairs = [group["ids"] for group in groups if group.get("relation") == "different_event"]
    assert sum(story[one] == story[other] for one, other in pairs) <= len(pairs) / 10
