"""Every operator stands in the table, in the docs and in the schema."""

from pathlib import Path

import pytest

from monitor.rules import operators
from monitor.rules.json_schema import rule_schema
from monitor.rules.operators.table import OPERATORS

HELPERS = {"__init__", "base", "required", "table", "words"}
SEVERAL = {"fields": {"title", "summary", "body", "author", "link"}, "speaker": {"speaker", "about", "with"}}
SEVERAL["labels"] = {"feed", "publisher", "lang", "country", "tags"}
NAMES = {"any_of": "any", "all_of": "all", "none_of": "none"}


def test_every_module_has_its_keys_in_the_table() -> None:
    modules = {path.stem for path in Path(operators.__path__[0]).glob("*.py")} - HELPERS
    keys = {key for module in modules for key in SEVERAL.get(module, {NAMES.get(module, module)})}

    assert keys == set(OPERATORS)


@pytest.mark.parametrize("key", sorted(OPERATORS))
def test_every_operator_is_documented_and_known_to_editors(key: str) -> None:
    docs = Path(__file__).parents[4] / "docs" / "rules.md"

    assert f"`{key}`" in docs.read_text("utf-8")
    assert key in rule_schema()["$defs"]["operators"]["properties"]
