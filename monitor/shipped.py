"""Where the rules and seeds that come with the program are: in the installed package, or at the top of the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


RULES = _shipped("rules")
SEEDS = _shipped("seeds")
