"""The key that signs links: made once for each database, the same for every replica, never changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from monitor.store import Store


def test_a_key_is_made_once_and_stays(store: Store, open_store: Callable[..., Store]) -> None:
    made = store.key("links")
    assert len(made) == 32
    assert store.key("links") == open_store().key("links") == made


def test_keys_of_other_names_are_others(store: Store) -> None:
    assert store.key("links") != store.key("other")


def test_replicas_that_start_together_agree(store: Store, open_store: Callable[..., Store]) -> None:
    replicas = [open_store() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda replica: replica.key("links"), replicas))) == 1
