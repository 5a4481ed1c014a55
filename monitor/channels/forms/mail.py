"""A message as a mail: HTML and text, headers by which mail programs thread, file and unsubscribe."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import Message as Mail
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.channels.forms import text, words
from monitor.channels.forms.clean import cleaned
from monitor.model import Message, NotificationKind, Severity
from monitor.text import plain

_SUBJECT = 200
_HEADER = 900  # a line may have 998 characters, and a link must not be broken
_BAR = 32  # pixels of the highest
COLOURS = {
    Severity.INFO: "#5a6672",
    Severity.LOW: "#1f7a5c",
    Severity.MEDIUM: "#9a6700",
    Severity.HIGH: "#c4320a",
    Severity.CRITICAL: "#9b1c31",
}
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, auto_reload=False
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """From whom to whom; name and address each."""

    sender: tuple[str, str]
    recipient: tuple[str, str]
    cc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        """Where its Message-IDs are at home."""
        return self.sender[1].rpartition("@")[2] or "localhost"


def mail(message: Message, letterhead: Letterhead, now: datetime) -> Mail:
    """The mail, ready to be sent; the same message has the same Message-ID."""
    message = cleaned(message)
    made = MIMEMultipart("alternative")
    shown = "\n\n".join(filter(None, (words.label(message), text.whole(message))))
    made.attach(MIMEText(shown, "plain", "utf-8"))
    made.attach(MIMEText(_page(message), "html", "utf-8"))
    made["Subject"] = Header(plain.line(message.title, _SUBJECT) or "Alert", "utf-8").encode()
    made["From"] = formataddr(letterhead.sender, "utf-8")
    made["To"] = formataddr(letterhead.recipient, "utf-8")
    for name, value in _headers(message, letterhead, now):
        made[name] = value
    return made


def html(message: Message) -> str:
    """The page of a mail; everything that is not ours is escaped."""
    return _page(cleaned(message))


def _page(message: Message) -> str:
    sides = [quote for quote in message.quotes if quote.role]
    return _PAGES.get_template("mail.html").render(
        m=message,
        label=words.label(message),
        colour=COLOURS[message.severity],
        colours=COLOURS,
        sides=sides,
        reports=[quote for quote in message.quotes if not quote.role],
        plain=words.is_plain(message),
        paragraphs=_paragraphs,
        day=words.day,
        more=words.more,
        height=_height,
    )


def _headers(message: Message, letterhead: Letterhead, now: datetime) -> Iterator[tuple[str, str]]:
    yield "Date", format_datetime(now)
    yield "Message-ID", f"<{_id(message, letterhead)}@{letterhead.domain}>"
    if message.thread:
        root = f"<{_digest(message.thread)}.thread@{letterhead.domain}>"
        yield "References", root
        yield "In-Reply-To", root
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "All"
    if message.severity in words.URGENT and message.kind is not NotificationKind.DIGEST:
        yield "Importance", "high"
    if message.unsubscribe and len(message.unsubscribe) < _HEADER:
        yield "List-Unsubscribe", f"<{message.unsubscribe}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    if letterhead.cc:
        yield "Cc", ", ".join(letterhead.cc)
    if letterhead.reply_to:
        yield "Reply-To", ", ".join(letterhead.reply_to)


def _id(message: Message, letterhead: Letterhead) -> str:
    """Made from the notification, or, where there is none, from what is said to whom."""
    return _digest(message.id or "\0".join((message.title, message.body, letterhead.recipient[1])))


def _digest(told: str) -> str:
    return hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _paragraphs(body: str) -> list[list[str]]:
    return [paragraph.split("\n") for paragraph in body.split("\n\n") if paragraph]


def _height(count: int, counts: tuple[int, ...]) -> int:
    return max(1, round(_BAR * count / max(max(counts), 1)))
