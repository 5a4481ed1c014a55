"""Pages that were read are kept for a while, and counted by feed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.model import ARTICLE_READ, Article, Item
from monitor.store import Store
from monitor.store.articles import KEPT

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PAGE = Article(key="a", title="Herald", text="Text.", read_at=NOW)


def test_what_was_kept_comes_back_under_its_key_and_a_later_reading_replaces_it(store: Store) -> None:
    failed = Article(key="b", why="its page is gone", read_at=NOW)
    store.articles.keep([PAGE, failed])
    assert store.articles.kept(["a", "b", "c"]) == {"a": PAGE, "b": failed}
    later = replace(PAGE, text="Other text.", read_at=NOW + timedelta(hours=1))
    store.articles.keep([later])
    assert store.articles.kept(["a"]) == {"a": later}
    assert store.articles.kept([]) == {}


def test_old_pages_are_forgotten(store: Store) -> None:
    store.articles.keep([PAGE, replace(PAGE, key="b", read_at=NOW - timedelta(days=2))])
    store.articles.forget(NOW - timedelta(days=1))
    assert set(store.articles.kept(["a", "b"])) == {"a"}


def test_of_many_the_latest_stay(store: Store) -> None:
    pages = [replace(PAGE, key=f"{n:05}", read_at=NOW + timedelta(seconds=n)) for n in range(KEPT + 10)]
    store.articles.keep(pages)
    store.articles.forget(NOW)
    assert set(store.articles.kept([page.key for page in pages])) == {page.key for page in pages[10:]}


def test_a_feeds_pages_are_counted_by_what_became_of_them(store: Store) -> None:
    fates = (ARTICLE_READ, ARTICLE_READ, "its page is gone", "")
    items = [
        Item(id=f"i{n}", feed_id="herald", keys=(f"k{n}",), title="T", first_seen_at=NOW, article=fate)
        for n, fate in enumerate(fates)
    ]
    others = (
        replace(items[0], id="other", feed_id="gazette", keys=("x",)),
        replace(items[0], id="old", keys=("y",), first_seen_at=NOW - timedelta(days=9)),
    )
    with store.unit() as unit:
        unit.add_items([*items, *others])
    assert store.articles.of_feed("herald", NOW - timedelta(days=7)) == {ARTICLE_READ: 2, "its page is gone": 1}
