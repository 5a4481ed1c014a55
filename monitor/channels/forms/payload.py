"""A message as data, for programs: the body of a webhook. Keys may be added; any other change takes a new number."""

from datetime import datetime
from typing import Any

from monitor.channels.forms.clean import cleaned
from monitor.model import Entry, Message, Quote, Section

SCHEMA = 1


def payload(message: Message, now: datetime) -> dict[str, Any]:
    """All there is to say about it."""
    message = cleaned(message)
    return {
        "schema": SCHEMA,
        "id": message.id,
        "type": str(message.kind),
        "timestamp": now.isoformat(),
        "data": {
            "rule": message.rule,
            "severity": str(message.severity),
            "title": message.title,
            "lead": message.lead,
            "note": message.note,
            "facts": list(message.facts),
            "reason": message.reason,
            "quotes": [_quote(quote) for quote in message.quotes],
            "counts": message.counts,
            "reference": message.reference,
            "thread": message.thread,
            "link": message.link,
            "sections": [_section(section) for section in message.sections],
            "coverage": message.coverage,
            "actions": [{"label": action.label, "url": action.url} for action in message.actions],
            "text": message.body,
        },
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "role": quote.role,
        "words": quote.words,
        "speaker": quote.speaker,
        "publisher": quote.publisher,
        "state_media": quote.state_media,
        "link": quote.link,
        "reading": quote.reading,
        "at": _time(quote.at),
    }


def _section(section: Section) -> dict[str, Any]:
    entries = [_entry(entry) for entry in section.entries]
    return {"title": section.title, "entries": entries, "hidden": section.hidden, "chart": list(section.chart)}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "text": entry.text,
        "link": entry.link,
        "severity": str(entry.severity),
        "at": _time(entry.at),
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
