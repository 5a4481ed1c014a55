"""Web pages without a feed: the entries are what CSS selectors find on them.

The feed's options: `item` (each entry; required), and within it `title`, `link`, `date`, `text`. Left out, the title is
the first heading or link, the link the first one, the date the first <time>, the text the whole entry.
"""

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from monitor.errors import ParseError
from monitor.model import Document, ParsedFeed, ParsedItem
from monitor.sources import base
from monitor.sources.entries import Entry, item

OPTIONS = ("item", "title", "link", "date", "text")
_MAX_PAGE = 5_000_000  # bytes


class WebPage:
    """Pages read through selectors."""

    def recognises(self, document: Document) -> bool:
        return "item" in document.options

    def parse(self, document: Document) -> ParsedFeed:
        if "item" not in document.options:
            raise ParseError(document.feed_id, "is a web page without a selector: give it `options: {item: ...}`")
        tree = LexborHTMLParser((document.body or b"")[:_MAX_PAGE].decode("utf-8", "replace"))
        try:
            found = [_item(node, document) for node in tree.css(document.options["item"])[: base.MAX_ITEMS]]
        except (SelectolaxError, ValueError) as error:
            raise ParseError(document.feed_id, "has a selector in its options that is no CSS: correct it") from error
        items = tuple(one for one in found if one.title)
        if not items:
            raise ParseError(document.feed_id, "has no entries where its options say: the page may have been rebuilt")
        title = tree.css_first("title")
        return ParsedFeed(title=title.text(strip=True)[: base.MAX_TITLE] if title else "", items=items)


def _item(node: LexborNode, document: Document) -> ParsedItem:
    """No guid: a page promises none, so the link says which entry it is."""
    chosen = document.options
    link = _first(node, chosen.get("link", "a[href]"))
    date = _first(node, chosen.get("date", "time"))
    text = _first(node, chosen["text"]) if "text" in chosen else node
    entry = Entry(
        link=_attribute(link, "href"),
        title=_words(_first(node, chosen.get("title", "h1, h2, h3, h4")) or link),
        texts=[_words(text)],
        published=_attribute(date, "datetime") or _words(date),
    )
    return item(entry, document.url, document.fetched_at)


def _first(node: LexborNode, selector: str) -> LexborNode | None:
    return node.css_first(selector)


def _words(node: LexborNode | None) -> str:
    return node.text(separator=" ", strip=True)[: base.MAX_BODY] if node else ""


def _attribute(node: LexborNode | None, name: str) -> str:
    return (node.attributes.get(name) or "")[: base.MAX_LINK] if node else ""
