"""What can be said to the bot, and what it answers: HTML of Telegram's few tags, with everybody's words escaped."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from monitor.bot.updates import Update
from monitor.bot.wishes import ALL, EXAMPLES, changed, chosen, span_of
from monitor.channels.forms.words import escaped
from monitor.errors import RequestError
from monitor.model import Alert, Subscription, SubscriptionState
from monitor.readers import PREVIEW, Desk, MuteWish, Wish
from monitor.readers.words import described
from monitor.settings import Bot

ORIGIN = "telegram"
_USUAL_MUTE = timedelta(days=1)
_TOLD = 1000  # of the latest messages, in which a chat's alerts are looked for
_NOT_YET = "This chat gets no alerts. /start subscribes it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One command from one chat."""

    desk: Desk
    settings: Bot
    update: Update
    now: datetime

    @property
    def channel(self) -> str:
        """Which the chat's alerts take."""
        return self.settings.channel

    @property
    def author(self) -> str:
        """Who asks, as others see it."""
        return f"{self.update.name or 'somebody'} (Telegram)"

    @property
    def subscription(self) -> Subscription | None:
        """What this chat gets, or None."""
        going = self.desk.store.subscriptions(SubscriptionState.ACTIVE)
        return next((one for one in going if (one.channel, one.address) == (self.channel, self.update.chat)), None)

    @property
    def mine(self) -> Subscription:
        """What this chat gets.

        Raises:
            RequestError: Nothing.
        """
        found = self.subscription
        if found is None:
            raise RequestError(("", _NOT_YET))
        return found


class Command(NamedTuple):
    """What a command does.

    Attributes:
        help: Its line in Telegram's menu.
        changes: Whether only those may who look after the group.
    """

    run: Callable[[Asked], str]
    help: str
    changes: bool = True


# --- subscriptions --------------------------------------------------------------------------------------------------


def start(asked: Asked) -> str:
    if asked.subscription is None:
        asked.desk.enrol(_wish(asked), asked.now, ORIGIN)
    return (
        "<b>Alerts from the indicator monitor</b>\n"
        "It reads the news and tells you when something turns: who said what, where, and why it matters.\n\n"
        f"{_told(asked)}\n\n"
        "/rules shows what there is to choose from, /settings when it comes, /help everything, /stop ends it."
    )


def rules(asked: Asked) -> str:
    mine = asked.subscription
    rows = [f"{_mark(mine, rule)} <code>{escaped(rule)}</code>\n{escaped(title)}" for rule, title in _offered(asked)]
    tags = ", ".join(f"<code>{escaped(tag)}</code>" for tag in asked.desk.offered.tags)
    ending = "Choose with /subscribe and the names of rules or tags, for example:\n/subscribe aid-packages daily"
    return "\n".join(filter(None, (*rows, f"\n<b>Tags:</b> {tags}" if tags else "", f"\n{ending}")))


def subscribe(asked: Asked) -> str:
    known = asked.subscription
    wish = chosen(Wish.of(known) if known else _wish(asked), asked.update.words, asked.desk.offered)
    if known:
        asked.desk.change(known.id, wish)
    else:
        asked.desk.enrol(wish, asked.now, ORIGIN)
    return f"Done.\n\n{_told(asked)}"


def stop(asked: Asked) -> str:
    asked.desk.end(asked.mine.id, asked.now)
    return "Nothing more will come. /start begins anew."


def settings(asked: Asked) -> str:
    mine = asked.mine
    if asked.update.words:
        asked.desk.change(mine.id, changed(Wish.of(mine), asked.update.words))
        return f"Done.\n\n{_told(asked)}"
    examples = "\n".join(f"/settings {example}" for example in EXAMPLES.values())
    return f"{_told(asked)}\n\nChange it like this:\n{examples}"


# --- single alerts --------------------------------------------------------------------------------------------------


def mute(asked: Asked) -> str:
    wish = _mute_wish(asked)
    held = len(asked.desk.preview(wish, asked.now))
    made = asked.desk.mute(wish, asked.now)
    lately = f"In the last {PREVIEW.days} days this would have held back {held} message{'s' * (held != 1)}."
    return f"Muted: {escaped(asked.desk.in_words(made))}.\n{lately}\n/unmute lifts it."


def unmute(asked: Asked) -> str:
    reader = asked.mine.id
    muted = asked.desk.muted(reader, asked.now)
    for one, _ in muted:
        asked.desk.lift(one.id, asked.now, reader)
    return "\n".join(f"Lifted: {escaped(words)}." for _, words in muted) or "Nothing is muted."


