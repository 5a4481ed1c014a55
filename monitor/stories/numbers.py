"""The numbers of a headline in one form: "$106B", "$106 billion" and "106 млрд" are the same."""

import re
from dataclasses import dataclass

from monitor.text.tokens import canonical

_SCALE_WORDS = {
    10**3: "k thousand тис тисяч тысяч тыс tys tysięcy",
    10**6: "m mn mln million millions млн мільйон мільйонів миллион миллионов milion milionów",
    10**9: "b bn bln billion billions млрд мільярд мільярдів миллиард миллиардов mld miliard miliardów",
    10**12: "tn trn trillion trillions трлн трильйон триллион bilion",
}
_SCALES = {word: scale for scale, words in _SCALE_WORDS.items() for word in canonical(words).split()}
_COUNTING = (
    "two three four five six seven eight nine ten eleven twelve",
    "два три чотири п'ять шість сім вісім дев'ять десять",
    "двоє троє четверо п'ятеро шестеро семеро восьмеро",
    "два три четыре пять шесть семь восемь девять десять",
    "двое трое четверо пятеро шестеро семеро",
    "dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć",
    "dwoje troje czworo pięcioro",
)
_OTHER = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "дві": 2, "две": 2, "dwie": 2}
_WORDS = _OTHER | {word: n for words in _COUNTING for n, word in enumerate(canonical(words).split(), start=2)}
_ROUGH = re.compile(
    r"(?:almost|nearly|about|around|some|over|more than|понад|майже|более|около|почти|ponad|prawie)\s+\W?$"
)
_NUMBER = re.compile(
    r"(?<![\w.,-])(?P<digits>\d{1,3}(?:[ ,.\u00a0]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)(?:[ -]?(?P<scale>[^\W\d_]+))?"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[ ,.\u00a0]\d{3})+")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a title counts.

    Attributes:
        exact: Values as the title gives them.
        rough: Those of them that were given as "almost" or "more than".
    """

    exact: frozenset[float] = frozenset()
    rough: frozenset[float] = frozenset()


def numbers(text: str) -> Numbers:
    """All numbers of a canonical text (`tokens.canonical`), digits and small words alike."""
    low = text.lower()
    exact: set[float] = set()
    rough: set[float] = set()
    for start, value in [*_digits(low), *_words(low)]:
        exact.add(value)
        if _ROUGH.search(low[max(0, start - 12) : start]):
            rough.add(value)
    return Numbers(frozenset(exact), frozenset(rough)) if exact else _NONE


_NONE = Numbers()


def _digits(low: str) -> list[tuple[int, float]]:
    found = []
    for match in _NUMBER.finditer(low):
        digits, scale = match["digits"], _SCALES.get(match["scale"] or "", 1)
        found.append((match.start(), _value(digits) * scale))
    return found


def _words(low: str) -> list[tuple[int, float]]:
    return [(match.start(), float(_WORDS[match.group()])) for match in _WORD.finditer(low) if match.group() in _WORDS]


def _value(digits: str) -> float:
    if _GROUPED.fullmatch(digits):
        return float(re.sub(r"\D", "", digits))
    return float(digits.replace(",", "."))


def agree(one: Numbers, other: Numbers) -> bool | None:
    """Whether two titles share a number; None when one of them has none, so that nothing can be said."""
    if not one.exact or not other.exact:
        return None
    return bool(one.exact & other.exact) or _near(one, other) or _near(other, one)


def _near(one: Numbers, other: Numbers) -> bool:
    """Whether "almost 400" may be the 389 of the other title."""
    return any(abs(rough - exact) <= rough * 0.05 for rough in one.rough for exact in other.exact if rough >= 50)
