"""Which terms an expression cannot do without; the router files rules under the cheapest such group."""

from collections.abc import Iterable

from monitor.rules.terms import Slot, Term


def cheapest(groups: Iterable[frozenset[Term] | None]) -> frozenset[Term] | None:
    """The group that will call for the rule least often; None when no group is demanded."""
    known = [group for group in groups if group is not None]
    return min(known, key=by_commonness) if known else None


def either(groups: Iterable[frozenset[Term] | None]) -> frozenset[Term] | None:
    """The terms one of which is needed when any one of the groups suffices; None when one of them demands nothing."""
    together: set[Term] = set()
    for group in groups:
        if group is None:
            return None
        together |= group
    return frozenset(together)


def can_be_filed(group: frozenset[Term]) -> bool:
    """Whether an index of words can say that none of these terms is present."""
    return all(term.pattern is None for term in group)


def by_commonness(group: frozenset[Term]) -> float:
    """How often an item will have one of these, roughly: phrases are rarer than words, long words than short ones."""
    return sum(map(_commonness, group))


def _commonness(term: Term) -> float:
    if term.pattern is not None:
        return 1e9
    return max(0.15 if len(sequence) > 1 else _single(sequence[0]) for sequence in term.sequences)


def _single(slot: Slot) -> float:
    return 8 / (4 + min(map(len, (*slot.words, *slot.prefixes)))) * (1 + len(slot.prefixes))
