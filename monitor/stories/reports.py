"""Which items are one report printed twice: copies of a wire story corroborate nothing."""

from rapidfuzz import fuzz

from monitor.model import Item
from monitor.stories.numbers import numbers
from monitor.text.tokens import canonical, norms

_COPY = 95


def same_report(a: Item, b: Item) -> bool:
    """Whether one is a copy of the other: equal text, or the same words and the same numbers in the title."""
    one, other = " ".join(norms(a.title)), " ".join(norms(b.title))
    if not one or not other:
        return False
    if one == other:
        return True
    same_numbers = numbers(canonical(a.title)).exact == numbers(canonical(b.title)).exact
    return same_numbers and fuzz.token_set_ratio(one, other) >= _COPY
