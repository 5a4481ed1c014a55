"""`monitor match`: items from files against the rules; no database, no alerts."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.items import STDIN, items
from monitor.cli.options import CONFIG, ConfigOption, now
from monitor.cli.rule_files import rules_at
from monitor.model import Item, Observation
from monitor.rules.load import load
from monitor.rules.rule import RuleSet
from monitor.stories import Stories

RulesOption = Annotated[
    list[Path] | None,
    typer.Option("--rules", "-r", metavar="PATH", help="Rule files or folders, instead of the configuration's."),
]


def match(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE|-]...", help="What to read; - is the standard input.")
    ] = None,
    rules: RulesOption = None,
    stories: Annotated[bool, typer.Option("--stories", help="Also say which items tell the same story.")] = False,
    config: ConfigOption = CONFIG,
    only_matches: Annotated[bool, typer.Option("--only-matches", help="Leave out items without a match.")] = False,
) -> None:
    """Match news from files against the rules: one line of JSON for each item, in the order of the input.

    A FILE holds items, one JSON object a line (id, title, summary, published, source, url, lang), or is a feed somebody
    saved, or a list of feeds (OPML), which are fetched once. Nothing is stored, nothing is sent.

    Without --rules the rules of ./monitor.yaml are taken, or else the shipped ones.

    Examples:

        monitor match news.jsonl
        monitor match --rules drafts/ --only-matches saved-feed.xml
        tail -f news.jsonl | monitor match -
    """
    complaints: list[str] = []

    def complain(message: str) -> None:
        complaints.append(message)
        typer.echo(message, err=True)

    chosen = _usable(rules or rules_at(config), complain)
    found = items(files or [STDIN], now(), complain)
    for line in _answers(chosen, found, stories=stories, only_matches=only_matches):
        sys.stdout.write(f"{line}\n")
        if sys.stdout.line_buffering:
            sys.stdout.flush()
    sys.exit(1 if complaints else 0)


def _usable(paths: Sequence[Path], complain: Callable[[str], None]) -> RuleSet:
    """The rules that have no problem; the others are complained about."""
    loaded = load(paths)
    for problem in loaded.problems:
        complain(str(problem))
    return loaded.rules


def _answers(rules: RuleSet, found: Iterable[Item], *, stories: bool, only_matches: bool) -> Iterator[str]:
    for item in Stories().assign(list(found)) if stories else found:
        matches = [_match(observation) for observation in rules.match([item])]
        if matches or not only_matches:
            answer = {"id": item.id, "matches": matches} | ({"story": item.story} if stories else {})
            yield json.dumps(answer, ensure_ascii=False)


def _match(observation: Observation) -> dict[str, Any]:
    stance = observation.stance
    return {
        "rule": observation.rule,
        "stance": stance.label if stance else None,
        "score": stance.score if stance else None,
        "speaker": observation.speaker,
        "amounts": [{"amount": _number(amount.value), "currency": amount.currency} for amount in observation.amounts],
        "systems": [system.name for system in observation.systems],
        "evidence": [
            {"clause": evidence.clause, "words": evidence.words, "sentence": evidence.sentence, "where": evidence.where}
            for evidence in observation.evidence
        ],
    }


def _number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)
