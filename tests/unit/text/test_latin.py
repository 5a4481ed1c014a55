"""Names in two alphabets."""

import pytest

from monitor.text.latin import latin
from monitor.text.stems import stem
from monitor.text.tokens import canonical


@pytest.mark.parametrize(
    "forms",
    [
        ["Garwolin", "Гарволін", "Гарволина"],
        ["Orlen", "Орлен", "Орлену"],
        ["Narva", "Нарва", "Нарві", "Нарвы"],
        ["Philipp", "Філіпп", "Филиппом"],
        ["Maxwell", "Максвелл", "Максвеллу"],
    ],
)
def test_a_name_is_the_same_in_both_alphabets_and_in_its_cases(forms: list[str]) -> None:
    assert len({latin(stem(canonical(form).lower())) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), [("gate", "hate"), ("Odesa", "Adana"), ("Тарту", "Таранто")])
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert latin(canonical(one).lower()) != latin(canonical(other).lower())
