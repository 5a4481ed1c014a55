"""if: small tests on one observation."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from monitor.model import Amount, System
from monitor.rules.conditions.guard import GuardError, parse_guard

AMOUNT = Amount(value=Decimal(600_000_000), currency="EUR", usd=Decimal(650_000_000), words="600 mln euro")
FIELDS = {
    "speaker": "kremlin",
    "country": "PL",
    "stage": "delivered",
    "amounts": (AMOUNT,),
    "systems": (System(id="patriot", name="Patriot", kind="air_defence"),),
}


@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        ("stance > 0", True),
        ("stance >= 0.5", True),
        ("stance < 0", False),
        ("stance <= -0.5", False),
        ("stance", True),
        ("stance is plus", True),
        ("stance is not plus", False),
        ("stance = minus", False),
        ("speaker is KREMLIN", True),
        ("speaker != kremlin", False),
        ("country == PL", True),
        ("stage is 'delivered'", True),
        ("donor", False),
        ("not donor", True),
        ("state_media", False),
        ("systems", True),
        ("system is patriot", True),
        ("system is air_defence", True),
        ("amount", True),
        ("amount >= 500 million EUR", True),
        ("amount > 1bn EUR", False),
        ("amount >= 600 million USD", True),
        ("amount >= 1 million GBP", False),
        (["donor", "amount"], True),
        ({"any": ["donor", "system"]}, True),
        ({"all": ["donor", "system"]}, False),
        ({"none": ["donor"], "any": "amount"}, True),
        ({"any": [{"all": ["amount", "systems"]}]}, True),
    ],
)
def test_a_guard_reads_like_a_sentence(seen: Callable, guard: object, expected: bool) -> None:
    assert parse_guard(guard)(seen(0, 0.5, **FIELDS)) is expected


@pytest.mark.parametrize("guard", ["stance > 0", "stance < 0", "stance", "stance is plus"])
def test_an_unread_stance_is_on_no_side(seen: Callable, guard: str) -> None:
    assert parse_guard(guard)(seen(0, None)) is False


def test_a_rule_without_stance_has_none(seen: Callable) -> None:
    assert parse_guard("stance is unread")(seen(0, None))
    assert not parse_guard("stance is unread")(seen(0, stance=None))
    assert not parse_guard("stance > 0")(seen(0, stance=None))


@pytest.mark.parametrize(
    ("guard", "message"),
    [
        ("tone > 0", "is no test"),
        ("", "is no test"),
        ("stance > soft", "from -1 to 1"),
        ("speaker > 3", "can be compared"),
        ("amount > lots", "no sum of money"),
        ([], "write a test"),
        ({}, "write a test"),
        ({"either": ["amount"]}, "write a test"),
        (7, "write a test"),
    ],
)
def test_what_is_no_guard_is_refused(guard: object, message: str) -> None:
    with pytest.raises(GuardError, match=message):
        parse_guard(guard)


def test_a_guard_of_endless_depth_is_refused() -> None:
    deep: object = "amount"
    for _ in range(50):
        deep = [deep]

    with pytest.raises(GuardError, match="levels deep"):
        parse_guard(deep)


def test_a_guarded_condition_sees_only_what_passes(condition: Callable, seen: Callable, memory: Callable, now) -> None:
    judge = condition("{when: {count: 2, within: 1d}, if: stance > 0}").judge
    soft, hard = [seen(0, 0.5), seen(0, 0.5)], [seen(0, -0.5), seen(0, None)]

    assert [each.firing for each in judge("r", soft, memory(*soft, *hard), now)] == [True]
    assert judge("r", hard, memory(*soft, *hard), now) == ()
    assert judge("r", (), memory(*hard), now) == []
