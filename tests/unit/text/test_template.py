"""Tests of monitor.text.template."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.template import FIELDS, MAX_LENGTH, check_template, fill

VALUES = {"headline": "Envoy speaks", "amount": "", "systems": "", "count": "3"}


@pytest.mark.parametrize(
    "text", ["", "plain", "{headline}", "{{literal}} {count}", "".join(f"{{{f}}}" for f in FIELDS)]
)
def test_plain_fields_are_right(text: str) -> None:
    assert check_template(text) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{headlin}", 'no field "headlin"; known: headline, quote'),
        ("{}", 'no field ""'),
        ("{0}", 'no field "0"'),
        ("{headline.__class__}", 'no field "headline.__class__"'),
        ("{headline[0]}", 'no field "headline[0]"'),
        ("{headline!r}", '"headline" cannot be formatted; write {headline}'),
        ("{headline:>9999999}", '"headline" cannot be formatted; write {headline}'),
        ("{headline:{count}}", '"headline" cannot be formatted; write {headline}'),
        ("{headline", "write {{ and }} for braces that are meant as text"),
        ("}", "write {{ and }} for braces that are meant as text"),
        ("x" * (MAX_LENGTH + 1), f"longer than {MAX_LENGTH} characters"),
    ],
)
def test_anything_else_is_a_problem_that_says_what_is_right(text: str, problem: str) -> None:
    [found] = check_template(text)
    assert problem in found


def test_every_problem_is_listed() -> None:
    assert len(check_template("{one} {headline} {two} {count!s}")) == 3


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{count} reports: {headline}", "3 reports: Envoy speaks"),
        ("{{{count}}}", "{3}"),
        ("Aid: {amount} {systems} - {headline}", "Aid: Envoy speaks"),
        ("{amount} - {headline}", "Envoy speaks"),
        ("{headline} ({amount})", "Envoy speaks ()"),
        ("{headline} - {amount}", "Envoy speaks - "),
        ("{count} {amount}, {headline}", "3 , Envoy speaks"),
        ("{unknown} {headline}", "{unknown} {headline}"),
    ],
)
def test_fields_are_filled_and_empty_ones_take_their_separator_along(text: str, filled: str) -> None:
    assert fill(text, VALUES) == filled


def test_what_a_publisher_writes_is_never_a_template() -> None:
    assert fill("{headline}", {"headline": "{count} {0.__class__} {{"}) == "{count} {0.__class__} {{"


pieces = st.sampled_from(["{", "}", "{{", "headline", "count", ".__class__", "[0]", "!r", ":>9", " - ", ": ", "x"])


@given(st.lists(pieces, max_size=15).map("".join) | st.text(), st.text())
def test_filling_never_raises_and_only_ever_inserts_values(text: str, value: str) -> None:
    filled = fill(text, dict.fromkeys(FIELDS, value))
    if check_template(text):
        assert filled == text
    else:
        assert len(filled) <= len(text) + text.count("{") * len(value)


@given(st.text())
def test_text_without_braces_stays_as_it_is(text: str) -> None:
    kept = text.replace("{", "").replace("}", "")
    assert fill(kept, VALUES) == kept
