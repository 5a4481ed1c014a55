"""Every model value survives the store."""

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import count
from typing import Any, Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model import (
    Acknowledgement,
    Alert,
    Feed,
    Item,
    Mute,
    Notification,
    Observation,
    Outcome,
    Severity,
    Subscription,
)
from monitor.store import Store

_NUMBER = count()
_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    bool: st.booleans(),
    int: st.integers(0, 2**31 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    bytes: st.binary(max_size=50),
    datetime: st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    timedelta: st.timedeltas(timedelta(0), timedelta(days=3000)),
    time: st.times(),
}


def anything(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type that a model's field may have."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(anything(arguments[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(anything(arguments[0]), anything(arguments[1]), max_size=3)
    if isinstance(hint, types.UnionType):
        return st.one_of(st.none(), *(anything(each) for each in arguments if each is not type(None)))
    if is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{field.name: anything(hints[field.name]) for field in fields(hint)})
    assert issubclass(hint, StrEnum)
    return st.sampled_from(list(hint))


def fresh() -> str:
    """An id that no example before has used."""
    return f"id-{next(_NUMBER)}"


def surviving(cls: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with many values of a model; all of them go into one store."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        return many(given(value=anything(cls))(test))

    return decorate


def add_alert(store: Store) -> str:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    words = dict.fromkeys(("rule", "rule_version", "name", "group", "title", "reason"), "")
    alert = Alert(id=fresh(), severity=Severity.LOW, opened_at=now, updated_at=now, **words)
    with store.unit() as unit:
        unit.save(Outcome(alerts=(alert,)))
    return alert.id


def add_item(store: Store) -> str:
    item = Item(id=fresh(), feed_id="feed", title="", first_seen_at=datetime(2026, 3, 1, tzinfo=UTC))
    with store.unit() as unit:
        unit.add_items([item])
    return item.id


@surviving(Item)
def test_every_item_survives(store: Store, value: Item) -> None:
    item = replace(value, id=fresh(), keys=tuple(f"{fresh()} {key}" for key in value.keys))
    with store.unit() as unit:
        assert unit.add_items([item]) == [item]
    assert store.item(item.id) == item


@surviving(Observation)
def test_every_observation_survives(store: Store, value: Observation) -> None:
    observation = replace(value, id=fresh(), rule=fresh(), item_id=add_item(store))
    with store.unit() as unit:
        unit.save(Outcome(observations=(observation,)))
        (stored,) = unit.observations(observation.rule)
    assert stored == observation
    assert [str(amount.value) for amount in stored.amounts] == [str(amount.value) for amount in observation.amounts]


@surviving(Alert)
def test_every_alert_survives_and_so_does_what_replaces_it(store: Store, value: Alert) -> None:
    alert = replace(value, id=fresh())
    for state in (replace(alert, title="before", tags=("old",), ended_at=None), alert):
        with store.unit() as unit:
            unit.save(Outcome(alerts=(state,)))
        assert store.alert(alert.id) == state


@surviving(Notification)
def test_every_notification_survives(store: Store, value: Notification) -> None:
    notification = replace(value, id=fresh(), alert_id=add_alert(store))
    with store.unit() as unit:
        unit.save(Outcome(notifications=(notification,)))
    assert store.notifications(alert_id=notification.alert_id) == [notification]


@surviving(Notification)
def test_a_notification_about_no_alert_survives(store: Store, value: Notification) -> None:
    notification = replace(value, id=fresh(), alert_id=None)
    with store.unit() as unit:
        unit.save(Outcome(notifications=(notification,)))
    assert store.notification(notification.id) == notification


@surviving(Subscription)
def test_every_subscription_survives_and_so_does_what_replaces_it(store: Store, value: Subscription) -> None:
    subscription = replace(value, id=fresh())
    for state in (replace(subscription, name="before", ended_at=None), subscription):
        with store.unit() as unit:
            unit.keep_subscription(state)
        assert store.subscription(subscription.id) == state


@surviving(Mute)
def test_every_mute_survives_and_so_does_what_replaces_it(store: Store, value: Mute) -> None:
    mute = replace(value, id=fresh())
    for state in (replace(mute, reason="before", lifted_at=None), mute):
        with store.unit() as unit:
            unit.keep_mute(state)
        assert store.mute(mute.id) == state


@surviving(Acknowledgement)
def test_every_acknowledgement_survives(store: Store, value: Acknowledgement) -> None:
    acknowledgement = replace(value, alert_id=add_alert(store))
    with store.unit() as unit:
        assert unit.acknowledge(acknowledgement)
    assert store.acknowledgement(acknowledgement.alert_id) == acknowledgement


@surviving(Feed)
def test_every_feed_survives(store: Store, value: Feed) -> None:
    store.sync_feeds([value], datetime(2026, 3, 1, tzinfo=UTC))
    ((stored, _),) = store.feeds()
    assert stored == value


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_feed_state_survives(store: Store, data: st.DataObject) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    feed = Feed(id=fresh(), url="https://example.org")
    store.sync_feeds([feed], now)
    (lease,) = store.claim_feeds(now, limit=1, ttl=timedelta(minutes=1))
    state = replace(data.draw(anything(type(lease.state))), feed_id=feed.id)
    with store.unit() as unit:
        unit.finish_feed(lease, state)
    assert store.feeds() == [(feed, state)]
