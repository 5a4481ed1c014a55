"""`monitor explain`: why a rule selects an item, or why not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from monitor import yamlfile
from monitor.alerts.message import short_id
from monitor.cli.items import items
from monitor.cli.options import CONFIG, ConfigOption, now, settings_from
from monitor.cli.output import say
from monitor.cli.rule_files import rules_at
from monitor.cli.stored import store_of
from monitor.errors import ConfigError, Problem, RuleError
from monitor.model import ARTICLE_READ, Alert, Item, Observation, Opinion
from monitor.rules import joins
from monitor.rules.conditions.groups import story
from monitor.rules.explain import explain as in_lines
from monitor.rules.explain import second_opinion
from monitor.rules.load import load
from monitor.rules.rule import RuleSet

_ALERTS = 10_000  # the latest of a rule, to find those that a report joined


def explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule's id, or `all`.")],
    item: Annotated[str, typer.Argument(metavar="ITEM", help="An item's id, or a headline in quotes.")],
    file: Annotated[
        list[str] | None,
        typer.Option("--file", "-f", metavar="FILE", help="Look for the item in this file (as `monitor match` reads)."),
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option("--rules", "-r", metavar="PATH", help="Rule files or folders, instead of the configuration's."),
    ] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Say why a rule selects an item or not: every clause, the words that matched, and what was read from the item.

    Examples:

        monitor explain kremlin-us-proposals "Peskov says Russia remains open to talks"
        monitor explain aid-packages 3f9a66d1c0 --file news.jsonl
        monitor explain all 3f9a66d1c0
    """
    ruleset = _ruleset(rules or rules_at(config))
    names = [each.id for each in ruleset.rules] if rule == "all" else [_known(rule, ruleset)]
    found = _item(item, file or (), config)
    given = {} if file or found.id != item else _opinions(item, config)
    say(f"{found.title}\n")
    if found.article:
        read = f"with the text of its page, {len(found.body)} characters"
        say(f"{read if found.article == ARTICLE_READ else f'as its feed gave it: {found.article}'}\n")
    for name in names:
        evaluation = ruleset.evaluate(found, name)
        seen = evaluation.observation
        joined = _joined(seen, config) if seen and not file and found.id == item else ()
        for line in (*in_lines(evaluation), *second_opinion(evaluation, given.get(name)), *joined):
            say(line)


def _opinions(item_id: str, config: Path) -> dict[str, Opinion]:
    """What was asked about an item, and answered, by rule."""
    with store_of(settings_from(config)) as store, store.opinions() as opinions:
        return {opinion.rule: opinion for opinion in opinions.about(item_id)}


def _joined(seen: Observation, config: Path) -> list[str]:
    """Which alerts of other stories the report of a stored item joined, and why."""
    with store_of(settings_from(config)) as store:
        alerts = [each for each in store.alerts(limit=_ALERTS, rule=seen.rule) if seen.id in each.observation_ids]
        told = [(alert, store.observations_of(alert)) for alert in alerts]
    return [line for alert, reports in told if (line := _home(alert, reports, seen))]


def _home(alert: Alert, reports: Sequence[Observation], seen: Observation) -> str:
    if seen.id == reports[0].id or alert.group != story(reports[0]):
        return ""
    stored = next(each for each in reports if each.id == seen.id)
    reason = joins.why(stored, reports[: reports.index(stored)])
    return f"  joined alert {short_id(alert)}: {reason or 'its story'}"


def _ruleset(paths: Sequence[Path]) -> RuleSet:
    loaded = load(paths)
    if loaded.problems:
        raise RuleError(loaded.problems)
    return loaded.rules


def _known(rule: str, ruleset: RuleSet) -> str:
    known = [each.id for each in ruleset.rules]
    if rule not in known:
        hint = yamlfile.suggestion(rule, known) or f"known: {', '.join(known)}"
        raise RuleError([Problem(path=Path("explain"), message=f'there is no rule "{rule}"', hint=hint)])
    return rule


def _item(wanted: str, files: Sequence[str], config: Path) -> Item:
    if files:
        found = next((item for item in items(files, now(), lambda _: None) if item.id == wanted), None)
    elif " " in wanted:
        return Item(id="headline", feed_id="headline", title=wanted, first_seen_at=now())
    else:
        with store_of(settings_from(config)) as store:
            found = store.item(wanted)
    if found is None:
        hint = "give an id, or a whole headline in quotes"
        raise ConfigError([Problem(path=Path("explain"), message=f'there is no item "{wanted}"', hint=hint)])
    return found
