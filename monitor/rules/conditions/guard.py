"""Small tests on one observation: `if: stance > 0`, `first: "stance > 0"`, `if: {any: [amount, systems]}`."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from monitor.model import Amount, Observation, Verdict
from monitor.rules.conditions.base import Condition, History, unwatched, watched_since
from monitor.text.money import sums
from monitor.text.tokens import Text

Test = Callable[[Observation], bool]
MAX_LEVELS = 10

TEXTS: Mapping[str, Callable[[Observation], Sequence[str]]] = {
    "stance": lambda each: [each.stance.label] if each.stance else [],
    "speaker": lambda each: [each.speaker],
    "publisher": lambda each: [each.publisher],
    "country": lambda each: [each.country],
    "lang": lambda each: [each.lang],
    "donor": lambda each: [each.donor],
    "stage": lambda each: [each.stage],
    "system": lambda each: [system.id for system in each.systems] + [system.kind for system in each.systems],
    "amount": lambda each: [amount.words for amount in each.amounts],
    "state_media": lambda each: ["state_media"] if each.state_media else [],
}
_ALIASES = {"systems": "system", "amounts": "amount"}
_NUMBERS = ("stance", "amount")
_FORM = re.compile(
    r"^\s*(?P<not>not\s+)?(?P<field>\w+)\s*(?:(?P<sign>>=|<=|!=|==|>|<|=|is not|is)\s*(?P<value>.+?))?\s*$"
)
_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


class GuardError(ValueError):
    """A test that cannot be read; the message says what would be right."""


def parse_guard(value: object, level: int = 0) -> Test:
    """A test from a text, a list (any of it) or a map of any, all, none.

    Raises:
        GuardError: It cannot be read.
    """
    if level > MAX_LEVELS:
        raise GuardError(f"is nested more than {MAX_LEVELS} levels deep")
    if isinstance(value, str):
        return _parse_text(value)
    if isinstance(value, list) and value:
        return _any([parse_guard(each, level + 1) for each in value])
    if isinstance(value, dict) and value and set(value) <= {"any", "all", "none"}:
        return _all([_joined(str(key), each, level) for key, each in value.items()])
    raise GuardError('write a test such as "stance > 0", a list of tests, or {any: [amount, systems]}')


def _joined(key: str, value: object, level: int) -> Test:
    entries = value if isinstance(value, list) else [value]
    tests = [parse_guard(each, level + 1) for each in entries]
    if key == "all":
        return _all(tests)
    found = _any(tests)
    return found if key == "any" else lambda each: not found(each)


def _any(tests: Sequence[Test]) -> Test:
    return lambda each: any(test(each) for test in tests)


def _all(tests: Sequence[Test]) -> Test:
    return lambda each: all(test(each) for test in tests)


def _parse_text(text: str) -> Test:
    form = _FORM.match(text)
    field = _ALIASES.get(form["field"], form["field"]) if form else ""
    if form is None or field not in TEXTS:
        raise GuardError(f'"{text}" is no test; write e.g. "stance > 0" or "amount", with one of {", ".join(TEXTS)}')
    test = _compared(field, form["sign"], form["value"]) if form["sign"] else _present(field)
    return (lambda each: not test(each)) if form["not"] else test


def _present(field: str) -> Test:
    if field == "stance":
        return lambda each: each.stance is not None and each.stance.score is not None
    return lambda each: any(TEXTS[field](each))


def _compared(field: str, sign: str, value: str) -> Test:
    if sign in _COMPARE:
        if field not in _NUMBERS:
            raise GuardError(
                f'"{field} {sign} {value}": only {" and ".join(_NUMBERS)} can be compared; write {field} is ...'
            )
        return _stance_test(sign, value) if field == "stance" else _amount_test(sign, value)
    wanted = value.strip("\"'").casefold()
    negative = sign in ("!=", "is not")
    return lambda each: negative != (wanted in (label.casefold() for label in TEXTS[field](each)))


def _stance_test(sign: str, value: str) -> Test:
    if not re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,3})?", value):
        raise GuardError(f'a stance is compared with a number from -1 to 1, not with "{value}"; or write stance is ...')
    limit = Decimal(value)

    def test(observation: Observation) -> bool:
        score = observation.stance.score if observation.stance else None
        return score is not None and _COMPARE[sign](Decimal(str(score)), limit)

    return test


def _amount_test(sign: str, value: str) -> Test:
    limit = parse_amount(value)
    return lambda each: any(_comparable(amount, limit, sign) for amount in each.amounts)


def parse_amount(value: str) -> tuple[Decimal, str]:
    """Value and currency of a sum such as "1bn USD".

    Raises:
        GuardError: It is none.
    """
    found = sums(Text(value))
    if len(found) != 1:
        raise GuardError(f'"{value}" is no sum of money; write 500 million USD or 1bn EUR')
    return found[0].value, found[0].currency


def _comparable(amount: Amount, limit: tuple[Decimal, str], sign: str) -> bool:
    value, currency = limit
    if amount.currency == currency:
        return _COMPARE[sign](amount.value, value)
    return currency == "USD" and amount.usd is not None and _COMPARE[sign](amount.usd, value)


# --- a condition behind a guard -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guarded:
    """A condition that sees only the observations which pass a test."""

    inner: Condition
    test: Test

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        passed = [each for each in new if self.test(each)]
        if new and not passed:
            return ()
        return self.inner.judge(rule, passed, _Passing(history, self.test), now)


@dataclass(frozen=True, slots=True)
class _Passing:
    history: History
    test: Test

    def observations(self, rule: str, since: datetime | None = None, limit: int | None = None) -> Sequence[Observation]:
        return [each for each in self.history.observations(rule, since, limit) if self.test(each)]

    def watched_since(self, rule: str, now: datetime) -> datetime | None:
        return watched_since(self.history, rule, now)

    def unwatched(self, rule: str, now: datetime) -> str:
        return unwatched(self.history, rule, now)