def ack(asked: Asked) -> str:
    mine = asked.subscription
    if asked.update.chat not in asked.settings.chats and not (mine and mine.by_operator):
        why = "only chats that the operator subscribed, or names under `bot: chats`, may; this one is "
        raise RequestError(("", why + asked.update.chat))
    alert = _alert(asked, asked.update.alert or next(iter(asked.update.words), ""))
    taken, first = asked.desk.acknowledge(alert.id, asked.author, asked.now)
    title = f"“{escaped(alert.title)}”"
    if first:
        return f"You take care of {title}. Nobody else is woken for it."
    return f"{escaped(taken.author)} takes care of {title} since {taken.at:%Y-%m-%d %H:%M} UTC."


# --- the rest -------------------------------------------------------------------------------------------------------


def status(asked: Asked) -> str:
    muted = [f"Muted: {escaped(words)}" for _, words in asked.desk.muted(asked.mine.id, asked.now)]
    return "\n\n".join(filter(None, (_told(asked), "\n".join(muted), escaped(asked.desk.store.coverage(asked.now)))))


def help_(asked: Asked) -> str:
    del asked
    rows = "\n".join(f"/{name} – {command.help}" for name, command in COMMANDS.items())
    return f"{rows}\n\nReply to an alert with /ack or /mute to mean that one."


COMMANDS: Mapping[str, Command] = {
    "start": Command(start, "get alerts in this chat"),
    "rules": Command(rules, "what there is to choose from", changes=False),
    "subscribe": Command(subscribe, "choose: rules, tags, languages, severity, cadence"),
    "settings": Command(settings, "when alerts come: zone, quiet hours, digests"),
    "mute": Command(mute, "spare me a rule, or an alert, for a while"),
    "unmute": Command(unmute, "lift what is muted"),
    "ack": Command(ack, "I take care of this alert", changes=False),
    "status": Command(status, "what this chat gets, and how well the news are read", changes=False),
    "stop": Command(stop, "no more alerts"),
    "help": Command(help_, "all commands", changes=False),
}
"""In the order in which they are shown."""
ALIASES = {"unsubscribe": "stop"}


def answer(asked: Asked, command: str) -> str:
    """What the bot says; a wish that cannot be is answered with every reason."""
    name = ALIASES.get(command, command)
    if name not in COMMANDS:
        return f"There is no command /{escaped(command)}.\n\n{help_(asked)}"
    try:
        return COMMANDS[name].run(asked)
    except RequestError as error:
        return "\n".join(_reason(field, why) for field, why in error.reasons)


def _reason(field: str, why: str) -> str:
    return f"<b>{escaped(field)}</b>: {escaped(why)}" if field else escaped(why)


def _wish(asked: Asked) -> Wish:
    return Wish(channel=asked.channel, address=asked.update.chat, name=asked.update.name)


def _told(asked: Asked) -> str:
    """What this chat gets, in words."""
    rows = described(asked.mine, asked.desk.offered.rules)
    return "\n".join(f"<b>{heading}:</b> {escaped(words)}" for heading, words in rows)


def _offered(asked: Asked) -> Iterable[tuple[str, str]]:
    return asked.desk.offered.rules.items()


def _mark(mine: Subscription | None, rule: str) -> str:
    return "✓" if mine and (not mine.rules or rule in mine.rules) else "·"


def _mute_wish(asked: Asked) -> MuteWish:
    """What to spare the chat: the story replied to, a rule, or all."""
    span, words = span_of(asked.update.words)
    wish = MuteWish(reader=asked.mine.id, lasts=span or _USUAL_MUTE, author=asked.author)
    if asked.update.alert:
        alert = _alert(asked, asked.update.alert)
        return replace(wish, rule=alert.rule, story=alert.group)
    if not words:
        raise RequestError(
            ("", f"what? Reply to an alert, or name a rule: /mute aid-packages 8h. /mute {ALL} 8h is all")
        )
    return wish if words[0].lower() == ALL else replace(wish, rule=words[0].lower())


def _alert(asked: Asked, beginning: str) -> Alert:
    """An alert this chat was told of; of others nobody here learns that they are."""
    found = dict.fromkeys(islice(_alerts_told(asked, beginning), 2)) if beginning else {}
    alert = asked.desk.store.alert(next(iter(found))) if len(found) == 1 else None
    if alert is None:
        raise RequestError(("", "which alert? Reply to it, or write the eight signs behind “Alert” in its last line"))
    return alert


def _alerts_told(asked: Asked, beginning: str) -> Iterator[str]:
    for one in asked.desk.store.notifications(limit=_TOLD):
        mine = (one.channel, one.address) == (asked.channel, asked.update.chat)
        if mine and one.alert_id and one.alert_id.startswith(beginning.lower()):
            yield one.alert_id
