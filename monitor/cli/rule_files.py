"""Which rules a command means when nobody names them, and what a new one starts from."""

from collections.abc import Sequence
from pathlib import Path

from monitor.cli.options import settings_from
from monitor.errors import ConfigError, Problem
from monitor.settings import load
from monitor.shipped import RULES

NEW_RULE = """\
# docs/rules.md tells what else can stand here; `monitor rules schema` helps your editor to complete it.
rule: {name}
title: {title}
question: What should an alert of this rule tell you?
severity: low

match:
  any: [Gripen~, Ґріпен~, Грипен~]   # a word~ matches all its forms; a list means any of it
  none: [video game]

alerts:
  - name: mention
    when: each                       # one alert for each story

tests:
  - item: {{title: "Sweden offers Gripen fighters"}}
    expect: {{match: true}}
  - item: {{title: "A Gripen appears in a new video game"}}
    expect: {{match: false}}
"""


def rules_at(config: Path) -> Sequence[Path]:
    """Those of the configuration, or the shipped ones where there is none."""
    return load(config).rules if config.exists() else (RULES,)


def rules_folder(config: Path) -> Path:
    """Where a new rule belongs: the first folder of rules in the configuration.

    Raises:
        ConfigError: There is none.
    """
    folder = next((path for path in settings_from(config).rules if path.is_dir()), None)
    if folder is None:
        raise ConfigError([Problem(path=config, message="`rules:` names no folder", hint="add one, such as rules")])
    return folder
