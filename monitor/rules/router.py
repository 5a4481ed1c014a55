"""Which rules an item may concern: each rule is filed under the smallest group of terms it cannot do without."""

from collections.abc import Sequence

from monitor.rules.index import Hits
from monitor.rules.operators.base import Operator
from monitor.rules.terms import Term


class Router:
    """Rules by the terms that call for them. It only leaves out rules that cannot match."""

    def __init__(self, expressions: Sequence[Operator]) -> None:
        self._called: dict[Term, list[int]] = {}
        self._always: list[int] = []
        for number, expression in enumerate(expressions):
            self._file(number, expression.required())

    def candidates(self, hits: Hits) -> list[int]:
        """The numbers of the rules to evaluate, in the rules' order."""
        numbers = set(self._always)
        for term in hits.terms():
            numbers.update(self._called.get(term, ()))
        return sorted(numbers)

    def _file(self, number: int, required: frozenset[Term] | None) -> None:
        if required is None or any(term.pattern for term in required):
            self._always.append(number)
            return
        for term in required:
            self._called.setdefault(term, []).append(number)
