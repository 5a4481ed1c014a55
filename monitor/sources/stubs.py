"""Entries that are stubs: which of them have a page worth reading, and what they are with its text. Pure."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from monitor.model import ARTICLE_READ, Article, Feed, KnownItem, ParsedFeed, ParsedItem
from monitor.sources import identity, links

_ENOUGH = 1000  # characters of text in the feed itself
_WORD = re.compile(r"\w{4,}")
_STEM = 5  # letters; what follows is often an ending
_SHARE = 3  # at least a third of the headline's words stand on its page
_KEY_SIZE = 16  # bytes

FRONT = "its link leads to a front page"
_SECRET = "its link holds a password"
_OTHER = "its page tells nothing of the headline: a wall, a notice, or another article"
_NO_MORE = "its page holds no more than the feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """A new entry whose page is to be read, under the key that the page is kept under."""

    key: str
    entry: ParsedItem


def wanted(
    feed: Feed, parsed: ParsedFeed, known: Mapping[str, KnownItem], *, private: bool, now: datetime
) -> list[Stub]:
    """The new entries with a headline, a link and little text, in document order.

    Args:
        known: As for `identity.new_items`.
        private: Whether the feed is asked with secrets; its pages are no other feed's then.
    """
    new = {(item.link, item.title) for item in identity.new_items(feed, parsed, known, historic=False, now=now)}
    owner = feed.id if private else ""
    return [
        Stub(key=_digest(links.canonical(entry.link), feed.article or "", owner), entry=entry)
        for entry in parsed.items
        if entry.title and entry.link and (entry.link, entry.title) in new and len(_told(entry)) < _ENOUGH
    ]


def objection(feed: Feed, link: str) -> str:
    """Why there is nothing to ask for behind a link, or ""."""
    if not links.names_a_page(link) or links.canonical(link) == links.canonical(feed.url):
        return FRONT
    return _SECRET if "@" in urlsplit(link).netloc else ""


def with_article(entry: ParsedItem, article: Article) -> ParsedItem:
    """The entry with the text of its page as its body, or as it was, with the reason."""
    text = _without_repeats(article.text, entry)
    why = article.why or _unfit(entry, article, text)
    return replace(entry, article=why) if why else replace(entry, body=text, article=ARTICLE_READ)


def completed(parsed: ParsedFeed, stubs: Sequence[Stub], articles: Mapping[str, Article]) -> ParsedFeed:
    """The document with what its stubs became; `articles` has one under every key."""
    better = {stub.entry: with_article(stub.entry, articles[stub.key]) for stub in stubs}
    return replace(parsed, items=tuple(better.get(item, item) for item in parsed.items))


def _told(entry: ParsedItem) -> str:
    return max(entry.summary, entry.body, key=len)


def _without_repeats(text: str, entry: ParsedItem) -> str:
    """Without the lines that the feed gives already: what stands twice would weigh twice."""
    given = {entry.title.casefold(), *entry.summary.casefold().split("\n")}
    return "\n".join(line for line in text.split("\n") if line.casefold() not in given)


def _unfit(entry: ParsedItem, article: Article, text: str) -> str:
    if not _tells_of(entry.title, f"{article.title}\n{article.text}"):
        return _OTHER
    return _NO_MORE if len(text) <= len(_told(entry)) else ""


def _tells_of(headline: str, shown: str) -> bool:
    """Consent walls and pages of lists are in nobody's headline."""
    words = {word[:_STEM] for word in _WORD.findall(headline.casefold())}
    folded = shown.casefold()
    return sum(word in folded for word in words) * _SHARE >= len(words)


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=_KEY_SIZE).hexdigest()
