"""YAML files as plain values that remember where they stand, read within bounds of size, depth and repetition.

Built from the parser's events instead of a ready loader: those resolve YAML 1.1 dates and switches, and expand a
merge bomb of 500 bytes for 20 seconds before anybody can object.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from monitor.errors import ConfigError, Problem

Scalar: TypeAlias = str | int | float | bool | None
Key: TypeAlias = str | int | float | bool
Data: TypeAlias = "Scalar | list[Data] | dict[Key, Data]"
Loc: TypeAlias = Sequence[str | int]

MAX_BYTES = 1_000_000
MAX_LINE = 20_000
MAX_DEPTH = 50
MAX_REPEATED = 10_000
"""How many values aliases and merge keys may add to a file in all."""

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]{1,40}|0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_NUMBER_STARTS = frozenset("+-.0123456789")
_STANDARD_TAG = "tag:yaml.org,2002:"


@dataclass(slots=True)
class _Node:
    """A value, where it stands, and the same of everything in it; `size` counts the values in it."""

    data: Any
    line: int
    column: int
    size: int = 1
    keys: dict[Key, tuple[int, int]] = field(default_factory=dict)
    children: "dict[Key, _Node] | list[_Node]" = field(default_factory=list)

    def child(self, part: str | int) -> "_Node | None":
        if isinstance(self.children, dict):
            return self.children.get(part)
        return self.children[part] if isinstance(part, int) and part < len(self.children) else None


class YamlFile:
    """The one document of a YAML file.

    Attributes:
        data: Plain dicts, lists, strings, numbers, booleans and None; not to be changed, aliases share them.
    """

    def __init__(self, path: Path, root: _Node) -> None:
        self.path = path
        self.data: Any = root.data
        self._root = root

    def place(self, loc: Loc, *, key: bool = False) -> tuple[int, int]:
        """Line and column, from 1, of the value at `loc`, or of the nearest thing around it that is in the file.

        Args:
            loc: Keys and list positions from the top; parts that are not in the file (pydantic's) are skipped.
            key: Point at the key of the value instead; always so for a map or list written below its key.
        """
        node, place = self._root, (self._root.line, self._root.column)
        for part in loc:
            child = node.child(part)
            if child is None:
                continue
            value = (child.line, child.column)
            at_key = node.keys.get(part, value)
            place = at_key if key or child.line != at_key[0] else value
            node = child
        return place

    def problem(self, loc: Loc, message: str, hint: str = "") -> Problem:
        """A problem with the value at `loc`."""
        line, column = self.place(loc)
        return Problem(path=self.path, message=message, line=line, column=column, hint=hint)

    def problems(
        self, error: ValidationError, known: "Iterable[str] | Callable[[Loc], Iterable[str]]" = (), at: Loc = ()
    ) -> list[Problem]:
        """One problem for each error of pydantic, in words for people who do not program.

        Args:
            known: The keys to suggest for an unknown one: names, or where they depend on the place `keys_of(Model)`.
            at: Where in this file the validated value stands.
        """
        names = known if callable(known) else _always(tuple(known))
        found = (self._translate(details, names, tuple(at)) for details in error.errors(include_url=False))
        return list(dict.fromkeys(found))

    def _translate(self, details: Any, names: "Callable[[Loc], Iterable[str]]", at: tuple[str | int, ...]) -> Problem:
        loc = (*at, *details["loc"])
        if details["type"] in ("extra_forbidden", "invalid_key"):
            options = sorted(names(details["loc"][:-1]))
            line, column = self.place(loc, key=True)
            hint = suggestion(str(loc[-1]), options) or (f"known: {', '.join(options)}" if options else "")
            return Problem(path=self.path, message=f'unknown key "{loc[-1]}"', line=line, column=column, hint=hint)
        message, hint = _in_words(details, str(loc[-1]) if loc else "")
        return self.problem(loc, message, hint)


def read(path: Path, text: str | None = None) -> YamlFile:
    """The file at `path`, or `text` as if it stood there.

    Raises:
        ConfigError: It cannot be read, is not YAML, repeats a key, or is too large, too deep or too repetitive.
    """
    text = _contents(path) if text is None else text
    if len(text) > MAX_BYTES:
        raise ConfigError([_too_large(path)])
    _check_lines(path, text)
    return YamlFile(path, _Builder(path, text).document())


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


def _always(names: Iterable[str]) -> Callable[[Loc], Iterable[str]]:
    return lambda _: names


# --- from pydantic's words to ours ----------------------------------------------------------------------------------

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


def _in_words(details: Any, name: str) -> tuple[str, str]:
    """Message and hint for one error of pydantic."""
    kind, context, given = details["type"], details.get("ctx", {}), details.get("input")
    if kind == "missing":
        return f'"{name}" is missing', ""
    if kind in ("value_error", "assertion_error"):
        return str(context["error"]), ""
    if kind in ("literal_error", "enum"):
        return f'"{name}": {_shown(given)} is not one of {context["expected"]}', ""
    if kind == "too_short":
        return f'"{name}" must have at least {context["min_length"]} entries', ""
    wanted = _WANTED.get(re.sub(r"_(type|parsing|from_float|parsing_size|attributes_type)$", "", kind), "")
    if wanted:
        return f'"{name}" must be {wanted}, not {_shown(given)}', ""
    return f'"{name}": {_lower_first(details["msg"])}', ""


def _shown(given: object) -> str:
    """What stands in the file, short; containers by their kind."""
    if given is None:
        return "empty"
    if isinstance(given, (dict, list)):
        return "a map" if isinstance(given, dict) else "a list"
    if isinstance(given, bool):
        return str(given).lower()
    text = str(given)
    return f'"{text if len(text) <= 60 else text[:57] + "..."}"'


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


# --- reading --------------------------------------------------------------------------------------------------------


def _contents(path: Path) -> str:
    try:
        if not path.is_file():
            missing = "is not a file" if path.exists() else "there is no such file"
            raise ConfigError([Problem(path=path, message=missing)])
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError([Problem(path=path, message=f"cannot be read: {error.strerror}")]) from error
    if len(raw) > MAX_BYTES:
        raise ConfigError([_too_large(path)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = Problem(path=path, message="is not UTF-8 text", line=line, hint="save the file as UTF-8")
        raise ConfigError([problem]) from error


def _too_large(path: Path) -> Problem:
    return Problem(path=path, message=f"is larger than {MAX_BYTES // 1_000_000} MB", hint="split it into several files")


def _check_lines(path: Path, text: str) -> None:
    # the parser takes quadratic time over a token, and a token of some kinds ends with its line
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE:
            problem = Problem(path=path, message=f"a line of more than {MAX_LINE} characters", line=number)
            raise ConfigError([problem])


class _Builder:
    """Values out of the parser's events; everything is counted before it is kept."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._anchors: dict[str, _Node] = {}
        self._repeated = 0
        self._depth = 0

    def document(self) -> _Node:
        try:
            return self._documents(YAML(typ="safe", pure=True).parse(self._text))
        except MarkedYAMLError as error:
            raise self._syntax_error(error) from error
        except ReaderError as error:
            line = self._text.count("\n", 0, error.position) + 1
            raise ConfigError([Problem(path=self._path, message="contains a control character", line=line)]) from error
        except (YAMLError, ValueError, OverflowError) as error:  # the last two: numbers in directives and escapes
            raise ConfigError([Problem(path=self._path, message=f"is not YAML: {error}")]) from error

    def _documents(self, events: Iterator[Event]) -> _Node:
        root: _Node | None = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise self._wrong(event, "a second document begins here", "one document per file: remove the ---")
                root = self._node(next(events), events)
        return root or _Node(None, 1, 1)

    def _node(self, event: Event, events: Iterator[Event]) -> _Node:
        if isinstance(event, AliasEvent):
            return self._alias(event)
        tag = getattr(event, "tag", None) or ""
        if tag and not str(tag).startswith(_STANDARD_TAG) and str(tag) != "!":
            raise self._wrong(event, f"the tag {tag} means nothing here", "write the plain value")
        node = _Node(None, event.start_mark.line + 1, event.start_mark.column + 1)
        self._fill(node, event, events)
        if isinstance(event, NodeEvent) and event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _fill(self, node: _Node, event: Event, events: Iterator[Event]) -> None:
        if isinstance(event, ScalarEvent):
            node.data = _scalar(event)
            return
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._wrong(event, f"is nested more than {MAX_DEPTH} levels deep")
        if isinstance(event, SequenceStartEvent):
            self._sequence(node, events)
        elif isinstance(event, MappingStartEvent):
            self._mapping(node, events)
        self._depth -= 1

    def _sequence(self, node: _Node, events: Iterator[Event]) -> None:
        children: list[_Node] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            children.append(self._node(event, events))
        node.children = children
        node.data = [child.data for child in children]
        node.size += sum(child.size for child in children)

    def _mapping(self, node: _Node, events: Iterator[Event]) -> None:
        children: dict[Key, _Node] = {}
        merged: list[_Node] = []
        while not isinstance(event := next(events), MappingEndEvent):
            if isinstance(event, ScalarEvent) and event.value == "<<" and event.style is None:
                merged += self._merged(event, self._node(next(events), events))
                continue
            key = self._key(event)
            if key in children:
                first = node.keys[key][0]
                raise self._wrong(event, f'"{key}" stands here a second time', f"first on line {first}; keep one")
            node.keys[key] = (event.start_mark.line + 1, event.start_mark.column + 1)
            children[key] = self._node(next(events), events)
        for source in merged:
            self._merge(node, children, source)
        node.children = children
        node.data = {key: child.data for key, child in children.items()}
        node.size += sum(child.size for child in children.values())

    def _merged(self, event: Event, value: _Node) -> list[_Node]:
        sources = value.children if isinstance(value.data, list) and isinstance(value.children, list) else [value]
        if not all(isinstance(source.data, dict) for source in sources):
            raise self._wrong(event, "only maps can be merged with <<")
        return sources

    def _merge(self, node: _Node, children: dict[Key, _Node], source: _Node) -> None:
        if isinstance(source.children, dict):
            for key, child in source.children.items():
                if key not in children:
                    children[key] = child
                    node.keys[key] = source.keys[key]

    def _key(self, event: Event) -> Key:
        if not isinstance(event, ScalarEvent):
            raise self._wrong(
                event, "a key must be one word or number", 'put texts that begin with [, { or * in "quotes"'
            )
        key = _scalar(event)
        if key is None:
            raise self._wrong(event, "a key is missing before the colon")
        return key

    def _alias(self, event: AliasEvent) -> _Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            raise self._wrong(
                event, f"there is no anchor &{event.anchor} before this", 'put texts that begin with * in "quotes"'
            )
        self._repeated += node.size
        if self._repeated > MAX_REPEATED:
            raise self._wrong(event, f"aliases and merges repeat more than {MAX_REPEATED} values")
        return node

    def _wrong(self, event: Event, message: str, hint: str = "") -> ConfigError:
        mark = event.start_mark
        return ConfigError(
            [Problem(path=self._path, message=message, line=mark.line + 1, column=mark.column + 1, hint=hint)]
        )

    def _syntax_error(self, error: MarkedYAMLError) -> ConfigError:
        mark: StringMark | None = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        message, hint = _syntax_in_words(error.problem or str(error.context), error.context or "")
        return ConfigError([Problem(path=self._path, message=message, line=line, column=column, hint=hint)])


_SYNTAX = (
    ("mapping values are not allowed", "a colon and space inside a text", 'put the text in "quotes"'),
    ("could not find expected ':'", "this line is neither key: value nor part of a list", "is a colon missing?"),
    ("cannot start any token", "a text begins with a character that means something else", 'put the text in "quotes"'),
    ("found unexpected end of stream", "a quotation mark is never closed", "add the closing one"),
    ("expected <block end>", "the indentation does not fit the lines above", "align it with its neighbours"),
    ("expected ',' or", "a bracket is never closed, or a comma is missing", ""),
)


def _syntax_in_words(problem: str, context: str) -> tuple[str, str]:
    for words, message, hint in _SYNTAX:
        if words in problem:
            return message, hint
    return f"is not YAML: {problem}" + (f" {context}" if context else ""), ""


def _scalar(event: ScalarEvent) -> Scalar:
    text: str = event.value
    tag = str(event.tag or "")
    if event.style is not None or tag in ("!", f"{_STANDARD_TAG}str"):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _INT.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    return float(text.replace(".inf", "inf").replace(".nan", "nan")) if _FLOAT.fullmatch(text) else text
