"""What publishers say about when to come back, and why there is no document."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources import answers

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "pause"),
    {
        "120": timedelta(minutes=2),
        " 0 ": timedelta(0),
        "Sun, 22 Nov 2026 13:00:00 GMT": timedelta(hours=1),
        "Sun, 22 Nov 2026 13:00:00 -0000": timedelta(hours=1),
        "Sun, 22 Nov 2026 11:00:00 GMT": timedelta(0),
        "": None,
        "soon": None,
        "-5": None,
        "²": None,
    }.items(),
)
def test_retry_after_comes_as_seconds_or_as_a_date(header: str, pause: timedelta | None) -> None:
    assert answers.retry_after(header, NOW) == pause


@pytest.mark.parametrize(
    ("header", "age"),
    {
        "max-age=300": timedelta(minutes=5),
        "public, Max-Age = 60, must-revalidate": timedelta(minutes=1),
        'max-age="60"': timedelta(minutes=1),
        "s-maxage=300": None,
        "no-cache": None,
        "max-age=soon": None,
        "max-age=²": None,
    }.items(),
)
def test_max_age_is_read_from_cache_control(header: str, age: timedelta | None) -> None:
    assert answers.max_age(header) == age


@given(st.text())
def test_no_header_makes_them_raise(header: str) -> None:
    assert (answers.retry_after(header, NOW) or timedelta(0)) >= timedelta(0)
    answers.max_age(f"max-age={header}")


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 406, 410, 418, 429, 451, 500, 503, 599, 100, 300, 999])
def test_every_status_has_words_that_name_it(status: int) -> None:
    assert str(status) in answers.reason(status)
