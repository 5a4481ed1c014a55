"""Which rules an item may concern: each rule is filed under the smallest group of terms it cannot do without."""

from collections.abc import Sequence

from monitor.rules.operators.all_of import AllOf
from monitor.rules.operators.base import Operator
from monitor.rules.operators.required import by_commonness, can_be_filed
from monitor.rules.terms import Term

Group = frozenset[Term]
_CHECKS = 2


class Router:
    """Rules by the terms that call for them. It only leaves out rules that cannot match."""

    def __init__(self, expressions: Sequence[Operator]) -> None:
        self._called: dict[Term, list[int]] = {}
        self._always: list[int] = []
        self._checks: list[tuple[Group, ...]] = []
        for number, expression in enumerate(expressions):
            self._file(number, _groups(expression))

    def terms(self) -> set[Term]:
        """The terms that decide which rules are called; no other has to be searched for that."""
        groups = (group for checks in self._checks for group in checks)
        return set(self._called).union(*groups)

    def candidates(self, present: set[Term]) -> list[int]:
        """The numbers of the rules to evaluate, in the rules' order.

        Args:
            present: Those of `terms` that stand in the item.
        """
        called = {number for term in present & self._called.keys() for number in self._called[term]}
        checks = self._checks
        wanted = [number for number in called if not any(map(present.isdisjoint, checks[number]))]
        return sorted([*self._always, *wanted])

    def _file(self, number: int, groups: Sequence[Group]) -> None:
        self._checks.append(tuple(groups[1 : 1 + _CHECKS]))
        if not groups:
            self._always.append(number)
        for term in groups[0] if groups else ():
            self._called.setdefault(term, []).append(number)


def _groups(expression: Operator) -> list[Group]:
    """The groups of which an item must have one term each, the rarest first."""
    parts = expression.parts if isinstance(expression, AllOf) else (expression,)
    groups = [group for part in parts if (group := part.required()) is not None and can_be_filed(group)]
    return sorted(groups, key=by_commonness)
