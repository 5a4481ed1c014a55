"""How each service gets a message: in the form it shows best, within its limits, over Apprise's own transport."""

from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from apprise import Apprise, NotifyFormat, NotifyType
from apprise.exception import AppriseException
from apprise.plugins import NotifyBase

from monitor.channels.answers import Outcome
from monitor.channels.apprise.library import ASSET, LOG, hearing
from monitor.channels.apprise.plugins import (
    SMTP_EXCEPTIONS,
    AppriseSMTPController,
    NotifyEmail,
    NotifySlack,
    NotifyTelegram,
)
from monitor.channels.connections import Line
from monitor.channels.forms import mail, slack, telegram, text, words
from monitor.channels.forms.clean import cleaned
from monitor.model import Message, Severity
from monitor.text import plain

_URGENCY = {
    Severity.INFO: NotifyType.INFO,
    Severity.LOW: NotifyType.INFO,
    Severity.MEDIUM: NotifyType.WARNING,
    Severity.HIGH: NotifyType.FAILURE,
    Severity.CRITICAL: NotifyType.FAILURE,
}


class Outlet:
    """One service turned to one target, and the connections to it; for one message at a time."""

    def __init__(self, service: NotifyBase, line: Line) -> None:
        self._service = service
        self._line = line

    @cached_property
    def _apprise(self) -> Apprise:
        return Apprise(self._service, asset=ASSET)

    def transmit(self, message: Message, now: datetime) -> Outcome:
        """Send it now, and say what came of it."""
        with hearing(self._line) as heard:
            match service := self._service:
                case NotifyEmail() if service.pgp_mode == "no":
                    accepted = _as_mail(service, message, now)
                case NotifySlack() if service.mode not in ("workflow", "trigger"):
                    accepted = _as_blocks(service, message)
                case NotifyTelegram():
                    accepted = _as_html(service, message)
                case _:
                    accepted = _as_text(service, self._apprise, message)
        return heard.outcome(accepted=accepted)


# --- mail -----------------------------------------------------------------------------------------------------------


def _as_mail(service: Any, message: Message, now: datetime) -> bool:
    """A mail of our own making over the connection that the URL describes."""
    letterhead = _letterhead(service)
    made = mail.mail(message, letterhead, now)
    for name, value in service.headers.items():
        if name not in made:
            made[plain.line(name, 100)] = plain.line(value, 900)
    recipients = [letterhead.recipient[1], *sorted(service.cc | service.bcc)]
    service.throttle()
    try:
        with _connection(service) as smtp:
            return bool(smtp.sendmail(letterhead.sender[1], recipients, made.as_string()))
    except (*SMTP_EXCEPTIONS, AppriseException) as error:
        LOG.debug("Socket Exception: %s", error)
        return False


def _connection(service: Any) -> AppriseSMTPController:
    return AppriseSMTPController(
        host=service.smtp_host,
        port=service.port,
        secure_mode=service.secure_mode,
        user=service.user,
        password=service.password,
        verify_certificate=service.verify_certificate,
        socket_connect_timeout=service.socket_connect_timeout,
    )


def _letterhead(service: Any) -> mail.Letterhead:
    [(name, address), *_] = service.targets
    return mail.Letterhead(
        sender=(service.from_addr[0] or "", service.from_addr[1]),
        recipient=(name or "", address),
        cc=tuple(sorted(service.cc)),
        reply_to=tuple(sorted(service.reply_to)),
    )


# --- Slack ----------------------------------------------------------------------------------------------------------


class _Blocks(NotifySlack):  # type: ignore[no-untyped-call]
    """Slack's plugin as it is, but what it posts is our attachment instead of its own."""

    attachment: dict[str, Any]

    def _send(self, url: str, payload: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        ours = {"attachments": [self.attachment]} if "attachments" in payload else {}
        return super()._send(url, payload | ours, *args, **kwargs)  # type: ignore[no-untyped-call]


def _as_blocks(service: Any, message: Message) -> bool:
    service.__class__ = _Blocks
    service.attachment = slack.attachment(message)
    return bool(service.send(body=message.title, notify_type=_URGENCY[message.severity]))


# --- Telegram -------------------------------------------------------------------------------------------------------


def _as_html(service: Any, message: Message) -> bool:
    return bool(service.send(body=telegram.html(message), body_format=NotifyFormat.HTML))


# --- every other service --------------------------------------------------------------------------------------------


def _as_text(service: NotifyBase, apprise: Apprise, message: Message) -> bool:
    title, body = _cut(_harmless(cleaned(message)), service)
    urgency = _URGENCY[message.severity]
    with apprise.notify(body or title, title=title, notify_type=urgency, body_format=NotifyFormat.TEXT) as result:
        return bool(result)


def _cut(message: Message, service: NotifyBase) -> tuple[str, str]:
    """Title and body within the service's limits; the last paragraph, which names the alert, and the links are kept."""
    limit = service.body_maxlen
    loud = f"[{message.severity.upper()}] " if words.label(message) else ""
    title = plain.fitted(f"{loud}{message.title}", service.title_maxlen or min(250, limit // 2))
    room = limit - plain.units(title) - (50 if limit > 500 else 2)
    paragraphs, tail = words.parted(message.body)
    endings = (
        "\n".join(filter(None, (tail, *links))) for links in ([*text.links(message)], [*text.links(message)][:1])
    )
    ending = next((each for each in endings if plain.units(each) <= room // 2), None)
    if ending is None:
        return title, plain.fitted(message.body, room)
    head = plain.fitted("\n\n".join(paragraphs), room - plain.units(ending) - 2)
    return title, f"{head}\n\n{ending}".strip()


def _harmless(message: Message) -> Message:
    return replace(message, title=plain.harmless(message.title), body=plain.harmless(message.body))
