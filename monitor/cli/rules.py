"""`monitor rules`: checking, testing, listing and starting rules."""

import json as json_module
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from monitor.cli.options import CONFIG, JsonOption
from monitor.cli.output import as_json, say, table
from monitor.cli.rule_files import NEW_RULE, rules_at, rules_folder
from monitor.cli.rule_page import page
from monitor.errors import ConfigError, Problem, RuleError
from monitor.rules import trial
from monitor.rules.json_schema import lexicon_schema, rule_schema
from monitor.rules.load import Loaded, load
from monitor.rules.rule import Rule
from monitor.rules.schema import ID

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode="markdown", help="Check, test, list and write rules."
)
Config = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="MONITOR_CONFIG", metavar="FILE", help="Names the rules if no PATH does."),
]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PATH]...", help="Rule files or folders; those of the configuration when left out."),
]


@app.command("check")
def check(paths: Paths = None, config: Config = CONFIG) -> None:
    """Check rules and lexicons: every problem with its file, line and what would be right.

    Example:

        monitor rules check rules/gripen-watch.yaml
    """
    loaded = _sound(paths, config)
    say(f"{len(loaded.rules.rules)} rules in {len(loaded.files)} files: all is well.")


@app.command("test")
def run_tests(
    paths: Paths = None,
    config: Config = CONFIG,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also name the tests that pass.")] = False,
) -> None:
    """Run the tests that stand in the rule files, and show where the answer differs from what they expect.

    Example:

        monitor rules test rules/kremlin-us-proposals.yaml
    """
    results = trial.run(_sound(paths, config))
    for result in results:
        if not result.passed or verbose:
            say(f"{'ok  ' if result.passed else 'FAIL'} {result.path}: test {result.number}: {result.name}")
        for difference in result.differences:
            say(f"       {difference}")
    failed = sum(not result.passed for result in results)
    say(f"{len(results)} tests, {failed} failed." if failed else f"{len(results)} tests, all as expected.")
    if failed:
        raise typer.Exit(1)


@app.command("list")
def list_rules(paths: Paths = None, config: Config = CONFIG, json: JsonOption = False) -> None:
    """List the rules with their severity, tags and alerts.

    Example:

        monitor rules list --json | jq -r '.[].id'
    """
    rules = _sound(paths, config).rules.rules
    if json:
        as_json([_described(rule) for rule in rules])
    else:
        rows = [
            (rule.id, rule.title, rule.severity, ", ".join(rule.tags), ", ".join(_alerts(rule)), len(rule.tests))
            for rule in rules
        ]
        table(("rule", "title", "severity", "tags", "alerts", "tests"), rows)


@app.command("page")
def show_page(paths: Paths = None, config: Config = CONFIG) -> None:
    """Print the rules as a page in Markdown: question, baseline, alerts.

    Example:

        monitor rules page rules > docs/indicators.md
    """
    typer.echo(page(_sound(paths, config).rules.rules))


@app.command("schema")
def schema(
    kind: Annotated[Literal["rule", "lexicon"], typer.Argument(help="Of rule files or of lexicons.")] = "rule",
) -> None:
    """Print the JSON Schema of rule files or lexicons, for editors that complete and check while one types.

    Example:

        monitor rules schema > rules/rule.schema.json
    """
    shown = rule_schema() if kind == "rule" else lexicon_schema()
    typer.echo(json_module.dumps(shown, ensure_ascii=False, indent=2))


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The rule's id, such as gripen-watch.")],
    config: Config = CONFIG,
) -> None:
    """Write a small rule with two tests to start from; it is checked like any other.

    Example:

        monitor rules new gripen-watch
    """
    folder = rules_folder(config)
    path = folder / f"{name}.yaml"
    if not name.isascii() or not _is_id(name):
        raise RuleError([Problem(path=path, message=f'"{name}" is no id', hint="small letters, digits and hyphens")])
    if path.exists():
        raise RuleError([Problem(path=path, message="is there already", hint="choose another name")])
    try:
        path.write_text(NEW_RULE.format(name=name, title=name.replace("-", " ").capitalize()), encoding="utf-8")
    except OSError as error:
        raise ConfigError([Problem(path=path, message=f"cannot be written: {error.strerror}")]) from error
    say(f"Wrote {path}. Edit it, then: monitor rules test {path}")


def _sound(paths: Sequence[Path] | None, config: Path) -> Loaded:
    loaded = load(paths or rules_at(config))
    if loaded.problems:
        raise RuleError(loaded.problems)
    return loaded


def _is_id(name: str) -> bool:
    return re.fullmatch(ID.strip("^$"), name) is not None


def _alerts(rule: Rule) -> list[str]:
    return [alert.rule.name for alert in rule.alerts]


def _described(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "question": rule.question,
        "version": rule.version,
        "severity": rule.severity,
        "tags": rule.tags,
        "alerts": _alerts(rule),
        "tests": len(rule.tests),
        "path": rule.path,
    }
