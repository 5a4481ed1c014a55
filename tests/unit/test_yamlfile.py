"""YAML files: what values they give, where things stand, what is refused, and how long hostile ones take."""

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from monitor.errors import ConfigError, Problem
from monitor.yamlfile import YamlFile, keys_of, read, suggestion

PATH = Path("x.yaml")


def data(text: str) -> object:
    return read(PATH, text).data


def problem(text: str) -> Problem:
    with pytest.raises(ConfigError) as caught:
        read(PATH, text)
    (found,) = caught.value.problems
    return found


def outcome(text: str) -> tuple[Problem, ...]:
    try:
        read(PATH, text)
    except ConfigError as error:
        return error.problems
    return ()


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2025-11-19", "2025-11-19"),
        ("1_000", "1_000"),
        ("0x", "0x"),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("-3", -3),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", float("-inf")),
        ("-", [None]),
        ("+", "+"),
        ("1" * 41, float("1" * 41)),
        ("{2: [a, b]}", {2: ["a", "b"]}),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        ("Песков~", "Песков~"),
    ],
)
def test_plain_values_are_those_of_yaml_1_2_and_dates_stay_texts(written: str, meant: object):
    assert data(written) == meant
    assert type(data(written)) is type(meant)


def test_not_a_number_is_a_number_in_yaml():
    assert str(data(".nan")) == "nan"


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n"])
def test_an_empty_file_is_nothing(text: str):
    assert data(text) is None


def test_aliases_and_merge_keys_repeat_what_was_said_before():
    text = "base: &b {a: 1, c: 2}\nmore: &m {d: 4}\none: {<<: *b, a: 9}\ntwo: {<<: [*b, *m]}\nsame: *b\n'<<': text\n"
    assert data(text) == {
        "base": {"a": 1, "c": 2},
        "more": {"d": 4},
        "one": {"a": 9, "c": 2},
        "two": {"a": 1, "c": 2, "d": 4},
        "same": {"a": 1, "c": 2},
        "<<": "text",
    }


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdef~$ ", min_size=1), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(VALUES, st.sampled_from([None, 2]))
def test_json_means_the_same_in_yaml(value: object, indent: int | None):
    assert data(json.dumps(value, ensure_ascii=False, indent=indent)) == value


# --- places ---------------------------------------------------------------------------------------------------------

PLACES = """\
title: Gripen
match:
  any: [Gripen~, JAS]
  near:
    words: 5
alerts:
  - name: each
"""


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        ((), (1, 1)),
        (("title",), (1, 8)),
        (("match",), (2, 1)),
        (("match", "any"), (3, 8)),
        (("match", "any", 1), (3, 18)),
        (("match", "near"), (4, 3)),
        (("alerts", 0, "name"), (7, 11)),
        (("alerts", 7), (6, 1)),
        (("match", "tagged-union", "any"), (3, 8)),
        (("nowhere", "at all"), (1, 1)),
    ],
)
def test_a_place_is_the_value_or_the_key_above_it_or_what_is_nearest(
    loc: tuple[str | int, ...], place: tuple[int, int]
):
    assert read(PATH, PLACES).place(loc) == place


def test_the_place_of_a_key_can_be_asked_for():
    assert read(PATH, PLACES).place(("match", "any"), key=True) == (3, 3)


