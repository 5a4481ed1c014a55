"""Where the feeds of a web site are: what its page declares, then where feeds usually stand. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from monitor.model import Document

_MAX_PAGE = 2_000_000  # bytes; the declarations stand at the top
_MAX_FOUND = 10
_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_COMMENTS = ("comment", "комент", "коммент")  # nobody who adds a site means these
_USUAL = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feeds/posts/default", "feed.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may be a feed; `declared` when the page itself says so."""

    url: str
    title: str = ""
    declared: bool = True


def candidates(page: Document) -> list[Candidate]:
    """Addresses to try, the likeliest first, each once; of the page's own origin where nothing is declared."""
    tree = LexborHTMLParser((page.body or b"")[:_MAX_PAGE].decode("utf-8", "replace"))
    found = [*sorted(_declared(tree, page.url), key=_is_of_comments), *_linked(tree, page.url)][:_MAX_FOUND]
    first: dict[str, Candidate] = {}
    for candidate in (*found, *_usual(page.url)):
        first.setdefault(candidate.url, candidate)
    return [candidate for candidate in first.values() if candidate.url != page.url]


def _declared(tree: LexborHTMLParser, base: str) -> Iterator[Candidate]:
    for link in tree.css("link[rel][href]"):
        kind = (link.attributes.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in (link.attributes.get("rel") or "").lower().split() and kind in _TYPES:
            yield from _candidate(base, link.attributes.get("href"), link.attributes.get("title") or "", declared=True)


def _linked(tree: LexborHTMLParser, base: str) -> Iterator[Candidate]:
    """Links a reader would take for the feed, of the same host."""
    for link in tree.css("a[href*=rss], a[href*=feed], a[href*=atom]"):
        for candidate in _candidate(base, link.attributes.get("href"), link.text(strip=True)[:80], declared=False):
            if urlsplit(candidate.url).hostname == urlsplit(base).hostname:
                yield candidate


def _usual(base: str) -> Iterator[Candidate]:
    for path in _USUAL:
        yield from _candidate(base, f"/{path}", "", declared=False)


def _candidate(base: str, href: str | None, title: str, *, declared: bool) -> Iterator[Candidate]:
    try:
        url = urljoin(base, (href or "").strip())
        usable = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return
    if href and usable:
        yield Candidate(url=url.partition("#")[0], title=title, declared=declared)


def _is_of_comments(candidate: Candidate) -> bool:
    return any(word in f"{candidate.title} {candidate.url}".lower() for word in _COMMENTS)
