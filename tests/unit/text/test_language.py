"""Which language a short text is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.language import guess


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The minister said that talks are over", "en"),
        ("Peskov: no talks on Friday", "en"),
        ("Переговори відбулися у Києві", "uk"),
        ("Зустріч президентів перенесли", "uk"),
        ("Переговоры прошли в Москве, заявили в Кремле", "ru"),
        ("Prezydent powiedział, że nie będzie rozmów", "pl"),
        ("Der Minister ist nicht für die Lieferung", "de"),
        ("Le ministre est dans la ville pour des discussions", "fr"),
        ("El ministro no quiere las conversaciones en la ciudad", "es"),
        ("Кремль says nothing", ""),
        ("12345", ""),
        ("", ""),
    ],
)
def test_letters_and_little_words_tell(text: str, lang: str) -> None:
    assert guess(text) == lang


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert guess(text) in {"", "en", "uk", "ru", "pl", "de", "fr", "es"}