def test_a_problem_names_file_line_and_column():
    found = read(PATH, PLACES).problem(("title",), "is too short", "write more")
    assert str(found) == "x.yaml:1:8: is too short (write more)"


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 1\na: 2", 2, 1, '"a" stands here a second time (first on line 1; keep one)'),
        ("a: b: c", 1, 5, "a colon and space inside a text"),
        ("a: [1, 2", 1, 9, "a bracket is never closed"),
        ("a: 'x", 1, 6, "a quotation mark is never closed"),
        ("a:\n  b: 1\n c: 2", 3, 2, "the indentation does not fit"),
        ("- a\nb", 2, 2, "neither key: value nor part of a list"),
        ("a: @x", 1, 4, "a character that means something else"),
        ("a: *x", 1, 4, "there is no anchor &x before this"),
        ("a: &a [*a]", 1, 8, "there is no anchor &a before this"),
        ("a: !python/name:os.system x", 1, 4, "means nothing here"),
        ("--- a\n--- b", 2, 1, "a second document begins here"),
        ("a\x00b", 1, 0, "contains a control character"),
        ("x: 1\ny: \ud800", 2, 0, "contains a control character"),
        ("[a]: 1", 1, 1, "a key must be one word or number"),
        (": 1", 1, 1, "a key is missing before the colon"),
        ("<<: 3", 1, 1, "only maps can be merged"),
        ("a: &", 1, 5, "is not YAML"),
        ('a: "\\U99999999"', 0, 0, "is not YAML"),
        ("x" * 20_001, 1, 0, "a line of more than 20000 characters"),
        ("- " * 51, 1, 101, "nested more than 50 levels deep"),
        ("x: 1\n" * 200_001, 0, 0, "is larger than 1 MB"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place_in_plain_words(text: str, line: int, column: int, words: str):
    found = problem(text)
    assert words in str(found)
    assert (found.line, found.column) == (line, column)


def test_fifty_levels_are_not_too_deep():
    assert data("- " * 50 + "a") is not None


def nested(kind: str) -> str:
    first = "a0: &a0 {x: 1, y: 2}\n"
    rest = (f"a{n}: &a{n} {kind.format(','.join([f'*a{n - 1}'] * 9))}\n" for n in range(1, 12))
    return first + "".join(rest)


BOMBS = {
    "aliases": nested("[{}]"),
    "merges of lists": nested("{{<<: [{}], z: [{}]}}".replace("{}", "{0}")),
    "merges": "a: &a {<<: {b: 1}}\n" + "".join(f"m{n}: {{<<: [{','.join(['*a'] * 50)}]}}\n" for n in range(200)),
    "brackets": "[" * 500_000,
    "maps": "{a: " * 100_000,
    "list in list": "- " * 400_000,
    "exclamation marks": "!" * 900_000,
    "exclamation marks on lines": ("!" * 19_000 + "\n") * 40,
    "directive": "%YAML 1." + "1" * 9_000,
    "empty entries": "-\n" * 100_000,
    "quotes": "'" * 900_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_file_ends_soon_and_in_nothing_else_than_values_or_a_problem(name: str):
    assert len(outcome(BOMBS[name])) <= 1


@settings(deadline=None, max_examples=300)
@given(st.text("ab12 \n\t:-,[]{}&*!|>'\"%#?@`\\<~\u0416\x85\u2028\ufeff\x00", max_size=60))
def test_whatever_is_written_gives_values_or_a_config_error(text: str):
    assert all(found.message for found in outcome(text))


def test_files_are_read_as_utf_8_with_or_without_a_mark(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffimię: Żuraw".encode())
    assert read(path).data == {"imię": "Żuraw"}


def test_another_encoding_is_told_with_its_line(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\nb: " + "Песков".encode("cp1251"))
    with pytest.raises(ConfigError, match=r"a\.yaml:2: is not UTF-8 text \(save the file as UTF-8\)"):
        read(path)


def test_a_missing_file_a_folder_and_an_endless_file_are_refused(tmp_path: Path):
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * 1_000_001)
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    for path, words in [
        (tmp_path / "none.yaml", "there is no such file"),
        (tmp_path, "is not a file"),
        (tmp_path / "pipe.yaml", "is not a file"),
        (tmp_path / "loop.yaml", "there is no such file"),
        (large, "is larger than 1 MB"),
    ]:
        with pytest.raises(ConfigError, match=words):
            read(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_text("a: 1")
    path.chmod(0)
    with pytest.raises(ConfigError, match="cannot be read: Permission denied"):
        read(path)


def test_an_unusable_path_is_told(tmp_path: Path):
    with pytest.raises(ConfigError, match="cannot be read: File name too long"):
        read(tmp_path / ("x" * 5000))


def test_many_threads_may_read_at_once():
    texts = [f"a: &a {{n: {n}}}\nb: [{'*a, ' * 20}]\n" * 1 for n in range(40)]
    barrier = threading.Barrier(8)

    def reading(text: str) -> object:
        barrier.wait(timeout=30)
        return data(text)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(reading, texts))
    assert found == [{"a": {"n": n}, "b": [{"n": n}] * 20} for n in range(40)]


# --- pydantic's errors in our words ---------------------------------------------------------------------------------


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    severity: Literal["low", "high"] = "low"
    names: list[str] = Field(default=[], min_length=1)
    span: timedelta | None = None
    n: int = Field(default=1, le=9)
    code: str = Field(default="", max_length=5, pattern="^[A-Z]*$")

    @field_validator("code")
    @classmethod
    def _not_xx(cls, code: str) -> str:
        if code == "XX":
            raise ValueError("is nobody's code")
        return code


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    inner: Inner = Inner()
    entries: list[Inner] = []
    other: dict[str, Inner | None] = {}
    title: str
    renamed: int = Field(default=0, alias="from")


def said(text: str) -> list[str]:
    file = read(PATH, text)
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(file.data)
    return [str(found) for found in file.problems(caught.value, keys_of(Outer))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", 'x.yaml:1:1: "title" is missing'),
        ("title: 3", 'x.yaml:1:8: "title" must be a text, not 3'),
        ("title: true", 'x.yaml:1:8: "title" must be a text, not true'),
        ("title:", 'x.yaml:1:7: "title" must be a text, not empty'),
        ("- a", "x.yaml:1:1: the file must be a map (lines of key: value), not a list"),
        ("title: a\ninner: {severty: low}", 'x.yaml:2:9: unknown key "severty" (did you mean "severity"?)'),
        ("title: a\nfrm: 1", 'x.yaml:2:1: unknown key "frm" (did you mean "from"?)'),
        ("title: a\ninner: {zzz: 1}", 'unknown key "zzz" (known: code, n, names, severity, span)'),
        ("title: a\nother:\n  x: {spam: 1}", 'x.yaml:3:7: unknown key "spam" (did you mean "span"?)'),
        ("title: a\nother: {1: {}}", 'x.yaml:2:9: the key "1" must be a text, not 1'),
        ("title: a\ninner: {severity: hi}", "\"severity\" cannot be \"hi\" (one of 'low' or 'high')"),
        ("title: a\ninner: {names: x}", '"names" must be a list ([a, b], or lines that begin with -), not "x"'),
        ("title: a\ninner: {names: []}", '"names" must not be empty'),
        ("title: a\ninner: {n: {}}", '"n" must be a whole number, not a map'),
        ("title: a\ninner: {n: 1.5}", '"n" must be a whole number, not 1.5'),
        ("title: a\ninner: {n: 10}", '"n" must be at most 9, not 10'),
        ("title: a\ninner: {code: ABCDEFG}", '"code": string should have at most 5 characters'),
        ("title: a\ninner: {span: [1]}", '"span" must be a length of time such as 12h or 7d, not a list'),
        ("title: a\ninner: {code: ab}", '"code" cannot be "ab" (it must match ^[A-Z]*$)'),
        ("title: a\ninner: {code: XX}", '"code": is nobody\'s code'),
        ("title: a\nentries: [3]", 'x.yaml:2:11: entry 1 of "entries" must be a map (lines of key: value), not 3'),
        ("title: a\nentries: https://hooks.example/TOKEN", "lines that begin with -), not an address"),
    ],
)
def test_an_error_of_pydantic_is_told_as_one_would_say_it(text: str, words: str):
    (found,) = said(text)
    assert words in found


def test_long_texts_are_shown_shortened():
    (found,) = said(f"title: a\nentries: {'long ' * 40}")
    assert len(found) < 160


def test_all_errors_are_told_in_the_order_of_the_file():
    found = said("titel: a\ninner:\n  n: x\n  names: 1\n")
    assert [line.split(":")[1] for line in found] == ["1", "1", "3", "4"]


def test_the_known_keys_may_be_plain_names_and_the_value_a_part_of_the_file():
    file = read(PATH, "feeds:\n  - {titel: a}\n")
    with pytest.raises(ValidationError) as caught:
        Inner.model_validate(file.data["feeds"][0])
    (found,) = file.problems(caught.value, ["title", "link"], at=("feeds", 0))
    assert str(found) == 'x.yaml:2:6: unknown key "titel" (did you mean "title"?)'


@pytest.mark.parametrize(
    ("word", "known", "answer"),
    [
        ("severty", ["severity"], 'did you mean "severity"?'),
        ("Severity", ["severity"], 'did you mean "severity"?'),
        ("at-least", ["at_least"], 'did you mean "at_least"?'),
        ("kremlin-proposal", ["kremlin-proposals", "other"], 'did you mean "kremlin-proposals"?'),
        ("xyz", ["severity"], ""),
        ("xyz", [], ""),
    ],
)
def test_a_suggestion_is_the_nearest_known_word_or_nothing(word: str, known: list[str], answer: str):
    assert suggestion(word, known) == answer


def test_a_file_of_ten_thousand_lines_is_read_in_a_moment():
    lines = "".join(f"  - some term number {n}\n" for n in range(10_000))
    file = read(PATH, f"terms:\n{lines}")
    assert isinstance(file, YamlFile)
    assert file.place(("terms", 9_999)) == (10_001, 5)
