"""Pages that were read: kept for a while, so that none is asked twice; and how well a feed's pages can be read."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from monitor.model import Article
from monitor.store.engine import Database
from monitor.store.rows import ARTICLE_COLUMNS, to_article, to_row
from monitor.store.statements import upsert
from monitor.store.tables import ARTICLE, ITEM

KEPT = 2000  # pages; each has some thousand characters


class KeptArticles:
    """Each call is a transaction of its own: a page that was read stays read when its poll is done again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def kept(self, keys: Collection[str]) -> dict[str, Article]:
        """The pages kept under these keys (`sources.stubs`)."""
        with self._database.read() as connection:
            rows = connection.execute(select(*ARTICLE_COLUMNS).where(ARTICLE.c.key.in_(sorted(keys))))
            return {article.key: article for article in map(to_article, rows)}

    def keep(self, read: Sequence[Article]) -> None:
        """Keep pages, each in place of an older reading."""
        with self._database.write() as connection:
            upsert(connection, ARTICLE, [to_row(article) for article in read])

    def forget(self, before: datetime) -> None:
        """Forget pages read before a time, and all but the latest `KEPT`."""
        latest = select(ARTICLE.c.key).order_by(ARTICLE.c.read_at.desc(), ARTICLE.c.key).limit(KEPT)
        with self._database.write() as connection:
            connection.execute(delete(ARTICLE).where((ARTICLE.c.read_at < before) | ARTICLE.c.key.not_in(latest)))

    def of_feed(self, feed_id: str, since: datetime) -> Counter[str]:
        """What became of the pages of a feed's items since a time (`Item.article`), and of how many."""
        mine = (ITEM.c.feed_id == feed_id, ITEM.c.first_seen_at >= since, ITEM.c.article != "")
        with self._database.read() as connection:
            rows = connection.execute(
                select(ITEM.c.article, func.count().label("count_of")).where(*mine).group_by(ITEM.c.article)
            )
            return Counter({row.article: row.count_of for row in rows})
