"""The days a headline names: what is dated otherwise is another event, and a date says nothing else."""

import re

_MONTH = (
    r"(?:january|february|march|april|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
    r"|(?:січ|лют|берез|квіт|трав|черв|лип|серп|верес|жовт|листоп|груд)\w+"
    r"|(?:янв|февр|март|апр|мая|июн|июл|авг|сент|окт|нояб|дек)\w*"
    r"|(?:stycz|lut|marca|kwiet|maja|czerw|lip|sierp|wrze[sś]|paźdz|listop|grud)\w*)"
)
_DATE = re.compile(
    rf"\b{_MONTH}\s+(?P<after>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[:%])|\b(?P<before>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?![.,]\d)")
_WEEKDAYS = {
    day: number
    for names in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "понеділок вівторок середу четвер п'ятницю суботу неділю",
        "понедельник вторник среду четверг пятницу субботу воскресенье",
        "poniedziałek wtorek środę czwartek piątek sobotę niedzielę",
    )
    for number, day in enumerate(names.split())
}
_BY_NAME = frozenset(f"day {number}" for number in range(7))
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)


def days(text: str) -> frozenset[str]:
    """Days of the month ("19.") and of the week ("day 2") that a canonical text names."""
    dated = {f"{match['after'] or match['before']}." for match in _DATE.finditer(text)}
    return frozenset(dated | {f"day {_WEEKDAYS[match.group().lower()]}" for match in _WEEKDAY.finditer(text)})


def undated(text: str) -> str:
    """The text without days, dates and years."""
    return _YEAR.sub(" ", _WEEKDAY.sub(" ", _DATE.sub(" ", text)))


def other_day(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both name a day in the same manner, and not the same one."""
    return _apart(one & _BY_NAME, other & _BY_NAME) or _apart(one - _BY_NAME, other - _BY_NAME)


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)
