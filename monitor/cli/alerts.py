"""`monitor alerts`: what has been found, and what each alert rests on."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer

from monitor.alerts import routing
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, now, settings_from
from monitor.cli.output import ago, as_json, plain, say, table
from monitor.cli.stored import find_alert, store_of
from monitor.model import Acknowledgement, Alert, AlertState, Notification, Observation, Route
from monitor.rules.durations import parse_span

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="List alerts, or show one with all it rests on.",
)


def _span(text: str) -> timedelta:
    try:
        return parse_span(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


@app.command("list")
def list_alerts(
    config: ConfigOption = CONFIG,
    rule: Annotated[str | None, typer.Option(help="Only alerts of this rule.")] = None,
    state: Annotated[AlertState | None, typer.Option(help="Only alerts in this state.")] = None,
    since: Annotated[
        timedelta | None, typer.Option(parser=_span, metavar="SPAN", help="Only of the last 7d, 12h ...")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many, the latest first.")] = 30,
    json: JsonOption = False,
) -> None:
    """List alerts, the latest first.

    Examples:

        monitor alerts list --state firing
        monitor alerts list --rule aid-packages --since 7d --json
    """
    at = now()
    with store_of(settings_from(config)) as store:
        found = store.alerts(limit=limit, rule=rule, state=state, since=at - since if since else None)
    if json:
        as_json(found)
    elif not found:
        say("No alerts.")
    else:
        rows = [(_short(one), ago(one.opened_at, at), one.state, one.severity, one.rule, one.title) for one in found]
        table(("id", "opened", "state", "severity", "rule", "title"), rows)


@app.command("show")
def show_alert(
    alert_id: Annotated[str, typer.Argument(metavar="ID", help="The alert's id, or its beginning.")],
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Show one alert: why it fired, the observations it rests on, and where it was sent.

    Example:

        monitor alerts show 5f2a
    """
    settings = settings_from(config)
    with store_of(settings) as store:
        alert = find_alert(store, alert_id)
        observations = store.observations_of(alert)
        notifications = store.notifications(alert_id=alert.id)
        taken = store.acknowledgement(alert.id)
    if json:
        told = {"acknowledgement": taken, "observations": observations, "notifications": notifications}
        as_json({**plain(alert), **told})
        return
    _show(alert, taken)
    _show_observations(observations)
    _show_delivery(alert, notifications, settings.routes)


def _short(alert: Alert) -> str:
    return alert.id[:8]


def _show(alert: Alert, taken: Acknowledgement | None) -> None:
    ended = f", ended {alert.ended_at:%Y-%m-%d %H:%M}" if alert.ended_at else ""
    say(f"{alert.title}\n")
    table(
        ("", ""),
        [
            ("id", alert.id),
            ("state", f"{alert.state}, {alert.severity}"),
            ("rule", f"{alert.rule}, {alert.name}" + (f", {alert.group}" if alert.group else "")),
            ("opened", f"{alert.opened_at:%Y-%m-%d %H:%M} UTC{ended}"),
            ("reason", alert.reason),
            ("publishers", ", ".join(alert.publishers)),
            ("link", alert.link),
            ("acknowledged", _care(taken)),
        ],
    )


def _care(taken: Acknowledgement | None) -> str:
    if taken is None:
        return "by nobody"
    return f"by {taken.author}, {taken.at:%Y-%m-%d %H:%M} UTC" + (f": {taken.reason}" if taken.reason else "")


def _show_observations(observations: Sequence[Observation]) -> None:
    say("\nIt rests on:")
    for one in observations:
        say(f"  {one.at:%Y-%m-%d %H:%M}  {one.publisher or one.country or '?'}: {one.title}")
        for detail in filter(None, (one.link, _read(one), _words(one))):
            say(f"      {detail}")


def _read(one: Observation) -> str:
    stance = f"{one.stance.label} ({one.stance.because})" if one.stance and one.stance.because else ""
    amounts = ", ".join(amount.words or f"{amount.value} {amount.currency}" for amount in one.amounts)
    systems = ", ".join(system.name for system in one.systems)
    return "; ".join(filter(None, (one.speaker, stance, amounts, systems, one.stage)))


def _words(one: Observation) -> str:
    return "words: " + ", ".join(dict.fromkeys(evidence.words for evidence in one.evidence)) if one.evidence else ""


def _show_delivery(alert: Alert, notifications: Sequence[Notification], routes: Sequence[Route]) -> None:
    say("\nWhere it went:")
    for one in notifications:
        when = f" {one.sent_at:%Y-%m-%d %H:%M}" if one.sent_at else ""
        say(f"  {one.channel}: {one.state}{when} ({one.alert_state}; {one.route}) {one.receipt or one.reason}".rstrip())
    for route in routes:
        reason = routing.explain(alert, route)
        if reason:
            say(f"  {route.channel}: not by subscription {route.name}: {reason}")
