"""The message as every form begins with it: no control characters, bounded lengths, and only links to the web."""

from collections.abc import Iterator
from dataclasses import replace

from monitor.model import Action, Entry, Message, Quote, Section
from monitor.text import plain

TITLE = 500
BODY = 100_000
_LINE = 2000
_SHORT = 200
_MANY = 50


def cleaned(message: Message) -> Message:
    """The message without anything that is more than text, whoever made it."""
    return replace(
        message,
        title=plain.line(message.title, TITLE),
        body=plain.lines(message.body, BODY),
        link=plain.web_link(message.link),
        lead=plain.line(message.lead, _LINE),
        note=plain.lines(message.note, _LINE),
        facts=_lines(message.facts),
        quotes=tuple(map(_quote, message.quotes[:_MANY])),
        reason=plain.line(message.reason, _LINE),
        counts=plain.line(message.counts, _SHORT),
        reference=plain.line(message.reference, _SHORT),
        thread=plain.line(message.thread, _SHORT),
        sections=tuple(map(_section, message.sections[:_MANY])),
        coverage=plain.line(message.coverage, _LINE),
        actions=tuple(_actions(message.actions)),
        unsubscribe=plain.web_link(message.unsubscribe),
        rule=plain.line(message.rule, _SHORT),
        id=plain.line(message.id, _SHORT),
    )


def _lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain.line(text, _LINE) for text in texts[:_MANY])


def _quote(quote: Quote) -> Quote:
    return replace(
        quote,
        words=plain.line(quote.words, _LINE),
        speaker=plain.line(quote.speaker, _SHORT),
        publisher=plain.line(quote.publisher, _SHORT),
        link=plain.web_link(quote.link),
        reading=plain.line(quote.reading, _LINE),
        role=plain.line(quote.role, _SHORT),
    )


def _section(section: Section) -> Section:
    entries = tuple(map(_entry, section.entries[:_MANY]))
    chart = tuple(max(0, count) for count in section.chart[-_MANY:])
    return replace(section, title=plain.line(section.title, TITLE), entries=entries, chart=chart)


def _entry(entry: Entry) -> Entry:
    title, text = plain.line(entry.title, TITLE), plain.line(entry.text, _LINE)
    return replace(entry, title=title, text=text, link=plain.web_link(entry.link))


def _actions(actions: tuple[Action, ...]) -> Iterator[Action]:
    for action in actions[:_MANY]:
        if url := plain.web_link(action.url):
            yield Action(label=plain.line(action.label, _SHORT), url=url)
