"""Sums of money as written in English, Ukrainian, Russian and Polish."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from monitor.text.tokens import Text, canonical

_PREFILTER = re.compile(
    r"[$\u20ac\u00a3\u00a5\u20b4\u20bd]|(?:milli|milia|miliard|billi|trilli|мільй|мільярд|трильй|милли|трилли)"
    r"|\b(?:m|b|t)ln\b|\bbn\b|\bmld\b|млн|млрд|трлн|\b(?:usd|eur|gbp|sek|nok|dkk|czk|pln|cad|aud|jpy|chf|uah|rub)\b"
    r"|dollar|euro|pound|kron|zloty|dolar|дол|євро|евро|грив|грн|крон|руб|фунт|злот|єн|иен",
    re.IGNORECASE,
)

_SCALES = (
    (r"trillions?|trln|trn|tn|трлн|трильйон\w*|триллион\w*|bilion(?:y|ów|a)?", 12),
    (r"billions?|bln|bn|b|млрд|мільярд\w*|миллиард\w*|mld|miliard\w*", 9),
    (r"millions?|mln|mn|mio|m|млн|мільйон\w*|миллион\w*|milion\w*", 6),
    (r"thousands?|тис|тисяч\w*|тыс|тысяч\w*|tys|tysiąc\w*|tysiec\w*|k", 3),
)
_SCALE = "|".join(canonical(pattern) for pattern, _ in _SCALES)
_SIGNS = {
    "$": "USD", "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD",
    "\u20ac": "EUR", "\u00a3": "GBP", "\u00a5": "JPY", "\u20b4": "UAH", "\u20bd": "RUB",
}  # fmt: skip
_CODES = (
    "usd",
    "eur",
    "gbp",
    "sek",
    "nok",
    "dkk",
    "czk",
    "pln",
    "cad",
    "aud",
    "nzd",
    "jpy",
    "chf",
    "uah",
    "rub",
    "krw",
    "ron",
    "try",
)
_ADJECTIVES = (  # longest first where one begins like another
    (r"canadian|канадськ\w*|канадск\w*|kanadyjsk\w*", "CAD"),
    (r"australian|австралійськ\w*|австралийск\w*|australijsk\w*", "AUD"),
    (r"swedish|шведськ\w*|шведск\w*|szwedzk\w*", "SEK"),
    (r"norwegian|норвезьк\w*|норвежск\w*|norwesk\w*", "NOK"),
    (r"danish|данськ\w*|датськ\w*|датск\w*|duńsk\w*", "DKK"),
    (r"czech|чеськ\w*|чешск\w*|czesk\w*", "CZK"),
    (r"us|u\.s\.|american|американськ\w*|американск\w*|amerykańsk\w*", "USD"),
    (r"british|британськ\w*|британск\w*|brytyjsk\w*", "GBP"),
    (r"swiss|швейцарськ\w*|швейцарск\w*|szwajcarsk\w*", "CHF"),
)
_UNITS = (
    (r"dollars?|долар\w*|доллар\w*|долл?\b\.?|dolar\w*", "USD"),
    (r"euros?|євро|евро", "EUR"),
    (r"pounds?(?: sterling)?|фунт\w*(?: стерлінг\w*| стерлинг\w*)?|funt\w*", "GBP"),
    (r"hryvnias?|hryvnyas?|гривн\w*|гривень|гривен|грн|hrywn\w*", "UAH"),
    (r"roubles?|rubles?|рубл\w*|руб\b\.?|rubl\w*", "RUB"),
    (r"zlot(?:y|ys|ych|e)|злот\w*|zł", "PLN"),
    (r"kronor|crowns?|koruna?|крон\w*|kron(?:er|e|a|as|y)?|koron\w*", "SEK"),
    (r"yen|єн\w*|иен\w*|jen(?:ów|y)?", "JPY"),
    (r"francs?|франк\w*|frank(?:ów|i)", "CHF"),
)
_OWN_CROWNS = {"kroner": "NOK", "koron": "CZK", "koruna": "CZK"}
_WORD_NUMBERS = {
    "half": "0.5", "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "пів": "0.5", "півтора": "1.5", "полтора": "1.5",
    "пол": "0.5",
    "один": "1", "одного": "1", "одну": "1", "два": "2", "дві": "2", "две": "2", "двох": "2", "двух": "2",
    "три": "3", "трьох": "3", "трех": "3", "чотири": "4", "четыре": "4", "п'ять": "5", "пять": "5", "шість": "6",
    "шесть": "6", "сім": "7", "семь": "7", "вісім": "8", "восемь": "8", "дев'ять": "9", "девять": "9", "десять": "10",
    "pół": "0.5", "półtora": "1.5", "jeden": "1", "dwa": "2", "trzy": "3", "cztery": "4", "pięć": "5",
}  # fmt: skip

_VALUES = {canonical(word): Decimal(value) for word, value in _WORD_NUMBERS.items()}
_NUMBER = r"(?<![\d.,])\d{1,3}(?:[ ,.']\d{3})+(?:[.,]\d{1,2})?(?![\d])|(?<![\d.,])\d+(?:[.,]\d+)?"
_NUMBER_WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
_NUMERAL = rf"(?:{_NUMBER}|\b(?:half a|{_NUMBER_WORD})(?=[ -](?:{_SCALE})\b))"
_SIGN = r"(?:(?<![^\W\d_])(?:us|au|a|ca|c|nz|hk)?\$|[\u20ac\u00a3\u00a5\u20b4\u20bd])"
_ISO = rf"(?:\b(?:{'|'.join(_CODES)})\b)"
_UNIT = "|".join(canonical(pattern) for pattern, _ in _UNITS)
_ADJECTIVE = "|".join(canonical(pattern) for pattern, _ in _ADJECTIVES)
_RANGE = r"(?:\s?-\s?|\s(?:to|or|and|до|або|или|do)\s)"

_SUM = re.compile(
    rf"(?P<sign>{_SIGN}|{_ISO})?\s?"
    rf"(?P<low>{_NUMERAL})(?:[ -]?(?P<low_scale>{_SCALE})\b\.?)?"
    rf"(?:{_RANGE}(?:{_SIGN}|{_ISO})?\s?(?P<high>{_NUMBER})(?:[ -]?(?P<high_scale>{_SCALE})\b\.?)?)?"
    rf"(?(low_scale)(?:[ -](?P<rest>\d+(?:[.,]\d+)?)[ ](?P<rest_scale>{_SCALE})\b\.?)?)"
    rf"(?:[ -]?(?:of |in )?(?:(?P<adjective>{_ADJECTIVE})[ -])?(?P<unit>{_UNIT}|{_ISO}|{_SIGN})(?![^\W\d_]))?",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?P<half>\bпів|\bпол)?(?<![^\W\d_])(?P<scale>(?:пів|пол)?(?:мільярд\w*|мільйон\w*|миллиард\w*|миллион\w*)|miliard\w*|milion\w*)"
    rf"[ ](?:(?P<adjective>{_ADJECTIVE})[ ])?(?P<unit>{_UNIT})(?![^\W\d_])",
    re.IGNORECASE,
)
_CUT_SCALE = re.compile(
    r"^ ?(?:m|mi|mil|mill|milli|b|bi|bil|bill|billi|м|мл|мі|ми|млр|млрд?\.{2,})\.*\u2026?\s*$", re.IGNORECASE
)
_TOTAL = re.compile(
    canonical(
        r"\btotal(?:l?ing|led|s)?\b|\bin all\b|\boverall\b|\bcumulative|\bso far\b|\bto date\b"
        r"|\bsince (?:the|20\d\d|russia|feb|jan)|\bbring(?:s|ing)\b|\baltogether\b"
        r"|загалом|усього|сумарн|від початку|з початку|з 20\d\d|за весь час|в общей сложности"
        r"|\bвсего\b|суммарн|с начала|с 20\d\d|за все время|łącznie|w sumie|od początku|od 20\d\d"
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money and where it stands.

    Attributes:
        low, value: Bounds of a range; equal otherwise. In whole units of `currency`.
        start, end: Offsets in the text.
        total: Whether it is called a running total.
    """

    low: Decimal
    value: Decimal
    currency: str
    start: int
    end: int
    total: bool = False


