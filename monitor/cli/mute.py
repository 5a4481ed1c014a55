"""`monitor mute`, `mutes`, `unmute` and `ack`: what is not sent for a while, and who takes care of an alert."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

import typer

from monitor.cli.options import CONFIG, ConfigOption, JsonOption, now, settings_from
from monitor.cli.output import ago, as_json, say, table
from monitor.cli.readers import OPERATOR, AuthorOption, ReasonOption, desk_of
from monitor.cli.stored import find_alert
from monitor.cli.subscribe import SHORT
from monitor.errors import RequestError
from monitor.model import Mute
from monitor.readers import PREVIEW, Desk, MuteWish
from monitor.rules.durations import parse_span


def _span(text: str) -> timedelta:
    try:
        return parse_span(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


AlertArgument = Annotated[str, typer.Argument(metavar="ALERT", help="The alert's id, or its beginning.")]


def mute(
    rule: Annotated[str, typer.Option(help="Alerts of this rule.")] = "",
    story: Annotated[str, typer.Option(metavar="ALERT", help="Alerts about the same as this one.")] = "",
    alert: Annotated[str, typer.Option(metavar="ALERT", help="This one alert.")] = "",
    reader: Annotated[
        str, typer.Option(metavar="WHO", help="Only for this subscription (id) or route of monitor.yaml (name).")
    ] = "",
    lasts: Annotated[
        timedelta | None, typer.Option("--for", parser=_span, metavar="SPAN", help="12h, 7d ...; else until lifted.")
    ] = None,
    reason: ReasonOption = "",
    by: AuthorOption = OPERATOR,
    preview: Annotated[bool, typer.Option("--preview", help="Only show what it would have held back.")] = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Hold messages back for a while; the alerts themselves are kept. Shows what that would have held back lately.

    Examples:

        monitor mute --rule aid-packages --for 7d --reason "known until the summit" --by ada
        monitor mute --story 5f2a --preview
    """
    settings, at = settings_from(config), now()
    with desk_of(settings) as desk:
        who = _reader(desk, reader, [route.name for route in settings.routes])
        wish = _wish(desk, MuteWish(rule=rule, reader=who, lasts=lasts, author=by, reason=reason), story, alert)
        held = desk.preview(wish, at)
        if held:
            table(("written", "to", "title"), [(ago(one.created_at, at), one.route, one.message.title) for one in held])
        say(f"Held back in the last {PREVIEW.days} days: {len(held)}.")
        if not preview:
            made = desk.mute(wish, at)
            say(f"Muted: {made.id[:SHORT]}, {desk.in_words(made)}.")


def mutes(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """List what is muted at the moment.

    Example:

        monitor mutes --json
    """
    with desk_of(settings_from(config)) as desk:
        found = desk.store.mutes(now())
        rows = [(one.id[:SHORT], desk.in_words(one), _for(desk, one), one.author, one.reason) for one in found]
    if json:
        as_json(found)
    elif rows:
        table(("id", "what", "for", "by", "why"), rows)
    else:
        say("Nothing is muted.")


def unmute(
    mute_id: Annotated[str, typer.Argument(metavar="ID", help="The id, or its beginning, as `mutes` shows it.")],
    config: ConfigOption = CONFIG,
) -> None:
    """Lift a mute.

    Example:

        monitor unmute 81c0d2aa
    """
    with desk_of(settings_from(config)) as desk:
        found = [one for one in desk.store.mutes(now()) if one.id.startswith(mute_id)]
        if len(found) != 1:
            what = "several mutes begin" if found else "no mute that goes on begins"
            raise RequestError(("", f'{what} with "{mute_id}"; `monitor mutes` shows all'))
        lifted = desk.lift(found[0].id, now())
        say(f"Lifted: {lifted.id[:SHORT]}.")


def ack(
    alert: AlertArgument, by: AuthorOption = OPERATOR, reason: ReasonOption = "", config: ConfigOption = CONFIG
) -> None:
    """Take care of an alert: nobody else is woken for it. The first who does so stays.

    Example:

        monitor ack 5f2a --by ada --reason "calling the ministry"
    """
    with desk_of(settings_from(config)) as desk:
        found = find_alert(desk.store, alert)
        taken, first = desk.acknowledge(found.id, by, now(), reason)
    who = f"{taken.author} since {taken.at:%Y-%m-%d %H:%M} UTC" + (f": {taken.reason}" if taken.reason else "")
    say(f"Taken care of by {who}." if first else f"Somebody was first: {who}.")


def _wish(desk: Desk, wish: MuteWish, story: str, alert: str) -> MuteWish:
    """The wish with what its alerts stand for."""
    about = find_alert(desk.store, story) if story else None
    if about and not about.group:
        raise RequestError(("--story", f"this alert is about its rule as a whole: --rule {about.rule}"))
    return replace(
        wish,
        rule=wish.rule or (about.rule if about else ""),
        story=about.group if about else "",
        alert_id=find_alert(desk.store, alert).id if alert else "",
    )


def _reader(desk: Desk, start: str, routes: list[str]) -> str:
    """Whom a mute is for: the name of a route, or the whole id of the subscription that begins so."""
    found = [each.id for each in desk.store.subscriptions() if each.id.startswith(start)]
    if not start or start in routes:
        return start
    if len(found) != 1:
        raise RequestError(("--reader", f'"{start}" is neither a subscription nor one of {", ".join(routes)}'))
    return found[0]


def _for(desk: Desk, one: Mute) -> str:
    own = desk.store.subscription(one.subscription) if one.subscription else None
    return (own.name if own else one.subscription) or "everybody"
