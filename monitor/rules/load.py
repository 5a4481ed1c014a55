"""Rule files and lexicons into a `RuleSet`: every problem of every file at once, and one bad file stops no other."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import ConfigError, Problem
from monitor.rules.compile import compile_rule
from monitor.rules.lexicon_files import KEYS, LexiconBuilder
from monitor.rules.lexicons import Lexicons
from monitor.rules.problems import Problems
from monitor.rules.reading import observe
from monitor.rules.references import ids_beside, place_of
from monitor.rules.rule import Readers, Rule, RuleSet
from monitor.rules.schema import LexiconFile
from monitor.rules.statements import read_statements
from monitor.yamlfile import YamlFile, read

SUFFIXES = (".yaml", ".yml")
LEXICONS = "lexicons"
MAX_FILES = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What could be used, and everything that is wrong.

    Attributes:
        files: Every file that was looked at, in order; those to watch for changes.
    """

    rules: RuleSet
    problems: tuple[Problem, ...] = ()
    files: tuple[Path, ...] = ()


_READERS = Readers(observe=observe, statements=read_statements)


def load(paths: Sequence[Path], readers: Readers = _READERS) -> Loaded:
    """The rules of these files and folders, with the lexicons in the folder `lexicons` beside them. Raises nothing."""
    problems: list[Problem] = []
    files = list(discover(paths, problems))
    documents = [document for path in files if (document := _read(path, problems)) is not None]
    lexicons = _lexicons([each for each in documents if _is_lexicon(each)], problems)
    rules = _rules([each for each in documents if not _is_lexicon(each)], lexicons, problems)
    return Loaded(rules=RuleSet(rules, lexicons, readers), problems=tuple(problems), files=tuple(files))


def _rules(documents: Sequence[YamlFile], lexicons: Lexicons, problems: list[Problem]) -> list[Rule]:
    rules: dict[str, Rule] = {}
    for document in documents:
        report = Problems(document)
        rule = compile_rule(report, lexicons)
        if rule is not None and rule.id in rules:
            report(("rule",), f'the id "{rule.id}" is taken by {rules[rule.id].path}', "give this rule another id")
        elif rule is not None and not report.found:
            rules[rule.id] = rule
        problems += report.found
    return [rule for rule in rules.values() if not _misses(rule, rules, documents, problems)]


def _misses(rule: Rule, rules: Mapping[str, Rule], documents: Sequence[YamlFile], problems: list[Problem]) -> bool:
    """Whether the rule reads one that there is not, not even one with mistakes or in a file that was not asked for."""
    if rule.reads <= rules.keys():
        return False
    known = {*rules, *ids_beside(document.path for document in documents)}
    report = Problems(next(document for document in documents if str(document.path) == rule.path))
    for name in sorted(rule.reads - known):
        report.unknown(place_of(name, report.file.data), "rule", name, dict.fromkeys(known - {rule.id}))
    problems += report.found
    return bool(report.found)


def _lexicons(documents: Sequence[YamlFile], problems: list[Problem]) -> Lexicons:
    builder = LexiconBuilder()
    for document in documents:
        report = Problems(document)
        file = report.validate(LexiconFile, document.data)
        if file is not None:
            builder.add(file, report)
        problems += report.found
    return builder.lexicons()


def _is_lexicon(document: YamlFile) -> bool:
    return isinstance(document.data, dict) and "rule" not in document.data and bool(KEYS & document.data.keys())


def _read(path: Path, problems: list[Problem]) -> YamlFile | None:
    try:
        return read(path)
    except ConfigError as error:
        problems += error.problems
        return None


# --- which files ----------------------------------------------------------------------------------------------------


def discover(paths: Sequence[Path], problems: list[Problem]) -> Iterator[Path]:
    """The rule files and lexicons of these files and folders; too many of them are a problem."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_files_below(path)))
        elif path.suffix in SUFFIXES:
            found[path] = None
        else:
            problems.append(Problem(path=path, message="is no rule file", hint=f"they end in {' or '.join(SUFFIXES)}"))
        beside = (path if path.is_dir() else path.parent) / LEXICONS
        if beside.is_dir():
            found.update(dict.fromkeys(_files_below(beside)))
    if len(found) > MAX_FILES:
        problems.append(Problem(path=paths[0], message=f"{len(found)} files; {MAX_FILES} are read at most"))
    yield from list(found)[:MAX_FILES]


def _files_below(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):  # does not follow links to folders: no loops
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root) / name for name in sorted(names) if name.endswith(SUFFIXES) and not name.startswith("."))
