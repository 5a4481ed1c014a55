"""Numbers of headlines."""

import pytest

from monitor.stories.numbers import agree, numbers
from monitor.text.tokens import canonical


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("no figures here", set()),
        ("$106 billion loan", {106e9}),
        ("$106B loan", {106e9}),
        ("кредит 106 млрд", {106e9}),
        ("5,000 troops", {5000}),
        ("5 000 військових", {5000}),
        ("1.2 million homes", {1_200_000}),
        ("1,5 млн осіб", {1_500_000}),
        ("kills eight", {8}),
        ("п'ять поранених", {5}),
        ("zginęło dwoje", {2}),
        ("sześć rakiet", {6}),
        ("up 2.5%", {2.5}),
        ("28-point plan", {28}),
        ("an F-16 and a MiG31", set()),
        ("12 of 15 drones", {12, 15}),
    ],
)
def test_numbers_are_read_whatever_their_form(text: str, values: set[float]) -> None:
    assert numbers(canonical(text)).exact == values


def test_a_missing_number_says_nothing() -> None:
    assert agree(numbers("three dead"), numbers("many dead")) is None


def test_one_shared_number_is_enough() -> None:
    assert agree(numbers("4 dead, 20 hurt"), numbers("five dead, 20 hurt")) is True


def test_other_numbers_disagree() -> None:
    assert agree(numbers("389 drones"), numbers("400 drones")) is False


@pytest.mark.parametrize("rough", ["almost 400 drones", "more than 380 drones", "майже 400 дронів"])
def test_a_rough_number_agrees_with_its_neighbour(rough: str) -> None:
    assert agree(numbers(rough), numbers("389 drones")) is True
    assert agree(numbers("389 drones"), numbers(rough)) is True


def test_small_rough_numbers_have_no_neighbours() -> None:
    assert agree(numbers("almost 20 drones"), numbers("21 drones")) is False
