"""What somebody wants to hear of, and everything that is wrong with it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from monitor.alerts.schedule import USUAL
from monitor.channels.base import Channel
from monitor.model import Schedule, Severity, Subscription
from monitor.rules.rule import RuleSet
from monitor.settings import times
from monitor.text import plain
from monitor.yamlfile import suggestion

NAME_LIMIT = 80
_ADDRESS_LIMIT = 254
Wrong = tuple[str, str]
"""The field, and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reader asks for; empty means all, as in a subscription."""

    channel: str
    address: str = ""
    name: str = ""
    rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    at_least: Severity = Severity.INFO
    schedule: Schedule = field(default_factory=lambda: Schedule(cadences=dict(USUAL)))

    @classmethod
    def of(cls, subscription: Subscription) -> "Wish":
        """What somebody has asked for before."""
        return cls(
            channel=subscription.channel,
            address=subscription.address,
            name=subscription.name,
            rules=subscription.rules,
            tags=subscription.tags,
            langs=subscription.langs,
            at_least=subscription.at_least,
            schedule=subscription.schedule,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What there is to choose from.

    Attributes:
        rules: Their titles by id, in the order of the rules.
    """

    rules: Mapping[str, str]
    tags: tuple[str, ...] = ()


def catalogue(rules: RuleSet) -> Catalogue:
    """What these rules offer."""
    tags = {tag for rule in rules.rules for alert in rule.alerts for tag in alert.rule.tags}
    return Catalogue(rules={rule.id: rule.title for rule in rules.rules}, tags=tuple(sorted(tags)))


def examine(wish: Wish, channels: Mapping[str, Channel], offered: Catalogue) -> Iterator[Wrong]:
    """Everything that is wrong with a wish."""
    yield from _channel(wish, channels)
    yield from unknown("rules", "rule", wish.rules, offered.rules)
    yield from unknown("tags", "tag", wish.tags, offered.tags)
    for lang in wish.langs:
        if not (len(lang) == 2 and lang.isascii() and lang.islower()):
            yield "langs", f'"{_shown(lang)}" is no language code; write two small letters, such as uk'
    if plain.line(wish.name, NAME_LIMIT) != wish.name:
        yield "name", f"must be one line of at most {NAME_LIMIT} characters"
    yield from _schedule(wish.schedule)


def same_target(wish: Wish, subscription: Subscription) -> bool:
    """Whether both are for the same reader; how an address is capitalised makes no other one."""
    mine, theirs = wish.address.casefold(), subscription.address.casefold()
    return (wish.channel, mine) == (subscription.channel, theirs)


def _channel(wish: Wish, channels: Mapping[str, Channel]) -> Iterator[Wrong]:
    channel = channels.get(wish.channel)
    if channel is None:
        hint = suggestion(wish.channel, channels) or f"known: {', '.join(channels) or 'none'}"
        yield "channel", f'there is no channel "{_shown(wish.channel)}" ({hint})'
    elif len(wish.address) > _ADDRESS_LIMIT:
        yield "address", f"an address has at most {_ADDRESS_LIMIT} characters"
    elif wish.address and (why := channel.check_address(wish.address)):
        yield "address", why


def unknown(field_name: str, noun: str, asked: Collection[str], known: Collection[str]) -> Iterator[Wrong]:
    for one in asked:
        if one not in known:
            hint = suggestion(one, known) or f"known: {', '.join(known) or 'none'}"
            yield field_name, f'there is no {noun} "{_shown(one)}" ({hint})'


def _schedule(schedule: Schedule) -> Iterator[Wrong]:
    try:
        times.zone(schedule.zone)
    except ValueError as error:
        yield "zone", str(error)
    if schedule.weekday not in range(7):
        yield "weekday", "must be a day of the week"
    if schedule.quiet and schedule.quiet.start == schedule.quiet.end:
        yield "quiet", "quiet hours begin and end at different times"


def _shown(text: str) -> str:
    return plain.line(text, NAME_LIMIT)
