"""How each service gets a message: in the form it shows best, within its limits."""

from dataclasses import replace
from datetime import datetime

from apprise import Apprise, NotifyFormat, NotifyType
from apprise.plugins import NotifyBase

from monitor.channels.answers import Outcome
from monitor.channels.apprise.library import ASSET, LOG, hearing, url_of
from monitor.model import Message, Severity
from monitor.text import plain

_TITLE_LIMIT = 2000
_BODY_LIMIT = 100_000
_TAIL_LIMIT = 200
_URGENCY = {
    Severity.INFO: NotifyType.INFO,
    Severity.LOW: NotifyType.INFO,
    Severity.MEDIUM: NotifyType.WARNING,
    Severity.HIGH: NotifyType.FAILURE,
    Severity.CRITICAL: NotifyType.FAILURE,
}


def transmit(service: NotifyBase, message: Message, now: datetime) -> Outcome:
    """Send it now, and say what came of it."""
    with hearing() as heard:
        accepted = _as_text(service, message)
    return heard.outcome(accepted=accepted)


def _as_text(service: NotifyBase, message: Message) -> bool:
    title, body = _cut(_cleaned(message, service), service)
    urgency = _URGENCY[message.severity]
    with Apprise(service, asset=ASSET).notify(
        body or title, title=title, notify_type=urgency, body_format=NotifyFormat.TEXT, log_level=LOG.level
    ) as result:
        return bool(result)


def _cut(message: Message, service: NotifyBase) -> tuple[str, str]:
    """Title and body within the service's limits; the last paragraph, which names the alert, and the link are kept."""
    limit = service.body_maxlen
    title = plain.fitted(f"[{message.severity.upper()}] {message.title}", service.title_maxlen or min(250, limit // 2))
    room = limit - plain.units(title) - (50 if limit > 500 else 2)
    head, _, tail = message.body.rpartition("\n\n")
    if plain.units(tail) > _TAIL_LIMIT:
        head, tail = message.body, ""
    ending = "\n".join(part for part in (tail, "" if message.link in tail else message.link) if part)
    if plain.units(ending) > room // 2:
        return title, plain.fitted(message.body, room)
    return title, f"{plain.fitted(head, room - plain.units(ending) - 2)}\n\n{ending}".strip()


def _cleaned(message: Message, service: NotifyBase) -> Message:
    """The message without anything a service could take for more than text."""
    title, body = plain.line(message.title, _TITLE_LIMIT), plain.lines(message.body, _BODY_LIMIT)
    if not url_of(service).startswith("mailto"):  # plain text in a mail is only ever shown
        title, body = plain.harmless(title), plain.harmless(body)
    return replace(message, title=title, body=body, link=plain.line(message.link, _TITLE_LIMIT))
