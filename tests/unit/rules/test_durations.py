"""Lengths of time as analysts write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from monitor.rules.durations import Moment, Span, in_words, parse_span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("72h", timedelta(hours=72)),
        ("7d", timedelta(days=7)),
        ("3 weeks", timedelta(weeks=3)),
        ("1 day", timedelta(days=1)),
        ("90 min", timedelta(minutes=90)),
        ("30m", timedelta(minutes=30)),
        ("10 seconds", timedelta(seconds=10)),
        ("5d2h", timedelta(days=5, hours=2)),
        (" 1 w 2 d ", timedelta(days=9)),
        ("0d", timedelta(0)),
    ],
)
def test_usual_ways_of_writing_are_understood(text: str, expected: timedelta) -> None:
    assert parse_span(text) == expected


@pytest.mark.parametrize(
    "text", ["", "7", "d", "-3d", "3 months", "soon", "1.5h", "7dd", "99 weeks 999999d", True, None]
)
def test_others_are_refused_with_advice(text: object) -> None:
    with pytest.raises(ValueError, match=r"write 12h, 7d, 3 weeks|ten years"):
        parse_span(text)


class _Times(BaseModel):
    span: Span = timedelta(1)
    moment: Moment = timedelta(0)


def test_a_span_is_not_zero_but_a_moment_may_be() -> None:
    assert _Times.model_validate({"moment": "0d"}).moment == timedelta(0)
    with pytest.raises(ValidationError, match="no time at all"):
        _Times.model_validate({"span": "0d"})


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(weeks=3), "3 weeks"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(0), "0 seconds"),
    ],
)
def test_reasons_name_them_in_words(span: timedelta, words: str) -> None:
    assert in_words(span) == words


@given(st.integers(1, 80_000_000).map(lambda seconds: timedelta(seconds=seconds)))
def test_what_is_said_can_be_read_again(span: timedelta) -> None:
    words = in_words(span)
    if len(words.split()[0]) <= 6:
        assert parse_span(words) == span
