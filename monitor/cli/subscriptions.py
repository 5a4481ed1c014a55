"""`monitor subscriptions`: who hears of what, written down or by themselves."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from monitor.cli.options import CONFIG, ConfigOption, JsonOption, settings_from
from monitor.cli.output import as_json, plain, say, table
from monitor.cli.readers import desk_of
from monitor.cli.subscribe import SHORT
from monitor.model import Route, Subscription, SubscriptionState
from monitor.readers.words import described
from monitor.settings import Settings

CONFIGURED = "monitor.yaml"
app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="markdown", help="List who hears what.")


@app.callback()
def subscriptions() -> None:
    """List who hears of what, written down or by themselves."""


@app.command("list")
def list_subscriptions(
    config: ConfigOption = CONFIG,
    ended: Annotated[bool, typer.Option("--ended", help="Those that have ended, too.")] = False,
    json: JsonOption = False,
) -> None:
    """List subscriptions: those of monitor.yaml, and those that people made.

    Example:

        monitor subscriptions list --json
    """
    settings = settings_from(config)
    with desk_of(settings) as desk:
        own = [each for each in desk.store.subscriptions() if ended or each.state is not SubscriptionState.ENDED]
        titles = desk.offered.rules
    if json:
        as_json([*_configured(settings), *own])
        return
    rows = [*_rows(settings, titles), *_own(own, titles)]
    if rows:
        table(("id", "name", "to", "state", "indicators", "when"), rows)
    else:
        say("Nobody hears of anything.")


def _configured(settings: Settings) -> Iterator[dict[str, Any]]:
    for route in settings.routes:
        yield {**plain(route), "state": SubscriptionState.ACTIVE, "origin": CONFIGURED}


def _rows(settings: Settings, titles: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for route in settings.routes:
        yield CONFIGURED, route.name, _target(route), str(SubscriptionState.ACTIVE), *_what(route, titles)


def _own(subscriptions: list[Subscription], titles: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for one in subscriptions:
        yield one.id[:SHORT], one.name, _target(one), str(one.state), *_what(one, titles)


def _target(one: Route | Subscription) -> str:
    return f"{one.channel} {one.address}".rstrip()


def _what(one: Route | Subscription, titles: Mapping[str, str]) -> tuple[str, str]:
    """What it brings, and when."""
    words = dict(described(one, titles))
    narrowed = [f"{heading.lower()}: {words[heading]}" for heading in ("Tags", "Languages") if heading in words]
    severity = [] if words["Severity"] == "all" else [words["Severity"]]
    return "; ".join([words["Indicators"], *narrowed, *severity]), words["When"]
