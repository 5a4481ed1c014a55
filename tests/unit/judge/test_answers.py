"""Whatever a model writes is refused in words, or is on the list with a quote that stands in the item."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.judge.answers import Unusable, read, stands_in
from monitor.model import Choice, Item, Question

TITLE = "Песков: переговоры «возможны только» на наших условиях — Peskov"
ITEM = Item(
    id="1", feed_id="f", title=TITLE, summary="He's said so. Twice.", first_seen_at=datetime(2026, 3, 1, tzinfo=UTC)
)
CHOICES = (Choice(words="gives way", label="soft", score=0.5), Choice(words="other", label="not about this"))
QUESTION = Question(text="Which way?", choices=CHOICES)

values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=30) | st.sampled_from(["gives way", "other", TITLE]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
objects = st.fixed_dictionaries({}, optional={"answer": values, "quote": values, "more": values}).map(json.dumps)
contents = st.text(max_size=200) | objects | st.builds(lambda a, b, c: a + b + c, st.text(), objects, st.text())


@given(content=contents)
def test_nothing_gets_through_that_cannot_be_checked(content: str) -> None:
    with suppress(Unusable):
        answer = read(content, QUESTION, ITEM)
        assert answer.choice in CHOICES
        assert stands_in(answer.quote, ITEM) or (answer.quote == "" and answer.choice.score is None)


@pytest.mark.parametrize(
    "quote",
    ["возможны только", "ВОЗМОЖНЫ ТОЛЬКО на наших", "“переговоры возможны”", "he's said", "He’s said so", "so. Twice"],
)
def test_a_quote_may_be_set_otherwise_than_in_the_item(quote: str) -> None:
    assert read(json.dumps({"answer": "gives way", "quote": quote}), QUESTION, ITEM).choice.label == "soft"


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        ("только возможны", "do not stand in the item"),
        ("переговоры на наших", "do not stand in the item"),
        ("Peskov He's said", "do not stand in the item"),
        ("переговор", "1 words"),
        ("?!", "0 words"),
        ("no " * 61, "61 words"),
    ],
)
def test_a_quote_that_is_put_together_is_refused(quote: str, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        read(json.dumps({"answer": "gives way", "quote": quote}), QUESTION, ITEM)


def test_an_answer_that_tells_no_stance_needs_no_quote() -> None:
    assert read('{"answer": "other", "quote": ""}', QUESTION, ITEM).choice.label == "not about this"
