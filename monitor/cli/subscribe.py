"""`monitor subscribe` and `monitor unsubscribe`: what one person hears of, kept in the database."""

from typing import Annotated

import typer

from monitor.cli.options import CONFIG, ConfigOption, now, settings_from
from monitor.cli.output import say, table
from monitor.cli.readers import desk_of, schedule
from monitor.errors import RequestError
from monitor.model import Severity, Subscription, SubscriptionState
from monitor.readers import Desk, Wish
from monitor.readers.words import described

SHORT = 8
"""Signs of an id that lists show, and that are enough to name a subscription or a mute."""


def subscribe(
    channel: Annotated[str, typer.Option(help="A channel of the configuration.")],
    address: Annotated[str, typer.Option(help="A mail address, a chat; without it, the channel's own target.")] = "",
    name: Annotated[str, typer.Option(help="What lists call it; the address if not given.")] = "",
    rule: Annotated[list[str] | None, typer.Option(help="Only this rule; may be repeated.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only alerts with this tag; may be repeated.")] = None,
    lang: Annotated[list[str] | None, typer.Option(help="Only reports in this language (uk); may be repeated.")] = None,
    at_least: Annotated[Severity, typer.Option(help="The quietest severity that comes.")] = Severity.INFO,
    cadence: Annotated[
        list[str] | None,
        typer.Option(metavar="[SEVERITY=]CADENCE", help="now, hourly, daily, weekly: for one severity, or all."),
    ] = None,
    at: Annotated[str, typer.Option(metavar="HH:MM", help="When digests come.")] = "07:00",
    on: Annotated[str, typer.Option(metavar="DAY", help="The day of weekly digests.")] = "monday",
    zone: Annotated[str, typer.Option(help="The time zone of all times.")] = "UTC",
    quiet: Annotated[str, typer.Option(metavar="HH:MM-HH:MM", help="Hours in which nothing is sent.")] = "",
    passes: Annotated[Severity, typer.Option(help="What is sent in quiet hours all the same.")] = Severity.HIGH,
    confirmed: Annotated[bool, typer.Option("--confirmed", help="Do not ask the owner of the address.")] = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Subscribe somebody. The owner of the address is asked by mail first, unless you say `--confirmed`.

    Who names no cadence hears of high and critical alerts at once, and of the rest in a daily digest.

    Examples:

        monitor subscribe --channel mail --address ada@newsroom.example --rule aid-packages
        monitor subscribe --channel mail --address ada@newsroom.example --cadence low=weekly --zone Europe/Kyiv
        monitor subscribe --channel telegram --address 123456789 --confirmed
    """
    wish = Wish(
        channel=channel,
        address=address.strip(),
        name=name,
        rules=tuple(rule or ()),
        tags=tuple(tag or ()),
        langs=tuple(lang or ()),
        at_least=at_least,
        schedule=schedule(cadence or (), at, on, zone, quiet, passes),
    )
    with desk_of(settings_from(config)) as desk:
        if not confirmed:
            desk.ask(wish, now(), origin="command")
            say(f"The running service asks {wish.address} to confirm.")
            return
        made = desk.enrol(wish, now())
    say(f"Subscribed: {made.id}\n")
    table(("", ""), described(made, desk.offered.rules))


def unsubscribe(
    subscription: Annotated[str, typer.Argument(metavar="[ID]", help="The id, or its beginning.")] = "",
    address: Annotated[str, typer.Option(help="All subscriptions of this address.")] = "",
    config: ConfigOption = CONFIG,
) -> None:
    """End subscriptions, by id or by address.

    Examples:

        monitor unsubscribe 3f9a61c2
        monitor unsubscribe --address ada@newsroom.example
    """
    if bool(subscription) == bool(address):
        raise typer.BadParameter("name either an id or --address")
    with desk_of(settings_from(config)) as desk:
        for one in _meant(desk, subscription, address):
            ended = desk.end(one.id, now())
            say(f"Ended: {ended.id[:SHORT]}, {ended.channel} {ended.address}".rstrip())


def _meant(desk: Desk, start: str, address: str) -> list[Subscription]:
    going = [each for each in desk.store.subscriptions() if each.state is not SubscriptionState.ENDED]
    if address:
        found = [each for each in going if each.address.casefold() == address.strip().casefold()]
    else:
        found = [each for each in going if each.id.startswith(start)]
    if not found:
        known = "is not subscribed" if address else "begins no id of a subscription"
        raise RequestError(("", f"{address or start} {known}; `monitor subscriptions list` shows all"))
    if start and len(found) > 1:
        raise RequestError(("", f"several subscriptions begin with {start}; write more of the id"))
    return found
