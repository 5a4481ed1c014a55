"""`monitor outbox`: what waits to be sent, was sent, or failed for good."""

from typing import Annotated

import typer

from monitor.cli.options import CONFIG, ConfigOption, JsonOption, now, settings_from
from monitor.cli.output import ago, as_json, say, table
from monitor.cli.stored import store_of
from monitor.model import NotificationState

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="List what waits to be sent, or failed.",
)


@app.callback()
def outbox() -> None:
    """List what waits to be sent, was sent, or failed for good."""


@app.command("list")
def list_notifications(
    config: ConfigOption = CONFIG,
    state: Annotated[NotificationState | None, typer.Option(help="Only those in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many, the latest first.")] = 30,
    json: JsonOption = False,
) -> None:
    """List notifications, the latest first: a notification is one alert, in one state, to one channel.

    Example:

        monitor outbox list --state dead
    """
    at = now()
    with store_of(settings_from(config)) as store:
        found = store.notifications(limit=limit, state=state)
    if json:
        as_json(found)
    elif not found:
        say("Nothing in the outbox." if state is None else f"Nothing {state}.")
    else:
        rows = [
            (
                (one.alert_id or "")[:8],
                one.channel,
                one.state,
                one.attempts,
                ago(one.created_at, at),
                one.message.title,
                one.reason,
            )
            for one in found
        ]
        table(("alert", "channel", "state", "attempts", "written", "title", "why"), rows)
