"""Compiles lexicon files: what `schema.LexiconFile` accepted becomes words that can be searched."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from monitor.rules.lexicons import Actor, Lexicons, Scale, WeaponSystem
from monitor.rules.operators.base import Place
from monitor.rules.reader import ExpressionReader, Report
from monitor.rules.schema import ActorFile, Languages, LexiconFile, SystemFile
from monitor.rules.terms import Term
from monitor.rules.words import TermSet

KEYS = frozenset(LexiconFile.model_fields) - {"kind", "title"}


def fingerprint(value: Any) -> str:
    """A content hash of plain data: the same for the same content, in whatever order its keys stand."""
    canonical = json.dumps(_with_text_keys(value), sort_keys=True, ensure_ascii=False, default=str)
    return blake2b(canonical.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_text_keys(each) for key, each in value.items()}
    return [_with_text_keys(each) for each in value] if isinstance(value, list) else value


@dataclass(slots=True)
class LexiconBuilder:
    """Collects lexicons file by file; the first definition of a name stays, a second one is a problem."""

    lists: dict[str, TermSet] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    systems: dict[str, WeaponSystem] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    speech: dict[str, dict[str, TermSet]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def add(self, file: LexiconFile, report: Report) -> None:
        """Everything one file defines; problems are reported with their place."""
        compiler = _Compiler(report)
        self._check_new(file, report)
        for name, entry in file.lists.items():
            self.lists.setdefault(name, replace(compiler.joined(entry, ("lists", name)), name=name))
        for name, actor in file.actors.items():
            self.actors.setdefault(name, _actor(name, actor, compiler))
        for name, system in file.systems.items():
            self.systems.setdefault(name, _system(name, system, compiler))
        if file.scale:
            self.scales.setdefault(file.scale, _scale(file, compiler))
            self.versions.setdefault(f"scale {file.scale}", _version(file, "points", "fixed", "negation"))
        for name, words in file.speech.items():
            self.speech.setdefault(name, {}).update(compiler.languages(words, ("speech", name)))
            self.versions.setdefault(f"speech {name}", fingerprint(words.by_language()))
        for kind in ("lists", "actors", "systems"):
            self.versions |= {name: fingerprint(each.model_dump()) for name, each in getattr(file, kind).items()}

    def lexicons(self) -> Lexicons:
        return Lexicons(
            lists=self.lists,
            actors=self.actors,
            systems=self.systems,
            scales=self.scales,
            speech=self.speech,
            versions=self.versions,
        )

    def _check_new(self, file: LexiconFile, report: Report) -> None:
        for kind, known in (("lists", self.lists), ("actors", self.actors), ("systems", self.systems)):
            for name in getattr(file, kind):
                if name in known:
                    report((kind, name), f'"{name}" is defined in another file too', "keep one of them")
        if file.scale and file.scale in self.scales:
            report(("scale",), f'the scale "{file.scale}" is defined in another file too', "keep one of them")
        if file.scale is None and (file.points or file.fixed or file.negation):
            report((), "points without a scale", "add a line such as scale: openness")


class _Compiler:
    """Word lists by language into term sets."""

    def __init__(self, report: Report) -> None:
        self._reader = ExpressionReader({}, Lexicons(), report)

    def languages(self, words: Languages, place: Place) -> dict[str, TermSet]:
        return {lang: self._set(terms, (*place, lang), lang) for lang, terms in words.by_language().items()}

    def joined(self, words: Languages, place: Place) -> TermSet:
        """All languages as one set; an exclusion holds for all of them."""
        sets = self.languages(words, place).values()
        if not sets:
            self._reader.problem(place, "has no words", "give lists for languages, e.g. en: [a, b]")
        return TermSet(
            terms=tuple(term for each in sets for term in each.terms),
            excluded=tuple(term for each in sets for term in each.excluded),
        )

    def terms(self, texts: list[str], place: Place) -> tuple[Term, ...]:
        return self._set(texts, place, "any").terms if texts else ()

    def _set(self, terms: list[str], place: Place, lang: str) -> TermSet:
        return self._reader.word_list(terms, place, "" if lang == "any" else lang)


def _actor(name: str, file: ActorFile, compiler: _Compiler) -> Actor:
    words = replace(compiler.joined(file, ("actors", name)), name=name)
    return Actor(id=name, name=file.name or name, side=file.side, country=file.country, place=file.place, words=words)


def _system(name: str, file: SystemFile, compiler: _Compiler) -> WeaponSystem:
    words = compiler.joined(file.model_copy(update={"any": [*file.any, *file.terms]}), ("systems", name))
    unless = compiler.terms(file.unless, ("systems", name, "unless"))
    return WeaponSystem(
        id=name, name=file.name or name, kind=file.class_, words=replace(words, name=name, unless=unless)
    )


def _scale(file: LexiconFile, compiler: _Compiler) -> Scale:
    points: dict[Term, int] = {}
    by_language: dict[str, list[Term]] = {}
    fixed = {term for _, _, term in _weighted(file.fixed, "fixed", compiler)}
    weighted = [*_weighted(file.points, "points", compiler), *_weighted(file.fixed, "fixed", compiler)]
    for value, lang, term in weighted:
        points.setdefault(term, value)
        by_language.setdefault(lang, []).append(term)
    return Scale(
        name=str(file.scale),
        points=points,
        fixed=frozenset(fixed),
        terms={lang: TermSet(terms=tuple(terms)) for lang, terms in by_language.items()},
        negation={name: compiler.languages(words, ("negation", name)) for name, words in file.negation.items()},
    )


def _weighted(by_points: Mapping[str, Languages], key: str, compiler: _Compiler) -> Iterator[tuple[int, str, Term]]:
    for value, words in by_points.items():
        for lang, terms in compiler.languages(words, (key, value)).items():
            yield from ((int(value), lang, term) for term in terms.terms)


def _version(file: LexiconFile, *keys: str) -> str:
    return fingerprint({key: {name: each.by_language() for name, each in getattr(file, key).items()} for key in keys})
