"""`monitor outbox`: what waits to be sent, was sent, or failed for good, and what happened to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

from monitor.cli.options import CONFIG, ConfigOption, JsonOption, now, settings_from
from monitor.cli.output import ago, as_json, plain, say, table
from monitor.cli.stored import store_of
from monitor.model import Notification, NotificationEvent, NotificationState
from monitor.store.store import Store

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="List messages, see what happened to one, send again, drop.",
)
SHORT = 12
"""Signs of an id that a list shows, and that are enough to name one."""
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Beginnings of ids, as `list` shows them.")]
ChannelOption = Annotated[str | None, typer.Option(help="Only those for this channel, configured or not.")]
StateOption = Annotated[NotificationState | None, typer.Option(help="Only those in this state.")]


@app.callback()
def outbox() -> None:
    """List messages, see what happened to one, send again, drop."""


@app.command("list")
def list_notifications(
    config: ConfigOption = CONFIG,
    channel: ChannelOption = None,
    state: StateOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many, the latest first.")] = 30,
    json: JsonOption = False,
) -> None:
    """List notifications, the latest first: a notification is one message to one target.

    Examples:

        monitor outbox list --state dead
        monitor outbox list --channel slack --state pending
    """
    at = now()
    with store_of(settings_from(config)) as store:
        found = store.notifications(limit=limit, state=state, channel=channel)
    if json:
        as_json(found)
    elif not found:
        say("Nothing in the outbox." if state is None and channel is None else "Nothing like that in the outbox.")
    else:
        table(("id", "to", "state", "attempts", "written", "title", "why"), [_row(one, at) for one in found])


@app.command("show")
def show(
    notification: Annotated[str, typer.Argument(metavar="ID", help="The beginning of its id.")],
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Show what happened to one message: every step, when, and why.

    Example:

        monitor outbox show 3f2a
    """
    with store_of(settings_from(config)) as store:
        found = _named(store, notification)
        steps = store.history(found.id)
    if json:
        as_json({**plain(found), "history": plain(steps)})
    else:
        _show(found, steps, now())


@app.command("retry")
def retry(
    ids: Ids = None,
    config: ConfigOption = CONFIG,
    channel: ChannelOption = None,
    state: StateOption = None,
) -> None:
    """Send again, now: what is dead or waits for another attempt; by id or state also what is held, muted or dropped.

    What was sent, by itself or in a digest, is not sent twice. A running service sends within a second or two.

    Examples:

        monitor outbox retry 3f2a
        monitor outbox retry --channel slack
        monitor outbox retry --state dead
    """
    _something(ids, channel, state)
    with store_of(settings_from(config)) as store:
        changed = store.retry_notifications(now(), ids=_whole(store, ids), channel=channel, state=state)
    _say_changed(changed, "will be sent again")


@app.command("drop")
def drop(
    reason: Annotated[str, typer.Option(help="Why; it stays in the history.")],
    ids: Ids = None,
    config: ConfigOption = CONFIG,
    channel: ChannelOption = None,
    state: StateOption = None,
) -> None:
    """Never send what waits, is held or is dead; it stays in the list as dropped, with the reason.

    Examples:

        monitor outbox drop 3f2a --reason "the rule was wrong"
        monitor outbox drop --channel old-desk --reason "the desk has moved"
    """
    _something(ids, channel, state)
    with store_of(settings_from(config)) as store:
        whole = _whole(store, ids)
        changed = store.drop_notifications(now(), reason=reason, ids=whole, channel=channel, state=state)
    _say_changed(changed, "dropped")


def _something(ids: Sequence[str] | None, channel: str | None, state: NotificationState | None) -> None:
    if not ids and channel is None and state is None:
        raise typer.BadParameter("name ids, a --channel or a --state: everything at once is hardly meant")


def _named(store: Store, beginning: str) -> Notification:
    found = store.notification(beginning)
    if found is None:
        raise typer.BadParameter(f'no notification begins with "{beginning}"; `monitor outbox list` shows them')
    return found


def _whole(store: Store, beginnings: Sequence[str] | None) -> list[str]:
    return [_named(store, beginning).id for beginning in beginnings or ()]


def _say_changed(changed: int, what: str) -> None:
    say(f"{changed} {what}." if changed else "Nothing to change: no message in the outbox fits.")
    if not changed:
        raise typer.Exit(1)


def _row(one: Notification, at: datetime) -> tuple[object, ...]:
    return one.id[:SHORT], _target(one), one.state, one.attempts, ago(one.created_at, at), one.message.title, one.reason


def _target(one: Notification) -> str:
    return f"{one.channel} {one.address}".rstrip()


def _show(one: Notification, steps: Sequence[NotificationEvent], at: datetime) -> None:
    rows = (
        ("Notification", f"{one.id} ({one.kind})"),
        ("Alert", one.alert_id or ""),
        ("To", f"{_target(one)}, by {one.route}"),
        ("State", f"{one.state}{_due(one, at)}"),
        ("Told in", one.bundle if one.state is NotificationState.BUNDLED else ""),
        ("Answer", one.receipt),
    )
    for name, value in rows:
        if value:
            say(f"{name}: {value}")
    say("")
    table(("when", "state", "attempts", "why"), [_step(step) for step in steps])
    say(f"\n{one.message.title}\n{one.message.body}")


def _due(one: Notification, at: datetime) -> str:
    if one.state is NotificationState.PENDING:
        return ", due now" if one.next_attempt_at <= at else f", due {ago(one.next_attempt_at, at)}"
    return f", until {one.next_attempt_at:%Y-%m-%d %H:%M} UTC" if one.state is NotificationState.HELD else ""


def _step(step: NotificationEvent) -> tuple[object, ...]:
    return f"{step.at:%Y-%m-%d %H:%M:%S}", step.state, step.attempts, step.reason
