"""`monitor init`: a new installation from what is shipped."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.output import say
from monitor.errors import ConfigError, Problem
from monitor.shipped import RULES, SEEDS


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to put it; made when it is not there.")],
) -> None:
    """Start a new installation: monitor.yaml, the shipped rules with their word lists, and a list of feeds.

    Nothing that is there already is touched: the command refuses a folder that holds one of these files.

    Example:

        monitor init watch
    """
    parts = {
        folder / "monitor.yaml": SEEDS / "monitor.yaml",
        folder / "feeds.opml": SEEDS / "feeds.opml",
        folder / "rules": RULES,
    }
    _refuse_existing(folder, [target for target in parts if target.exists()])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for target, source in parts.items():
            _copy(source, target)
    except OSError as error:
        raise ConfigError([Problem(path=folder, message=f"cannot be written: {error.strerror}")]) from error
    say(_next_steps(folder))


def _refuse_existing(folder: Path, existing: list[Path]) -> None:
    if folder.exists() and not folder.is_dir():
        raise ConfigError([Problem(path=folder, message="is a file", hint="name a folder")])
    if existing:
        hint = "nothing was changed; choose another folder, or move it away"
        raise ConfigError([Problem(path=path, message="is there already", hint=hint) for path in existing])


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    else:
        shutil.copyfile(source, target)


def _next_steps(folder: Path) -> str:
    rules = len(list((folder / "rules").glob("*.yaml")))
    here = folder.resolve() == Path.cwd().resolve()
    steps = [] if here else [f"cd {folder}"]
    steps += [
        "monitor check        # is everything as it should be?",
        "monitor poll --once  # the first poll of a feed is history; it raises no alerts",
        "monitor run          # from now on",
    ]
    lines = "\n".join(f"  {step}" for step in steps)
    written = f"Wrote monitor.yaml, feeds.opml and {rules} rules to {folder}."
    return f"{written}\n\nNext:\n{lines}\n\nWhere alerts go stands under `channels:` in monitor.yaml."
