"""The command `monitor`: which commands there are, loaded only when they are called."""

import os
import re
import sys
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from textwrap import dedent
from typing import Annotated, Any, NamedTuple, NoReturn

import typer
from typer.core import TyperGroup

from monitor import __version__
from monitor.errors import ConfigError, MonitorError

_INDENTED = re.compile(r"(?:^ {4}.*\n?)+", re.MULTILINE)


class Command(NamedTuple):
    """Where a command is, and its line in the overview."""

    place: str
    summary: str
    panel: str


SERVICE, RULES, DAILY = "The service", "Rules", "Day by day"
COMMANDS = {
    "init": Command("monitor.cli.init:init", "Start a new installation: configuration, rules, feeds.", SERVICE),
    "check": Command("monitor.cli.check:check", "Find everything that is wrong, before it matters.", SERVICE),
    "run": Command("monitor.cli.run:run", "Run the service until it is told to stop.", SERVICE),
    "poll": Command("monitor.cli.poll:poll", "Poll the due feeds once, and show what they brought.", SERVICE),
    "status": Command("monitor.cli.status:status", "Show how the service is doing.", SERVICE),
    "demo": Command("monitor.cli.demo:demo", "Watch real alerts arrive, without an account or a network.", SERVICE),
    "feeds": Command("monitor.cli.feeds:app", "List, add, remove, import and export feeds.", DAILY),
    "alerts": Command("monitor.cli.alerts:app", "List alerts, or show one with all it rests on.", DAILY),
    "board": Command("monitor.cli.board:show_board", "Show where every indicator stands.", DAILY),
    "ledger": Command("monitor.cli.ledger:ledger", "Show packages of aid, each once, and new money by week.", DAILY),
    "outbox": Command("monitor.cli.outbox:app", "List what waits to be sent, was sent, or failed for good.", DAILY),
    "subscribe": Command("monitor.cli.subscribe:subscribe", "Subscribe somebody to alerts.", DAILY),
    "unsubscribe": Command("monitor.cli.subscribe:unsubscribe", "End somebody's subscription.", DAILY),
    "subscriptions": Command("monitor.cli.subscriptions:app", "List who hears of what, and when.", DAILY),
    "mute": Command("monitor.cli.mute:mute", "Hold messages back for a while, after a look at which.", DAILY),
    "mutes": Command("monitor.cli.mute:mutes", "List what is muted.", DAILY),
    "unmute": Command("monitor.cli.mute:unmute", "Lift a mute.", DAILY),
    "ack": Command("monitor.cli.mute:ack", "Take care of an alert: nobody else is woken for it.", DAILY),
    "route": Command("monitor.cli.route:app", "Show who would hear of an alert, when, and why not.", DAILY),
    "send-test": Command("monitor.cli.send_test:send_test", "Send a test message to one channel.", DAILY),
    "rules": Command("monitor.cli.rules:app", "Check, test, list and write rules.", RULES),
    "match": Command("monitor.cli.match:match", "Match news from files against the rules.", RULES),
    "backtest": Command("monitor.cli.backtest:backtest", "Show what rules would have alerted on.", RULES),
    "explain": Command("monitor.cli.explain:explain", "Say why a rule selects an item, or why not.", RULES),
}


class Commands(TyperGroup):
    """A group that knows its commands' summaries by heart and imports only the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, _, rest = super().resolve_command(ctx, args)
        return name, _loaded(COMMANDS[str(name)], str(name)), rest


def _loaded(command: Command, name: str) -> Any:
    module, _, attribute = command.place.partition(":")
    found = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return _legible(typer.main.get_command(found))
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown")
    app.command(name)(found)
    return _legible(typer.main.get_command(app))


def _legible(command: Any) -> Any:
    """With its examples fenced: typer takes the indent away that would keep each on its own line."""
    command.help = _INDENTED.sub(lambda lines: f"```text\n{dedent(lines[0])}\n```", cleandoc(command.help or ""))
    for each in getattr(command, "commands", {}).values():
        _legible(each)
    return command


app = typer.Typer(
    cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown", add_completion=True
)
for _name, _command in COMMANDS.items():
    app.command(_name, help=_command.summary, rich_help_panel=_command.panel)(lambda: None)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def options(
    config: Annotated[
        Path | None, typer.Option("--config", "-c", metavar="FILE", help="Configuration instead of ./monitor.yaml.")
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Reads the news against your rules and alerts when an indicator changes.

    A new installation in three steps:

        monitor init watch   # writes watch/monitor.yaml, rules and feeds
        cd watch && monitor check
        monitor run

    Exit codes: 0 all is well, 1 something is wrong or was found, 2 the command was not understood.
    """
    if config is not None:
        os.environ["MONITOR_CONFIG"] = str(config)  # every command has the same option and reads the same variable


def main() -> NoReturn:
    """Run the command line."""
    try:
        app(prog_name="monitor")
    except ConfigError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
    except MonitorError as error:
        typer.echo(f"monitor: {error}", err=True)
    sys.exit(1)
