"""The command line as a whole: which commands there are, and that each explains itself."""

import importlib

import pytest
import typer

from monitor.cli.main import COMMANDS
from tests.unit.cli.conftest import Installation


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_table_says(name: str):
    module, _, attribute = COMMANDS[name].place.partition(":")
    assert hasattr(importlib.import_module(module), attribute)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(bare: Installation, name: str):
    assert f"Usage: monitor {name}" in bare.ok(name, "--help")


def subcommands() -> list[tuple[str, str]]:
    apps = {name: _attribute(name) for name in COMMANDS}
    groups = {name: found for name, found in apps.items() if isinstance(found, typer.Typer)}
    return [(name, str(command.name)) for name, group in groups.items() for command in group.registered_commands]


def _attribute(name: str) -> object:
    module, _, attribute = COMMANDS[name].place.partition(":")
    return getattr(importlib.import_module(module), attribute)


@pytest.mark.parametrize(("group", "command"), subcommands())
def test_every_subcommand_explains_itself_with_an_example(bare: Installation, group: str, command: str):
    assert "Example" in bare.ok(group, command, "--help")


def test_each_example_stands_on_its_own_line(bare: Installation):
    for command, lines in ((("status",), 3), (("route", "test"), 3), (("outbox", "retry"), 3)):
        shown = bare.ok(*command, "--help").splitlines()
        assert sum(line.strip().startswith(f"monitor {' '.join(command)}") for line in shown) == lines


def test_the_overview_names_every_command_with_its_summary(bare: Installation):
    shown = bare.ok("--help")
    for name, command in COMMANDS.items():
        assert name in shown
        assert command.summary[:30] in shown


def test_a_mistyped_command_is_a_usage_error_with_a_suggestion(bare: Installation):
    result = bare.run("chek")
    assert result.exit_code == 2
    assert "Did you mean 'check'?" in result.stderr


def test_an_unknown_option_is_a_usage_error(bare: Installation):
    assert bare.run("check", "--wrong").exit_code == 2


def test_the_version_is_shown(bare: Installation):
    assert bare.ok("--version").startswith("monitor ")


def test_the_configuration_can_be_named_before_or_after_the_command_or_by_the_environment(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
):
    (installation.folder / "monitor.yaml").rename(installation.folder / "other.yaml")
    assert "there is no such file (`monitor init DIR` writes one; --config FILE names another)" in installation.refused(
        "check"
    )
    assert "all is well" in installation.ok("check", "--config", "other.yaml")
    monkeypatch.setenv("MONITOR_CONFIG", "other.yaml")
    assert "all is well" in installation.ok("check")
    monkeypatch.setenv("MONITOR_CONFIG", "monitor.yaml")
    assert "all is well" in installation.ok("-c", "other.yaml", "check")