def sums(text: Text) -> tuple[Sum, ...]:
    """Every sum with a currency, in the order of the text; numbers without one are not money."""
    if not _PREFILTER.search(text.canonical):
        return ()
    found = [*_written_with_numbers(text), *_written_without(text)]
    found.sort(key=lambda each: (each.start, -each.end))
    found = [each for i, each in enumerate(found) if not any(_inside(each, other) for other in found[:i])]
    return tuple(each for i, each in enumerate(found) if not i or not _converted(text, found[i - 1], each))


def _converted(text: Text, before: Sum, each: Sum) -> bool:
    """ "€2.3 billion ($2.6 billion)": the same money again."""
    between = text.canonical[before.end : each.start].strip()
    return before.currency != each.currency and between in {
        "(",
        "(about",
        "(around",
        "(some",
        "(approximately",
        "(~",
        "(або",
        "(или",
    }


def _inside(inner: Sum, outer: Sum) -> bool:
    return inner.start < outer.end and outer.start < inner.end


def _written_with_numbers(text: Text) -> Iterator[Sum]:
    for match in _SUM.finditer(text.canonical):
        currency = _currency(match)
        if currency and not _cut(text.canonical, match):
            made = _sum(text, match, currency)
            if made is not None:
                yield made


def _written_without(text: Text) -> Iterator[Sum]:
    """ "мільярд доларів", "півмільярда євро"."""
    for match in _BARE.finditer(text.canonical):
        scale = match["scale"].lower()
        half = scale.startswith(("пів", "пол"))
        value = Decimal(10) ** _exponent(scale.removeprefix("пів").removeprefix("пол"))
        value = value / 2 if half else value
        currency = _unit_currency(match["unit"], match["adjective"])
        yield Sum(value, value, currency, match.start(), match.end(), _is_total(text, match.start(), match.end()))


