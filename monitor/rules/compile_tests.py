"""The `tests:` of a rule, checked as far as that is possible without running them."""

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.rules.conditions.guard import GuardError, parse_amount
from monitor.rules.operators.base import Place
from monitor.rules.problems import Problems
from monitor.rules.rule import CompiledAlert, StanceSpec
from monitor.rules.schema import ItemTestFile, SeriesTestFile
from monitor.yamlfile import suggestion


def compile_tests(
    data: Mapping[Any, Any], alerts: Sequence[CompiledAlert], stance: StanceSpec | None, problems: Problems
) -> tuple[ItemTestFile | SeriesTestFile, ...]:
    """The tests of a rule; those that are wrong are noted and left out."""
    entries = data.get("tests")
    names = [alert.rule.name for alert in alerts]
    tests: list[ItemTestFile | SeriesTestFile] = []
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        test = _read(entry, ("tests", number), problems)
        if isinstance(test, ItemTestFile):
            _check_item(test, ("tests", number, "expect"), stance, problems)
        elif test is not None:
            _check_series(test, ("tests", number, "expect_alerts"), names, problems)
        tests += [test] if test is not None else []
    return tuple(tests)


def _read(entry: object, place: Place, problems: Problems) -> ItemTestFile | SeriesTestFile | None:
    if not isinstance(entry, dict) or ("item" in entry) == ("series" in entry):
        problems(place, "a test has either an item or a series", "write item: {title: ...} and expect: {match: true}")
        return None
    if "item" in entry:
        return problems.validate(ItemTestFile, entry, place)
    return problems.validate(SeriesTestFile, entry, place)


def _check_item(test: ItemTestFile, place: Place, stance: StanceSpec | None, problems: Problems) -> None:
    expect = test.expect
    if expect.stance is not None:
        labels = ["unread", stance.minus, stance.zero, stance.plus] if stance else []
        if expect.stance not in labels:
            hint = suggestion(expect.stance, labels) or (f"known: {', '.join(labels)}" if labels else "add stance:")
            problems((*place, "stance"), f'this rule never reads the stance "{expect.stance}"', hint)
    if expect.amount:
        try:
            parse_amount(expect.amount)
        except GuardError as error:
            problems((*place, "amount"), str(error))


def _check_series(test: SeriesTestFile, place: Place, names: Sequence[str], problems: Problems) -> None:
    for number, expected in enumerate(test.expect_alerts):
        if expected.name and expected.name not in names:
            hint = suggestion(expected.name, names) or f"known: {', '.join(names)}"
            problems((*place, number, "name"), f'this rule has no alert "{expected.name}"', hint)
