"""near, sentence and the fields: where words stand."""

from collections.abc import Callable

import pytest

YES, NO = True, False
SUMMARY = "Poland reported a drone. The rail line to Lublin was closed."


@pytest.mark.parametrize(
    ("expression", "title", "expected"),
    [
        ("{near: {words: 1, of: [[aid], [Kyiv]]}}", "Kyiv aid", YES),
        ("{near: {words: 2, of: [[aid], [Kyiv]]}}", "aid for Kyiv", YES),
        ("{near: {words: 1, of: [[aid], [Kyiv]]}}", "aid for Kyiv", NO),
        ("{near: {words: 2, of: [[aid, help], [Kyiv]]}}", "aid one two three help Kyiv", YES),
        ("{near: {words: 3, of: [[aid], [Kyiv], [tanks]]}}", "Kyiv gets tanks, aid", YES),
        ("{near: {words: 3, of: [[aid], [Kyiv], [tanks]]}}", "Kyiv gets tanks one two aid", NO),
        ("{near: {words: 9, of: [[aid], [Kyiv]]}}", "aid", NO),
        ("{near: {words: 2, of: [[military aid], [Kyiv]]}}", "military aid to Kyiv", YES),
        ("{sentence: [[drone], [rail]]}", "A drone hits. Rail closed", YES),
    ],
)
def test_near_counts_words_and_a_headline_is_a_sentence(
    selects: Callable[..., bool], expression: str, title: str, expected: bool
) -> None:
    assert selects(expression, title) is expected


def test_near_needs_all_groups_in_one_field(selects: Callable[..., bool]) -> None:
    assert not selects("{near: {words: 20, of: [[aid], [Kyiv]]}}", "aid", summary="Kyiv")


@pytest.mark.parametrize(
    ("groups", "expected"), [("[[drone], [Poland]]", YES), ("[[drone], [rail]]", NO), ("[[rail], [closed]]", YES)]
)
def test_sentence_keeps_to_one_sentence(selects: Callable[..., bool], groups: str, expected: bool) -> None:
    assert selects(f"{{sentence: {groups}}}", "News", summary=SUMMARY) is expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("{title: [drone]}", NO),
        ("{summary: [drone]}", YES),
        ("{summary: {all: [drone, rail]}}", YES),
        ("{summary: {sentence: [[drone], [rail]]}}", NO),
        ("{title: [Poland], summary: [drone]}", YES),
        ("{body: [drone]}", NO),
        ("{author: [Kowalska]}", YES),
        ("{author: Smith}", NO),
        ("{link: [gov pl]}", YES),
        ("{link: '/gov[.]pl/'}", YES),
        ("{any: [Kowalska]}", NO),
        ("{any: [drone], author: {none: [Kowalska]}}", NO),
    ],
)
def test_a_field_sees_only_itself(selects: Callable[..., bool], expression: str, expected: bool) -> None:
    fields = {"summary": SUMMARY, "author": "Anna Kowalska", "link": "https://www.gov.pl/news"}
    assert selects(expression, "Poland today", **fields) is expected


def test_places_say_why_they_fail(why: Callable[..., str]) -> None:
    assert why("{near: {words: 1, of: [[aid], [Kyiv], [war]]}}", "aid") == "near: nothing of group 2, 3"
    assert why("{near: {words: 1, of: [[aid], [Kyiv]]}}", "aid x Kyiv") == "near: farther apart than 1 words"
    assert why("{sentence: [[aid], [Kyiv]]}", "aid") == "sentence: no sentence has one of each group"
    assert why("{body: [aid]}", "aid") == "body: the item has no body"
    assert why("{title: [war]}", "aid") == "title: found none of: war"


def test_evidence_names_the_words_their_sentence_and_field(load_text: Callable[..., object], item: Callable) -> None:
    rules = load_text("rule: r\nmatch: {near: {words: 9, of: [[drone~], [Poland]]}}").rules
    (observation,) = rules.match([item("Today", summary=SUMMARY)])

    seen = [(each.clause, each.words, each.sentence, each.where) for each in observation.evidence]
    assert seen == [
        ("near", "Poland", "Poland reported a drone.", "summary"),
        ("near", "drone", "Poland reported a drone.", "summary"),
    ]
