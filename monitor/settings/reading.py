"""One monitor.yaml while it is read: what stands in it, what its secrets are, and all that is wrong."""

from dataclasses import dataclass, field
from pathlib import Path

from monitor import yamlfile
from monitor.errors import Problem
from monitor.settings.schema import Document
from monitor.settings.secrets import SecretMissing, Secrets

Loc = tuple[str | int, ...]


@dataclass(slots=True, kw_only=True)
class Reading:
    """A file on its way to Settings; each part adds its problems.

    Attributes:
        channel_names: Also those whose declaration is broken, so that nobody hears of them twice.
        broken: Sections that were left out of `document`.
    """

    file: yamlfile.YamlFile
    document: Document
    secrets: Secrets
    channel_names: tuple[str, ...]
    broken: frozenset[str | int]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, loc: Loc, message: str, hint: str = "") -> None:
        """Note that what stands here is wrong, unless its whole section is and was told."""
        if loc[0] in self.broken:
            return
        self.problems.append(self.file.problem(loc, message, hint))

    def under(self, name: str) -> Path:
        """A path as it is meant: from the folder of the file."""
        return self.file.path.parent / Path(name).expanduser()

    def filled(self, text: str, loc: Loc) -> str:
        """The text with its ${NAMES} looked up; "" when one is missing."""
        try:
            return self.secrets.fill(text)
        except SecretMissing as error:
            self.wrong(loc, str(error))
            return ""

    def value(self, text: str, loc: Loc) -> str:
        """The same, for what goes into a header or an address."""
        value = self.filled(text, loc)
        if any(ord(char) < 32 or ord(char) == 127 for char in value):
            self.wrong(loc, "holds control characters, which no header may have")
        return value

    def check_channel(self, name: str, loc: Loc) -> None:
        """That there is a channel of this name."""
        if name not in self.channel_names:
            hint = yamlfile.suggestion(name, self.channel_names) or f"known: {', '.join(self.channel_names)}"
            self.wrong(loc, f'there is no channel "{name}"', hint)
