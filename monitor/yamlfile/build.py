"""From the parser's events to values.

Not a ready loader: those resolve YAML 1.1 dates and switches, and expand a merge bomb of 500 bytes for 20 seconds
before anybody can object. libyaml parses, as reading the shipped rules took two seconds without it; where it finds an
error, ruamel says in better words what it is.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
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
from yaml.reader import Reader

from monitor.errors import ConfigError, Problem
from monitor.yamlfile.nodes import Key, Node, Scalar

MAX_DEPTH = 50
MAX_REPEATED = 10_000  # values that aliases and merge keys may add to a file in all

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


class Builder:
    """Values out of the parser's events, of one text, once; everything is counted before it is kept."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._anchors: dict[str, Node] = {}
        self._repeated = 0
        self._depth = 0

    def document(self) -> Node:
        """The one document of the text.

        Raises:
            ConfigError: It is not YAML, repeats a key, or is too deep or too repetitive.
        """
        try:
            return self._documents(yaml.parse(self._text, Loader=yaml.CSafeLoader))
        except yaml.MarkedYAMLError as error:
            raise ConfigError([self._explained(error)]) from error
        except (yaml.YAMLError, ValueError, OverflowError) as error:  # control characters, no UTF-8, huge numbers
            raise ConfigError([self._unreadable(error)]) from error

    def _explained(self, error: yaml.MarkedYAMLError) -> Problem:
        try:
            for _ in YAML(typ="safe", pure=True).parse(self._text):
                pass
        except MarkedYAMLError as told:
            return self._syntax_error(told)
        except (YAMLError, ValueError, OverflowError) as told:
            return self._unreadable(told)
        return self._syntax_error(error)

    def _unreadable(self, error: Exception) -> Problem:
        found = Reader.NON_PRINTABLE.search(self._text)
        if found is None:
            return Problem(path=self._path, message=f"is not YAML: {error}")
        line = self._text.count("\n", 0, found.start()) + 1
        return Problem(path=self._path, message="contains a control character", line=line)

    def _documents(self, events: Iterator[Event]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise self._wrong(event, "a second document begins here", "one document per file: remove the ---")
                root = self._node(next(events), events)
        return root or Node(None, 1, 1)

    def _node(self, event: Event, events: Iterator[Event]) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event)
        tag = getattr(event, "tag", None) or ""
        if tag and not str(tag).startswith(_STANDARD_TAG) and str(tag) != "!":
            raise self._wrong(event, f"the tag {tag} means nothing here", "write the plain value")
        node = Node(None, event.start_mark.line + 1, event.start_mark.column + 1)
        self._fill(node, event, events)
        if isinstance(event, NodeEvent) and event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _fill(self, node: Node, event: Event, events: Iterator[Event]) -> None:
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

    def _sequence(self, node: Node, events: Iterator[Event]) -> None:
        children: list[Node] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            children.append(self._node(event, events))
        node.children = children
        node.data = [child.data for child in children]
        node.size += sum(child.size for child in children)

    def _mapping(self, node: Node, events: Iterator[Event]) -> None:
        children: dict[Key, Node] = {}
        merged: list[Node] = []
        while not isinstance(event := next(events), MappingEndEvent):
            if isinstance(event, ScalarEvent) and event.value == "<<" and not event.style:
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

    def _merged(self, event: Event, value: Node) -> list[Node]:
        sources = value.children if isinstance(value.data, list) and isinstance(value.children, list) else [value]
        if not all(isinstance(source.data, dict) for source in sources):
            raise self._wrong(event, "only maps can be merged with <<")
        return sources

    def _merge(self, node: Node, children: dict[Key, Node], source: Node) -> None:
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

    def _alias(self, event: AliasEvent) -> Node:
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

    def _syntax_error(self, error: MarkedYAMLError | yaml.MarkedYAMLError) -> Problem:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        message, hint = _syntax_in_words(error.problem or str(error.context), error.context or "")
        return Problem(path=self._path, message=message, line=line, column=column, hint=hint)


_SYNTAX = (
    ("mapping values are not allowed", "a colon and space inside a text", 'put the text in "quotes"'),
    ("could not find expected ':'", "this line is neither key: value nor part of a list", "is a colon missing?"),
    ("cannot start any token", "a text begins with a character that means something else", 'put the text in "quotes"'),
    ("found unexpected end of stream", "a quotation mark is never closed", "add the closing one"),
    ("expected <block end>", "the indentation does not fit the lines above", "align it with its neighbours"),
    ("did not find expected key", "a key is missing before the colon", ""),
    ("invalid Unicode character escape", "contains half of a character (an escape such as \\ud83d alone)", ""),
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
    if event.style or tag in ("!", f"{_STANDARD_TAG}str"):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _INT.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    return float(text.replace(".inf", "inf").replace(".nan", "nan")) if _FLOAT.fullmatch(text) else text
