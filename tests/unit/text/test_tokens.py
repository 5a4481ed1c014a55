"""Tokens and sentences: one canonical form that keeps every offset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import tokens
from monitor.text.tokens import Text, canonical, norms


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(canonical(text)) == len(text) == len(canonical(text).lower())


@given(st.text(alphabet=st.sampled_from("aé`\u1fefїЁ\u2026한中Å \u2019")))
def test_every_character_folds_on_its_own(text: str) -> None:
    assert canonical(f"{text}é") == "".join(canonical(f"{char}é")[0] for char in f"{text}é")


TEXTS = st.text(alphabet=st.sampled_from("aé'’sS.,!? \n-–12:«»Їїйё\u0301\u00adİßФ|£中٣"))


@given(TEXTS)
def test_tokens_and_norms_agree_and_offsets_point_at_the_words(text: str) -> None:
    read = Text(text)

    assert tuple(token.norm for token in read.tokens) == read.norms
    assert tuple((token.start, token.end) for token in read.tokens) == read.places
    assert [token.sentence for token in read.tokens] == [read.sentence_of(at) for at in range(len(read.places))]
    for token in read.tokens:
        assert canonical(text)[token.start : token.end].lower() == token.norm
        start, end = read.sentences[token.sentence]
        assert start <= token.start < end


@given(TEXTS)
def test_the_quick_patterns_find_what_the_general_ones_find(text: str) -> None:
    folded = canonical(text)
    ends = [match.end() for match in tokens._BOUNDARY.finditer(folded) if tokens._ends_sentence(folded, match)]

    assert Text(text).written == tuple(tokens._TOKEN.findall(folded))
    assert {end for _, end in Text(text).sentences} - {len(text)} == set(ends) - {len(text)}


@given(st.text())
def test_sentences_cover_the_text_in_order(text: str) -> None:
    sentences = Text(text).sentences

    assert "".join(text[start:end] for start, end in sentences) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("F-16", ("f", "16")),
        ("F16", ("f", "16")),
        ("28-point plan", ("28", "point", "plan")),
        ("12.5 mln, 1,000", ("12.5", "mln", "1,000")),
        ("Trump’s plan", ("trump", "plan")),
        ("перемир’я", ("перемир'я",)),
        ("won't", ("won't",)),
        ("самолёт і Їжак й", ("самолет", "і", "їжак", "й")),
        ("Zełenski Kraków", ("zełenski", "krakow")),
        ("«Київ»—Львів", ("київ", "львів")),
        ("co\u00adoperate", ("co", "operate")),
        ("_snake_", ("snake",)),
        ("", ()),
    ],
)
def test_tokens_are_runs_of_letters_or_of_digits(text: str, expected: tuple[str, ...]) -> None:
    assert norms(text) == expected


def test_a_possessive_is_taken_off_and_remembered() -> None:
    first, second = Text("Putin's aide").tokens

    assert (first.norm, first.possessive, second.possessive) == ("putin", True, False)
    assert Text("Putin's aide").words(0, 0) == "Putin"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Gen. Smith met Dr. Who. They spoke.", ["Gen. Smith met Dr. Who.", "They spoke."]),
        ("The U.S. plan and J. Smith.", ["The U.S. plan and J. Smith."]),
        ("It cost 2.5 mln. in all.", ["It cost 2.5 mln. in all."]),
        ("«Ні.» Потім пішов.", ["«Ні.»", "Потім пішов."]),
        ("Так… А далі", ["Так…", "А далі"]),
        ("one\ntwo", ["one", "two"]),
        ("Live | Kyiv", ["Live |", "Kyiv"]),
        ("В 2025 г. ожидают", ["В 2025 г. ожидают"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    read = Text(text)

    assert [read.sentence(number) for number in range(len(read.sentences))] == expected


def test_a_stretch_of_text_is_covered_by_the_tokens_it_touches() -> None:
    text = Text("ab cd !! ef")

    assert text.covering(0, 2) == (0, 0)
    assert text.covering(1, 4) == (0, 1)
    assert text.covering(6, 8) == (2, 2)
    assert text.covering(11, 11) == (2, 2)
    assert Text("!!").covering(0, 2) is None
