"""The index finds exactly what looking at every place would find."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Item
from monitor.rules.hits import Hits
from monitor.rules.index import FIELDS, ItemText, Span, TermIndex
from monitor.rules.terms import Sequence, Term, TermError, compile_term
from monitor.rules.words import TermSet
from monitor.text.tokens import Text

WORDS = ["peace", "plan", "plans", "US", "us", "aid", "Kyiv", "Київ", "Києва", "Песков", "Пескову", "28", "re-arm"]
word = st.sampled_from([*WORDS, "Київ~", "Песков~", "plan~", "=US", "pea*", "arm*", "(aid|plan~)", "(US aid|us)"])
gap = st.sampled_from(["", "", "<1>", "<3>"])
terms = st.lists(st.tuples(word, gap), min_size=1, max_size=3).map(
    lambda parts: " ".join(piece for part in parts for piece in part if piece)
)
texts = st.lists(st.sampled_from([*WORDS, ".", "...", "-", "’s", "arms"]), max_size=25).map(" ".join)


def everywhere(text: Text, term: Term) -> set[tuple[int, int]]:
    """Begin and end of every match, found by trying all places and all ways to fill the gaps."""
    found: dict[int, int] = {}
    for sequence in term.sequences:
        for first in range(len(text.tokens)):
            ends = [last for last in ends_from(text, sequence, first) if same_sentence(text, first, last)]
            if ends:
                found[first] = max(min(ends), found.get(first, -1))
    return set(found.items())


def ends_from(text: Text, sequence: Sequence, at: int) -> Iterator[int]:
    if at >= len(text.tokens) or not fills(text, sequence[0], at):
        return
    if len(sequence) == 1:
        yield at
        return
    for step in range(sequence[1].gap + 1):
        yield from ends_from(text, sequence[1:], at + 1 + step)


def fills(text: Text, slot: object, at: int) -> bool:
    norm = text.tokens[at].norm
    fits = norm in slot.words or any(norm.startswith(prefix) for prefix in slot.prefixes)  # type: ignore[attr-defined]
    return fits and (not slot.written or slot.accepts_capitals(text.folded(at)))  # type: ignore[attr-defined]


def same_sentence(text: Text, first: int, last: int) -> bool:
    return text.tokens[first].sentence == text.tokens[last].sentence


@settings(deadline=None)  # the first word opens the dictionaries
@given(st.lists(terms, min_size=1, max_size=8), texts)
def test_the_index_agrees_with_looking_everywhere(written: list[str], content: str) -> None:
    compiled = []
    for each in written:
        try:
            compiled.append(compile_term(each))
        except TermError:
            continue
    text = Text(content)

    found = TermIndex(compiled).find(text, "summary")

    for term in compiled:
        spans = {(span.first, span.last) for span in found.spans(term)}
        assert spans == everywhere(text, term), term.text


def item_of(**fields: str) -> Item:
    return Item(**({"id": "1", "feed_id": "f", "title": ""} | fields), first_seen_at=datetime(2026, 1, 1, tzinfo=UTC))


def hits_of(item: Item, *words: TermSet) -> Hits:
    return Hits(ItemText(item), TermIndex(term for each in words for term in each.all_terms()))


def test_a_phrase_does_not_cross_a_sentence_but_a_headline_is_one() -> None:
    words = TermSet(terms=(compile_term("peace plan"),))

    assert not hits_of(item_of(summary="We want peace. Plan your trip."), words).found(words)
    assert hits_of(item_of(title="We want peace. Plan is ready."), words).found(words)


def test_an_exclusion_takes_away_only_what_it_overlaps() -> None:
    words = TermSet(terms=(compile_term("patriot~"),), excluded=(compile_term("New England Patriots"),))

    found = hits_of(item_of(title="New England Patriots meet a Patriot battery"), words).found(words)

    assert found == (Span("title", 5, 5, True),)


def test_unless_takes_away_everything_wherever_it_stands() -> None:
    words = TermSet(terms=(compile_term("Patriot"),), unless=(compile_term("quarterback"),))

    assert hits_of(item_of(title="Patriot battery"), words).found(words)
    assert not hits_of(item_of(title="Patriot wins", summary="The quarterback said"), words).found(words)


def test_a_list_inside_a_list_keeps_its_own_exclusions() -> None:
    inner = TermSet(terms=(compile_term("peace"),), excluded=(compile_term("peace of mind"),))
    outer = TermSet(terms=(compile_term("mind"),), parts=(inner,))

    found = hits_of(item_of(title="peace of mind"), outer).found(outer)

    assert found == (Span("title", 2, 2, True),)


def test_only_the_fields_asked_for_are_searched() -> None:
    words = TermSet(terms=(compile_term("kyiv"),))
    hits = hits_of(item_of(title="x", body="Kyiv", author="Kyiv Post", link="https://kyiv.example/a"), words)

    assert [span.where for span in hits.found(words)] == ["body"]
    assert [span.where for span in hits.found(words, ("author", "link"))] == ["author", "link"]
    assert FIELDS == ("title", "summary", "body")


def test_the_memory_for_words_seen_is_bounded() -> None:
    term = compile_term("w1")
    index = TermIndex([term])
    many = Text(" ".join(f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{'x' * (n // 676)}" for n in range(26 * 26 * 300)))

    index.find(many, "body")

    assert index.find(Text("w1"), "body")


@pytest.fixture
def slow() -> Term:
    return compile_term("/(a+)+$/")


def test_a_regular_expression_that_takes_too_long_is_given_up(slow: Term) -> None:
    hits = Hits(ItemText(item_of(body="a" * 100_000 + "!")), TermIndex([slow]))

    assert hits.spans(slow) == ()
    assert hits.gave_up == [slow]


def test_a_regular_expression_that_touches_no_word_points_at_the_next_one(item: Callable[..., Item]) -> None:
    marks = compile_term("/!{2}/")

    assert Hits(ItemText(item("stop!! now")), TermIndex([marks])).spans(marks) == (Span("title", 1, 1, True),)
    assert Hits(ItemText(item("!!")), TermIndex([marks])).spans(marks) == ()