def _cut(text: str, match: re.Match[str]) -> bool:
    """A summary cut off inside the scale word: "$500 mi..."; the sum is unknown."""
    if _scale_of(match):
        return False
    ends_inside = match.end() == len(text) and "." in match["low"]
    return ends_inside or (match.end() < len(text) and _CUT_SCALE.match(text[match.end() :]) is not None)


def _scale_of(match: re.Match[str]) -> str:
    return str(match["low_scale"] or match["high_scale"] or "")


def _sum(text: Text, match: re.Match[str], currency: str) -> Sum | None:
    low_scale, high_scale = match["low_scale"], match["high_scale"]
    low = _value(match["low"], low_scale or high_scale)
    high = _value(match["high"], high_scale or low_scale) if match["high"] else low
    if match["rest"]:
        high += _value(match["rest"], match["rest_scale"])
    plain_word = match["low"].lower() in _VALUES and not (low_scale or high_scale)
    if high <= 0 or plain_word or (match["high"] and high < low):
        return None
    start, end = match.start() + len(match.group()) - len(match.group().lstrip()), match.end()
    return Sum(low, high, currency, start, end, _is_total(text, start, end))


def _currency(match: re.Match[str]) -> str:
    if match["sign"]:
        sign = match["sign"].lower()
        return _SIGNS.get(sign) or sign.upper()
    return _unit_currency(match["unit"], match["adjective"]) if match["unit"] else ""


def _unit_currency(unit: str, adjective: str | None) -> str:
    lower = unit.lower()
    if lower in _SIGNS or lower in _CODES:
        return _SIGNS.get(lower) or lower.upper()
    for pattern, code in _ADJECTIVES if adjective else ():
        if re.fullmatch(canonical(pattern), adjective or "", re.IGNORECASE):
            return code
    plain = next(code for pattern, code in _UNITS if re.fullmatch(canonical(pattern), lower, re.IGNORECASE))
    return next((code for begin, code in _OWN_CROWNS.items() if lower.startswith(begin)), plain)


def _value(number: str, scale: str | None) -> Decimal:
    exponent = _exponent(scale) if scale else 0
    word = number.lower().removesuffix(" a")
    if word in _VALUES:
        return _VALUES[word].scaleb(exponent)
    return Decimal(_plain(number, bool(scale))).scaleb(exponent)


def _plain(number: str, scaled: bool) -> str:
    """A number without thousands separators and with a decimal point."""
    number = number.replace(" ", "").replace("'", "")
    separators = re.findall(r"[.,]", number)
    if not separators:
        return number
    last = separators[-1]
    tail = number.rpartition(last)[2]
    thousands = len(tail) == 3 and (len(separators) > 1 or not scaled) and len(set(separators)) == 1
    if thousands:
        return re.sub(r"[.,]", "", number)
    whole, _, part = number.rpartition(last)
    return re.sub(r"[.,]", "", whole) + "." + part


def _exponent(scale: str) -> int:
    return next(power for pattern, power in _SCALES if re.fullmatch(canonical(pattern), scale, re.IGNORECASE))


def _is_total(text: Text, start: int, end: int) -> bool:
    """Whether words of summing-up stand in the same sentence near the sum."""
    begin, stop = next(((a, b) for a, b in text.sentences if a <= start < b), (0, len(text.canonical)))
    return _TOTAL.search(text.canonical, max(begin, start - 60), min(stop, end + 45)) is not None
