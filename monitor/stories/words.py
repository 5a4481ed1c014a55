"""What a word means when titles are compared: its stem, or the thing that several words stand for.

That lets a rewrite, and where names and numbers carry it a report in another language, meet its story.
"""

import re
import sys
from functools import lru_cache

from monitor.stories import vocabulary
from monitor.text.latin import latin
from monitor.text.stems import stem
from monitor.text.tokens import canonical

PLACE = "@"  # what the meaning of a place's name starts with
_THING = "="
EVERYDAY_OF = 3_000  # items; of so many, `EVERYDAY` says how many use a word
_SHARES = (900, 250, 60)  # for the first line of the everyday words, the second, and all others

FUNCTION_WORDS = frozenset(canonical(vocabulary.FUNCTION_WORDS).split())


def _lines(table: str) -> list[list[str]]:
    return [canonical(line).split() for line in re.sub(r"\n\s+", " ", table).strip().splitlines()]


def _table(lines: list[list[str]], mark: str) -> dict[str, str]:
    table = {word: mark + words[0] for words in lines for word in words}
    for word, same in list(table.items()):
        table.setdefault(stem(word), same)
    return table


_MEANINGS = _table(_lines(vocabulary.SAME), _THING) | _table(_lines(vocabulary.PLACES), PLACE)


@lru_cache(1 << 16)  # words of the news of some days; the same few come again and again
def meaning(word: str, lang: str = "") -> str:
    """The stem of a word in Latin letters, or what it stands for where several words stand for one thing.

    Args:
        word: In lower case, as `tokens.Token.norm`.
        lang: ISO 639-1 where known.
    """
    known = _MEANINGS.get(word)
    if known:
        return sys.intern(known)
    cut = stem(word, lang)
    return sys.intern(_MEANINGS.get(cut) or latin(cut))


def _everyday() -> dict[str, int]:
    """How many of `EVERYDAY_OF` items use a word, before the first item has come."""
    known: dict[str, int] = {}
    for number, words in enumerate(_lines(vocabulary.EVERYDAY)):
        for word in words:
            known.setdefault(meaning(word), _SHARES[min(number, len(_SHARES) - 1)])
    return known


EVERYDAY = _everyday()
