"""What is read from a matched item."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from monitor.model import Observation
from monitor.rules.load import Loaded

LEXICON = """
    actors:
      palace: {name: the palace, side: crown, en: [=Palace]}
      rival: {name: the rival, side: rival, country: RU, en: [=Rival]}
      giver: {name: Giverland, side: givers, country: SE, en: [=Giverland]}
      eu: {name: the Union, side: givers, en: [=Union]}
    systems:
      umbrella: {name: Umbrella, class: rain, en: [=Umbrella], unless: [film]}
      rain_any: {name: rain gear, class: rain, en: [rain gear]}
    lists:
      stage_delivered: {en: [delivered, deliver]}
      stage_approved: {en: [approved]}
    speech:
      say: {en: [say~, said]}
      deny: {en: [deny~]}
      take: {en: [deny~, reject~]}
      that: {en: [that]}
"""
SCALE = """
    scale: warmth
    points: {'+1': {en: [open]}, '0': {en: [as before]}, '-2': {en: [rejects]}}
    fixed: {'-2': {en: [never ever open]}}
    negation: {words: {en: ['not']}, stops: {en: [but]}}
"""
RULE = """
    rule: r
    match: [Palace, gift, $stage_delivered, $stage_approved]
    stance: {scale: warmth, labels: {minus: cold, zero: same, plus: warm}}
    extract: {amount: {near: [gift]}, systems: true, stage: true, donor: true}
"""
SPEAKING = RULE.replace("match: [Palace, gift, $stage_delivered, $stage_approved]", "match: {speaker: [palace]}")


@pytest.fixture
def observed(load_text: Callable[..., Loaded], item: Callable[..., object]) -> Callable[..., Observation]:
    def read(title: str, rule: str = RULE, **fields: str) -> Observation:
        loaded = load_text(rule, LEXICON, SCALE)
        assert not loaded.problems
        (observation,) = loaded.rules.match([item(title, **fields)])  # type: ignore[list-item]
        return observation

    return read


@pytest.mark.parametrize(
    ("title", "label", "score"),
    [
        ("Palace says it is open", "warm", 0.5),
        ("Palace says it is not open", "cold", -0.429),
        ("Palace says all is as before", "same", 0.0),
        ("Palace says it is never ever open", "cold", -0.667),
        ("Palace says it rains", "unread", None),
        ("Palace denies it rejects the plan", "same", 0.0),
        ("Palace says Rival is open", "same", 0.0),
        ("Palace says that Rival rejects the plan", "same", 0.0),
    ],
)
def test_a_stance_is_read_from_the_speaker_s_words(
    observed: Callable[..., Observation], title: str, label: str, score: float | None
) -> None:
    stance = observed(title, SPEAKING).stance
    assert stance is not None
    assert (stance.label, stance.score) == (label, score)


def test_title_and_summary_add_up(observed: Callable[..., Observation]) -> None:
    stance = observed("Palace says it is open", SPEAKING, summary="Palace says it is open and open.").stance
    assert stance is not None
    assert stance.words == ("open +1", "open +1", "open +1")


def test_without_speakers_there_is_no_speaker_and_nothing_to_read(observed: Callable[..., Observation]) -> None:
    observation = observed("Palace gift is open")
    assert (observation.speaker, observation.quote) == ("", "")
    assert observation.stance is not None
    assert observation.stance.label == "unread"


def test_the_plainest_statement_is_quoted(observed: Callable[..., Observation]) -> None:
    observation = observed("Weather", SPEAKING, summary="Palace says it is open.")
    assert (observation.speaker, observation.quote) == ("palace", "Palace says it is open")


def test_sums_count_near_their_words(observed: Callable[..., Observation]) -> None:
    far = "word " * 40
    observation = observed("A gift of 5 million euros", summary=f"{far}The stadium cost $7 million.")
    assert [(each.value, each.currency, each.usd) for each in observation.amounts] == [
        (Decimal(5_000_000), "EUR", Decimal(5_790_000))
    ]
    assert observation.amounts[0].words == "5 million euros"
    assert observation.amounts[0].rate_date


def test_the_same_sum_counts_once(observed: Callable[..., Observation]) -> None:
    assert len(observed("A gift of $5 million", summary="The gift is $5 million.").amounts) == 1


def test_systems_have_numbers_and_the_special_one_stands_for_its_kind(observed: Callable[..., Observation]) -> None:
    (system,) = observed("A gift of two Umbrella sets, the best rain gear").systems
    assert (system.id, system.name, system.kind, system.quantity) == ("umbrella", "Umbrella", "rain", 2)
    (general,) = observed("A gift of rain gear").systems
    assert (general.id, general.quantity) == ("rain_any", None)
    assert observed("A gift: the film Umbrella").systems == ()


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("The gift was delivered", "delivered"),
        ("The gift was approved and delivered", "delivered"),
        ("They want to deliver the gift", "announced"),
        ("The gift was approved", "approved"),
        ("The gift is big", ""),
    ],
)
def test_the_stage_is_what_has_happened(observed: Callable[..., Observation], title: str, stage: str) -> None:
    assert observed(title).stage == stage


def test_the_headline_decides_the_stage(observed: Callable[..., Observation]) -> None:
    assert observed("The gift was approved", summary="It will be delivered; one was delivered.").stage == "approved"


@pytest.mark.parametrize(
    ("title", "donor"),
    [
        ("Palace thanks Giverland for the gift", "Giverland"),
        ("Union and Giverland send a gift", "the Union"),
        ("Rival sends a gift", ""),
    ],
)
def test_the_donor_is_the_first_who_can_give(observed: Callable[..., Observation], title: str, donor: str) -> None:
    assert observed(title).donor == donor


def test_nothing_is_read_that_was_not_asked_for(observed: Callable[..., Observation]) -> None:
    observation = observed("Giverland delivered a gift of two Umbrella for $5 million", "rule: r\nmatch: [gift]")
    assert (observation.amounts, observation.systems, observation.stage, observation.donor) == ((), (), "", "")
    assert observation.stance is None
