"""How commands answer: tables on a terminal, plain columns elsewhere, JSON for scripts."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

STYLES = {
    "ok": "green",
    "sent": "green",
    "failing": "red",
    "dead": "red",
    "firing": "bold yellow",
    "pending": "yellow",
    "never": "dim",
    "resolved": "dim",
    "high": "bold",
    "critical": "bold red",
}


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their headers."""
    cells = [[harmless(str(cell)) for cell in row] for row in rows]
    if sys.stdout.isatty():
        Console().print(_rich(headers, cells))
        return
    widths = [max(map(len, column)) for column in zip(headers, *cells, strict=True)]
    for row in (headers, *cells):
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def say(text: str) -> None:
    """Print plain text; what publishers wrote in it cannot steer the terminal."""
    typer.echo("\n".join(harmless(line) for line in text.split("\n")))


def as_json(value: object) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def plain(value: Any) -> Any:
    """The same in terms of JSON: dataclasses as objects, times in ISO 8601, lengths of time in seconds."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.repr}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (datetime, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return float(value)
    return value


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago, in one unit: "3 min ago", "in 2 h", "never"."""
    if at is None:
        return "never"
    seconds = round((now - at).total_seconds())
    shown = length(abs(seconds))
    return f"{shown} ago" if seconds >= 0 else f"in {shown}"


def length(seconds: int) -> str:
    """A length of time in the largest unit it fills twice, or in seconds."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def harmless(text: str) -> str:
    """The text without characters that steer a terminal or turn the direction of writing."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs") or char == "\t")


def _rich(headers: Sequence[str], cells: Sequence[Sequence[str]]) -> Table:
    shown = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
    for header in headers:
        shown.add_column(header, overflow="fold")
    for row in cells:
        shown.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    return shown
