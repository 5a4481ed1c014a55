"""How answers look: plain columns, JSON, lengths of time, and nothing that steers a terminal."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from rich.console import Console

from monitor.cli.output import _rich, ago, harmless, plain, say, table
from monitor.model import Severity

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_without_a_terminal_a_table_is_plain_columns(capsys: pytest.CaptureFixture[str]):
    table(("feed", "state"), [("kyiv", "ok"), ("a-long-name", "failing")])
    assert capsys.readouterr().out == "feed         state\nkyiv         ok\na-long-name  failing\n"


def test_a_table_without_rows_is_its_headers(capsys: pytest.CaptureFixture[str]):
    table(("feed", "state"), [])
    assert capsys.readouterr().out == "feed  state\n"


def test_on_a_terminal_a_table_takes_markup_as_text():
    console = Console(width=60, force_terminal=True, color_system="truecolor")
    with console.capture() as captured:
        console.print(_rich(("title", "state"), [["[red]not red[/]", "failing"]]))
    assert "[red]not red[/]" in captured.get()
    assert "\x1b[31mfailing" in captured.get()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s ago"),
        (119, "119 s ago"),
        (120, "2 min ago"),
        (7200, "2 h ago"),
        (172_800, "2 d ago"),
        (-300, "in 5 min"),
    ],
)
def test_a_moment_is_told_in_one_unit(seconds: int, words: str):
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_no_moment_is_never():
    assert ago(None, NOW) == "never"


def test_text_from_outside_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]):
    say("a\x1b[31mb\x07c\u202ed\x9b\n\tnext")
    assert capsys.readouterr().out == "a[31mbcd\n\tnext\n"


def test_letters_of_all_scripts_are_harmless():
    assert harmless("Ґріпен 中文 é 👍") == "Ґріпен 中文 é 👍"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    at: datetime
    span: timedelta
    sum: Decimal
    severity: Severity
    names: tuple[str, ...]
    secret: str = field(default="token", repr=False)


def test_values_become_json_without_what_a_repr_hides():
    thing = Thing(at=NOW, span=timedelta(minutes=1), sum=Decimal("1.5"), severity=Severity.LOW, names=("a",))
    assert plain({1: thing}) == {
        "1": {
            "at": "2026-01-01T12:00:00+00:00",
            "span": 60.0,
            "sum": 1.5,
            "severity": "low",
            "names": ["a"],
        }
    }
