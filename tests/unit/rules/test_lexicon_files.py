"""Lexicon files: lists, actors, systems, scales and speech words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.rules.load import Loaded, load

RULE = "rule: r\nmatch: [x]\n"


@pytest.fixture
def wrong(tmp_path: Path, write: Callable) -> Callable[..., list[str]]:
    """What is wrong with these lexicons."""

    def problems(*texts: str) -> list[str]:
        for number, text in enumerate(texts):
            write(f"lexicons/{number}.yaml", text)
        return [str(problem).split("lexicons/")[-1] for problem in load([tmp_path]).problems]

    return problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lists: {talks: {en: [a*]}}", '0.yaml:1:22: "a*" would match far too much'),
        ("lists: {talks: {xx: [a]}}", '0.yaml:1:17: unknown key "xx"'),
        ("lists: {talks: {}}", "0.yaml:1:16: has no words"),
        ("lists: {talks: [$other]}", 'no list "$other"'),
        ("lists: {Talks: [a]}", "Talks"),
        ("actors: {kremlin: {}}", "has no words"),
        ("systems: {patriot: {class: x}}", "has no words"),
        ("points: {1: [good]}", "points without a scale"),
        ("scale: s\npoints: {many: [good]}", "many"),
        ("lists: {a: [b]}\nnonsense: 1", 'unknown key "nonsense"'),
    ],
)
def test_problems_of_lexicons_have_places_too(wrong: Callable[..., list[str]], text: str, expected: str) -> None:
    (problem, *_) = wrong(text)

    assert expected in problem


def test_a_name_is_defined_once(wrong: Callable[..., list[str]]) -> None:
    found = wrong("lists: {a: [x]}\nscale: s\npoints: {1: [y]}", "lists: {a: [z]}\nscale: s\npoints: {1: [y]}")

    assert ['"a" is defined in another file too' in found[0], "the scale" in found[1]] == [True, True]


def test_a_bad_term_leaves_the_rest_of_its_lexicon(load_text: Callable[..., Loaded], item: Callable) -> None:
    loaded = load_text("rule: r\nmatch: [$talks]", "lists: {talks: {en: [a*, truce]}}")

    assert len(loaded.problems) == 1
    assert loaded.rules.match([item("A truce")])


def test_everything_is_found_by_name(load_text: Callable[..., Loaded]) -> None:
    lexicons = load_text(
        RULE,
        """
        lists: {ukraine: {title: Ukraine, en: [Ukraine], uk: [Україна~]}}
        actors: {kremlin: {name: the Kremlin, side: russia, country: RU, en: [Kremlin], any: [=TASS]}}
        systems: {nasams: {name: NASAMS, class: air_defence, any: [NASAMS], terms: [NASAM system~]}}
        """,
        """
        scale: openness
        points: {2: {en: [agree~ to]}, -2: [ultimatum~]}
        fixed: {-1: {en: [will not]}}
        negation: {words: {en: [not]}, only: [only]}
        speech: {say: {en: [say~]}}
        """,
        "speech: {say: {uk: [казати~]}, told: {en: [told]}}",
    ).rules.lexicons

    scale = lexicons.scales["openness"]
    assert {term.text: points for term, points in scale.points.items()} == {
        "agree~ to": 2,
        "ultimatum~": -2,
        "will not": -1,
    }
    assert [term.text for term in scale.fixed] == ["will not"]
    assert set(scale.terms) == {"en", "any"}
    assert set(scale.negation) == {"words", "only"}
    assert {name: set(languages) for name, languages in lexicons.speech.items()} == {
        "say": {"en", "uk"},
        "told": {"en"},
    }
    assert lexicons.actors_of("russia") == lexicons.actors_of("kremlin") == {"kremlin"}
    assert lexicons.actors_of("nobody") == set()
    assert {"ukraine", "kremlin", "russia", "nasams", "air_defence"} <= lexicons.names()
    assert lexicons.named("nothing") is None
    assert sum(1 for _ in lexicons.systems["nasams"].words.wanted()) == 2
