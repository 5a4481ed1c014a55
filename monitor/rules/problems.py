"""Collects what is wrong in one file, each thing once, so that reading can go on after a mistake."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.errors import Problem
from monitor.rules.operators.base import Place
from monitor.yamlfile import YamlFile, keys_of, suggestion

M = TypeVar("M", bound=BaseModel)


@dataclass(slots=True)
class Problems:
    """What is wrong in one file so far. Called with place, message and hint, it notes one more."""

    file: YamlFile
    found: dict[Problem, None] = field(default_factory=dict)

    def __call__(self, place: Place, message: str, hint: str = "") -> None:
        self.found[self.file.problem(place, message, hint)] = None

    def validate(self, model: type[M], value: Any, place: Place = ()) -> M | None:
        """The value as the model has it, or None after noting everything that the model refuses."""
        try:
            return model.model_validate(value)
        except ValidationError as error:
            self.found.update(dict.fromkeys(self.file.problems(error, keys_of(model), at=place)))
            return None

    def unknown(self, place: Place, what: str, name: str, known: Mapping[str, Any]) -> None:
        """Note that there is no such thing, with the nearest one there is."""
        hint = suggestion(name, known) or (f"known: {', '.join(sorted(known))}" if known else "")
        self(place, f'there is no {what} "{name}"', hint)
