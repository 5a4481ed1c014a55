"""Column types that give model values back as they were put in."""

from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Dialect, String, Text
from sqlalchemy.types import TypeDecorator

from monitor.errors import StoreError


class AsJson(TypeDecorator[Any]):
    """A tuple or dataclass kept as JSON text; to be replaced as a whole, never changed in place."""

    impl = Text
    cache_ok = True

    def __init__(self, holds: Any) -> None:
        super().__init__()
        self.holds = holds
        self._adapter: TypeAdapter[Any] = TypeAdapter(holds)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self._adapter.dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        try:
            return self._adapter.validate_json(value)
        except ValidationError as error:
            raise StoreError(f"a stored value is damaged, restore a backup: {error}") from error


class AsEnum(TypeDecorator[StrEnum]):
    """A StrEnum kept as its word, so that neither database needs a type of its own for it."""

    impl = String
    cache_ok = True

    def __init__(self, holds: type[StrEnum]) -> None:
        super().__init__()
        self.holds = holds

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        if value is None:
            return None
        try:
            return self.holds(value)
        except ValueError as error:
            raise StoreError(f"a stored value is damaged or from a newer version: {error}") from error
