"""Words that all forms share."""

from datetime import datetime
from html import escape

from monitor.model import Message, NotificationKind, Quote, Severity
from monitor.text import plain

URGENT = (Severity.HIGH, Severity.CRITICAL)
_TAIL = 200
_KINDS = {
    NotificationKind.UPDATE: "update",
    NotificationKind.DIGEST: "digest",
    NotificationKind.SUMMARY: "summary",
    NotificationKind.ESCALATION: "nobody has acknowledged this yet",
}


def is_plain(message: Message) -> bool:
    """Whether there is nothing but a body to show."""
    return not (message.lead or message.facts or message.quotes or message.reason or message.sections)


def parted(body: str) -> tuple[list[str], str]:
    """The paragraphs of a body, and its last one if it is short enough to be kept whatever else is cut."""
    *paragraphs, last = body.split("\n\n")
    return (paragraphs, last) if paragraphs and plain.units(last) <= _TAIL else ([*paragraphs, last], "")


def told(message: Message) -> str:
    """Counts, and what names the message; for one that is only a body its last paragraph."""
    counted = " · ".join(filter(None, (message.counts, message.reference)))
    return counted or (parted(message.body)[1] if is_plain(message) else "")


def label(message: Message) -> str:
    """How loud it is and what it is: "HIGH · update"; "" for letters, such as one that asks to confirm."""
    if is_plain(message) and message.kind is not NotificationKind.ALERT:
        return ""
    return " · ".join(filter(None, (message.severity.upper(), _KINDS.get(message.kind, ""))))


def source(quote: Quote) -> str:
    """Who said it where and when; media of a state are called so."""
    publisher = f"{quote.publisher} (state media)" if quote.state_media and quote.publisher else quote.publisher
    return ", ".join(filter(None, (quote.speaker, publisher, day(quote.at))))


def day(at: datetime | None) -> str:
    """A date as people write it: "3 Nov 2025"."""
    return f"{at.day} {at:%b %Y}" if at else ""


def more(hidden: int) -> str:
    """What is said of those not shown."""
    return f"… and {hidden} more" if hidden > 0 else ""


def escaped(text: str) -> str:
    """The text with `&`, `<` and `>` as entities, as Slack and Telegram ask for it."""
    return escape(text, quote=False)
