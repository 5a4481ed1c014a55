"""What a submitted form says, within bounds, and what a form offers."""

from collections.abc import Mapping
from datetime import time
from typing import NamedTuple
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from monitor.alerts.schedule import USUAL
from monitor.errors import RequestError
from monitor.model import Cadence, Quiet, Schedule, Severity
from monitor.readers import Wish
from monitor.readers.words import WEEKDAYS

BODY_BYTES = 65_536
_FIELDS = 1_000
_FORM = "application/x-www-form-urlencoded"
LANGUAGES: Mapping[str, str] = {
    "ar": "Arabic", "cs": "Czech", "de": "German", "en": "English", "es": "Spanish", "et": "Estonian", "fi": "Finnish",
    "fr": "French", "it": "Italian", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "pl": "Polish",
    "ro": "Romanian", "ru": "Russian", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


class Fields(dict[str, list[str]]):
    """The fields of a form; a name may stand in it more than once."""

    def one(self, name: str) -> str:
        """The last value of a field, or ""."""
        return self.get(name, [""])[-1].strip()

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a field, each once."""
        return tuple(dict.fromkeys(value.strip() for value in self.get(name, []) if value.strip()))


class Read(NamedTuple):
    """A form as it was meant, and what in it could not be understood."""

    wish: Wish
    wrong: tuple[tuple[str, str], ...]

    def understood(self) -> Wish:
        """The wish, if all of the form could be read.

        Raises:
            RequestError: With what could not.
        """
        if self.wrong:
            raise RequestError(*self.wrong)
        return self.wish


async def fields(request: Request) -> Fields:
    """The fields of the form that was sent."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise HTTPException(413)
    try:
        return Fields(parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS))
    except ValueError as error:
        raise HTTPException(400) from error


def wish(form: Fields, channel: str) -> Read:
    """What the form asks for."""
    wrong: list[tuple[str, str]] = []
    schedule = Schedule(
        zone=form.one("zone") or "UTC",
        at=_time(form, "at", wrong) or time(7),
        weekday=WEEKDAYS.index(form.one("weekday")) if form.one("weekday") in WEEKDAYS else 0,
        cadences={severity: _cadence(form, severity, wrong) for severity in Severity},
        quiet=_quiet(form, wrong),
    )
    asked = Wish(
        channel=channel,
        address=form.one("address"),
        rules=form.all("rule"),
        tags=form.all("tag"),
        langs=form.all("lang"),
        at_least=_severity(form, "at_least", Severity.INFO, wrong),
        schedule=schedule,
    )
    return Read(asked, tuple(wrong))


def _quiet(form: Fields, wrong: list[tuple[str, str]]) -> Quiet | None:
    begin, end = _time(form, "quiet_from", wrong), _time(form, "quiet_to", wrong)
    if (begin is None) != (end is None) and not any(name.startswith("quiet") for name, _ in wrong):
        wrong.append(("quiet", "quiet hours need both a beginning and an end"))
    if begin is None or end is None:
        return None
    return Quiet(start=begin, end=end, passes=_severity(form, "passes", Severity.HIGH, wrong))


def _time(form: Fields, name: str, wrong: list[tuple[str, str]]) -> time | None:
    text = form.one(name)
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None) if text else None
    except ValueError:
        wrong.append((name, "write a time such as 07:00"))
        return None


def _severity(form: Fields, name: str, usual: Severity, wrong: list[tuple[str, str]]) -> Severity:
    text = form.one(name)
    if text and text not in list(Severity):
        wrong.append((name, f"must be one of {', '.join(Severity)}"))
    return Severity(text) if text in list(Severity) else usual


def _cadence(form: Fields, severity: Severity, wrong: list[tuple[str, str]]) -> Cadence:
    text = form.one(f"cadence_{severity}")
    if text and text not in list(Cadence):
        wrong.append((f"cadence_{severity}", f"must be one of {', '.join(Cadence)}"))
    return Cadence(text) if text in list(Cadence) else USUAL.get(severity, Cadence.NOW)
