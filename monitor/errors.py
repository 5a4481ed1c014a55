"""The errors a caller may handle.

MonitorError
├── ConfigError            something written by the user is wrong: configuration, feeds, channels
│   └── RuleError          ... in a rule file or lexicon
├── SourceError            one feed could not be read; the others go on
│   ├── FetchError         ... because its publisher or the network failed
│   └── ParseError         ... because what came is not what the feed's kind promises
├── DeliveryError          one notification could not be sent; the others go on
├── RequestError           what a reader asked for cannot be done
├── JudgeError             one second opinion could not be asked for; the rule's own reading stands
└── StoreError             the database refused

Messages name the subject (file:line:column, feed, channel) and say what would be right. They never hold secrets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


class MonitorError(Exception):
    """Anything this program raises on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong in a file somebody wrote.

    Attributes:
        line: Counted from 1; 0 when the file as a whole is meant.
        column: Counted from 1; 0 when the line as a whole is meant.
        hint: What would be right, or "".
    """

    path: Path
    message: str
    line: int = 0
    column: int = 0
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        return f"{place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class ConfigError(MonitorError):
    """Files that cannot be used, with every problem found in them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class RuleError(ConfigError):
    """Rule files or lexicons that cannot be used."""


class SourceError(MonitorError):
    """One feed could not be read."""

    def __init__(self, feed_id: str, message: str) -> None:
        super().__init__(f"{feed_id}: {message}")
        self.feed_id = feed_id
        self.message = message


class FetchError(SourceError):
    """The publisher or the network failed.

    Attributes:
        status: The HTTP status, or None when there was no answer.
        retry_after: How long the publisher asked us to stay away.
        gone: True when the publisher says the feed ended (410).
        cause: Without an answer, one word for why (`sources.causes`), or "".
    """

    def __init__(
        self,
        feed_id: str,
        message: str,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
        cause: str = "",
    ) -> None:
        super().__init__(feed_id, message)
        self.status = status
        self.retry_after = retry_after
        self.cause = cause

    @property
    def gone(self) -> bool:
        return self.status == 410


class ParseError(SourceError):
    """What came is not what the feed's kind promises."""


class DeliveryError(MonitorError):
    """One notification could not be sent.

    Attributes:
        permanent: True when trying again cannot help (wrong token, unknown recipient).
        retry_after: How long the service asked us to wait.
    """

    def __init__(
        self, channel: str, message: str, *, permanent: bool = False, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(f"{channel}: {message}")
        self.channel = channel
        self.message = message
        self.permanent = permanent
        self.retry_after = retry_after


class JudgeError(MonitorError):
    """One second opinion could not be asked for.

    Attributes:
        calls: How often the model was called for it.
        retry_after: How long the service asked us to wait.
    """

    def __init__(self, message: str, *, calls: int, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.calls = calls
        self.retry_after = retry_after


class RequestError(MonitorError):
    """What a reader asked for cannot be done.

    Attributes:
        reasons: All of them: the field each is about, "" for the request as a whole, and why.
    """

    def __init__(self, *reasons: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {why}" if field else why for field, why in reasons))
        self.reasons = reasons


class StoreError(MonitorError):
    """The database refused: locked, full, read-only, unreachable or from a newer version."""
