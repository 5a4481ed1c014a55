"""The `alerts:` of a rule: conditions with their guards and confirmations."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from monitor.model import AlertRule, Severity
from monitor.rules.conditions.base import Condition, Lasts, Reads
from monitor.rules.conditions.confirm import Confirmed
from monitor.rules.conditions.each import Each
from monitor.rules.conditions.guard import Guarded, GuardError, parse_guard
from monitor.rules.conditions.table import CONDITIONS
from monitor.rules.operators.base import Place
from monitor.rules.problems import Problems
from monitor.rules.rule import CompiledAlert
from monitor.rules.schema import AlertFile, RuleFile


class AlertCompiler:
    """Compiles the alerts of one rule.

    Args:
        version: Of the rule, kept with every alert.
    """

    def __init__(self, problems: Problems, *, version: str) -> None:
        self._problems = problems
        self._version = version

    def compile_all(self, data: Mapping[Any, Any], file: RuleFile | None) -> tuple[CompiledAlert, ...]:
        """The short form `alert: low`, or every entry of `alerts:`; those that are wrong are noted and left out."""
        if "alert" in data and "alerts" in data:
            self._problems(
                ("alert",), "alert: and alerts: exclude each other", "alert: low is short for one each alert"
            )
        if file is None:
            self._conditions(data.get("alerts"))
            return ()
        if file.alert is not None:
            short = self._rule(file, AlertFile(when="each"), "each")
            return (CompiledAlert(rule=short, condition=Each(), joins=True),)
        names: set[str] = set()
        found = [self._compile(file, alert, number, names) for number, alert in enumerate(file.alerts)]
        return tuple(each for each in found if each is not None)

    def _conditions(self, entries: Any) -> None:
        """Note what is wrong with conditions although other parts of the file are wrong already."""
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict) and "when" in entry:
                self._condition(AlertFile(when=entry["when"]), ("alerts", number))

    def _compile(self, file: RuleFile, alert: AlertFile, number: int, names: set[str]) -> CompiledAlert | None:
        place = ("alerts", number)
        condition = self._condition(alert, place)
        name = alert.name or _free_name(_key(alert.when), names)
        if name in names:
            self._problems(
                (*place, "name"), f'another alert of this rule is named "{name}" too', "give each its own name"
            )
        names.add(name)
        if condition is None:
            return None
        reads = condition.reads if isinstance(condition, Reads) else ()
        rule, wrapped = self._rule(file, alert, name), self._wrapped(condition, alert, place)
        if isinstance(condition, Lasts) and alert.expires is None:
            rule = replace(rule, expires=condition.lasts)
        joins = isinstance(condition, Each) and not alert.group
        return CompiledAlert(rule=rule, condition=wrapped, reads=reads, joins=joins)

    def _rule(self, file: RuleFile, alert: AlertFile, name: str) -> AlertRule:
        spans = {key: span for key in ("expires", "cooldown") if (span := getattr(alert, key)) is not None}
        return AlertRule(
            rule=file.rule,
            rule_title=file.title or file.rule,
            rule_version=self._version,
            name=name,
            severity=Severity(alert.severity or file.alert or file.severity),
            tags=tuple(file.tags),
            title=alert.title,
            body=alert.body,
            **spans,
        )

    def _condition(self, alert: AlertFile, place: Place) -> Condition | None:
        place = (*place, "when")
        key = _key(alert.when)
        kind = CONDITIONS.get(key)
        if kind is None:
            self._problems.unknown(place, "condition", key, CONDITIONS)
            return None
        value = {"each": True} if alert.when == "each" else alert.when
        spec = self._problems.validate(kind.SPEC, value, place)
        if spec is None:
            return None
        return kind.build(spec, tuple(alert.group), confirmed=alert.confirm is not None)

    def _wrapped(self, condition: Condition, alert: AlertFile, place: Place) -> Condition:
        if alert.if_ is not None:
            try:
                condition = Guarded(condition, parse_guard(alert.if_))
            except GuardError as error:
                self._problems((*place, "if"), str(error))
        if alert.confirm is not None:
            asked = alert.confirm
            condition = Confirmed(condition, asked.publishers, asked.within, asked.state_media)
        return condition


def _key(when: object) -> str:
    """The key that names the condition: the first known one, else the first."""
    if isinstance(when, dict) and when:
        return next((str(key) for key in when if key in CONDITIONS), str(next(iter(when))))
    return str(when)


def _free_name(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} {number}"
    return free
