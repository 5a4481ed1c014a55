"""Tests of monitor.text.plain."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.plain import fitted, harmless, line, lines, shorten, units


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Subject\r\nBcc: x", "Subject Bcc: x"),
        ("a\u202eb\u2066c\u200bd\u00ade\ufefff", "abcdef"),
        ("nul\x00 esc\x1b[31m bell\x07", "nul esc[31m bell"),
        ("a\u2028b\u2029c\x85d\x0be", "a b c d e"),
        ("  many \t  spaces\u00a0\u2003here ", "many spaces here"),
        ("Ґріпен для ЗСУ — «так»", "Ґріпен для ЗСУ — «так»"),
        ("family \U0001f468\u200d\U0001f469\u200d\U0001f467", "family \U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("\ue000private \ud800lone", "private lone"),
    ],
)
def test_a_line_holds_only_what_can_be_seen(text: str, cleaned: str) -> None:
    assert line(text, 100) == cleaned


def test_lines_keep_paragraphs_but_not_heaps_of_blank_lines() -> None:
    assert lines(" one \r\n\r\n\n\n\n two\n three ", 100) == "one\n\ntwo\nthree"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("short", 5, "short"),
        ("some words here", 12, "some words…"),
        ("some words here", 11, "some words…"),
        ("some words here", 10, "some…"),
        ("unbroken" * 10, 9, "unbroken…"),
        ("x", 0, ""),
    ],
)
def test_text_is_cut_between_words(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


def test_a_huge_text_is_bounded_before_any_work() -> None:
    assert len(line("a " * 10_000_000, 200)) <= 200


@pytest.mark.parametrize(
    "text",
    [
        "<!here> <@U1> <#C1> <@&9> </script> <script> <https://evil.example|x>",
        "@everyone @here @channel (@all) @room",
        "[safe](https://evil.example)",
    ],
)
def test_nothing_is_left_that_a_chat_would_act_on(text: str) -> None:
    assert not re.search(r"<[!@#/a-z]|(?<![\w./])@\w|\]\(", harmless(text))
    assert harmless(text).replace("\u200b", "") == text


@pytest.mark.parametrize("text", ["desk@newsroom.example", "https://a.example/@user", "3 < 4 > 2", "a & b", "[1] (2)"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(st.text(), st.integers(0, 50))
def test_cleaned_text_is_within_its_limit_and_clean_already(text: str, limit: int) -> None:
    cleaned = line(text, limit)
    assert len(cleaned) <= limit
    assert line(cleaned, limit) == cleaned


@given(st.text(alphabet=st.characters(), max_size=80), st.integers(0, 40))
def test_fitted_text_fits_in_utf_16(text: str, limit: int) -> None:
    short = fitted(text, limit)
    assert units(short) <= limit
    assert units(text) > limit or short == text
