"""What publishers send, as plain text that can do no harm: no markup, no invisible or direction-turning characters."""

import html
import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser

_MAX_HTML = 60_000  # characters; unclosed tags cost quadratic time in the HTML parser
_ELLIPSIS = "…"
_BLOCKS = (
    "address|article|aside|blockquote|br|caption|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr"
    "|li|main|nav|ol|option|p|pre|section|summary|table|td|th|title|tr|ul"
)
_BLOCK_TAG = re.compile(rf"<(?=/?(?:{_BLOCKS})\b)", re.IGNORECASE)
_UNREAD = "script,style,noscript,template,iframe,object,svg,math,head,textarea"
_UNREAD_TAG = re.compile(rf"<(?:{_UNREAD.replace(',', '|')})\b", re.IGNORECASE)
_TAG = re.compile(
    r"<(?:[a-zA-Z][a-zA-Z0-9:-]*(?:\s[^<>]*)?/?|/[a-zA-Z][^<>]*|!--[^<>]*--|!doctype[^<>]*)>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")

# Controls, marks that turn the direction of writing, what is drawn as nothing, what Unicode says is no character.
_HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
    "|[" + "".join(chr(plane << 16 | end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF)) + "]"
)
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def harmless(text: str) -> str:
    """The text composed (NFC), without characters that hide, reorder or break other text."""
    if not text.replace("\n", "").isprintable():  # all that is harmful counts as not printable
        text = _HARMFUL.sub("", _BREAK.sub("\n", text))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def line(text: str, limit: int) -> str:
    """Plain text as one line of at most `limit` characters."""
    return _cut(" ".join(harmless(text[: limit * 4]).split()), limit)


def title(text: str, limit: int) -> str:
    """A headline as one line; markup in it is taken off, a lone `<` or `&` stays."""
    return line(_without_html(text[: limit * 4]) if has_markup(text[: limit * 4]) else text, limit)


def paragraphs(text: str, limit: int) -> str:
    """A longer text, HTML or plain, as paragraphs parted by newlines, at most `limit` characters."""
    text = text[:_MAX_HTML]
    plain = harmless(_without_html(text) if has_markup(text) else text)
    lines = (" ".join(each.split()) for each in plain.split("\n"))
    return _cut("\n".join(filter(None, lines)), limit)


def has_markup(text: str) -> bool:
    """Whether the text holds an HTML tag or a character reference."""
    return ("<" in text and bool(_TAG.search(text))) or ("&" in text and bool(_ENTITY.search(text)))


def _without_html(text: str) -> str:
    if "<" not in text:
        return html.unescape(text)
    flowing = _BLOCK_TAG.sub("\n<", " ".join(harmless(text).split()))
    tree = LexborHTMLParser(flowing)
    for node in tree.css(_UNREAD) if _UNREAD_TAG.search(flowing) else ():
        node.decompose()
    return tree.body.text(deep=True) if tree.body else ""


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + _ELLIPSIS
