"""One text printed by several outlets."""

import pytest

from monitor.text.wording import same_text

WIRE = "Kremlin says it is open to talks on US peace plan"


@pytest.mark.parametrize(
    "printed",
    [
        WIRE.upper(),
        "Kremlin says it's open to talks on US peace plan",
        "Kremlin says it is open to talks on the US peace plan",
        "LIVE: Kremlin says it is open to talks on US peace plan",
        "Kremlin says it is open for talks on US peace plan",
    ],
)
def test_a_wire_report_with_a_word_changed_is_the_same_text(printed: str):
    assert same_text(WIRE, printed)


@pytest.mark.parametrize(
    "written",
    [
        "Peskov: Moscow ready to discuss American proposals",
        "Kremlin rejects talks on US peace plan",
        "Russia signals openness to negotiations over US plan for peace",
    ],
)
def test_what_another_outlet_wrote_itself_is_another_text(written: str):
    assert not same_text(WIRE, written)


def test_other_numbers_make_another_text():
    assert not same_text(
        "Germany sends 2 Patriot systems to Ukraine this year", "Germany sends 3 Patriot systems to Ukraine this year"
    )


def test_short_headlines_are_compared_word_for_word():
    assert not same_text("Putin rejects plan", "Putin rejects plans")
    assert same_text("Putin rejects plan", "Putin rejects plan!")
