"""Made-up news, and one question about it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Item
from monitor.stories import Stories

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)


def _news(title: str, outlet: str = "Daily A", *, hours: float = 0, seen: float | None = None, **fields: str) -> Item:
    at = NOON + timedelta(hours=hours)
    return Item(
        id=fields.pop("id", f"{outlet}/{title}/{hours}"),
        feed_id=outlet,
        publisher=outlet,
        title=title,
        published_at=at,
        first_seen_at=at if seen is None else NOON + timedelta(hours=seen),
        **fields,
    )


@pytest.fixture(scope="session")
def news() -> Callable[..., Item]:
    """Makes an item published `hours` after a Monday noon and, unless `seen` says otherwise, seen at once."""
    return _news


@pytest.fixture(scope="session")
def together() -> Callable[..., bool]:
    """Whether these items, come one after the other, make one story."""

    def judge(*items: Item) -> bool:
        stories = Stories()
        return len({stories.assign([item])[0].story for item in items}) == 1

    return judge
