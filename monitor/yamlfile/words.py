"""What is wrong, in words for people who do not program."""

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel

from monitor.yamlfile.nodes import Loc

_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}
UNKNOWN_KEY = ("extra_forbidden", "invalid_key")
_KIND_ENDS = re.compile(r"_(type|parsing|from_float|parsing_size)$")
_WANTED = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "bool": "true or false",
    "list": "a list ([a, b], or lines that begin with -)",
    "tuple": "a list ([a, b], or lines that begin with -)",
    "set": "a list ([a, b], or lines that begin with -)",
    "dict": "a map (lines of key: value)",
    "model": "a map (lines of key: value)",
    "mapping": "a map (lines of key: value)",
    "time_delta": "a length of time such as 12h or 7d",
    "date": "a date such as 2026-01-31",
    "datetime": "a date such as 2026-01-31",
}


def suggestion(word: str, known: Iterable[str]) -> str:
    """'did you mean "x"?' with the nearest of `known`, or "" when none is near."""
    lowered = {name.lower(): name for name in known}
    near = get_close_matches(word.lower().replace("-", "_"), lowered, n=1, cutoff=0.6) or get_close_matches(
        word.lower(), lowered, n=1, cutoff=0.6
    )
    return f'did you mean "{lowered[near[0]]}"?' if near else ""


def keys_of(model: type[BaseModel]) -> Callable[[Loc], Iterable[str]]:
    """For `YamlFile.problems`: the keys that the (nested) model knows at a place."""

    def names(loc: Loc) -> Iterable[str]:
        models: list[type[BaseModel]] = [model]
        for part in loc:
            models = [inner for outer in models for inner in _field_models(outer, part)] or models
        return {info.alias or name for found in models for name, info in found.model_fields.items()}

    return names


def _field_models(model: type[BaseModel], part: str | int) -> Iterator[type[BaseModel]]:
    for name, info in model.model_fields.items():
        if part in (name, info.alias):
            yield from _models_in(info.annotation)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def in_words(details: Any, loc: Loc, names: Callable[[Loc], Iterable[str]]) -> tuple[str, str]:
    """Message and hint for one error of pydantic.

    Args:
        loc: Where, in the validated value.
        names: The keys that are known at a place.
    """
    kind, context, given = details["type"], details.get("ctx", {}), details.get("input")
    name = f'the key "{loc[-1]}"' if details["loc"][-1:] == ("[key]",) else _name(loc)
    if kind in UNKNOWN_KEY:
        return f'unknown key "{loc[-1]}"', _known(str(loc[-1]), sorted(names(loc[:-1])))
    if kind == "missing":
        return f"{name} is missing", ""
    if kind in ("value_error", "assertion_error"):
        return (str(context["error"]) if isinstance(given, dict) else f"{name}: {context['error']}"), ""
    if kind in ("literal_error", "enum"):
        return f"{name} cannot be {_shown(given)}", f"one of {context['expected']}"
    if kind == "string_pattern_mismatch":
        return f"{name} cannot be {_shown(given)}", f"it must match {context['pattern']}"
    if kind in _BOUNDS:
        sign, key = _BOUNDS[kind]
        return f"{name} must be {sign} {context[key]}, not {_shown(given)}", ""
    if kind in ("too_short", "string_too_short"):
        least, unit = context["min_length"], "entries" if kind == "too_short" else "letters"
        return f"{name} must not be empty" if least == 1 else f"{name} needs at least {least} {unit}", ""
    if wanted := _WANTED.get(_KIND_ENDS.sub("", kind)):
        return f"{name} must be {wanted}, not {_shown(given)}", ""
    return f"{name}: {details['msg'][:1].lower()}{details['msg'][1:]}", ""


def _known(word: str, options: list[str]) -> str:
    return suggestion(word, options) or (f"known: {', '.join(options)}" if options else "")


def _name(loc: Loc) -> str:
    if not loc:
        return "the file"
    last = loc[-1]
    if isinstance(last, int):
        return f"entry {last + 1}" + (f' of "{loc[-2]}"' if len(loc) > 1 else "")
    return f'"{last}"'


def _shown(given: object) -> str:
    """What stands in the file, short; containers by their kind, addresses not at all because they may hold a token."""
    if given is None:
        return "empty"
    if isinstance(given, (dict, list)):
        return "a map" if isinstance(given, dict) else "a list"
    if not isinstance(given, str):
        return str(given).lower()
    if "://" in given:
        return "an address"
    return f'"{given if len(given) <= 60 else given[:57] + "..."}"'
