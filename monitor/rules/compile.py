"""One rule file into a `Rule`: every part is read even when another is wrong, so that all problems show at once."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from monitor.model import Severity
from monitor.rules.compile_alerts import AlertCompiler
from monitor.rules.compile_judge import check_answers, compile_judge
from monitor.rules.compile_tests import compile_tests
from monitor.rules.lexicon_files import fingerprint
from monitor.rules.lexicons import Lexicons
from monitor.rules.operators.base import Nothing
from monitor.rules.operators.table import OPERATORS
from monitor.rules.problems import Problems
from monitor.rules.reader import ExpressionReader
from monitor.rules.rule import Baseline, ExtractSpec, Rule, StanceSpec
from monitor.rules.schema import AmountFile, ExtractFile, RuleFile, StanceFile


def compile_rule(problems: Problems, lexicons: Lexicons) -> Rule | None:
    """The rule of a file, or None when something in it is wrong; what, is noted in `problems`."""
    data = problems.file.data
    if not isinstance(data, dict):
        problems((), "is empty" if data is None else "is no rule", "a rule begins with rule: and match:")
        return None
    file = problems.validate(RuleFile, data)
    reader = ExpressionReader(OPERATORS, lexicons, problems)
    asked = data.get("match")
    match = reader.expression(asked, ("match",)) if asked is not None else Nothing()
    version = _version(data, reader, lexicons)
    alerts = AlertCompiler(problems, version=version).compile_all(data, file)
    composite = alerts and all(alert.reads for alert in alerts)
    if asked is None and not composite and not (problems.found and "alerts" in data):
        problems((), '"match" is missing', "only a rule whose alerts all look at other rules can do without")
    extract = _extract(file.extract, reader) if file else ExtractSpec()
    stance = _stance(file.stance, lexicons, problems) if file else None
    judge = compile_judge(file.judge, stance, problems) if file and (stance or not file.stance) else None
    tests = compile_tests(data, alerts, stance, problems)
    check_answers(data, judge, problems)
    if file is None or match is None or problems.found:
        return None
    return Rule(
        id=file.rule,
        title=file.title or file.rule,
        question=file.question,
        baseline=Baseline(**file.baseline.model_dump()),
        source=file.source,
        severity=Severity(file.severity),
        tags=tuple(file.tags),
        version=version,
        match=match,
        speakers=_speakers(data, lexicons),
        stance=stance,
        judge=judge,
        extract=extract,
        alerts=alerts,
        expect=file.expect,
        tests=tests,
        path=str(problems.file.path),
    )


def _extract(file: ExtractFile, reader: ExpressionReader) -> ExtractSpec:
    amount = file.amount if isinstance(file.amount, AmountFile) else None
    near = reader.words(amount.near, ("extract", "amount", "near")) if amount and amount.near is not None else None
    return ExtractSpec(amount=bool(file.amount), near=near, systems=file.systems, stage=file.stage, donor=file.donor)


def _stance(file: StanceFile | None, lexicons: Lexicons, problems: Problems) -> StanceSpec | None:
    if file is None:
        return None
    scale = lexicons.scales.get(file.scale)
    if scale is None:
        problems.unknown(("stance", "scale"), "scale", file.scale, lexicons.scales)
        return None
    return StanceSpec(scale=scale, minus=file.labels.minus, zero=file.labels.zero, plus=file.labels.plus)


def _version(data: Mapping[Any, Any], reader: ExpressionReader, lexicons: Lexicons) -> str:
    """A content hash of what decides a rule's answers: its own text without the tests, and the words it uses."""
    named = {part for name in reader.used for part in (name, *lexicons.actors_of(name))}
    stance = data.get("stance")
    if isinstance(stance, dict):
        named.add(f"scale {stance.get('scale')}")
    if "speaker" in str(data.get("match")):
        named.update(name for name in lexicons.versions if name.startswith("speech "))
    used = {name: lexicons.versions[name] for name in sorted(named) if name in lexicons.versions}
    return fingerprint([{key: value for key, value in data.items() if key != "tests"}, used])


def _speakers(data: Mapping[Any, Any], lexicons: Lexicons) -> frozenset[str]:
    names = (str(name) for value in _below(data.get("match"), "speaker") for name in _listed(value))
    return frozenset(actor for name in names for actor in lexicons.actors_of(name))


def _below(value: Any, key: str) -> Iterator[Any]:
    """The values of a key at any depth, but not below `none`: who must not speak is not read."""
    if isinstance(value, dict):
        value = {name: inner for name, inner in value.items() if name != "none"}
        yield from (inner for name, inner in value.items() if name == key)
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inside:
        yield from _below(each, key)


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]
