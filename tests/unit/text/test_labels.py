"""Labels before headlines."""

import pytest

from monitor.text.labels import is_correction, unlabelled


@pytest.mark.parametrize(
    "title",
    [
        "Correction: Sweden pledges 14 jets, not 40",
        "CORRECTED-Sweden pledges 14 jets",
        "(Corrected) Sweden pledges 14 jets",
        "Виправлено: Швеція передасть 14 літаків",
        "Исправлено: Швеция передаст 14 самолётов",
        "Sprostowanie: Szwecja przekaże 14 samolotów",
    ],
)
def test_a_headline_says_that_it_corrects_another(title: str):
    assert is_correction(title)


@pytest.mark.parametrize(
    "title", ["Corrections officers go on strike", "A correction on the oil market", "Live: talks"]
)
def test_a_word_for_correction_is_not_the_label(title: str):
    assert not is_correction(title)


def test_a_label_is_taken_off_and_the_headline_stays():
    assert unlabelled("Live: talks in Geneva") == "talks in Geneva"
    assert unlabelled("Correction: talks in Geneva") == "talks in Geneva"
    assert unlabelled("Video games are banned") == "Video games are banned"
