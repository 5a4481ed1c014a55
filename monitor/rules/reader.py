"""Reads match expressions and word lists out of plain YAML values; every problem is noted, none stops the reading."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeGuard

from monitor.rules.lexicons import Lexicons
from monitor.rules.operators.all_of import AllOf
from monitor.rules.operators.any_of import AnyOf
from monitor.rules.operators.base import Operator, OperatorKind, Place, Site
from monitor.rules.operators.words import Words
from monitor.rules.terms import Term, TermError, compile_term
from monitor.rules.words import TermSet
from monitor.yamlfile import suggestion

Report = Callable[[Place, str, str], None]
MAX_ENTRIES = 5000
MAX_LEVELS = 30
NOTHING = TermSet()
_NO_WORDS = "write a term or a list of terms"


class ExpressionReader:
    """Turns values into operators and word groups.

    Args:
        report: Called with place, message and hint for each problem.
        used: Collects the names of all lexicon entries that were referred to.
    """

    def __init__(
        self, operators: Mapping[str, OperatorKind], lexicons: Lexicons, report: Report, used: set[str] | None = None
    ) -> None:
        self._operators = operators
        self._lexicons = lexicons
        self._report = report
        self.used = set() if used is None else used

    @property
    def lexicons(self) -> Lexicons:
        return self._lexicons

    def problem(self, place: Place, message: str, hint: str = "") -> None:
        self._report(place, message, hint)

    # --- expressions ---

    def expression(self, value: object, place: Place, label: str = "any") -> Operator:
        if len(place) > MAX_LEVELS:
            self.problem(place, f"is nested more than {MAX_LEVELS} levels deep")
            return Words(label, NOTHING)
        if isinstance(value, dict):
            return self._map(value, place)
        parts = self.expressions(value, place, label)
        return parts[0] if len(parts) == 1 else AnyOf(parts, label)

    def expressions(self, value: object, place: Place, label: str) -> tuple[Operator, ...]:
        entries = value if isinstance(value, list) else [value]
        plain = {number: entry for number, entry in enumerate(entries) if is_word(entry)}
        parts: list[Operator] = []
        if plain or not entries:
            parts.append(Words(label, self._term_set(entries, place, plain)))
        for number, entry in enumerate(entries):
            if number not in plain:
                parts.append(self._inner(entry, (*place, number), label))
        return tuple(parts)

    def each_expression(self, value: object, place: Place, label: str, *, spread: bool = False) -> tuple[Operator, ...]:
        entries = value if isinstance(value, list) else [value]
        if not entries:
            self.problem(place, "the list is empty", _NO_WORDS)
        parts: list[Operator] = []
        for number, entry in enumerate(entries):
            if is_word(entry) and str(entry).startswith("-"):
                self.problem((*place, number), "an exclusion (-term) has no meaning here", "put it below none:")
                continue
            part = self._inner(entry, (*place, number), label)
            parts += _spread(part) if spread and is_word(entry) and isinstance(part, Words) else [part]
        return tuple(parts)

    def _inner(self, entry: object, place: Place, label: str) -> Operator:
        if is_word(entry):
            return Words(label, self.words(entry, place))
        if isinstance(entry, (list, dict)):
            return self.expression(entry, place, label)
        self.problem(place, f"{_shown(entry)} is not a term", 'put it in "quotes" when it is a word to look for')
        return Words(label, NOTHING)

    def _map(self, value: dict[object, object], place: Place) -> Operator:
        if not value:
            self.problem(place, "nothing to look for", f"known: {', '.join(sorted(self._operators))}")
        siblings = {str(key): each for key, each in value.items()}
        parts = [self._operator(key, each, (*place, key), siblings) for key, each in siblings.items()]
        known = tuple(part for part in parts if part is not None)
        return known[0] if len(known) == 1 else AllOf(known)

    def _operator(self, key: str, value: object, place: Place, siblings: Mapping[str, object]) -> Operator | None:
        kind = self._operators.get(key)
        if kind is None:
            known = sorted(self._operators)
            self.problem(place, f'unknown key "{key}"', suggestion(key, known) or f"known: {', '.join(known)}")
            return None
        return kind.build(Site(key=key, value=value, place=place, siblings=siblings, reader=self))

    # --- words ---

    def words(self, value: object, place: Place) -> TermSet:
        entries = value if isinstance(value, list) else [value]
        if not isinstance(value, list) and not is_word(value):
            self.problem(place, f"{_shown(value)} is no list of words", _NO_WORDS)
            return NOTHING
        for number, entry in enumerate(entries):
            if not is_word(entry):
                self.problem((*place, number), f"{_shown(entry)} is not a term", _NO_WORDS)
        plain = {number: entry for number, entry in enumerate(entries) if is_word(entry)}
        return self._term_set(entries, place, plain)

    def groups(self, value: object, place: Place) -> tuple[TermSet, ...]:
        if not isinstance(value, list) or len(value) < 2 or not all(isinstance(group, list) for group in value):
            self.problem(place, "needs two or more lists of words", "write [[...], [...]]")
            return ()
        return tuple(self.words(group, (*place, number)) for number, group in enumerate(value))

    def names(
        self, value: object, place: Place, known: Collection[str] | None = None, what: str = "name"
    ) -> tuple[str, ...]:
        entries = value if isinstance(value, list) else [value]
        if not entries or not all(isinstance(entry, str) and entry.strip() for entry in entries):
            self.problem(place, f"needs a {what} or a list of them", "write [a, b]")
            return ()
        names = tuple(str(entry).strip() for entry in entries)
        for number, name in enumerate(names):
            if known is not None and name not in known:
                self.problem((*place, number), f'there is no {what} "{name}"', suggestion(name, known))
        self.used.update(names)
        return names

    def word_list(self, words: Sequence[str], place: Place, lang: str = "") -> TermSet:
        """A list of a lexicon, in one language."""
        return self._term_set(words, place, dict(enumerate(words)), lang)

    def term(self, text: str, place: Place, lang: str = "") -> Term | None:
        """One compiled term, or None after noting what is wrong with it."""
        try:
            return compile_term(text, lang)
        except TermError as error:
            self.problem(place, str(error))
            return None

    def _term_set(
        self, entries: Sequence[object], place: Place, plain: Mapping[int, object], lang: str = ""
    ) -> TermSet:
        if not plain or len(plain) > MAX_ENTRIES:
            self.problem(place, "the list is empty" if not plain else f"has more than {MAX_ENTRIES} entries", _NO_WORDS)
            return NOTHING
        terms: list[Term] = []
        excluded: list[Term] = []
        parts: list[TermSet] = []
        for number, entry in plain.items():
            text = str(entry).strip()
            at = (*place, number)
            if text.startswith("$"):
                parts += self._part(text[1:], at)
                continue
            term = self.term(text.removeprefix("-"), at, lang)
            if term is not None:
                (excluded if text.startswith("-") else terms).append(term)
        if excluded and not terms and not parts:
            self.problem(place, "only exclusions, so nothing can match", "add the terms they are exceptions to")
        if len(parts) == 1 and not terms and not excluded:
            return parts[0]
        return TermSet(terms=tuple(terms), parts=tuple(parts), excluded=tuple(excluded))

    def _part(self, name: str, place: Place) -> list[TermSet]:
        words = self._lexicons.named(name)
        if words is None:
            near = suggestion(name, self._lexicons.names())
            self.problem(place, f'there is no list "${name}"', near.replace('"', '"$', 1) if near else "")
            return []
        self.used.add(name)
        return [words]


def is_word(value: object) -> TypeGuard[str | int | float]:
    """Whether a value can stand where a term is wanted: a number is a word to look for, true is a slip."""
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _spread(part: Words) -> list[Operator]:
    words = part.words
    alone = [
        TermSet(terms=(term,), name=words.name, excluded=words.excluded, unless=words.unless) for term in words.terms
    ]
    inner = [each for inside in words.parts for each in _spread(Words(part.label, inside))]
    return [*(Words(part.label, each) for each in alone), *inner]


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        return "a map" if isinstance(value, dict) else "a list"
    return f'"{value}"'
