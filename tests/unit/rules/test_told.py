"""When two reports tell one event, as their rule reads them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from monitor.model import Amount, Evidence, Observation, Stance, System
from monitor.rules.told import Teller
from tests.histories import seen

CAESAR = System(id="caesar", name="Caesar", kind="artillery", quantity=12)
AIR_DEFENCE = System(id="air_defence_any", name="air defence", kind="air_defence")


def euros(millions: int) -> tuple[Amount, ...]:
    return (Amount(value=Decimal(millions) * 10**6, currency="EUR", usd=None, words=f"{millions} million euros"),)


def report(title: str, *words: str, hours: float = 0, **fields: Any) -> Observation:
    evidence = tuple(Evidence(clause="near", words=each) for each in words)
    return seen(-hours / 24, title=title, evidence=evidence, **fields)


def spoken(title: str, *topics: str, score: float | None = 0.0, hours: float = 0, who: str = "kremlin") -> Observation:
    stance = Stance(score=score, label="unread" if score is None else "plus" if score > 0 else "fixed")
    return report(title, *topics, hours=hours, speaker=who, stance=stance)


def why(new: Observation, known: Observation) -> str:
    same = Teller(new).same(known)
    return same.why if same else ""


SABOTAGE = report("Estonia suspects sabotage on its railway", "Estonia", "sabotage")


@pytest.mark.parametrize(
    "again",
    [
        report("Rail line was damaged on purpose, Tallinn is certain", "Tallinn", "sabotage", hours=3),
        report("В Естонії сталася диверсія: пошкоджено колію", "Естонії", "диверсія", hours=3, lang="uk"),
        report("Диверсия под Тарту: что известно полиции Эстонии", "Эстонии", "Диверсия", hours=3, lang="ru"),
    ],
)
def test_the_same_act_in_the_same_place_is_one_event_in_every_language(again: Observation) -> None:
    assert why(again, SABOTAGE) == "same act, same place, 3 hours apart"


@pytest.mark.parametrize(
    "other",
    [
        report("Latvia suspects sabotage on its railway", "Latvia", "sabotage", hours=1),
        report("Estonia charges two men over sabotage on railway", "Estonia", "sabotage", hours=1),
        report("Moscow rejects claims of sabotage in Estonia", "Estonia", "sabotage", hours=1),
        report("It was not sabotage, railway of Estonia says", "Estonia", "sabotage", hours=1),
        report("Finland, too, suspects sabotage on a railway", "sabotage", hours=0.2),
        report("Estonia closes its airspace over drones", "Estonia", "airspace", hours=1),
    ],
)
def test_another_place_a_next_step_and_a_denial_are_not(other: Observation) -> None:
    assert why(other, SABOTAGE) == ""


def test_one_speaker_who_repeats_a_stance_on_a_topic_says_it_once() -> None:
    first = spoken("Peskov: talks are on hold", "talks")
    again = spoken("Песков о переговорах: сроков пока нет", "переговорах", hours=2)
    assert why(again, first) == "same speaker, same stance (fixed), same topic, 2 hours apart"


@pytest.mark.parametrize(
    "other",
    [
        spoken("Peskov: talks may begin soon", "talks", score=0.5, hours=1),
        spoken("Peskov: territory comes first", "territory", hours=1),
        spoken("Peskov: talks stay on hold", "talks", hours=13),
        spoken("Waltz: talks are paused", "talks", who="usa", hours=1),
    ],
)
def test_a_turn_another_topic_another_day_and_another_speaker_are_new(other: Observation) -> None:
    assert why(other, spoken("Peskov: talks are on hold", "talks")) == ""


def test_a_stance_that_was_not_read_before_is_new() -> None:
    unread = spoken("Peskov on talks with the envoy", "talks", score=None)
    assert why(spoken("Peskov on talks with the envoy again today", "talks", score=0.5), unread) == ""
    assert why(unread, spoken("Peskov: talks with the envoy", "talks", score=0.5)).startswith(
        "same speaker, same topic"
    )


def test_without_a_stance_it_takes_like_words_and_a_few_hours() -> None:
    first = report("Europeans insist on a seat at negotiations over ceasefire", "negotiations", speaker="europeans")
    again = "Europeans demand a seat when ceasefire negotiations begin"
    assert why(report(again, "negotiations", speaker="europeans", hours=5), first).startswith(
        "same speaker, same topic"
    )
    unlike = report("Europeans doubt that Moscow wants negotiations", "negotiations", speaker="europeans", hours=1)
    assert why(unlike, first) == ""


def test_who_agrees_does_not_repeat_who_refuses() -> None:
    first = report("Brussels rejects the proposal on frozen assets", "proposal", speaker="eu")
    assert why(report("Brussels accepts the proposal on frozen assets", "proposal", speaker="eu"), first) == ""


def test_a_package_is_known_by_donor_and_sum_or_system() -> None:
    first = report("Norway gives 250 million euros", donor="Norway", amounts=euros(250))
    rounded = report("Нова допомога від Осло", donor="Norway", amounts=euros(251), hours=6)
    assert why(rounded, first) == "same donor (Norway), same sum, 6 hours apart"
    guns = report("Howitzers from Copenhagen", donor="Denmark", systems=(CAESAR,))
    assert "same system (Caesar)" in why(report("Гаубиці з Данії", donor="Denmark", systems=(CAESAR,)), guns)


@pytest.mark.parametrize(
    "other",
    [
        {"donor": "Sweden", "amounts": euros(250)},
        {"donor": "Norway", "amounts": euros(400)},
        {"donor": "Norway", "systems": (System(id="gripen", name="Gripen"),)},
        {"donor": "Norway", "systems": (System(id="caesar", name="Caesar", quantity=30),)},
    ],
)
def test_another_donor_sum_system_or_number_is_another_package(other: dict[str, Any]) -> None:
    title = "Arms for Kyiv: new package of long range howitzers announced"
    first = report(title, donor="Norway", amounts=euros(250), systems=(CAESAR,))
    assert why(report(title + " today", **other), first) == ""


def test_a_class_of_systems_is_no_system() -> None:
    first = report("Oslo helps", donor="Norway", systems=(AIR_DEFENCE,))
    assert why(report("Further support agreed in parliament", donor="Norway", systems=(AIR_DEFENCE,)), first) == ""


def test_an_outlet_does_not_tell_the_same_next_day() -> None:
    first = report("Ferry collides with mystery buoy near Visby", "Sweden", "collides", publisher="a.example")
    assert why(report(first.title, "Sweden", "collides", publisher="b.example", hours=2), first)
    assert why(report(first.title, "Sweden", "collides", publisher="a.example", hours=20), first) == ""


@pytest.mark.parametrize(("gap", "words"), [(timedelta(0), "at one time"), (timedelta(minutes=5), "5 minutes apart")])
def test_the_reason_says_how_far_apart(gap: timedelta, words: str) -> None:
    again = report("Railway in Estonia was sabotaged", "Estonia", "sabotage", hours=gap / timedelta(hours=1))
    assert why(again, SABOTAGE).endswith(words)
