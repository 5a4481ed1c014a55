"""Closed lists of endings, for languages and words without a dictionary. All words are canonical: without accents."""

import re

_IRREGULAR = """
begin began begun beginning|break broke broken breaking|bring brought bringing|build built building|buy bought buying|
catch caught catching|choose chose chosen choosing|come came coming|cut cutting|deal dealt dealing|
do does did done doing|
draw drew drawn drawing|drive drove driven driving|fall fell fallen falling|fight fought fighting|find found finding|
fly flies flew flown flying|forget forgot forgotten forgetting|get got gotten getting|give gave given giving|
go goes went gone going|grow grew grown growing|have has had having|hear heard hearing|hit hitting|hold held holding|
keep kept keeping|know knew known knowing|lay laid laying|lead led leading|leave left leaving|lend lent lending|
let letting|lie lies lay lain lying|lose lost losing|make made making|mean meant meaning|meet met meeting|
pay paid paying|
put putting|quit quitting|read reading|ride rode ridden riding|rise rose risen rising|run ran running|say said saying|
see saw seen seeing|seek sought seeking|sell sold selling|send sent sending|set setting|shake shook shaken shaking|
shoot shot shooting|show showed shown showing|sit sat sitting|speak spoke spoken speaking|spend spent spending|
stand stood standing|steal stole stolen stealing|stick stuck sticking|strike struck striking|take took taken taking|
swear swore sworn swearing|tell told telling|think thought thinking|throw threw thrown throwing|understand understood|
undertake undertook undertaken|wear wore worn|win won winning|withdraw withdrew withdrawn|withhold withheld|
bear bore borne|become became|bid bidding|bind bound|blow blew blown|broadcast|burst|cast|cling clung|cost|
creep crept|dig dug digging|eat ate eaten|feed fed|feel felt|flee fled|forbid forbade forbidden|
foresee foresaw foreseen|freeze froze frozen|hang hung|hide hid hidden|hurt|light lit|mislead misled|
overcome overcame|override overrode overridden|oversee oversaw overseen|overthrow overthrew overthrown|
overtake overtook overtaken|rebuild rebuilt|repay repaid|retake retook retaken|shed shedding|shut shutting|
sink sank sunk|split splitting|spread|sweep swept|swing swung|teach taught|tear tore torn|
undergo underwent undergone|undo undid undone|uphold upheld|wake woke woken|
write wrote written writing|be is are was were been being am|man men|woman women|child children|person people|
"""
_ENGLISH = {row.split()[0]: frozenset(row.split()[1:]) for row in _IRREGULAR.split("|") if row.strip()}
_CONSONANT = "bcdfghjklmnpqrstvwxz"
_DOUBLED = re.compile(r"(?:^|[^aeiou])[aeiou]([bdgklmnprtvz])$")


def english(word: str) -> frozenset[str]:
    """Plural and verb forms. Where spelling leaves a choice (visited, admitted), both."""
    found = {word, *_ENGLISH.get(word, ())}
    if word.endswith("e"):
        found |= {word + "s", word + "d", word[:-1] + "ing"}
    elif word.endswith("y") and word[-2:-1] in _CONSONANT:
        found |= {word[:-1] + "ies", word[:-1] + "ied", word + "ing"}
    elif word.endswith(("s", "x", "z", "ch", "sh", "o")):
        found |= {word + "es", word + "s", word + "ed", word + "ing"}
    else:
        found |= {word + "s", word + "ed", word + "ing"}
    if word.endswith("f"):
        found.add(word[:-1] + "ves")
    if match := _DOUBLED.search(word):
        found |= {word + match[1] + "ed", word + match[1] + "ing"}
    return frozenset(found)


_ADJECTIVE = ("i", "iego", "iemu", "im", "ich", "imi", "a", "iej", "ie")
_HARD_ADJECTIVE = ("y", "ego", "emu", "ym", "ych", "ymi", "a", "ej", "e")
_FEMININE = ("a", "y", "i", "e", "o", "ie", "", "om", "ami", "ach", "ej")
_PLURAL = ("e", "i", "", "om", "ami", "ach", "a", "u", "em")
_NEUTER = ("o", "a", "u", "em", "ie", "e", "", "om", "ami", "ach")
_MASCULINE = ("", "a", "u", "owi", "em", "iem", "ie", "e", "y", "i", "ow", "om", "ami", "ach", "owie")
_SUBJECTS: dict[tuple[str, ...], tuple[str, ...]] = {
    _ADJECTIVE: ("i", "a", "ie"),
    _HARD_ADJECTIVE: ("y", "a", "e"),
    _FEMININE: ("a",),
    _PLURAL: ("e", "a"),
    _NEUTER: ("o", "a"),
    _MASCULINE: ("", "owie", "y", "i"),
}
_SOFTENED = (("st", "scie"), ("t", "cie"), ("d", "dzie"), ("r", "rze"), ("ł", "le"), ("k", "ce"), ("g", "dze"))
_FLEETING = re.compile(r"(?<=[^aeiouy])e([klnrc])$")


def polish(word: str) -> tuple[frozenset[str], frozenset[str]]:
    """The forms of a noun or adjective, and those of them that can be a subject."""
    stem, row = _polish_row(word)
    stems = {stem, _FLEETING.sub(r"\1", stem)} if row is _MASCULINE else {stem}
    softened = {stem[: -len(end)] + soft for end, soft in _SOFTENED if stem.endswith(end)}
    found = {each + ending for each in stems for ending in row if each + ending} | softened | {word}
    subjects = {each + ending for each in stems for ending in _SUBJECTS[row]} | {word}
    men = {stem[:-1] + "cy"} if row is _ADJECTIVE else set()  # rosyjski, rosyjscy
    return frozenset(found | men), frozenset((subjects & found) | men)


def _polish_row(word: str) -> tuple[str, tuple[str, ...]]:
    if word.endswith(("ski", "cki", "dzki")):
        return word[:-1], _ADJECTIVE
    rows = {"y": _HARD_ADJECTIVE, "a": _FEMININE, "e": _PLURAL, "o": _NEUTER}
    row = rows.get(word[-1:])
    return (word[:-1], row) if row else (word, _MASCULINE)


_PLURALS = {"uk": ("и", "ів", "ам", "ами", "ах"), "ru": ("ы", "ов", "ам", "ами", "ах")}


def unknown_plural(word: str, lang: str) -> tuple[frozenset[str], frozenset[str]]:
    """The plural of a word that no dictionary knows ("Грипен"), and those of its forms that can be a subject."""
    if word[-1:] in "аеєиіїоуюяьйыэ":
        return frozenset(), frozenset()
    endings = _PLURALS[lang]
    return frozenset(word + ending for ending in endings), frozenset((word + endings[0],))
