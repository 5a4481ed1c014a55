"""A set of rules: items in, observations out."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.rules.load import load
from monitor.rules.rule import Readers, RuleSet, observation_of


@pytest.fixture
def two(tmp_path: Path, write: Callable) -> RuleSet:
    write("a.yaml", "rule: a\nmatch: [drone~]")
    write("b.yaml", "rule: b\nmatch: {any: [drone~], with: [Poland]}")
    loaded = load([tmp_path])
    assert not loaded.problems
    return loaded.rules


def test_one_item_may_be_selected_by_several_rules(two: RuleSet, item: Callable) -> None:
    found = two.match([item("Drones over Poland"), item("A drone", id="2"), item("Rain", id="3")])

    assert [(each.rule, each.item_id) for each in found] == [("a", "1"), ("b", "1"), ("a", "2")]


def test_an_observation_carries_what_the_item_is(two: RuleSet, item: Callable, now) -> None:
    given_item = item(
        "A drone", story="s", link="https://a.example/1", publisher="a.example", owner="o", country="PL", lang="en",
        state_media=True, historic=True, published_at=now - timedelta(hours=5),
    )  # fmt: skip
    (seen,) = two.match([given_item])

    assert seen.id == observation_of(two.rules[0], given_item).id
    assert (seen.story, seen.link, seen.publisher, seen.owner) == ("s", "https://a.example/1", "a.example", "o")
    assert (seen.country, seen.lang, seen.state_media, seen.historic) == ("PL", "en", True, True)
    assert seen.at == now - timedelta(hours=5)
    assert seen.rule_version == two.rules[0].version
    assert [each.words for each in seen.evidence] == ["drone"]


def test_matching_twice_gives_the_same(two: RuleSet, item: Callable) -> None:
    items = [item("Drones over Poland"), item("A drone", id="2")]

    assert two.match(items) == two.match(items)


def test_the_readers_are_asked_only_for_what_matched(two: RuleSet, item: Callable) -> None:
    asked: list[str] = []

    def observe(rule, each, context):
        asked.append(rule.id)
        return replace(observation_of(rule, each), speaker="somebody")

    rules = RuleSet(two.rules, two.lexicons, Readers(observe=observe))

    assert [each.speaker for each in rules.match([item("A drone")])] == ["somebody"]
    assert asked == ["a"]


def test_without_readers_an_observation_is_plain(two: RuleSet, item: Callable) -> None:
    rules = RuleSet(two.rules)

    assert [each.rule for each in rules.match([item("A drone")])] == ["a"]
    assert rules.context(item("x")).statements() == ()


def test_an_empty_set_selects_nothing(item: Callable) -> None:
    assert RuleSet().match([item("anything")]) == []


def test_evaluating_an_unknown_rule_is_an_error(two: RuleSet, item: Callable) -> None:
    with pytest.raises(KeyError):
        two.evaluate(item("x"), "none")


WORDS = ["drone", "drones", "Poland", "Kyiv", "aid", "rail", "talks", "F-16", "F16", "US", "us", "Kraków", "-", "."]
WORDS += ["Київ", "Києва", "Песков", "Пескову", "переговоры", "перемовини", "plan’s", "ёлка"]
TERMS = ["drone~", "rai*", "/d.one/", "aid Kyiv", "aid <2> Kyiv", "=US", "F-16", "krakow", "Київ~", "Песков~", "пере*"]
TERMS += ["(aid|rail~) <1> (talks|Kyiv)", "/p.?l/", "елка", "plan"]
LEXICON = """
actors:
  kyiv: {name: Kyiv, side: ukraine, place: true, en: [Kyiv], uk: [Київ~]}
  peskov: {name: Peskov, side: russia, en: [Peskov], ru: [Песков~]}
lists: {places: {en: [Poland, Krakow, -aid Poland], uk: [Київ~]}}
speech: {say: {en: [say~], ru: [заявил]}}
"""
expressions = st.recursive(
    st.sampled_from([*(word for word in WORDS if word.isalpha()), *TERMS, "$places"]),
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda entries: st.sampled_from(
            [
                entries,
                {"any": entries},
                {"all": entries},
                {"none": entries},
                {"all": [{"none": entries}, "aid"]},
                {"title": entries},
                ["$places", "aid", "-aid talks"],
                {"summary": {"all": entries}},
                {"title": {"none": entries}, "any": ["Kyiv", "Київ~"]},
                {"at_least": {"1": entries}},
                {"any": entries, "with": ["Kyiv", "aid"]},
                {"near": {"words": 3, "of": [["drone", "aid"], ["Kyiv", "rail"]]}, "none": entries},
                {"sentence": [["drone~", "Песков~"], ["Kyiv", "пере*"]], "any": entries},
                {"speaker": ["russia"], "any": entries},
                {"any": [{"title": {"speaker": ["kyiv", "russia"], "about": ["talks", "пере*"]}}, *entries]},
                {"none": [{"speaker": ["ukraine"]}], "any": entries},
            ]
        )
    ),
    max_leaves=6,
)
texts = st.lists(st.sampled_from([*WORDS, "says", "Peskov", "заявил"]), max_size=8).map(" ".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(expressions, min_size=1, max_size=4), texts, texts)
def test_asking_only_called_rules_misses_none(
    item: Callable, tmp_path: Path, matches: list[object], title: str, summary: str
) -> None:
    for path in tmp_path.glob("*.yaml"):
        path.unlink()
    for number, match in enumerate(matches):
        (tmp_path / f"{number}.yaml").write_text(json.dumps({"rule": f"r{number}", "match": match}))
    (tmp_path / "lexicons").mkdir(exist_ok=True)
    (tmp_path / "lexicons" / "words.yaml").write_text(LEXICON)
    loaded = load([tmp_path])
    assert not loaded.problems
    news = item(title, summary=summary)

    selected = [each.rule for each in loaded.rules.match([news])]

    assert selected == [r.id for r in loaded.rules.rules if loaded.rules.evaluate(news, r.id).result.holds]
