"""One YAML file: its values, and its problems with their places."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.errors import ConfigError, Problem
from monitor.yamlfile.build import Builder
from monitor.yamlfile.nodes import Loc, Node
from monitor.yamlfile.words import UNKNOWN_KEY, in_words

MAX_BYTES = 1_000_000
MAX_LINE = 20_000


class YamlFile:
    """The one document of a YAML file.

    Attributes:
        data: Plain dicts, lists, strings, numbers, booleans and None; not to be changed, aliases share them.
    """

    def __init__(self, path: Path, root: Node) -> None:
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
        self, error: ValidationError, known: Iterable[str] | Callable[[Loc], Iterable[str]] = (), at: Loc = ()
    ) -> list[Problem]:
        """One problem for each error of pydantic, in words for people who do not program.

        Args:
            known: The keys to suggest for an unknown one: names, or where they depend on the place `keys_of(Model)`.
            at: Where in this file the validated value stands.
        """
        names = known if callable(known) else _always(tuple(known))
        found = (self._translate(details, names, tuple(at)) for details in error.errors(include_url=False))
        return sorted(dict.fromkeys(found), key=lambda problem: (problem.line, problem.column))

    def _translate(self, details: Any, names: Callable[[Loc], Iterable[str]], at: Loc) -> Problem:
        loc = tuple(part for part in details["loc"] if part != "[key]")
        of_key = details["loc"] != loc or details["type"] in UNKNOWN_KEY
        line, column = self.place((*at, *loc), key=of_key)
        message, hint = in_words(details, loc, names)
        return Problem(path=self.path, message=message, line=line, column=column, hint=hint)


def read(path: Path, text: str | None = None) -> YamlFile:
    """The file at `path`, or `text` as if it stood there.

    Raises:
        ConfigError: It cannot be read, is not YAML, repeats a key, or is too large, too deep or too repetitive.
    """
    text = _contents(path) if text is None else text
    if len(text) > MAX_BYTES:
        raise ConfigError([_too_large(path)])
    _check_lines(path, text)
    return YamlFile(path, Builder(path, text).document())


def _always(names: Iterable[str]) -> Callable[[Loc], Iterable[str]]:
    return lambda _: names


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
