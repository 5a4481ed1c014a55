"""`monitor status`: how the service is doing."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated

import typer

from monitor.alerts.service import OPINIONS
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, now, settings_from
from monitor.cli.output import ago, as_json, say, table
from monitor.cli.stored import store_of, waiting_for_nobody
from monitor.judge.budget import day_of
from monitor.model import AlertState, Feed, FeedState, OpinionState
from monitor.settings.values import Judging
from monitor.store.store import Store
from monitor.store.views import Counts

STALE = timedelta(seconds=60)  # the service says that it is alive every ten
_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A feed that cannot be read."""

    feed: str
    failures: int
    since: datetime | None
    next_due_at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How second opinions go.

    Attributes:
        states: How many are in each state.
        calls, tokens: Of today.
        troubles: Why nobody is asked now.
    """

    model: str
    states: Mapping[str, int]
    calls: int
    allowed: int
    tokens: int
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the service is doing.

    Attributes:
        alive: Whether a service on this machine was at work within the last minute.
        seen_at: When it was last seen at work.
        ok, never: Feeds whose last poll worked; that were never polled.
        opinions: None where no model is configured.
        without_channel: How many messages wait for channels that stand in the configuration no more.
    """

    alive: bool
    seen_at: datetime | None
    last_poll_at: datetime | None
    next_poll_at: datetime | None
    counts: Counts
    ok: int
    never: int
    failing: tuple[Failing, ...]
    opinions: Asked | None = None
    without_channel: Mapping[str, int] = field(default_factory=dict)


def status(
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
    healthy: Annotated[
        bool, typer.Option("--healthy", help="Only exit with 0 while a service is at work here, with 1 otherwise.")
    ] = False,
) -> None:
    """Show how the service is doing: feeds, items, alerts, and what waits to be sent.

    Examples:

        monitor status
        monitor status --json | jq .counts.notifications_dead
        monitor status --healthy || restart-it
    """
    settings = settings_from(config)
    with store_of(settings) as store:
        opinions, without_channel = _asked(store, settings.judge, now()), waiting_for_nobody(store, settings)
        shown = replace(read(store, now()), opinions=opinions, without_channel=without_channel)
    if healthy and not shown.alive:
        typer.echo(f"no service is at work here; last seen {ago(shown.seen_at, now())}", err=True)
        raise typer.Exit(1)
    if json:
        as_json(shown)
    elif not healthy:
        _show(shown, now())


def read(store: Store, at: datetime) -> Status:
    """The status as the store tells it."""
    pairs = store.feeds()
    seen_at = store.last_beat(socket.gethostname())
    return Status(
        alive=seen_at is not None and at - seen_at < STALE,
        seen_at=seen_at,
        last_poll_at=max((state.last_polled_at for _, state in pairs if state.last_polled_at), default=None),
        next_poll_at=min((state.next_due_at for _, state in pairs), default=None),
        counts=store.counts(),
        ok=sum(state.last_success_at is not None and not state.failures for _, state in pairs),
        never=sum(state.last_polled_at is None for _, state in pairs),
        failing=tuple(_failing(feed, state) for feed, state in pairs if state.failures),
    )


def _asked(store: Store, judge: Judging | None, at: datetime) -> Asked | None:
    if judge is None:
        return None
    with store.opinions() as opinions:
        calls, tokens = opinions.spent(day_of(at))
        states = opinions.counts()
    open_alerts = store.alerts(rule=OPINIONS.rule, state=AlertState.FIRING)
    return Asked(
        model=judge.access.model,
        states={str(state): states[state] for state in OpinionState},
        calls=sum(calls.values()),
        allowed=judge.budget.calls,
        tokens=tokens,
        troubles=tuple(f"{alert.group}: {alert.reason}" for alert in open_alerts),
    )


def _failing(feed: Feed, state: FeedState) -> Failing:
    return Failing(
        feed=feed.id,
        failures=state.failures,
        since=state.last_success_at,
        next_due_at=state.next_due_at,
        why=state.last_error,
    )


def _show(shown: Status, at: datetime) -> None:
    counts = shown.counts
    say(f"Service: {'at work' if shown.alive else 'not running'} (seen {ago(shown.seen_at, at)})")
    say(f"Polls:   last {ago(shown.last_poll_at, at)}, next {_due(shown.next_poll_at, at)}\n")
    table(
        ("", "total", "of these"),
        [
            ("feeds", counts.feeds, f"{shown.ok} ok, {len(shown.failing)} failing, {shown.never} never polled"),
            ("items", counts.items, f"{counts.observations} observations"),
            ("alerts", counts.alerts, f"{counts.alerts_firing} firing"),
            (
                "notifications",
                counts.notifications_pending
                + counts.notifications_held
                + counts.notifications_sent
                + counts.notifications_dead,
                f"{counts.notifications_pending} pending, {counts.notifications_held} held, "
                f"{counts.notifications_sent} sent, {counts.notifications_dead} dead",
            ),
        ],
    )
    _show_opinions(shown.opinions)
    _show_failing(shown, at)
    if counts.notifications_dead:
        say("\nSome notifications could not be sent: `monitor outbox list --state dead` shows why.")
    if counts.maybe_twice:
        say(f"\n{counts.maybe_twice} may have come twice: the service ended while they were being sent.")
    for channel, many in shown.without_channel.items():
        say(
            f'\n{many} waiting for channel "{channel}", which stands in the configuration no more: '
            f'`monitor outbox drop --channel {channel} --reason "..."` removes them.'
        )


def _show_opinions(asked: Asked | None) -> None:
    if asked is None:
        return
    told = ", ".join(f"{count} {state}" for state, count in asked.states.items() if count) or "none wanted yet"
    say(f"\nSecond opinions by {asked.model}: {told}; {asked.calls} of {asked.allowed} calls today.")
    for trouble in asked.troubles:
        say(f"No second opinions now: {trouble}. The rules' own readings stand.")


def _show_failing(shown: Status, at: datetime) -> None:
    failing = shown.failing
    if not failing:
        return
    none_at_all = len(failing) > 1 and not (shown.ok or shown.never)
    say("\nNo feed can be read: is this machine online?" if none_at_all else "\nFeeds that cannot be read:")
    rows = [
        (one.feed, one.failures, ago(one.since, at), _due(one.next_due_at, at), one.why) for one in failing[:_SHOWN]
    ]
    table(("feed", "failures", "last read", "next try", "why"), rows)
    if len(failing) > _SHOWN:
        say(f"... and {len(failing) - _SHOWN} more: `monitor feeds list --failing`")


def _due(time: datetime | None, at: datetime) -> str:
    return "never" if time is None else "now" if time <= at else ago(time, at)
