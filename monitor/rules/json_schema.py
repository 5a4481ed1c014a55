"""JSON Schemas of rule files and lexicons, so that editors complete and check while one types."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from monitor.rules.conditions.table import CONDITIONS
from monitor.rules.operators.table import OPERATORS
from monitor.rules.schema import (
    DEFINED,
    GroupField,
    ItemFile,
    ItemTestFile,
    Languages,
    LexiconFile,
    ListFile,
    RuleFile,
    SeriesTestFile,
)
from monitor.rules.terms import MAX_LENGTH

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WORD = {"type": ["string", "number"], "minLength": 1, "maxLength": MAX_LENGTH}
_LABEL = {"type": ["string", "number"], "minLength": 1, "maxLength": 80}

_TESTS: dict[str, type[BaseModel]] = {
    "ItemTestFile": ItemTestFile,
    "SeriesTestFile": SeriesTestFile,
    "ItemFile": ItemFile,
}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def _one_or_more(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def rule_schema() -> dict[str, Any]:
    """The schema of a rule file. What depends on other files (`$lists`, actors, scales) only the loader can check."""
    schema = _of(RuleFile)
    parts: dict[str, type[BaseModel]] = {
        "ItemTestFile": ItemTestFile,
        "SeriesTestFile": SeriesTestFile,
        "ItemFile": ItemFile,
    }
    schema["$defs"] |= _defined(parts) | {
        "word": _WORD,
        "words": _one_or_more(_ref("word")),
        "names": _one_or_more(_LABEL),
        "groups": {"type": "array", "minItems": 2, "items": {"type": "array", "items": _ref("word"), "minItems": 1}},
        "expression": {"anyOf": [_ref("word"), {"type": "array", "items": _ref("expression")}, _ref("operators")]},
        "expressions": _ref("expression"),
        "operators": _operators(),
        "when": {"anyOf": [{"const": "each"}, *(_ref(f"when_{key}") for key in CONDITIONS)]},
        "guard": _guard(),
        "group": {"anyOf": [{"enum": list(get_args(GroupField))}, {"type": "array", "maxItems": 5}]},
        "item": {"anyOf": [{"type": "string"}, _ref("ItemFile")]},
        "tests": {"type": "array", "items": _ref("test"), "maxItems": 500},
        "test": {"anyOf": [_ref("ItemTestFile"), _ref("SeriesTestFile")]},
    }
    schema["$defs"] |= _defined({f"when_{key}": kind.SPEC for key, kind in CONDITIONS.items()})
    schema["not"] = {"required": ["alert", "alerts"]}
    return {"$schema": _DIALECT, "title": "monitor rule", **schema}


def lexicon_schema() -> dict[str, Any]:
    """The schema of a lexicon file."""
    schema = _of(LexiconFile)
    schema["$defs"] |= _defined({"ListFile": ListFile, "Languages": Languages}) | {
        "word": _WORD,
        "word_list": _one_or_more(_ref("word")),
        "list": {"anyOf": [_ref("word_list"), _ref("ListFile")]},
        "terms": {"anyOf": [_ref("word_list"), _ref("Languages")]},
    }
    return {"$schema": _DIALECT, "title": "monitor lexicon", **schema}


def _of(model: type[BaseModel]) -> dict[str, Any]:
    schema: dict[str, Any] = _linked(model.model_json_schema(by_alias=True))
    return {**schema, "$defs": schema.get("$defs", {})}


def _linked(schema: Any) -> Any:
    """The schema with our own definitions referred to."""
    if isinstance(schema, list):
        return [_linked(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    linked = {key: _linked(value) for key, value in schema.items() if key != DEFINED}
    if "patternProperties" in linked:
        linked["additionalProperties"] = False
    return linked | _ref(schema[DEFINED]) if DEFINED in schema else linked


def _defined(models: Mapping[str, type[BaseModel]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, model in models.items():
        schema = _of(model)
        found |= schema.pop("$defs")
        found[name] = schema
    return found


def _operators() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key: dict(kind.SCHEMA) for key, kind in OPERATORS.items()},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _guard() -> dict[str, Any]:
    several = {"anyOf": [_ref("guard"), {"type": "array", "items": _ref("guard"), "minItems": 1}]}
    joined = {
        "type": "object",
        "properties": dict.fromkeys(("any", "all", "none"), several),
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [{"type": "string"}, {"type": "array", "items": _ref("guard"), "minItems": 1}, joined]}
