"""How many pieces of a weapon."""

import pytest

from monitor.text.quantities import quantity_before
from monitor.text.tokens import Text


def count(text: str, name: str) -> int | None:
    read = Text(text)
    return quantity_before(read, read.norms.index(name))


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("two additional Patriot batteries", "patriot", 2),
        ("up to 150 Gripen fighters", "gripen", 150),
        ("a dozen howitzers", "howitzers", 12),
        ("1,000 Taurus missiles", "taurus", 1000),
        ("15 thousand STRILA interceptors", "strila", 15_000),
        ("1.5 million shells", "shells", 1_500_000),
        ("15 тисяч українських дронів", "дронів", 15_000),
        ("дві системи Patriot", "patriot", 2),
        ("три комплекса Patriot", "patriot", 3),
        ("10 czołgów Leopard", "leopard", 10),
    ],
)
def test_the_number_before_a_name_is_its_quantity(text: str, name: str, number: int) -> None:
    assert count(text, name) == number


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("In 2025 Patriot batteries", "patriot"),
        ("a $500 Patriot radar", "patriot"),
        ("90 million euros for Caesar howitzers", "caesar"),
        ("500 млн доларів на Patriot", "patriot"),
        ("10 тысяч долларов на Patriot", "patriot"),
        ("3 years of Patriot training", "patriot"),
        ("F-16 and Gripen fighters", "gripen"),
        ("the 28-point Patriot paper", "patriot"),
        ("Two ministers came. Patriot batteries too", "patriot"),
        ("in 2 days, Patriot batteries", "patriot"),
        ("Patriot batteries", "patriot"),
        ("many very good old American Patriot batteries of 2", "patriot"),
    ],
)
def test_other_numbers_are_not(text: str, name: str) -> None:
    assert count(text, name) is None
