"""Every form of a term, and what is refused."""

import re
from collections.abc import Callable

import pytest

from monitor.model import Item
from monitor.rules.hits import Hits
from monitor.rules.index import ItemText, TermIndex
from monitor.rules.terms import MAX_LENGTH, TermError, compile_term


@pytest.fixture
def found(item: Callable[..., Item]) -> Callable[..., list[str]]:
    """The words that a term finds in a headline."""

    def words(term: str, title: str, lang: str = "") -> list[str]:
        compiled = compile_term(term, lang)
        text = ItemText(item(title))
        return [text.words(span) for span in Hits(text, TermIndex([compiled])).spans(compiled)]

    return words


@pytest.mark.parametrize(
    ("term", "title", "expected"),
    [
        ("aid package", "New aid package for Kyiv", ["aid package"]),
        ("aid package", "Package of aid", []),
        ("aid package", "AID-Package agreed", ["AID-Package"]),
        ("ceasefire", "No ceasefires, one Ceasefire", ["Ceasefire"]),
        ("cafe", "A café in Kyiv", ["café"]),
        ("Trump's plan", "On Trump’s plan", ["Trump’s plan"]),
        ("plan", "Trump's plan's fate", ["plan"]),
        ("F-16", "An F16, an F-16, an F 16 and an F-160", ["F16", "F-16", "F 16"]),
        ("28-point", "the 28 point plan", ["28 point"]),
        ("U.S. plan", "The US plan is a U.S. plan", ["U.S. plan"]),
        ("перемир'я", "Про перемир’я", ["перемир’я"]),
        ("самолет", "Упал самолёт", ["самолёт"]),
        ("package~", "packages packaged packaging package", ["packages", "packaged", "packaging", "package"]),
        ("Песков~", "К Пескову пришел Песков", ["Пескову", "Песков"]),
        ("Уиткофф~", "встреча с Уиткоффом", ["Уиткоффом"]),
        ("Віткофф~", "зустріч з Віткоффом", ["Віткоффом"]),
        ("Gripen~", "Gripens and Gripenów", ["Gripens", "Gripenów"]),
        ("peace plan~", "Peace plans", ["Peace plans"]),
        ("sanction*", "sanctions, sanctioned, sanctuary", ["sanctions", "sanctioned"]),
        ("Leopard 2*", "Leopard 2A6 tanks", ["Leopard 2"]),
        ("=MFA", "MFA and Mfa", ["MFA"]),
        ("=Moscow", "moscow, Moscow, MOSCOW", ["Moscow"]),
        ("=New START", "A new start for New START", ["New START"]),
        ("=US plan", "Tell us plan B: the US Plan", ["US Plan"]),
        ("=apple", "Apple or apple", ["apple"]),
        ("=Patriot*", "patriots, Patriots", ["Patriots"]),
        ("=Москва~", "москву Москву МОСКВУ", ["Москву"]),
        ("vote~ on =US", "votes on US, votes on us", ["votes on US"]),
        ("give~ up <4> territory", "gave up any of its territory", ["gave up any of its territory"]),
        ("give~ up <4> territory", "gave up one two three four five territory", []),
        (
            "(cede|surrender) territory",
            "cede territory, surrender territory",
            ["cede territory", "surrender territory"],
        ),
        ("rule~ (out|off)", "ruled out", ["ruled out"]),
        ("(United States|US) plan", "United States plan; US plan", ["United States plan", "US plan"]),
        ("(drone|missile)~ strike", "drones strike missile strike", ["drones strike", "missile strike"]),
        ("(Patriot|Patriot missile)", "Patriot missile", ["Patriot missile"]),
        ("AIM-(9|120)", "AIM-120 and AIM 9", ["AIM-120", "AIM 9"]),
        ("дрон*-перехоплювач*", "дрони-перехоплювачі", ["дрони-перехоплювачі"]),
        ("/su-3[45]/", "Su-34 and SU–35, su-37", ["Su-34", "SU–35"]),
        ("/[0-9]+ dead/", "At least 12 dead", ["12 dead"]),
    ],
)
def test_each_form_finds_what_the_table_promises(
    found: Callable[..., list[str]], term: str, title: str, expected: list[str]
) -> None:
    assert found(term, title) == expected


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("", "no letters or digits"),
        ("!?", "no letters or digits"),
        ("~", "nothing to put the ~ on"),
        ("*", "nothing to put the * on"),
        ("a*", "at least 3 letters"),
        ("foo*bar", "end of a word"),
        ("pa=ck", "at its beginning"),
        ("(a|b", "bracket is missing"),
        ("a|b", "in brackets"),
        ("(a|)", "empty alternative"),
        ("(a|b)c", "spaces around brackets"),
        ("a <x> b", "a gap as <4>"),
        ("a <99> b", "50 words at most"),
        ("x" * (MAX_LENGTH + 1), "characters long"),
        ("(a b|c d|e f) (a b|c d|e f) (a b|c d|e f) (a b|c d|e f) (a b|c d|e f)", "variants"),
        ("/(/", "no regular expression"),
        ("/a*/", "would match every item"),
        ("/(a{500}){500}/", "repeats too much"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(term: str, message: str) -> None:
    with pytest.raises(TermError, match=re.escape(message)):
        compile_term(term)


def test_the_same_term_is_compiled_once() -> None:
    assert compile_term("Песков~", "ru") is compile_term(" Песков~ ", "ru")
    assert compile_term("Песков~", "ru") is not compile_term("Песков~", "uk")


@pytest.mark.parametrize(
    ("title", "nominative"),
    [("Песков заявил", True), ("сказали Пескову", False), ("слова Пескова", False)],
)
def test_a_form_that_cannot_be_a_subject_is_marked(item: Callable[..., Item], title: str, nominative: bool) -> None:
    term = compile_term("Песков~", "ru")
    (span,) = Hits(ItemText(item(title)), TermIndex([term])).spans(term)

    assert span.nominative is nominative
