"""The numbers of a headline in one form: "$106B", "$106 billion" and "106 млрд" are the same."""

import re
from dataclasses import dataclass

_SCALES = {
    **dict.fromkeys("k thousand тис тысяч тыс тысячі tys".split(), 10**3),
    **dict.fromkeys("m mn mln million millions млн мільйонів миллионов мільйон миллион milionów mln".split(), 10**6),
    **dict.fromkeys(
        "b bn bln billion billions млрд мільярдів миллиардов мільярд миллиард mld miliardów".split(), 10**9
    ),
    **dict.fromkeys("tn trillion трлн трильйон триллион bln".split(), 10**12),
}
_SCALES["bln"] = 10**9
_WORDS = {
    **{word: n for n, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)},
    **{word: n for n, word in enumerate("два три чотири пять шість сім вісім девять десять".split(), start=2)},
    **{word: n for n, word in enumerate("двое трое четыре пять шесть семь восемь девять десять".split(), start=2)},
    **{word: n for n, word in enumerate("dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć".split(), start=2)},
    "двоє": 2, "троє": 3, "дві": 2, "две": 2, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_ROUGH = re.compile(
    r"(?:almost|nearly|about|around|some|over|more than|понад|майже|более|около|почти|ponad|prawie)\s+\W?$"
)
_NUMBER = re.compile(
    r"(?<![\w.,-])(?P<digits>\d{1,3}(?:[ ,.\u00a0]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)(?:[ -]?(?P<scale>[^\W\d_]+))?"
)
_WORD = re.compile(r"[^\W\d_]+")
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
    """ "Almost 400" may be the 389 of another title."""
    return any(abs(rough - exact) <= rough * 0.05 for rough in one.rough for exact in other.exact if rough >= 50)
