"""What only a server can do: restart, cut connections, outlive a frozen replica."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from monitor.errors import StoreError
from monitor.model import Feed, Item
from monitor.store import Store
from monitor.store.engine import Database

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CUT_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def store(postgresql_url: str) -> Iterator[Store]:
    with closing(Store.open(postgresql_url)) as store:
        store.migrate()
        yield store


@pytest.fixture
def admin(postgresql_url: str) -> Iterator[Database]:
    with closing(Database(postgresql_url, timedelta(seconds=5))) as database:
        yield database


def item(name: str) -> Item:
    return Item(id=name, feed_id="feed", keys=(name,), title="News", first_seen_at=NOW)


def cut_all_others(admin: Database) -> None:
    with admin.read() as connection:
        connection.execute(CUT_OTHERS)


def test_a_connection_cut_between_two_calls_is_not_noticed(store: Store, admin: Database) -> None:
    store.sync_feeds([Feed(id="feed", url="https://example.org")], NOW)
    cut_all_others(admin)
    assert len(store.feeds()) == 1


def test_a_connection_cut_inside_a_unit_undoes_it_and_the_next_one_works(store: Store, admin: Database) -> None:
    def interrupted() -> None:
        with store.unit() as unit:
            unit.add_items([item("lost")])
            cut_all_others(admin)
            unit.add_items([item("late")])

    with pytest.raises(StoreError, match="shutting down or was restarted"):
        interrupted()
    with store.unit() as unit:
        assert [new.id for new in unit.add_items([item("lost")])] == ["lost"]
    assert [stored.id for stored in store.recent_items(NOW)] == ["lost"]


def test_claims_do_not_wait_for_a_unit(store: Store) -> None:
    store.sync_feeds([Feed(id=name, url="https://example.org") for name in "ab"], NOW)
    (first,) = store.claim_feeds(NOW, limit=1, ttl=MINUTE)
    with store.unit() as unit:
        unit.finish_feed(first, first.state)
        (second,) = store.claim_feeds(NOW, limit=9, ttl=MINUTE)  # the other, not the one that is being finished
    assert {first.feed.id, second.feed.id} == {"a", "b"}


def test_a_replica_frozen_inside_a_unit_does_not_hold_up_the_others_for_ever(admin: Database) -> None:
    with admin.write() as connection:
        settings = [connection.scalar(text(f"SHOW {name}_timeout")) for name in ("lock", "idle_in_transaction_session")]
    assert settings == ["5s", "1min"]
