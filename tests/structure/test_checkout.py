"""The program runs from a checkout that nobody installed: `make demo` and `make run` install only what it needs."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_INSTALLED = """
import importlib.metadata, pkgutil, importlib, sys
real = importlib.metadata.distribution
def refuse(name):
    if name == "monitor":
        raise importlib.metadata.PackageNotFoundError(name)
    return real(name)
importlib.metadata.distribution = refuse
import monitor.cli
for module in pkgutil.iter_modules(monitor.cli.__path__):
    importlib.import_module(f"monitor.cli.{module.name}")
from monitor.cli.main import main
sys.argv = ["monitor", "--version"]
main()
"""


def test_no_command_asks_for_an_installed_package() -> None:
    command = [sys.executable, "-c", NOT_INSTALLED]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (result.returncode, result.stdout) == (0, "monitor 0.1.0\n"), result.stderr
