"""Every condition stands in the table, in the docs and in the schema."""

from pathlib import Path

import pytest

from monitor.rules import conditions
from monitor.rules.conditions.table import CONDITIONS
from monitor.rules.json_schema import rule_schema

HELPERS = {"__init__", "base", "confirm", "groups", "guard", "packages", "statistics", "table"}
SEVERAL = {"spike": {"spike", "dip"}}


def test_every_module_stands_in_the_table() -> None:
    modules = {path.stem for path in Path(conditions.__path__[0]).glob("*.py")} - HELPERS

    assert {key for module in modules for key in SEVERAL.get(module, {module})} == set(CONDITIONS)


@pytest.mark.parametrize("key", sorted(CONDITIONS))
def test_every_condition_is_documented_and_known_to_editors(key: str) -> None:
    docs = Path(__file__).parents[4] / "docs" / "rules.md"

    assert f"`{key}`" in docs.read_text("utf-8")
    assert key in rule_schema()["$defs"][f"when_{key}"]["properties"]
