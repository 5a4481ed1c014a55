"""Untrusted text becomes plain and harmless."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import clean

HIDDEN = "\u0000\u0007\u001b\u007f\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\ufff9"
NO_CHARACTERS = "\ud800\udfff\ufdd0\uffff\U0001ffff\U0010fffe\U000e0041"


@pytest.mark.parametrize("char", [*HIDDEN, *NO_CHARACTERS], ids=lambda char: f"U+{ord(char):04X}")
def test_characters_that_hide_or_turn_text_are_taken_out(char: str) -> None:
    assert clean.harmless(f"pay{char}ment") == "payment"


def test_letters_are_composed_so_that_rules_can_find_them() -> None:
    assert clean.harmless("Киі\u0308в і мои\u0306") == "Київ і мой"


def test_joiners_of_scripts_and_emoji_stay() -> None:
    assert clean.harmless("می\u200cخواهم 👩\u200d💻") == "می\u200cخواهم 👩\u200d💻"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_break_is_a_newline(end: str) -> None:
    assert clean.harmless(f"one{end}two") == "one\ntwo"


def test_a_line_is_one_line() -> None:
    assert clean.line(" one\r\n\ttwo \u00a0 three ", 50) == "one two three"


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    assert clean.line("abcdefgh", 5) == "abcd…"
    assert clean.paragraphs("abc defgh", 5) == "abc…"
    assert clean.line("abcde", 5) == "abcde"


@pytest.mark.parametrize(
    ("raw", "plain"),
    {
        "Talks &amp; <b>terms</b>": "Talks & terms",
        "AT&T and R&D": "AT&T and R&D",
        "x < y and z > 3": "x < y and z > 3",
        "&lt;script&gt;alert(1)&lt;/script&gt;": "<script>alert(1)</script>",
        "<script>alert(1)</script>Headline": "Headline",
        "<img src=x onerror=alert(1)>Headline": "Headline",
        "Headline &#x202e;&#0;&#xD800;": "Headline \ufffd\ufffd",
        "one<br/>two": "one two",
        "&nbsp;spaced&nbsp;": "spaced",
        "ends in <": "ends in <",
    }.items(),
)
def test_a_title_loses_markup_and_keeps_text(raw: str, plain: str) -> None:
    assert clean.title(raw, 100) == plain


@pytest.mark.parametrize(
    ("raw", "plain"),
    {
        "<p>об<b>стр</b>іл</p><p>два</p>": "обстріл\nдва",
        "<ul><li>one<li>two</ul>": "one\ntwo",
        "<table><tr><td>a<td>b</table>": "a\nb",
        "<p>one\n two</p>\n\n\n<p>three</p>": "one two\nthree",
        "plain text\nof two lines": "plain text\nof two lines",
        "<style>p{}</style><p>text</p><!-- hidden --><script>x()</script><noscript>no</noscript>": "text",
        "a &lt;b&gt; c": "a <b> c",
        "": "",
        "<p></p>": "",
        "<frameset>": "",
    }.items(),
)
def test_a_text_keeps_its_paragraphs(raw: str, plain: str) -> None:
    assert clean.paragraphs(raw, 1000) == plain


@pytest.mark.parametrize("unit", ["<div>", "<a ", "<!--", "<b><p>", "&#", "&a", "<", "<x y='", "</", "<table><tr>"])
def test_hostile_markup_takes_no_time(unit: str) -> None:
    begun = time.monotonic()
    clean.paragraphs(unit * 200_000, 20_000)
    clean.title(unit * 200_000, 1000)
    assert time.monotonic() - begun < 10


@given(st.text())
def test_harmless_text_stays_as_it_is(text: str) -> None:
    once = clean.harmless(text)
    assert clean.harmless(once) == once
    assert not any(
        unicodedata.category(char) in ("Cs", "Co", "Cc") and char not in "\n\t" for char in once if char < "\ue000"
    )


@given(st.text(st.characters() | st.sampled_from("<>&;#/abp \n\u202e")), st.integers(2, 40))
def test_every_result_is_harmless_and_bounded(text: str, limit: int) -> None:
    for result in (clean.line(text, limit), clean.title(text, limit), clean.paragraphs(text, limit)):
        assert len(result) <= limit
        assert clean.harmless(result) == result
        result.encode()
    assert "\n" not in clean.title(text, limit)
