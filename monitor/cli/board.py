"""`monitor board`: where every indicator stands."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.cli.options import CONFIG, ConfigOption, JsonOption, now, settings_from
from monitor.cli.output import ago, as_json, plain, say, table
from monitor.cli.rule_files import rules_at
from monitor.cli.stored import store_of
from monitor.errors import RuleError
from monitor.model import AlertState
from monitor.rules.board import Board, Known, Last, Row, board
from monitor.rules.load import load
from monitor.rules.rule import Rule
from monitor.store.store import Store

_HISTORY = timedelta(days=120)  # as far back as a `state` of three weeks looks
_ALERTS = 1000
_QUOTE = 200


def show_board(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """Show where every indicator stands: its reading, its trend, the latest evidence, and how well we are watching.

    Examples:

        monitor board
        monitor board --json | jq '.rows[] | {rule, reading}'
    """
    loaded = load(rules_at(config))
    if loaded.problems:
        raise RuleError(loaded.problems)
    at = now()
    with store_of(settings_from(config)) as store:
        shown = board(loaded.rules.rules, known_of(store, loaded.rules.rules, at), at)
    if json:
        as_json(plain(shown) | {"coverage": plain(shown.coverage) | {"text": str(shown.coverage)}})
    else:
        _show(shown)


def known_of(store: Store, rules: Sequence[Rule], at: datetime) -> Known:
    """What the store holds for a board."""
    return Known(
        observations={rule.id: store.observations(rule.id, at - _HISTORY) for rule in rules},
        feeds=[state for _, state in store.feeds()],
        alerts=store.alerts(state=AlertState.FIRING, limit=_ALERTS),
    )


def _show(shown: Board) -> None:
    since = shown.coverage.since
    watched = f"; watching since {since:%Y-%m-%d %H:%M} UTC" if since else "; nothing has been watched yet"
    say(f"{shown.coverage}{watched}{_baseline(shown)}\n")
    table(("indicator", "new stories, 7 days", "open", "now"), [_cells(row) for row in shown.rows])
    if since is None:
        return
    for row in shown.rows:
        _show_row(row, shown.at)


def _baseline(shown: Board) -> str:
    return f"; baseline: {shown.rows[0].watched}" if shown.rows else ""


def _cells(row: Row) -> tuple[object, ...]:
    return row.title, " ".join(map(str, row.daily)), len(row.alerts), row.reading


def _show_row(row: Row, at: datetime) -> None:
    lines = [("question", row.question), ("then", row.brief), ("now", row.reading), ("trend", str(row.trend))]
    lines.append(("last", _last(row.last, at) if row.last else ""))
    lines += [("open", f"{one.severity}, {ago(one.opened_at, at)}: {one.title}") for one in row.alerts]
    say(f"\n{row.title}")
    for name, text in lines:
        if text:
            say(f"  {name:<8}  {text}")


def _last(last: Last, at: datetime) -> str:
    who = ", ".join(filter(None, (last.speaker, last.publisher, ago(last.at, at))))
    words = last.quote if len(last.quote) <= _QUOTE else f"{last.quote[:_QUOTE].rsplit(' ', 1)[0]} …"
    return f"“{words}” {who} {last.link}".rstrip()
