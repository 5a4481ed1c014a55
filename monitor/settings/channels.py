"""What monitor.yaml says of channels, and of who hears what through them."""

from collections import Counter
from collections.abc import Iterator

from monitor.alerts.escalation import Escalation
from monitor.channels.base import ChannelSpec
from monitor.model import Route
from monitor.settings import subscriptions
from monitor.settings.reading import Loc, Reading
from monitor.settings.schema import ChannelSection, Subscription


class Channels:
    """The channels and subscriptions of one file."""

    def __init__(self, reading: Reading) -> None:
        self._reading, self._document = reading, reading.document

    def channels(self) -> Iterator[ChannelSpec]:
        """Every channel, its secrets looked up."""
        for name, entry in self._document.channels.items():
            loc: Loc = ("channels", name)
            yield self._channel(name, entry or ChannelSection(), loc)

    def _channel(self, name: str, entry: ChannelSection, loc: Loc) -> ChannelSpec:
        key = "url" if entry.url else "apprise"
        target = entry.url or entry.apprise
        if entry.url and entry.apprise:
            self._reading.wrong(loc, f'channel "{name}" has both url and apprise', "keep the one that is meant")
        is_file = bool(target) and key == "apprise" and "://" not in target and "${" not in target
        line, column = self._reading.file.place(loc, key=True)
        return ChannelSpec(
            name=name,
            kind=entry.kind or ("webhook" if entry.secret else "apprise" if target else "console"),
            url="" if is_file else self._reading.filled(target, (*loc, key)),
            config=self._reading.under(target) if is_file else None,
            tag=entry.tag,
            secret=self._reading.filled(entry.secret or "", (*loc, "secret")),
            rate=entry.rate,
            path=self._reading.file.path,
            line=line,
            column=column,
        )

    def routes(self) -> Iterator[Route]:
        """Who hears what: the subscriptions that stand in the file."""
        names: Counter[str] = Counter()
        for name, entry, loc in self._subscriptions():
            names[name] += 1
            if names[name] == 2:
                self._reading.wrong(loc, f'two subscriptions are called "{name}"', "give each its own name")
            if entry.severity and entry.at_least:
                self._reading.wrong(
                    loc, f'subscription "{name}" has both severity and at_least', "they mean the same; keep one"
                )
            if entry.quiet and entry.quiet.start == entry.quiet.end:
                self._reading.wrong((*loc, "quiet"), "quiet hours that begin and end at the same time hold nothing")
            self._reading.check_channel(entry.channel, (*loc, "channel"))
            yield subscriptions.route(name, entry, at_once=self._is_console(entry.channel))

    def _subscriptions(self) -> Iterator[tuple[str, Subscription, Loc]]:
        """Those that are written down; without the key, every channel hears about everything."""
        declared = self._document.subscriptions
        if declared is None:
            for channel in self._document.channels:
                yield channel, Subscription(channel=channel), ("channels", channel)
        elif isinstance(declared, dict):
            for name, entry in declared.items():
                yield name, entry, ("subscriptions", name)
        else:
            for number, named in enumerate(declared):
                yield named.name, named, ("subscriptions", number)

    def _is_console(self, name: str) -> bool:
        declared = self._document.channels.get(name) or ChannelSection()
        return declared.kind == "console" or not (declared.kind or declared.url or declared.apprise)

    def escalation(self) -> Escalation | None:
        """Who is woken when nobody acknowledges; None when nobody is."""
        entry = self._document.escalation
        if entry is None:
            return None
        self._reading.check_channel(entry.to, ("escalation", "to"))
        route = Route(name="escalation", channel=entry.to, address=entry.address or "")
        return Escalation(routes=(route,), after=entry.after, at_least=entry.at_least)
