"""Grammatical forms: what ~ stands for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.forms import forms


@pytest.mark.parametrize(
    ("word", "lang", "some"),
    [
        ("package", "en", {"packages", "packaged", "packaging"}),
        ("plan", "en", {"plans", "planned", "planning"}),
        ("visit", "en", {"visited", "visiting"}),
        ("deny", "en", {"denies", "denied", "denying"}),
        ("clash", "en", {"clashes", "clashed"}),
        ("give", "en", {"gives", "gave", "given", "giving"}),
        ("withdraw", "en", {"withdraws", "withdrew", "withdrawn", "withdrawing"}),
        ("freeze", "en", {"freezes", "froze", "frozen", "freezing"}),
        ("blow", "en", {"blew", "blown"}),
        ("shelf", "en", {"shelves"}),
        ("echo", "en", {"echoes", "echos"}),
        ("say", "en", {"says", "said"}),
        ("план", "uk", {"плани", "плану", "планом"}),
        ("заявити", "uk", {"заявив", "заявила", "заявляти"} - {"заявляти"}),
        ("перемир'я", "uk", {"перемир'ям"}),
        ("диверсия", "ru", {"диверсии", "диверсией"}),
        ("кремль", "ru", {"кремля", "кремлем"}),
        ("дрон", "", {"дрона", "дронов", "дронів"}),
        ("грипен", "", {"грипена", "грипени", "грипенов", "грипенів"}),
        ("rosja", "pl", {"rosji", "rosje"}),
        ("kijow", "pl", {"kijowa", "kijowem", "kijowie"}),
        ("prezydent", "pl", {"prezydenta", "prezydencie"}),
        ("minister", "pl", {"ministra", "ministrem"}),
        ("zełenski", "pl", {"zełenskiego", "zełenskim", "zełenscy"}),
        ("pokojowy", "pl", {"pokojowego", "pokojowych"}),
        ("negocjacje", "pl", {"negocjacji", "negocjacjach"}),
        ("panzer", "de", {"panzern", "panzers"}),
        ("gripen", "", {"gripens"}),
    ],
)
def test_usual_forms_are_known(word: str, lang: str, some: set[str]) -> None:
    assert some <= forms(word, lang).all


@pytest.mark.parametrize(
    ("word", "lang", "subject", "oblique"),
    [
        ("песков", "ru", {"песков"}, {"пескова", "пескову", "песковым"}),
        ("захарова", "ru", {"захарова"}, {"захаровой", "захарову"}),
        ("пєсков", "uk", {"пєсков"}, {"пєскова", "пєскову"}),
        ("зеленський", "uk", {"зеленський"}, {"зеленського", "зеленському", "зеленським"}),
        ("віткофф", "uk", {"віткофф"}, {"віткоффа", "віткоффом"}),
        ("уиткофф", "ru", {"уиткофф"}, {"уиткоффа", "уиткоффом"}),
        ("кремль", "uk", {"кремль"}, {"кремля", "кремлю"}),
        ("pieskow", "pl", {"pieskow"}, {"pieskowa", "pieskowie", "pieskowem"}),
        ("moskwa", "pl", {"moskwa"}, {"moskwy", "moskwie"}),
    ],
)
def test_a_name_knows_which_of_its_forms_can_be_a_subject(
    word: str, lang: str, subject: set[str], oblique: set[str]
) -> None:
    known = forms(word, lang, name=True)

    assert subject <= known.nominative
    assert oblique <= known.all - known.nominative


def test_a_name_is_not_mistaken_for_a_common_word() -> None:
    assert "песок" not in forms("песков", "ru", name=True).all
    assert "песков" in forms("песок", "ru").all


def test_a_capital_lets_a_latin_word_decline_in_polish_too() -> None:
    assert "patriotow" in forms("patriot", name=True).all
    assert "army" not in forms("arm").all


def test_the_letters_tell_the_language_where_they_can() -> None:
    assert "перемирʼям" not in forms("перемир'я").all
    assert "крымом" in forms("крым", name=True).all


@given(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyzłабвгґдеєжзиіїйклмнопрстуфхцчшщьыэюя'", min_size=1, max_size=12),
    st.sampled_from(["", "en", "uk", "ru", "pl", "de"]),
    st.booleans(),
)
def test_a_word_is_always_one_of_its_own_forms(word: str, lang: str, name: bool) -> None:
    known = forms(word, lang, name=name)

    assert word in known.all
    assert known.nominative
    assert known.nominative <= known.all
