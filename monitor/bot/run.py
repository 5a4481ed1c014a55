"""The bot beside the service: asks Telegram for what was said, by long polling, and answers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from monitor.alerts.service import BOT, judge_bot
from monitor.app import App
from monitor.bot import updates
from monitor.bot.api import Api, Refused
from monitor.bot.commands import ALIASES, COMMANDS, Asked, answer
from monitor.bot.updates import Update
from monitor.errors import ConfigError, DeliveryError, MonitorError
from monitor.model import SubscriptionState
from monitor.readers import Desk
from monitor.readers.signup import problems
from monitor.settings import Bot as BotSettings
from monitor.text import plain

_LONG_POLL = 50
"""Seconds that Telegram waits for something to be said."""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_CONFLICT = 409
_BLOCKED = 403
_TOLD_AFTER = 5
"""Failures in a row after which the operator hears of it."""
_OLD = timedelta(days=1)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_FLOOD, _FLOOD_WINDOW = 20, timedelta(minutes=1)
_LIMIT = 4000
_ADMINS = frozenset({"creator", "administrator"})
log = structlog.get_logger()


@asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    """Answer in chats for the length of the block, if the settings name a bot.

    Raises:
        ConfigError: Its channel cannot reach the chats.
    """
    settings = app.settings.bot
    if settings is None:
        yield
        return
    if found := problems(app.settings, app.channels):
        raise ConfigError(found)
    bot = Bot(app=app, settings=settings, api=Api(settings.token))
    work = asyncio.create_task(bot.work(), name="telegram bot")
    try:
        yield
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await bot.api.aclose()


@dataclass(slots=True, kw_only=True)
class Bot:
    """One bot, at work until its task is cancelled.

    What was handled is confirmed with the next question to Telegram; a crash in between has it handled again, and every
    command does the same thing twice.
    """

    app: App
    settings: BotSettings
    api: Api
    _name: str = ""
    _next: int = 0
    _failures: int = 0
    _said: Counter[str] = field(default_factory=Counter)
    _counted_since: datetime = _NEVER

    @property
    def _desk(self) -> Desk:
        """Where readers ask; made anew each time, because rules are taken up while the service runs."""
        return Desk(store=self.app.store, channels=self.app.channels, rules=self.app.loaded.rules)

    async def work(self) -> None:
        """Ask and answer; a failure is waited out, a wrong token is told to the operator and tried again seldom."""
        while True:
            try:
                for update in await self._heard():
                    await self._handle(update)
                    self._next = update.number + 1
            except DeliveryError as error:
                await self._wait(error)
            except MonitorError as error:
                log.error("bot.failed", why=str(error))  # noqa: TRY400 - the message says it
                await asyncio.sleep(_FIRST_WAIT)

    async def _heard(self) -> list[Update]:
        if not self._name:
            await self._introduce()
        found = await self.api.call(
            "getUpdates", wait=_LONG_POLL, timeout=_LONG_POLL, offset=self._next, allowed_updates=updates.KINDS
        )
        if self._failures:
            self._failures = 0
            await self._tell_operator("")
        return updates.read(found)

    async def _introduce(self) -> None:
        """Learn our own name, and put the commands into everybody's menu."""
        me = await self.api.call("getMe")
        menu = [{"command": name, "description": command.help} for name, command in COMMANDS.items()]
        await self.api.call("setMyCommands", commands=menu)
        self._name = str(me.get("username", "")) if isinstance(me, dict) else ""
        log.info("bot.listening", name=self._name)

    async def _wait(self, error: DeliveryError) -> None:
        self._failures += 1
        backoff = min(_FIRST_WAIT * 2 ** min(self._failures - 1, 10), _LONGEST_WAIT)
        asked = error.retry_after.total_seconds() if error.retry_after else 0
        if self._failures == (1 if error.permanent else _TOLD_AFTER):
            log.error("bot.failing", why=error.message)
            await self._tell_operator(_explained(error))
        await asyncio.sleep(_LONGEST_WAIT if error.permanent else max(backoff, asked))

    async def _tell_operator(self, why: str) -> None:
        await self.app.database(self._told, why)

    def _told(self, why: str) -> None:
        with self.app.store.unit() as unit:
            self.app.detector.tell_operator(unit, BOT, judge_bot(why), self.app.clock())

    # --- one update -------------------------------------------------------------------------------------------------

    async def _handle(self, update: Update) -> None:
        if update.left:
            await self.app.database(self._leave, update.chat)
        elif update.moved_to:
            await self.app.database(self._move, update.chat, update.moved_to)
        elif said := await self._answer(update):
            await self._say(update.chat, said)

    async def _answer(self, update: Update) -> str:
        """What to say; "" for nothing. In groups we answer only to commands, elsewhere to every word."""
        command = update.command(self._name)
        if not update.text or (update.group and not command):
            return ""
        if self._flooded(update.chat):
            return ""
        if self.app.clock() - update.at > _OLD:
            return "I was away when you wrote this. Please say it again."
        if not await self._may(update, command):
            return "In a group, only its administrators may do this."
        return await self.app.database(partial(self._asked, update, command))

    def _asked(self, update: Update, command: str) -> str:
        asked = Asked(desk=self._desk, settings=self.settings, update=update, now=self.app.clock())
        return answer(asked, command or "help")

    def _flooded(self, chat: str) -> bool:
        """Whether a chat says more than anybody reads answers to."""
        now = self.app.clock()
        if now - self._counted_since > _FLOOD_WINDOW:
            self._counted_since = now
            self._said.clear()  # strangers are many: nobody is remembered for longer
        self._said[chat] += 1
        return self._said[chat] > _FLOOD

    async def _may(self, update: Update, command: str) -> bool:
        """Whether who writes may change what the chat gets."""
        name = ALIASES.get(command, command)
        if not update.group or name not in COMMANDS or not COMMANDS[name].changes:
            return True
        try:
            member = await self.api.call("getChatMember", chat_id=update.chat, user_id=update.user)
        except Refused as refused:
            log.warning("bot.member_unknown", why=refused.message)
            return False
        return isinstance(member, dict) and member.get("status") in _ADMINS

    async def _say(self, chat: str, text: str) -> None:
        try:
            await self.api.call(
                "sendMessage",
                chat_id=chat,
                text=_within(text),
                parse_mode="HTML",
                link_preview_options={"is_disabled": True},
            )
        except Refused as refused:
            if refused.code == _BLOCKED:
                await self.app.database(self._leave, chat)
            elif refused.retry_after or refused.permanent:
                raise
            else:
                log.warning("bot.unsaid", why=refused.message)

    def _leave(self, chat: str) -> None:
        """Nobody hears us there: what it got ends, and what waits for it."""
        for subscription in self.app.store.subscriptions(SubscriptionState.ACTIVE):
            if (subscription.channel, subscription.address) == (self.settings.channel, chat):
                self._desk.end(subscription.id, self.app.clock())
                log.info("bot.left", subscription=subscription.id)

    def _move(self, chat: str, to: str) -> None:
        """A group that became another kind of group has another id."""
        self._desk.move(self.settings.channel, chat, to)


def _within(text: str) -> str:
    """Whole lines, so that no tag is cut."""
    kept: list[str] = []
    room = _LIMIT
    for line in text.split("\n"):
        room -= plain.units(line) + 1
        if room < 0:
            return "\n".join([*kept, "…"])
        kept.append(line)
    return text


def _explained(error: DeliveryError) -> str:
    if isinstance(error, Refused) and error.code == _CONFLICT:
        return f"another program asks with the same token: {error.message}"
    return f"check its token: {error.message}" if error.permanent else error.message
