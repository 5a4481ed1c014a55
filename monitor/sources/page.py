"""The article on a web page, without what stands around it; pure, runs in a worker process.

Given a CSS selector, the article is what it finds; without one it has to be looked for (`main_text`).
"""

import re
from collections.abc import Callable
from html import unescape
from importlib.util import find_spec

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError
from w3lib.encoding import html_to_unicode

from monitor.errors import ParseError
from monitor.model import Document
from monitor.sources import base
from monitor.text import clean

_MAX_HTML = 1_000_000  # characters, without scripts: what is more costs trafilatura seconds and 100 MB
_HEAD = 100_000  # characters in which a page says what it is called
_BESIDE = 25  # characters beside a link
_LEAST = 200  # characters; less is a caption, or a wall with a button
_OPENING = re.compile(r"<(script|style|svg|noscript|template)\b([^>]*)>", re.IGNORECASE)
_DATA = re.compile(r"ld\+json", re.IGNORECASE)  # some pages hold their article in it
_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{1,1000})", re.IGNORECASE)
_NAMED = re.compile(
    r"<meta\b(?=[^>]{0,300}\bproperty\s*=\s*[\"']og:title)[^>]{0,300}\bcontent\s*=\s*\"([^\"]{1,1000})\"", re.IGNORECASE
)
_AROUND = "script,style,noscript,template,svg,aside,nav,form,figcaption"


def can_be_found() -> bool:
    """Whether articles can be found without a selector: the extra `article` is installed."""
    return find_spec("trafilatura") is not None


def objection(selector: str) -> str:
    """What is wrong with a selector, or ""."""
    try:
        LexborHTMLParser("<p>").css(selector)
    except (SelectolaxError, ValueError):
        return "is no CSS selector"
    return ""


def read(find: Callable[[str], str], document: Document, selector: str) -> tuple[str, str]:
    """What the page calls itself, and the text of its article.

    Args:
        find: The article in HTML, where there is no selector.

    Raises:
        ParseError: There is no article on it.
    """
    html = _decoded(document)
    plain = _without_scripts(html)[:_MAX_HTML]
    text = _selected(plain, selector, document.feed_id) if selector else find(plain)
    text = clean.paragraphs(text, base.MAX_ARTICLE)
    if len(text) < _LEAST:
        raise ParseError(document.feed_id, "shows no article: it is made by scripts, for subscribers only, or no text")
    return _title(html), text


def _decoded(document: Document) -> str:
    """What is UTF-8 is read as that, whatever the publisher calls it."""
    body = document.body or b""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return str(html_to_unicode(document.content_type or None, body)[1])


def _selected(html: str, selector: str, feed_id: str) -> str:
    tree = LexborHTMLParser(html)
    for node in tree.css(_AROUND):
        node.decompose()
    for node in tree.css("p, li"):
        if _leads_elsewhere(node):
            node.decompose()
    nodes = tree.css(selector)
    if not nodes:
        raise ParseError(feed_id, "has nothing where `selector` says: it may have been rebuilt")
    return "\n".join(node.html or "" for node in nodes)


def _leads_elsewhere(node: LexborNode) -> bool:
    """ "Read also: <a>": little but one link."""
    link = node.css_first("a")
    return link is not None and len(node.text(strip=True)) - len(link.text(strip=True)) < _BESIDE


def _without_scripts(html: str) -> str:
    """In one pass: a regex over both ends would take quadratic time where ends are missing."""
    kept, at = [], 0
    while opening := _OPENING.search(html, at):
        end = re.compile(f"</{opening[1]}\\s*>", re.IGNORECASE).search(html, opening.end())
        if end is None:
            break
        kept.append(html[at : end.end() if _DATA.search(opening[2]) else opening.start()])
        at = end.end()
    return "".join(kept) + html[at:]


def _title(html: str) -> str:
    found = (pattern.search(html, 0, _HEAD) for pattern in (_TITLE, _NAMED))
    return clean.line(" ".join(unescape(match[1]) for match in found if match), base.MAX_TITLE)
