"""A message in Telegram's HTML: its few tags, 4096 UTF-16 units of text; what is too long is left out part by part."""

import re
from collections.abc import Iterator
from html import escape, unescape

from monitor.channels.forms import words
from monitor.channels.forms.clean import cleaned
from monitor.model import Entry, Message, Quote, Section, Severity
from monitor.text import plain

LIMIT = 4096
TAGS = ("b", "i", "a", "blockquote")
_TAG = re.compile(r"<[^<>]*>")
_MARKS = {
    Severity.INFO: "⚪",
    Severity.LOW: "🔵",
    Severity.MEDIUM: "🟡",
    Severity.HIGH: "🟠",
    Severity.CRITICAL: "🔴",
}


def html(message: Message) -> str:
    """The message, with as many of its parts as there is room for; title, counts and links always."""
    message = cleaned(message)
    head, ending = _head(message), "\n\n".join(filter(None, _ending(message)))
    shortened = _link(message.link, "… shortened; the newest report") or "… shortened"
    room = LIMIT - units(head) - units(ending) - units(shortened) - 10
    parts = [head]
    for part in filter(None, _middle(message)):
        if units(part) + 2 > room:
            parts += [_cut(part, room), shortened]
            break
        parts.append(part)
        room -= units(part) + 2
    return "\n\n".join(filter(None, (*parts, ending)))


def units(markup: str) -> int:
    """How much of the limit it takes: what is shown, in UTF-16 units."""
    return plain.units(unescape(_TAG.sub("", markup)))


def _cut(part: str, room: int) -> str:
    """As much of plain words as there is room for; nothing of a part with tags in it, which must stay whole."""
    return "" if _TAG.search(part) or room < 100 else _words(plain.fitted(unescape(part), room - 20))


def _head(message: Message) -> str:
    label = words.label(message)
    mark = f"\n{_MARKS[message.severity]} {_words(label)}" if label else ""
    return f"<b>{_words(plain.fitted(message.title, 300) or 'Alert')}</b>{mark}"


def _middle(message: Message) -> Iterator[str]:
    yield f"<b>{_words(message.lead)}</b>" if message.lead else ""
    yield _words(message.note)
    yield "\n".join(f"• {_words(fact)}" for fact in message.facts)
    yield from (_quoted(quote) for quote in message.quotes if quote.role)
    yield f"<b>Why:</b> {_words(message.reason)}" if message.reason else ""
    yield from (_quoted(quote) for quote in message.quotes if not quote.role)
    for section in message.sections:
        yield from _indicator(section)
    if words.is_plain(message):
        yield from (_words(paragraph) for paragraph in words.parted(message.body)[0])


def _ending(message: Message) -> Iterator[str]:
    yield _words(message.coverage)
    yield _words(words.told(message))
    report = [_link(message.link, "Read the report")] if words.is_plain(message) else []
    done = (_link(action.url, action.label) for action in message.actions)
    yield " · ".join(filter(None, (*report, *done, _link(message.unsubscribe, "Unsubscribe"))))


def _quoted(quote: Quote) -> str:
    head = f"<b>{_words(quote.role.capitalize())}</b>\n" if quote.role else ""
    source = ", ".join(filter(None, (_words(words.source(quote)), _link(quote.link, "report"))))
    reading = f"<i>Read as: {_words(quote.reading)}</i>" if quote.reading else ""
    below = "\n".join(filter(None, (source, reading)))
    return f"{head}<blockquote>“{_words(quote.words)}”</blockquote>{below}"


def _indicator(section: Section) -> Iterator[str]:
    bars = f"  {plain.bars(section.chart)}" if section.chart else ""
    first, *rest = [*map(_entry, section.entries), words.more(section.hidden)]
    yield f"<b>{_words(section.title)}</b>{bars}\n{first}".strip()
    yield from filter(None, rest)


def _entry(entry: Entry) -> str:
    title = _link(entry.link, entry.title) or _words(entry.title)
    text = f"\n{_words(entry.text)}" if entry.text else ""
    return f"{_MARKS[entry.severity]} {title}{text}"


def _words(text: str) -> str:
    """Somebody's words, dead."""
    return words.escaped(plain.harmless(text))


def _link(url: str, label: str) -> str:
    return f'<a href="{escape(url)}">{_words(label)}</a>' if url else ""
