"""Rules that read other rules: which ids there are, and where in a file one is named."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from monitor.rules.operators.base import Place

_RULE = re.compile(r"^rule:[ \t]*[\"']?([\w-]+)", re.MULTILINE)


def ids_beside(paths: Iterable[Path]) -> set[str]:
    """The ids of all rules in the folders of these files, those with mistakes too: whoever checks one file has more."""
    folders = {path.parent for path in paths}
    texts = (_text(path) for folder in folders for path in (*folder.glob("*.yaml"), *folder.glob("*.yml")))
    return {match[1] for text in texts for match in _RULE.finditer(text)}


def place_of(name: str, data: Any) -> Place:
    """Where in the alerts of a rule file another rule is named."""
    alerts = data.get("alerts") if isinstance(data, dict) else None
    return next(iter(_places(name, alerts, ("alerts",))), ("alerts",))


def _places(name: str, value: Any, place: Place) -> list[Place]:
    if value == name:
        return [place]
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in pairs for found in _places(name, inner, (*place, key))]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it went away meanwhile; whether it can be read is said where it is loaded
        return ""
