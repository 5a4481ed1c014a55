"""`monitor route`: who would hear of an alert, when, and why not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from monitor import yamlfile
from monitor.alerts.routing import explain, languages, routes_for, target
from monitor.channels.table import build as build_channels
from monitor.channels.table import expand
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, now, settings_from
from monitor.cli.output import as_json, say, table
from monitor.cli.stored import find_alert, store_of
from monitor.dispatch import CATCH_UP, Dispatch, Dispatcher, Routes
from monitor.model import Alert, NotificationState, Route, Severity
from monitor.rules.load import load as load_rules
from monitor.settings import Settings
from monitor.store.store import Store

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="Show who would hear of an alert, and why.",
)
ANSWERS = {NotificationState.PENDING: "now", NotificationState.HELD: "later", NotificationState.MUTED: "no"}
Row = tuple[str, str, str, str]


@app.callback()
def route() -> None:
    """Show who would hear of an alert, when, and why not."""


@app.command("test")
def try_routes(
    alert_id: Annotated[str, typer.Argument(metavar="[ALERT]", help="An alert's id, or its beginning.")] = "",
    rule: Annotated[str, typer.Option(help="Instead: any alert of this rule.")] = "",
    severity: Annotated[Severity | None, typer.Option(help="Of this severity.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="With this tag; may be repeated.")] = None,
    lang: Annotated[list[str] | None, typer.Option(help="From reports in this language; may be repeated.")] = None,
    at: Annotated[str, typer.Option(metavar="TIME", help="As if it were 2026-03-01T22:30 (UTC).")] = "",
    expect: Annotated[
        str | None, typer.Option(metavar="NAMES", help='End with 1 unless just these hear of it: "desk,phone".')
    ] = None,
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Show for every subscription whether it would get an alert, when, and why not. Nothing is sent.

    Examples:

        monitor route test 5f2a
        monitor route test --rule aid-packages --severity high --at 2026-03-01T22:30
        monitor route test --tag kremlin --lang uk --expect desk,phone
    """
    settings = settings_from(config)
    with store_of(settings) as store:
        alert = find_alert(store, alert_id) if alert_id else _imagined(settings, rule, severity, tag or ())
        langs = tuple(lang or ()) or languages(store.observations_of(alert))
        rows = _rows(settings, store, alert, langs, _moment(at))
    if json:
        as_json([dict(zip(("subscription", "to", "hears", "why"), row, strict=True)) for row in rows])
    else:
        table(("subscription", "to", "hears", "why"), rows)
    if expect is not None:
        _compare(
            {name.strip() for name in expect.split(",") if name.strip()}, {row[0] for row in rows if row[2] != "no"}
        )


def _rows(settings: Settings, store: Store, alert: Alert, langs: Sequence[str], at: datetime) -> list[Row]:
    """One for each subscription and target, those of monitor.yaml first."""
    channels = build_channels(settings.channels)
    dispatcher = Dispatcher(Routes(readers=expand(settings.routes, channels)), settings.delivery.budget)
    dispatcher.catches_up_until = store.held_until(CATCH_UP)
    with store.unit() as unit:
        dispatch = dispatcher.of(unit, at)
        taken = {target(each): each for each in routes_for(alert, dispatch.routes, langs)}
        return [
            (each.name, _to(each), *_answer(alert, each, langs, taken.get(target(each), each), dispatch))
            for each in dispatch.routes
        ]


def _answer(alert: Alert, route: Route, langs: Sequence[str], first: Route, dispatch: Dispatch) -> tuple[str, str]:
    """Whether it is told, now or later, and why.

    Args:
        first: The route that tells the same target before it, or itself.
    """
    why_not = explain(alert, route, langs)
    if why_not is not None:
        return "no", why_not
    if first is not route:
        return "no", f'"{first.name}" tells the same target'
    made = dispatch.decide(alert, route)
    return ANSWERS[made.state], made.reason


def _to(route: Route) -> str:
    return f"{route.channel} {route.address}".strip()


def _imagined(settings: Settings, rule: str, severity: Severity | None, tags: Sequence[str]) -> Alert:
    """An alert of this rule that nobody has seen yet; as loud as its loudest unless a severity is given."""
    known = {each.id: each for each in load_rules(settings.rules).rules.rules}
    if rule and rule not in known:
        hint = yamlfile.suggestion(rule, known) or "`monitor rules list` shows them"
        raise typer.BadParameter(f'there is no rule "{rule}" ({hint})', param_hint="--rule")
    compiled = [each.rule for each in known[rule].alerts] if rule else []
    loudest = max((each.severity for each in compiled), key=lambda each: each.rank, default=Severity.MEDIUM)
    own = {tag for each in compiled for tag in each.tags}
    moment = now()
    return Alert(
        id="imagined",
        rule=rule,
        rule_version="",
        name="",
        group="",
        severity=severity or loudest,
        tags=tuple(sorted(own | set(tags))),
        title="",
        reason="",
        opened_at=moment,
        updated_at=moment,
    )


def _moment(text: str) -> datetime:
    if not text:
        return now()
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("must be a time such as 2026-03-01T22:30", param_hint="--at") from error
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _compare(expected: set[str], told: set[str]) -> None:
    """End with 1 when others hear of it than expected."""
    missing, surplus = ", ".join(sorted(expected - told)), ", ".join(sorted(told - expected))
    if missing:
        say(f"Expected, but not told: {missing}")
    if surplus:
        say(f"Told, but not expected: {surplus}")
    if missing or surplus:
        raise typer.Exit(1)
