"""Editing the files that declare feeds, so that everything else in them stays as it was written."""

import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from xml.parsers import expat

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, SequenceNode

Entry = Mapping[str, object]


def add_entry(path: Path, entry: Entry) -> None:
    """Append an entry to `feeds:` in monitor.yaml: as one more line where there is a list, else by rewriting it."""
    text = path.read_text(encoding="utf-8")
    feeds = _feeds_node(text)
    if feeds is None or feeds.flow_style or not feeds.value:
        data = _loaded(text)
        data["feeds"] = [*(data.get("feeds") or []), _flow(entry)]
        replace_file(path, _dumped(data))
        return
    lines = text.split("\n")
    indent = " " * _dash(lines, feeds.value[0])
    at = _last_line(feeds.value[-1]) + 1
    replace_file(path, "\n".join([*lines[:at], f"{indent}- {_written(entry)}", *lines[at:]]))


def remove_entry(path: Path, feed_id: str) -> bool:
    """Take the inline feed with this id out of monitor.yaml; whether there was one."""
    text = path.read_text(encoding="utf-8")
    data = _loaded(text)
    feeds = data.get("feeds") or []
    number = next((number for number, entry in enumerate(feeds) if entry.get("id") == feed_id), None)
    if number is None:
        return False
    node = _feeds_node(text)
    if node is None or node.flow_style or len(feeds) == 1:
        data["feeds"] = [entry for entry in feeds if entry.get("id") != feed_id]
        replace_file(path, _dumped(data))
        return True
    lines = text.split("\n")
    first, last = node.value[number].start_mark.line, _last_line(node.value[number])
    replace_file(path, "\n".join([*lines[:first], *lines[last + 1 :]]))
    return True


def remove_options(path: Path, feed_id: str) -> None:
    """Take what `feed_options:` in monitor.yaml says of a feed out of it, if it says anything."""
    data = _loaded(path.read_text(encoding="utf-8"))
    given = data.get("feed_options") or {}
    if feed_id in given:
        del given[feed_id]
        if not given:
            del data["feed_options"]
        replace_file(path, _dumped(data))


def remove_outline(path: Path, url: str) -> bool:
    """Take the outline of the feed with this address out of an OPML file; whether there was one."""
    data = path.read_bytes()
    span = _Outlines(url).span(data)
    if span is None:
        return False
    start, end = span
    before = data[:start].rstrip(b" \t")
    after = data[end:].removeprefix(b"\r").removeprefix(b"\n") if before.endswith(b"\n") else data[end:]
    replace_file(path, (before + after).decode("utf-8"))
    return True


def replace_file(path: Path, text: str) -> None:
    """Write the whole file or nothing; its permissions stay."""
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as new:
        new.write(text)
        new.flush()
        os.fsync(new.fileno())
    if path.exists():
        os.chmod(new.name, path.stat().st_mode & 0o777)
    os.replace(new.name, path)


# --- YAML -----------------------------------------------------------------------------------------------------------


def _feeds_node(text: str) -> SequenceNode | None:
    root = YAML(typ="rt").compose(text)
    pairs: Sequence[tuple[Node, Node]] = root.value if isinstance(root, MappingNode) else ()
    found = next((value for key, value in pairs if key.value == "feeds"), None)
    return found if isinstance(found, SequenceNode) else None


def _last_line(node: Node) -> int:
    """Where the node's own text ends; the end of a block reaches over the comments that follow it."""
    if isinstance(node, CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.line)


def _dash(lines: Sequence[str], entry: Node) -> int:
    line = lines[entry.start_mark.line]
    return len(line) - len(line.lstrip(" "))


def _written(entry: Entry) -> str:
    return "{" + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()) + "}"


def _flow(entry: Entry) -> CommentedMap:
    written = CommentedMap(entry)
    written.fa.set_flow_style()
    return written


def _round_trip() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _loaded(text: str) -> Any:
    data = _round_trip().load(text)
    return CommentedMap() if data is None else data


def _dumped(data: Any) -> str:
    stream = io.StringIO()
    _round_trip().dump(data, stream)
    return stream.getvalue()


# --- OPML -----------------------------------------------------------------------------------------------------------


class _Outlines:
    """Finds where the outline of one feed begins and ends, in bytes."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._depth = 0
        self._inside = 0
        self._start: int | None = None
        self._closed = False
        self._end: int | None = None
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.DefaultHandler = lambda _: self._next()

    def span(self, data: bytes) -> tuple[int, int] | None:
        self._parser.Parse(data, True)
        return (self._start, self._end) if self._start is not None and self._end is not None else None

    def _next(self) -> None:
        """Whatever comes after the outline tells where it ended."""
        if self._closed and self._end is None:
            self._end = self._parser.CurrentByteIndex

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        self._next()
        self._depth += 1
        url = next((value for key, value in attributes.items() if key.lower() == "xmlurl"), "")
        if self._start is None and name.lower() == "outline" and url.strip() == self._url:
            self._start, self._inside = self._parser.CurrentByteIndex, self._depth

    def _close(self, name: str) -> None:
        self._next()
        self._closed = self._closed or self._depth == self._inside
        self._depth -= 1
