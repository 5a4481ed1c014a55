"""Secrets: `${NAME}` is looked up in the environment, then as a file in the folder of secrets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_MAX_BYTES = 64_000


class SecretMissing(ValueError):
    """A `${NAME}` that nobody has set, or that is not written that way; the message names it, never a value."""


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """Where secrets are looked up.

    Attributes:
        folder: One file per secret (`/run/secrets`), or None.
    """

    environ: Mapping[str, str]
    folder: Path | None = None

    def fill(self, text: str) -> str:
        """The text with every `${NAME}` replaced.

        Raises:
            SecretMissing: A name is set nowhere, or a `${` is not followed by a name and `}`.
        """
        filled = _REFERENCE.sub(lambda found: self._value(found[1]), text)
        if "${" in _REFERENCE.sub("", text):
            raise SecretMissing("a secret is written ${NAME}, with letters, digits and _ between the braces")
        return filled

    def _value(self, name: str) -> str:
        value = self.environ.get(name) or self._from_file(name) or self._from_file(name.lower())
        if not value:
            where = f" nor a file {self.folder / name}" if self.folder else ""
            raise SecretMissing(f"${{{name}}} is not set: there is neither an environment variable {name}{where}")
        return value

    def _from_file(self, name: str) -> str:
        if self.folder is None:
            return ""
        try:
            with (self.folder / name).open(encoding="utf-8") as file:
                return file.read(_MAX_BYTES).strip()
        except (OSError, UnicodeDecodeError):
            return ""
