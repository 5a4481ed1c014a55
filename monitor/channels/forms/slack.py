"""A message as blocks of Slack, within its limits: 50 blocks, 3,000 characters in a section, 40,000 in all.

Words of others are escaped, so that `<!channel>`, `<@U1>` and links in them are only text; where we write a link of our
own its address is checked. Links instead of buttons: those ask for an app that answers when one is pressed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from monitor.channels.forms import words
from monitor.channels.forms.clean import cleaned
from monitor.model import Entry, Message, Quote, Section, Severity
from monitor.text import plain

BLOCKS = 50
SECTION = 3000
FIELD = 2000
HEADER = 150
TOTAL = 36_000
_LINK = 1000
_COLOURS = {
    Severity.INFO: "#5a6672",
    Severity.LOW: "#1f7a5c",
    Severity.MEDIUM: "#d9a100",
    Severity.HIGH: "#c4320a",
    Severity.CRITICAL: "#9b1c31",
}
_SHOUT = re.compile("@(?=channel|here|everyone)")
Block = dict[str, Any]


def attachment(message: Message) -> dict[str, Any]:
    """The one attachment of a message; its colour tells how loud it is."""
    message = cleaned(message)
    ending = list(_ending(message))
    blocks, room = list(_header(message)), TOTAL - _size(ending)
    for block in _middle(message):
        room -= _size([block])
        if room < 0 or len(blocks) + len(ending) >= BLOCKS - 1:
            blocks.append(_context(_link(message.link, "… shortened; the newest report") or "… shortened"))
            break
        blocks.append(block)
    fallback = _words(": ".join(filter(None, (words.label(message), message.title))), SECTION)
    return {"color": _COLOURS[message.severity], "fallback": fallback, "blocks": [*blocks, *ending]}


def _header(message: Message) -> Iterator[Block]:
    title = _words(message.title, HEADER) or "Alert"
    yield {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}
    if label := words.label(message):
        yield _context(f"*{_words(label, FIELD)}*")


def _middle(message: Message) -> Iterator[Block]:
    if message.lead:
        yield _section(f"*{_words(message.lead, FIELD)}*")
    if message.note:
        yield _section(_words(message.note, SECTION))
    yield from _sections_of(f"• {_words(fact, FIELD)}" for fact in message.facts)
    sides = [quote for quote in message.quotes if quote.role]
    if sides:
        yield {"type": "section", "fields": [_text(_side(quote)) for quote in sides[:10]]}
    if message.reason:
        yield _section(f"*Why:* {_words(message.reason, FIELD)}")
    for quote in message.quotes:
        if not quote.role:
            yield _section(_quoted(quote))
    for section in message.sections:
        yield from _indicator(section)
    if words.is_plain(message):
        yield from _sections_of(_words(paragraph, SECTION) for paragraph in words.parted(message.body)[0])


def _ending(message: Message) -> Iterator[Block]:
    if message.coverage:
        yield _context(_words(message.coverage, FIELD))
    if told := words.told(message):
        yield _context(_words(told, FIELD))
    report = [_link(message.link, "Read the report")] if words.is_plain(message) else []
    done = [_link(action.url, action.label) for action in message.actions]
    leave = [_link(message.unsubscribe, "Unsubscribe")]
    if rows := " · ".join(filter(None, (*report, *done, *leave)[:12])):
        yield _section(rows)


def _side(quote: Quote) -> str:
    head = f"*{_words(quote.role.capitalize(), 50)}*"
    return "\n".join(filter(None, (head, f"“{_words(quote.words, 1000)}”", *_source(quote))))


def _quoted(quote: Quote) -> str:
    return "\n".join(filter(None, (f"“{_words(quote.words, 1500)}”", *_source(quote))))


def _source(quote: Quote) -> Iterator[str]:
    yield f"_{_words(words.source(quote), 300)}_" if words.source(quote) else ""
    yield f"Read as: {_words(quote.reading, 300)}" if quote.reading else ""
    yield _link(quote.link, "Read the report", 300)


def _indicator(section: Section) -> Iterator[Block]:
    bars = f"  {plain.bars(section.chart)}  last {len(section.chart)} days" if section.chart else ""
    head = f"*{_words(section.title, 300)}*{bars}"
    yield from _sections_of((head, *map(_entry, section.entries), words.more(section.hidden)))


def _entry(entry: Entry) -> str:
    title = _link(entry.link, entry.title) or _words(entry.title, 500)
    text = f" — {_words(entry.text, 600)}" if entry.text else ""
    return f"• *{entry.severity.upper()}* {title}{text}"


def _sections_of(rows: Iterable[str]) -> Iterator[Block]:
    """The rows in as few sections as hold them."""
    filled = ""
    for row in filter(None, rows):
        if filled and len(filled) + 1 + len(row) > SECTION:
            yield _section(filled)
            filled = ""
        filled = f"{filled}\n{row}" if filled else row
    if filled:
        yield _section(filled)


def _section(mrkdwn: str) -> Block:
    return {"type": "section", "text": _text(mrkdwn)}


def _context(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [_text(mrkdwn)]}


def _text(mrkdwn: str) -> Block:
    return {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}  # verbatim: no guessing at names, channels, addresses


def _words(text: str, limit: int) -> str:
    """Somebody's words, dead, in at most so many characters."""
    dead = words.escaped(plain.harmless(text))
    while len(dead) > limit:
        text = plain.shorten(text, max(0, len(text) - max(1, (len(dead) - limit) // 5)))
        dead = words.escaped(plain.harmless(text))
    return dead


def _link(url: str, label: str, limit: int = _LINK) -> str:
    """A link of our own; "" where there is none or it is too long to be whole."""
    for sign in "|<>":
        url = url.replace(sign, f"%{ord(sign):X}")
    url = words.escaped(_SHOUT.sub("%40", url))
    return f"<{url}|{_words(label, 300).replace('|', '¦')}>" if url and len(url) <= limit else ""


def _size(blocks: list[Block]) -> int:
    """How much text they hold, their frames included."""
    return len(str(blocks))
