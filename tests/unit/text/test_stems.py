"""Forms of a word meet in a stem, and other words do not."""

import pytest

from monitor.text.stems import stem
from monitor.text.tokens import canonical


@pytest.mark.parametrize(
    "forms",
    [
        "kill kills killed killing",
        "strike strikes striking struck",
        "ban bans banned banning",
        "approve approves approved approving",
        "country countries",
        "negotiate negotiates negotiation negotiations",
        "україна україни україні україну",
        "украина украины украине украину",
        "заявив заявила заявили",
        "переговоры переговоров переговорах",
        "wojna wojny wojnę wojną",
    ],
)
def test_forms_meet(forms: str) -> None:
    lang = "pl" if "wojna" in forms else ""
    assert len({stem(word, lang) for word in canonical(forms).split()}) == 1


@pytest.mark.parametrize("words", ["press president", "pass passport", "мир миру_", "кіт кит", "gas gate"])
def test_other_words_stay_apart(words: str) -> None:
    one, other = words.split()
    assert stem(one) != stem(other)


@pytest.mark.parametrize("word", ["a", "us", "is", "її", "ще", "no", "less"])
def test_short_words_stay_whole(word: str) -> None:
    assert stem(word) == word
