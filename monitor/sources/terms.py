"""On which terms a document is asked for: a feed, or the page that an entry leads to."""

from dataclasses import dataclass

from monitor.sources.body import BodyLimits, BodyRefused

FEEDS = b"application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_HTML = ("text/html", "application/xhtml+xml")
_PAGE_DEADLINE = 12.0  # seconds; nobody waits long for a page, its entry has a text already
_MAX_PAGE = 3_000_000  # bytes, packed and unpacked; articles are a tenth of that


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What we ask for, and how much of it we take.

    Attributes:
        deadline: In seconds, for all redirects together.
        types: Media types that are of use; any when empty.
    """

    accept: bytes = FEEDS
    deadline: float
    limits: BodyLimits
    types: tuple[str, ...] = ()

    def check(self, content_type: str) -> None:
        """Refuse what is of no use before it is read.

        Raises:
            BodyRefused: It is.
        """
        kind = content_type.partition(";")[0].strip().lower()
        if self.types and kind not in self.types:
            raise BodyRefused(f"is no web page but {kind[:40] or 'of no type'}")


def of_page(feed: Terms) -> Terms:
    """Those for a page, where these are those for its feed."""
    size = min(_MAX_PAGE, feed.limits.decoded)
    return Terms(
        accept=", ".join(_HTML).encode(),
        deadline=min(_PAGE_DEADLINE, feed.deadline),
        limits=BodyLimits(raw=min(size, feed.limits.raw), decoded=size),
        types=_HTML,
    )
