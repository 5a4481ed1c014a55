"""Items: telling the new ones from the known ones."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, bindparam, func, insert, select

from monitor.model import Item, KnownItem
from monitor.store.rows import to_row
from monitor.store.statements import insert_new, portions
from monitor.store.tables import FORMER_ITEM, ITEM, ITEM_KEY

_Key = tuple[str, str]
_FEW = 8  # keys; below that, asking whether the feed has any at all is no cheaper
_ANY = select(ITEM_KEY.c.key).where(ITEM_KEY.c.feed_id == bindparam("feed")).limit(1)


def known(connection: Connection, feed_id: str, keys: Iterable[str]) -> dict[str, KnownItem]:
    """Which of a feed's keys are known, and by which item; pruned items count as known."""
    columns = (
        ITEM_KEY.c.key,
        ITEM_KEY.c.item_id,
        func.coalesce(ITEM.c.link, FORMER_ITEM.c.link, ""),
        func.coalesce(ITEM.c.title, FORMER_ITEM.c.title, ""),
    )
    stored = ITEM_KEY.outerjoin(ITEM, ITEM.c.id == ITEM_KEY.c.item_id)
    query = select(*columns).select_from(stored.outerjoin(FORMER_ITEM, FORMER_ITEM.c.id == ITEM_KEY.c.item_id))
    return {
        key: KnownItem(id=item_id, link=link, title=title)
        for some in _portions(connection, feed_id, set(keys))
        for key, item_id, link, title in connection.execute(
            query.where(ITEM_KEY.c.feed_id == feed_id, ITEM_KEY.c.key.in_(some))
        )
    }


def add(connection: Connection, items: Sequence[Item]) -> list[Item]:
    """Store items, and answer with the new ones; one whose id or any key is known is not new.

    Further keys of a known item are learned. Looking first is exact, because a unit's writer is alone.
    """
    owners = _owners(connection, items)
    learned: dict[_Key, str] = {}
    unknown: dict[str, Item] = {}
    for item in items:
        keys = [(item.feed_id, key) for key in item.keys]
        owner = next((owners[key] for key in keys if key in owners), None)
        if owner is None:
            owner = unknown.setdefault(item.id, item).id
        fresh = {key: owner for key in keys if key not in owners}
        owners.update(fresh)
        learned.update(fresh)
    ids = insert_new(connection, ITEM, [to_row(item) for item in unknown.values()])
    if learned:
        connection.execute(insert(ITEM_KEY), [_key_row(key, owner) for key, owner in learned.items()])
    return [item for item in unknown.values() if item.id in ids]


def _key_row(key: _Key, owner: str) -> dict[str, str]:
    feed_id, word = key
    return {"feed_id": feed_id, "key": word, "item_id": owner}


def _owners(connection: Connection, items: Sequence[Item]) -> dict[_Key, str]:
    by_feed: dict[str, set[str]] = {}
    for item in items:
        by_feed.setdefault(item.feed_id, set()).update(item.keys)
    query = select(ITEM_KEY.c.key, ITEM_KEY.c.item_id)
    return {
        (feed_id, key): item_id
        for feed_id, keys in by_feed.items()
        for some in _portions(connection, feed_id, keys)
        for key, item_id in connection.execute(query.where(ITEM_KEY.c.feed_id == feed_id, ITEM_KEY.c.key.in_(some)))
    }


def _portions(connection: Connection, feed_id: str, keys: set[str]) -> Iterator[Sequence[str]]:
    """What to ask for; nothing at a first poll, when all its keys are new."""
    if len(keys) <= _FEW or connection.execute(_ANY, {"feed": feed_id}).first():
        yield from portions(sorted(keys))
