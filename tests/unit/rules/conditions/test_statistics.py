"""Tests of monitor.rules.conditions.statistics against known values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.rules.conditions.statistics import mann_whitney, tails

SCORES = st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), min_size=1, max_size=20)
COUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=30)


def test_mann_whitney_agrees_with_the_textbook() -> None:
    # the example of scipy.stats.mannwhitneyu, method="asymptotic"
    assert mann_whitney([19, 22, 16, 29, 24], [20, 11, 17, 12]) == pytest.approx(0.11134688653314041)


def test_mann_whitney_counts_ties_as_half_a_win() -> None:
    # by hand: U = 12, ties 2 · (4³ - 4), variance 16/12 · (9 - 120/56) = 9.143, z = (12 - 8 - 0.5) / 3.024 = 1.1575
    assert mann_whitney([1, 1, 1, 0], [0, 0, 0, 1]) == pytest.approx(0.24706, abs=1e-4)


def test_two_samples_of_one_value_do_not_differ() -> None:
    assert mann_whitney([0, 0, 0], [0, 0]) == 1.0


@given(SCORES, SCORES)
def test_mann_whitney_is_a_probability_and_knows_no_direction(one: list[float], other: list[float]) -> None:
    assert 0 <= mann_whitney(one, other) <= 1
    assert mann_whitney(one, other) == pytest.approx(mann_whitney(other, one))


@pytest.mark.parametrize("count", range(8))
def test_tails_are_those_of_a_geometric_distribution_where_its_size_is_one(count: int) -> None:
    below, above = tails(count, [2, 0])  # mean 1, variance 1 ± 1, so 2: this many or more has the chance ½ ** count
    assert above == pytest.approx(0.5**count)
    assert below == pytest.approx(1 - 0.5 ** (count + 1))


@given(st.integers(0, 80), COUNTS)
def test_tails_overlap_in_the_count_itself(count: int, usual: list[int]) -> None:
    below, above = tails(count, usual)
    assert 0 <= below <= 1
    assert 0 <= above <= 1
    assert below + above >= 1 - 1e-9


@given(st.integers(0, 80), COUNTS)
def test_a_higher_count_is_less_likely_from_above(count: int, usual: list[int]) -> None:
    assert tails(count + 1, usual)[1] <= tails(count, usual)[1] + 1e-12


def test_quiet_weeks_do_not_make_one_story_a_wonder() -> None:
    assert tails(1, [0] * 28)[1] > 0.01
