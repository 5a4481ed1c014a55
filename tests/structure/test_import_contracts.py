"""The directions of docs/architecture.md, kept by import-linter, and proof that each contract can fail."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
CLOCK_OWNERS = {"scheduler.py", "cli", "web"}
CLOCK_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}

VIOLATIONS = {
    "direction: a lower layer": ("model.py", "import monitor.text.tokens"),
    "direction: a neighbour": ("alerts/lifecycle.py", "import monitor.store.store"),
    "direction: settings and pipeline": ("settings.py", "import monitor.pipeline"),
    "direction: a module nobody placed": ("stray.py", ""),
    "operators": ("rules/operators/planted.py", "import monitor.rules.operators.near"),
    "conditions": ("rules/conditions/planted.py", "import monitor.rules.conditions.each"),
    "channels": ("channels/console.py", "import monitor.channels.apprise"),
    "publishers": ("sources/parse.py", "import httpx"),
    "publishers: within the judge": ("judge/answers.py", "import httpx"),
    "direction: the judge and the rules": ("judge/prompt.py", "import monitor.rules.judging"),
    "feedparser": ("sources/opml.py", "import feedparser"),
    "services": ("channels/console.py", "import apprise"),
    "clock": ("app.py", "import apscheduler.schedulers.asyncio"),
    "pages": ("app.py", "import starlette.responses"),
    "sql": ("app.py", "import sqlalchemy"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [LINT, "--no-cache"]
    environment = {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_every_import_contract_holds():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_planted_violation_is_caught(name: str, tmp_path: Path):
    path, line = VIOLATIONS[name]
    shutil.copytree(ROOT / "monitor", tmp_path / "monitor", ignore=shutil.ignore_patterns("__pycache__", "_shipped"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    target = tmp_path / "monitor" / path
    target.write_text((target.read_text() if target.exists() else "") + f"\n{line}\n")
    result = lint(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout or "exhaustive" in result.stdout, result.stdout


def clock_calls(path: Path) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    names = [
        (call.func.value.id, call.func.attr, call.lineno)
        for call in calls
        if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
    ]
    return [f"{path.relative_to(ROOT)}:{line}" for owner, attribute, line in names if (owner, attribute) in CLOCK_CALLS]


def test_only_the_edges_ask_what_time_it_is():
    modules = (ROOT / "monitor").rglob("*.py")
    inner = [path for path in modules if path.relative_to(ROOT / "monitor").parts[0] not in CLOCK_OWNERS]
    assert [call for path in inner for call in clock_calls(path)] == []
    assert clock_calls(ROOT / "monitor" / "scheduler.py"), "the scheduler is where now comes from"


def test_imports_stand_at_the_top_of_the_file():
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "monitor").rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []
