"""Values with the places they were written at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None
Key: TypeAlias = str | int | float | bool
Loc: TypeAlias = Sequence[str | int]


@dataclass(slots=True)
class Node:
    """A value, where it stands, and the same of everything in it.

    Attributes:
        size: How many values it is made of.
        keys: Line and column of each key of a map.
    """

    data: Any
    line: int
    column: int
    size: int = 1
    keys: dict[Key, tuple[int, int]] = field(default_factory=dict)
    children: "dict[Key, Node] | list[Node]" = field(default_factory=list)

    def child(self, part: str | int) -> "Node | None":
        """What stands under this key or list position."""
        if isinstance(self.children, dict):
            return self.children.get(part)
        return self.children[part] if isinstance(part, int) and part < len(self.children) else None
