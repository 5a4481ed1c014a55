"""One spelling for a name in Latin and Cyrillic letters, good enough to compare; never shown to anyone."""

import re

_LETTERS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ё": "e", "ж": "zh", "з": "z",
        "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
        "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": None,
        "ы": "i", "ь": None, "э": "e", "ю": "u", "я": "a", "'": None,
        "ł": "l", "w": "v", "y": "i", "j": "i",
    }
)  # fmt: skip
_SPELT = {"kh": "h", "ph": "f", "shch": "sh", "ck": "k", "x": "ks", "yu": "u", "ya": "a", "ju": "u", "ja": "a"}
_SPELLING = re.compile("|".join(sorted(_SPELT, key=len, reverse=True)))
_ENDING = re.compile(r"(?<=\w{4})[aeiou]$")  # what the cut endings of Cyrillic leave nothing of
_DOUBLED = re.compile(r"(.)\1")


def latin(word: str) -> str:
    """The word in one spelling: "Гарволин", "Гарволін" and "Garwolin" are the same.

    Args:
        word: In canonical form and lower case, endings of grammar cut off.
    """
    spelt = _ENDING.sub("", word) if word.isascii() else word
    spelt = _SPELLING.sub(lambda match: _SPELT[match.group()], spelt)
    return _DOUBLED.sub(r"\1", spelt.translate(_LETTERS))
