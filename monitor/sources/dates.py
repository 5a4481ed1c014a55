"""When something was published, from what the publisher wrote.

Our own, because feedparser reads most zone names as UTC and knows English months only.
"""

import re
from datetime import UTC, datetime, timedelta

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # earlier ones are broken clocks: there were no feeds
_AHEAD = timedelta(days=2)
_MAX_LENGTH = 100

_MONTHS = """
january jan января январь янв січня січень січ stycznia styczeń sty stycz januar jän jänner janvier janv;
february feb февраля февраль фев февр лютого лютий лют lutego luty lut februar février févr fév fevrier;
march mar марта март мар березня березень бер берез marca marzec märz mär mrz maerz mars;
april apr апреля апрель апр квітня квітень кві квіт kwietnia kwiecień kwi kwiec avril avr;
may мая май травня травень тра трав maja maj mai;
june jun июня июнь июн червня червень чер черв czerwca czerwiec cze czerw juni juin;
july jul июля июль июл липня липень лип lipca lipiec lip juli juillet juil;
august aug августа август авг серпня серпень сер серп sierpnia sierpień sie sierp août aout;
september sep sept сентября сентябрь сен сент вересня вересень вер верес września wrzesień wrz wrzes septembre;
october oct октября октябрь окт жовтня жовтень жов жовт października październik paź pazdziernika
  oktober okt octobre;
november nov ноября ноябрь ноя нояб листопада листопад лис лист listopada listopad novembre;
december dec декабря декабрь дек грудня грудень гру груд grudnia grudzień gru grudz dezember dez
  décembre déc decembre
"""
_MONTH = {name: number for number, names in enumerate(_MONTHS.split(";"), 1) for name in names.split()}

_ZONES = """
0 utc gmt ut z wet uct | 1 cet bst wat mez | 2 cest eet sast mesz | 3 eest msk trt | 4 msd gst | 5 pkt | 5.5 ist
7 ict | 8 sgt hkt awst | 9 jst kst | 10 aest | 11 aedt | 12 nzst | 13 nzdt | -3 brt art | -3.5 nst | -2.5 ndt
-4 ast edt | -3 adt | -5 est cdt | -6 cst mdt | -7 mst pdt | -8 pst akdt | -9 akst | -10 hst
"""
_ZONE = {
    name: timedelta(hours=float(hours))
    for hours, *names in (group.split() for group in re.split(r"[|\n]", _ZONES) if group.strip())
    for name in names
}

# How nearly all RSS writes it: "Mon, 01 Jun 2026 10:00:00 GMT".
_USUAL = re.compile(
    r"[A-Z][a-z]{2}, (\d\d?) ([A-Z][a-z]{2}) (\d{4}) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d) (?:GMT|UTC|([+-])(\d\d)(\d\d))"
)
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?(?![\d:])\s*(?:([ap])\.?m\b\.?)?", re.IGNORECASE
)
_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+\-\u2212])(\d{2}):?(\d{2})?\b")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(?=Z|[+-]|$)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_LONG_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_EPOCH = re.compile(r"\d{9,10}|\d{12,13}")

_MIDNIGHT = timedelta(0)
_Date = tuple[tuple[int, int, int], str]  # year, month, day, and the text around them


def parse(text: str, now: datetime) -> datetime | None:
    """The moment in UTC, or None for what is no date or cannot be true (before 1995, two days ahead); never raises.

    Without a zone it is taken as UTC. 03/04/2025, which countries read differently, is none.
    """
    text = text.strip()[:_MAX_LENGTH]
    try:
        moment = _epoch(text) if _EPOCH.fullmatch(text) else _written(text) if text else None
    except (ValueError, OverflowError):
        return None
    return moment if moment and _EARLIEST <= moment <= now + _AHEAD else None


def _epoch(text: str) -> datetime:
    seconds = int(text) / (1000 if len(text) > 10 else 1)
    return datetime.fromtimestamp(seconds, tz=UTC)


def _written(text: str) -> datetime | None:
    usual = _USUAL.fullmatch(text)
    return _usual(usual) if usual and usual[2].lower() in _MONTH else _unusual(text)


def _usual(match: re.Match[str]) -> datetime:
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    local = datetime(int(year), _MONTH[month.lower()], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    offset = timedelta(hours=int(hours), minutes=int(minutes)) if sign else _MIDNIGHT
    return local + offset if sign == "-" else local - offset


def _unusual(text: str) -> datetime | None:
    text = _COMPACT.sub(_spread, text)
    found = _year_first(text) or _year_last(text) or _named_month(text)
    if not found:
        return None
    (year, month, day), rest = found
    clock, rest = _clock(rest)
    return datetime(year, month, day, tzinfo=UTC) + clock - _zone(rest, has_clock=clock is not _MIDNIGHT)


def _spread(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second = match.groups()
    return f"{year}-{month}-{day}" + (f" {hour}:{minute}:{second or '00'}" if hour else "")


def _year_first(text: str) -> _Date | None:
    match = _YEAR_FIRST.search(text)
    if not match:
        return None
    return (int(match[1]), int(match[3]), int(match[4])), _without(text, match)


def _year_last(text: str) -> _Date | None:
    match = _YEAR_LAST.search(text)
    if not match:
        return None
    first, second = int(match[1]), int(match[3])
    if match[2] == "/" and first <= 12 and second <= 12 and first != second:
        return None
    day, month = (second, first) if second > 12 else (first, second)
    return (int(match[4]), month, day), _without(text, match)


def _named_month(text: str) -> _Date | None:
    words = [word for word in _WORD.finditer(text) if word[0].lower() in _MONTH]
    if not words:
        return None
    word = words[-1]  # "mar. 2 juin": the abbreviated mardi stands before the month
    clock, rest = _CLOCK.search(text), _without(text, word)
    dates = rest[: clock.start()] + " " * len(clock[0]) + rest[clock.end() :] if clock else rest
    year = _LONG_YEAR.search(_OFFSET.sub(lambda match: " " * len(match[0]), dates))
    days = _DAY.findall(dates[: year.start()] + " " + dates[year.end() :] if year else dates)
    if not days or (not year and len(days) < 2):
        return None
    return (int(year[1]) if year else _century(int(days[1])), _MONTH[word[0].lower()], int(days[0])), rest


def _century(year: int) -> int:
    return year + (2000 if year < 70 else 1900)


def _clock(text: str) -> tuple[timedelta, str]:
    match = _CLOCK.search(text)
    if not match:
        return _MIDNIGHT, text
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        hour = hour % 12 + (12 if match[4].lower() == "p" else 0)
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError(text)
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59)), text[match.end() :]


def _zone(text: str, *, has_clock: bool) -> timedelta:
    offset = _OFFSET.search(text) if has_clock else None
    if offset:
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return size if offset[1] == "+" else -size
    names = (_ZONE.get(word.lower()) for word in _WORD.findall(text))
    return next((zone for zone in names if zone is not None), timedelta(0))


def _without(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * len(match[0]) + text[match.end() :]
