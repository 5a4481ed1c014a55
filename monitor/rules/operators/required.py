"""Which terms an expression cannot do without; the router files rules under the cheapest such group."""

from collections.abc import Iterable

from monitor.rules.terms import Slot, Term


def cheapest(groups: Iterable[frozenset[Term] | None]) -> frozenset[Term] | None:
    """The group that will call for the rule least often; None when no group is demanded."""
    known = [group for group in groups if group is not None]
    return min(known, key=_weight) if known else None


def either(groups: Iterable[frozenset[Term] | None]) -> frozenset[Term] | None:
    """The terms one of which is needed when any one of the groups suffices; None when one of them demands nothing."""
    together: set[Term] = set()
    for group in groups:
        if group is None:
            return None
        together |= group
    return frozenset(together)


def _weight(group: frozenset[Term]) -> float:
    return sum(map(_commonness, group))


def _commonness(term: Term) -> float:
    """A guess: phrases are rarer than words, longer words rarer than short ones. Patterns cannot be filed at all."""
    if term.pattern is not None:
        return 1e9
    return max(0.15 if len(sequence) > 1 else _single(sequence[0]) for sequence in term.sequences)


def _single(slot: Slot) -> float:
    return 8 / (4 + min(map(len, (*slot.words, *slot.prefixes)))) * (1 + len(slot.prefixes))
