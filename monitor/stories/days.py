"""The days a headline names: what is dated otherwise is another event, and a date says nothing else."""

import re

from monitor.text.tokens import canonical

_MONTH = canonical(
    r"(?:january|february|march|april|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
    r"|лют(?:ий|ого)|(?:січ|берез|квіт|трав|черв|лип|серп|верес|жовт|груд)(?:ень|ня|ні)|листопад[аі]?"
    r"|(?:янв|февр|апр|авг|сент|окт|нояб|дек)\b|ма[йяе]|(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)[ьяе]"
    r"|(?:март|август)[ае]?|lut(?:y|ego)|maj[au]?|(?:mar|czerw|lip)(?:iec|zec|ca|cu)"
    r"|(?:stycz|sierp|wrześ|grud)(?:eń|ień|zień|nia|niu)|kwie(?:cień|tnia|tniu)|(?:październik|listopad)(?:a|u)?)"
)
_DATE = re.compile(
    rf"\b{_MONTH}\s+(?P<after>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.,]\d|\s*[:%])"
    rf"|(?<![\w.,])(?P<before>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}\b",
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
    for number, day in enumerate(canonical(names).split())
}
_BY_NAME = frozenset(f"day {number}" for number in range(7))
_WORD = re.compile(r"\w+(?:'\w+)*")
_DIGIT = re.compile(r"\d")
_NONE: frozenset[str] = frozenset()


def days(text: str) -> frozenset[str]:
    """Days of the month ("19.") and of the week ("day 2") that a canonical text names."""
    dates = _DATE.finditer(text) if _DIGIT.search(text) else ()
    dated = {f"{match['after'] or match['before']}." for match in dates}
    words = (word for word in _WORD.findall(text.lower()) if word in _WEEKDAYS)
    return frozenset(dated | {f"day {_WEEKDAYS[word]}" for word in words}) or _NONE


def undated(text: str) -> str:
    """The text without days, dates and years."""
    timeless = _WORD.sub(_without_weekday, text)
    return _YEAR.sub(" ", _DATE.sub(" ", timeless)) if _DIGIT.search(text) else timeless


def other_day(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both name a day in the same manner, and not the same one."""
    return _apart(one & _BY_NAME, other & _BY_NAME) or _apart(one - _BY_NAME, other - _BY_NAME)


def _without_weekday(match: re.Match[str]) -> str:
    return " " if match.group().lower() in _WEEKDAYS else match.group()


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)
