"""How many of something: the number that stands before its name."""

from monitor.text.tokens import Text

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "dozen": 12, "один": 1, "одну": 1, "одна": 1, "два": 2, "дві": 2, "две": 2, "двох": 2, "двух": 2, "три": 3,
    "трьох": 3, "трех": 3, "чотири": 4, "четыре": 4, "п'ять": 5, "пять": 5, "шість": 6, "шесть": 6, "сім": 7, "семь": 7,
    "вісім": 8, "восемь": 8, "дев'ять": 9, "девять": 9, "десять": 10, "jeden": 1, "jedną": 1, "dwa": 2, "dwie": 2,
    "dwoch": 2, "trzy": 3, "cztery": 4, "pięć": 5, "dziesięć": 10, "piec": 5, "dziesiec": 10,
}  # fmt: skip
_SCALES = {
    "hundred": 100, "thousand": 1000, "million": 1_000_000, "тис": 1000, "тыс": 1000, "тисяч": 1000, "тисячі": 1000,
    "тысяч": 1000, "тысячи": 1000, "tys": 1000, "tysięcy": 1000, "tysiecy": 1000, "мільйон": 1_000_000,
    "миллион": 1_000_000, "млн": 1_000_000,
}  # fmt: skip
_REACH = 4  # "two additional American-made Patriot batteries"
_NO_QUANTITY = frozenset(
    ("day", "week", "month", "year", "years", "days", "hours", "km", "mm", "percent", "billion", "день", "дня", "днів",
     "дней", "років", "лет", "року", "году", "год", "млрд", "billions",
     "euro", "euros", "dollar", "dollars", "pounds", "kroner", "kronor", "usd", "eur", "gbp", "євро", "евро", "долар",
     "доларів", "долларов", "фунтів", "фунтов", "крон", "гривень", "гривен", "dolarów", "dolarow", "złotych", "zlotych")
)  # fmt: skip
_YEARS = range(1985, 2051)


def quantity_before(text: Text, first: int) -> int | None:
    """The number of pieces that belongs to the name beginning at token `first`; years and sums of money are none."""
    scale = 1
    for index in range(first - 1, max(-1, first - 1 - _REACH), -1):
        token, norm = text.tokens[index], text.norms[index]
        between = text.canonical[token.end : text.tokens[index + 1].start]
        if (
            token.sentence != text.tokens[first].sentence
            or any(mark in between for mark in ',;:()"')
            or " - " in between
        ):
            return None
        if norm in _SCALES:
            scale *= _SCALES[norm]
        elif norm in _WORDS or norm[0].isdigit():
            return _number(text, index, scale)
        elif norm in _NO_QUANTITY:
            return None
    return None


def _number(text: Text, index: int, scale: int) -> int | None:
    norm = text.norms[index]
    if norm in _WORDS:
        return _WORDS[norm] * scale
    if _is_money(text, index) or _is_part_of_name(text, index):
        return None
    return _parsed(norm, scale)


def _parsed(norm: str, scale: int) -> int | None:
    digits = norm.replace(",", "").replace(".", "")
    whole = digits if scale == 1 or norm == digits else ""
    if whole:
        value = int(whole) * scale
        return None if scale == 1 and value in _YEARS and norm == digits else value
    return round(float(norm.replace(",", ".")) * scale)


def _is_money(text: Text, index: int) -> bool:
    before = text.canonical[max(0, text.tokens[index].start - 1) : text.tokens[index].start]
    return before != "" and before in "$\u20ac\u00a3\u00a5\u20b4"


def _is_part_of_name(text: Text, index: int) -> bool:
    """ "F-16 jets", "Su-35", "28-point"."""
    start, end = text.tokens[index].start, text.tokens[index].end
    return (
        text.canonical[start - 1 : start] == "-"
        or text.canonical[end : end + 1] == "-"
        or (start > 0 and text.canonical[start - 1].isalpha())
    )
