"""What several commands share: the configuration option and the clock."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.errors import ConfigError, Problem
from monitor.settings import Settings, load

CONFIG = Path("monitor.yaml")
ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", envvar="MONITOR_CONFIG", metavar="FILE", help="The configuration.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON, for scripts.")]


def settings_from(path: Path) -> Settings:
    """The settings in this file.

    Raises:
        ConfigError: There is no such file, or something in it is wrong.
    """
    require(path)
    return load(path)


def require(path: Path) -> None:
    """Say how to get a configuration where there is none.

    Raises:
        ConfigError: There is no such file.
    """
    if not path.exists():
        hint = "`monitor init DIR` writes one; --config FILE names another"
        raise ConfigError([Problem(path=path, message="there is no such file", hint=hint)])


def now() -> datetime:
    """What time it is."""
    return datetime.now(UTC)
