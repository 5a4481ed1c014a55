"""`monitor backtest`: what rules would have alerted on, before anybody is woken by them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from monitor.app import open_store
from monitor.backtest import Backtest, run
from monitor.cli.items import items
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, now, settings_from
from monitor.cli.output import as_json, say, table
from monitor.cli.rule_files import rules_at
from monitor.cli.stored import store_of
from monitor.errors import ConfigError, Problem, RuleError
from monitor.model import Alert, Item
from monitor.opinions import Known
from monitor.rules.load import load
from monitor.rules.rule import Rule

BARS = " ▁▂▃▄▅▆▇█"
SHARE_OF_HISTORY = 4  # without --from, the first quarter of a file is history


def backtest(
    rules: Annotated[list[Path] | None, typer.Argument(metavar="[RULES]...", help="Rule files or folders.")] = None,
    file: Annotated[
        list[str] | None, typer.Option("--items", metavar="FILE|-", help="Items as JSON lines, not the stored ones.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day judged; earlier items are history."),
    ] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day judged.")] = None,
    show: Annotated[bool, typer.Option("--alerts", help="Also list every alert.")] = False,
    as_data: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Run rules over stored or given news with the live engine on a simulated clock.

    Prints how many alerts a week each rule would have raised, against the `expect:` of its file, with a bar for each
    day. Exits with 1 when a rule raises more than twice what it expects.

    Examples:

        monitor backtest --from 2025-11-01
        monitor backtest drafts/gripen.yaml --items news.jsonl --alerts
    """
    loaded = load(rules or rules_at(config))
    if loaded.problems:
        raise RuleError(loaded.problems)
    news = _given(file) if file else _stored(config)
    if not news:
        raise ConfigError([Problem(path=Path(file[0]) if file else config, message="there are no items to judge")])
    result = run(loaded.rules, news, *_period(news, since, until), known=_known(config))
    if as_data:
        as_json(result)
    else:
        _print(result, loaded.rules.rules, every=show)
    raise typer.Exit(any(_too_loud(result, rule) for rule in loaded.rules.rules))


def _given(names: list[str]) -> list[Item]:
    return list(items(names, now(), lambda message: typer.echo(message, err=True)))


def _stored(config: Path) -> list[Item]:
    store = open_store(settings_from(config), now())
    try:
        return store.recent_items(datetime.min.replace(tzinfo=UTC))
    finally:
        store.close()


def _known(config: Path) -> Known | None:
    """The second opinions of the configured model, if there is one."""
    judge = settings_from(config).judge if config.exists() else None
    if judge is None:
        return None
    with store_of(settings_from(config)) as store, store.opinions() as opinions:
        given = opinions.all_given(judge.access.model)
    return Known(model=judge.access.model, by_key={opinion.key: opinion for opinion in given})


def _period(news: list[Item], since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    first = min(item.first_seen_at for item in news)
    last = max(item.first_seen_at for item in news)
    start = since.replace(tzinfo=UTC) if since else first + (last - first) / SHARE_OF_HISTORY
    return start, until.replace(tzinfo=UTC) + timedelta(days=1) if until else last


def _print(result: Backtest, rules: tuple[Rule, ...], *, every: bool) -> None:
    counts = result.by_rule()
    say(f"{result.items} items, {result.since:%Y-%m-%d %H:%M} to {result.until:%Y-%m-%d %H:%M} UTC\n")
    rows = [
        (
            rule.id,
            counts[rule.id],
            f"{counts[rule.id] / result.weeks:.1f}",
            _expected(rule),
            _plot(result.by_day(rule.id)),
        )
        for rule in rules
    ]
    table(("rule", "alerts", "a week", "expected", "by day"), rows)
    for rule in rules:
        if _too_loud(result, rule):
            say(f"\n{rule.id}: more than twice the {_expected(rule)} its file expects")
    if every:
        say("")
        table(("opened", "severity", "rule", "alert", "reports", "title"), map(_row, result.alerts))


def _row(alert: Alert) -> tuple[object, ...]:
    reports = len(alert.observation_ids)
    return f"{alert.opened_at:%Y-%m-%d %H:%M}", alert.severity, alert.rule, alert.name, reports, alert.title


def _expected(rule: Rule) -> str:
    return f"{rule.expect:g} a week" if rule.expect is not None else ""


def _too_loud(result: Backtest, rule: Rule) -> bool:
    return rule.expect is not None and result.by_rule()[rule.id] / result.weeks > 2 * rule.expect


def _plot(days: list[int]) -> str:
    most = max(days, default=0) or 1
    return "".join(BARS[-(-count * (len(BARS) - 1) // most)] for count in days)
