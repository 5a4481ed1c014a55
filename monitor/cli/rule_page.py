"""Rules as a page for readers who will not open the files: what each asks, from which baseline, and when it alerts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.rules.rule import Rule
from monitor.yamlfile import read

HEAD = """\
# Indicators

Made from the rule files by `monitor rules page`; change those, not this page.
"""


def page(rules: Sequence[Rule]) -> str:
    """The page, in Markdown, one section for each rule by its id."""
    return "\n".join([HEAD, *(line for rule in sorted(rules, key=lambda rule: rule.id) for line in _section(rule))])


def _section(rule: Rule) -> Iterator[str]:
    data = read(Path(rule.path)).data
    yield f"## {rule.title}\n"
    yield f"`{rule.id}` · {rule.severity} · {', '.join(rule.tags)}\n"
    yield from _sentence(rule.question)
    if rule.baseline.note:
        yield f"**Baseline**, {rule.baseline.as_of}: {rule.baseline.note}\n"
    if rule.stance:
        yield f"**Stance**: {rule.stance.minus} (−), {rule.stance.zero} (0), {rule.stance.plus} (+)\n"
    yield "| alert | fires when | severity |\n|---|---|---|"
    yield from (_row(alert, rule) for alert in data.get("alerts", []))
    yield f"\n{len(rule.tests)} tests stand in the file. Source: [{rule.source}](../{rule.source})\n"


def _sentence(text: str) -> Iterator[str]:
    if text:
        yield f"{text}\n"


def _row(alert: Mapping[str, Any], rule: Rule) -> str:
    parts = [_shown(alert["when"]), *(f"{key}: {_shown(alert[key])}" for key in ("if", "confirm") if key in alert)]
    cells = (alert.get("name", ""), "; ".join(parts), alert.get("severity", rule.severity))
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def _shown(value: Any) -> str:
    """YAML's own flow style, as the file has it."""
    if isinstance(value, Mapping):
        return "`{" + ", ".join(f"{key}: {_bare(each)}" for key, each in value.items()) + "}`"
    return f"`{_bare(value)}`"


def _bare(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
