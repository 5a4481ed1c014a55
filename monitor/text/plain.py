"""Text a stranger wrote, made harmless: no control characters, no hidden direction changes, bounded length."""

import re
import unicodedata
from collections.abc import Sequence

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_KEPT_FORMATS = frozenset("\u200c\u200d")  # joiners: without them Persian words and emoji families fall apart
LINK_LIMIT = 2000
_BARS = "▁▂▃▄▅▆▇█"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})


def lines(text: str, limit: int) -> str:
    """The text with its line breaks, at most `limit` characters."""
    whole = text[: 4 * limit]
    if whole.isprintable():  # most texts: nothing is hidden in them, and no space is odd
        return shorten(_SPACES.sub(" ", whole).strip(), limit)
    whole = _BREAKS.sub("\n", whole)
    plain = whole.replace("\n", "").isprintable()
    visible = whole if plain else "".join(char for char in whole if char == "\n" or not _is_hidden(char))
    tidy = "\n".join(_SPACES.sub(" ", line).strip() for line in visible.split("\n"))
    return shorten(_BLANK_LINES.sub("\n\n", tidy).strip(), limit)


def line(text: str, limit: int) -> str:
    """The text on one line, at most `limit` characters."""
    return shorten(" ".join(lines(text, 4 * limit).split()), limit)


def shorten(text: str, limit: int) -> str:
    """The text, cut between words and ended with an ellipsis if it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    cut = text[: max(0, limit - 1)]
    at_word = cut.rstrip() if text[limit - 1 : limit].isspace() else re.sub(r"\s+\S{0,30}$", "", cut)
    return f"{at_word}…"[:limit]


def fitted(text: str, limit: int) -> str:
    """The text shortened to `limit` UTF-16 units, by which Telegram and others count."""
    while (excess := units(text) - limit) > 0:
        text = shorten(text, max(0, len(text) - (excess + 1) // 2))
    return text


def units(text: str) -> int:
    """How many UTF-16 units the text takes."""
    return len(text.encode("utf-16-le", "replace")) // 2


def web_link(link: str) -> str:
    """The link if it is one to the web, and whole; "" otherwise."""
    clean = "".join(line(link, LINK_LIMIT).split())
    return clean if clean.startswith(("http://", "https://")) and "…" not in clean else ""


def harmless(text: str) -> str:
    """The text with an invisible space in whatever a chat service takes for a mention, a tag or a masked link."""
    text = re.sub(r"(?<![\w./])@(?=\w)|@(?=(?:everyone|here|channel)\b)", "@\u200b", text)
    text = re.sub(r"<(?=[@!#/:\w])", "<\u200b", text)
    return text.replace("](", "]\u200b(")


def bars(counts: Sequence[int]) -> str:
    """Numbers as a row of bars, the largest the full height: "▁▁▃█"."""
    most = max(counts, default=0)
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] if most else _BARS[0] for count in counts)


def _is_hidden(char: str) -> bool:
    if char.isspace():
        return False
    return unicodedata.category(char) in _HIDDEN and char not in _KEPT_FORMATS
