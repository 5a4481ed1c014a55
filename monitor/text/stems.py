"""Light stemming: one spelling for the forms of a word, good enough to compare texts; never shown to anyone.

Rules want exact forms and take them from a dictionary when they load; stories only ask whether two titles use the same
words, for every word of every item, so a few cut endings have to do.
"""

import re
from functools import lru_cache

from monitor.text.tokens import canonical

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_POLISH = re.compile("ł")  # what the canonical form leaves of its letters

_ENGLISH_IRREGULAR = {
    "said": "say", "told": "tell", "sent": "send", "met": "meet", "struck": "strike", "shot": "shoot", "fell": "fall",
    "held": "hold", "took": "take", "taken": "take", "gave": "give", "given": "give", "won": "win", "lost": "lose",
    "made": "make", "sold": "sell", "bought": "buy", "left": "leave", "fought": "fight", "sank": "sink", "sunk": "sink",
    "rose": "rise", "risen": "rise", "began": "begin", "broke": "break", "broken": "break", "drew": "draw",
    "flew": "fly", "flown": "fly", "froze": "freeze", "frozen": "freeze", "stole": "steal", "stolen": "steal",
    "swore": "swear", "sworn": "swear", "died": "die", "dies": "die", "dying": "die", "dead": "die", "death": "die",
    "men": "man", "women": "woman", "children": "child", "people": "person", "lives": "life",
}  # fmt: skip
# Longest first; each needs this many letters before it.
_ENGLISH = (("ions", 4), ("ion", 4), ("ingly", 4), ("edly", 4), ("ings", 4),
            ("ied", 2), ("ies", 2), ("ing", 3), ("ers", 4), ("ed", 3), ("es", 3), ("ly", 4), ("er", 5),
            ("s", 3), ("e", 3), ("y", 4))  # fmt: skip
_EAST_SLAVIC = """
иями іями ією ией ями ами ого ему ому ими ыми іми його ення ання енню анню ении ение ения ением ании ание ания анием
ості ость ости остью істю ів ев ов ям ам ах ях ей ой ою ею єю ія ії ію ия ии ию ій ий ый ая яя ое ее ые ие іє їх их
ых ую юю им ым ім ом ем єм ет ит ут ют ат ят ать ять ить еть ати яти ити іти ути увати ував увала или ила ило ыла
ыли али ала ало іла іли ив ил ал ял ють уть є ує ює ає яє ует ает яет ся сь ться тся тись а я о е и і ї ы у ю ь й
"""
_WEST_SLAVIC = """
ami ach owie owi ego emu ymi imi iego iemu ości ość anie ania aniu enie enia eniu ować owała ował uje ują ała ały ali ił
iła iły ili ów om em ie ia iu ią ię ej ym im ych ich ą ę a e i o u y ł
"""


def _longest_first(endings: str) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(canonical(endings).split()), key=len, reverse=True))


_CYRILLIC_ENDINGS, _POLISH_ENDINGS = _longest_first(_EAST_SLAVIC), _longest_first(_WEST_SLAVIC)


@lru_cache(maxsize=50_000)
def stem(word: str, lang: str = "") -> str:
    """What the forms of a word share.

    Args:
        word: One token in canonical form and lower case, as `tokens.Token.norm`.
        lang: ISO 639-1 where known; it only tells Polish from other Latin script.
    """
    if _CYRILLIC.search(word):
        return _cut(_cut(word, ("ся", "сь"), 4), _CYRILLIC_ENDINGS, 3)
    if lang == "pl" or _POLISH.search(word):
        return _cut(word, _POLISH_ENDINGS, 3)
    return _english(word)


def _cut(word: str, endings: tuple[str, ...], least: int) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: -len(ending)]
    return word


def _english(word: str) -> str:
    word = _ENGLISH_IRREGULAR.get(word, word)
    for ending, least in _ENGLISH:
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            return _undouble(word[: -len(ending)])
    return word


def _undouble(root: str) -> str:
    """ "banned" and "ban" meet when the doubled letter goes; "kill" keeps meeting itself since "kills" loses it too."""
    return root[:-1] if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "ls" else root
