"""What Telegram reports: words in a chat, or that somebody left. Everything else is passed over."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from monitor.text import plain

KINDS = ("message", "my_chat_member")
"""What we ask Telegram for."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_GONE = frozenset({"kicked", "left"})
_NAME_LIMIT = 60
_TEXT_LIMIT = 400
_ALERT = re.compile(r"\bAlert ([0-9a-f]{8})\b")
_COMMAND = re.compile(r"/([a-z]{1,32})(?:@(\w{1,64}))?(?:\s|$)", re.IGNORECASE)


class _Chat(BaseModel):
    id: int
    type: str = "private"
    title: str = ""


class _User(BaseModel):
    id: int
    first_name: str = ""
    username: str = ""


class _Earlier(BaseModel):
    text: str = ""


class _Message(BaseModel):
    date: int
    chat: _Chat
    sender: _User | None = Field(default=None, alias="from")
    text: str = ""
    reply_to_message: _Earlier | None = None
    migrate_to_chat_id: int | None = None


class _Member(BaseModel):
    status: str


class _Change(BaseModel):
    date: int
    chat: _Chat
    new_chat_member: _Member


class _Update(BaseModel):
    update_id: int
    message: _Message | None = None
    my_chat_member: _Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One thing that happened in one chat.

    Attributes:
        chat: Its id, as the address of a subscription.
        user: Who wrote, by id; 0 for nobody.
        name: Who wrote, in words.
        text: What was written; "" when nothing was.
        alert: Beginning of the id of the alert that was replied to, or "".
        left: Whether nobody hears us there any more.
        moved_to: The new id of the chat, or "".
    """

    number: int
    chat: str = ""
    group: bool = False
    user: int = 0
    name: str = ""
    text: str = ""
    alert: str = ""
    left: bool = False
    moved_to: str = ""
    at: datetime = _NEVER

    def command(self, bot: str) -> str:
        """The command it is for this bot, in small letters; "" when it is none, or for another one."""
        found = _COMMAND.match(self.text)
        mine = found and (not found[2] or found[2].casefold() == bot.casefold())
        return found[1].lower() if found and mine else ""

    @property
    def words(self) -> tuple[str, ...]:
        """What stands behind the command."""
        return tuple(self.text.split()[1:])


def read(found: Any) -> list[Update]:
    """What was reported, in order; what nobody understands keeps its number, so that it is not reported again."""
    reports = found if isinstance(found, list) else []
    return [_update(report) for report in reports if isinstance(report, dict) and _numbered(report)]


def _numbered(report: dict[str, Any]) -> bool:
    return isinstance(report.get("update_id"), int)


def _update(report: dict[str, Any]) -> Update:
    try:
        update = _Update.model_validate(report)
    except ValidationError:
        return Update(number=report["update_id"])
    if update.message:
        return _said(update.update_id, update.message)
    if update.my_chat_member:
        return _changed(update.update_id, update.my_chat_member)
    return Update(number=update.update_id)


def _said(number: int, message: _Message) -> Update:
    sender, earlier = message.sender, message.reply_to_message
    about = _ALERT.findall(earlier.text) if earlier else []
    return Update(
        number=number,
        chat=str(message.chat.id),
        group=message.chat.type != "private",
        user=sender.id if sender else 0,
        name=plain.line(sender.username or sender.first_name, _NAME_LIMIT) if sender else "",
        text=plain.line(message.text, _TEXT_LIMIT),
        alert=about[-1] if about else "",
        moved_to=str(message.migrate_to_chat_id) if message.migrate_to_chat_id else "",
        at=datetime.fromtimestamp(message.date, UTC),
    )


def _changed(number: int, change: _Change) -> Update:
    return Update(
        number=number,
        chat=str(change.chat.id),
        group=change.chat.type != "private",
        left=change.new_chat_member.status in _GONE,
        at=datetime.fromtimestamp(change.date, UTC),
    )
