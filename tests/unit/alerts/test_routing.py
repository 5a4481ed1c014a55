"""Tests of monitor.alerts.routing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.routing import explain, route_of, routes_for
from monitor.model import Alert, Cadence, Route, Schedule, Severity, Subscription

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def alert(
    rule: str = "envoys", tags: tuple[str, ...] = ("talks", "east"), severity: Severity = Severity.MEDIUM
) -> Alert:
    return Alert(
        id="1",
        rule=rule,
        rule_version="v1",
        name="n",
        group="",
        severity=severity,
        tags=tags,
        title="t",
        reason="r",
        opened_at=NOW,
        updated_at=NOW,
    )


@pytest.mark.parametrize(
    ("route", "why_not"),
    [
        (Route(name="all", channel="c"), None),
        (Route(name="its level", channel="c", at_least=Severity.MEDIUM), None),
        (Route(name="louder", channel="c", at_least=Severity.HIGH), 'severity medium is below "high"'),
        (Route(name="its rule", channel="c", rules=("other", "envoys")), None),
        (Route(name="other rule", channel="c", rules=("other",)), 'rule "envoys" is not among "other"'),
        (Route(name="one tag", channel="c", tags=("east", "money")), None),
        (Route(name="no tag", channel="c", tags=("money",)), 'it has "talks", "east", but none of "money"'),
    ],
    ids=lambda value: value.name if isinstance(value, Route) else "",
)
def test_a_route_says_why_an_alert_does_not_take_it(route: Route, why_not: str | None) -> None:
    assert explain(alert(), route) == why_not


def test_an_alert_without_tags_says_so() -> None:
    assert explain(alert(tags=()), Route(name="r", channel="c", tags=("x",))) == 'it has no tags, but none of "x"'


@pytest.mark.parametrize(
    ("langs", "why_not"),
    [
        (("uk", "ru"), None),
        (("en",), 'its reports are in "en", but none in "de", "uk"'),
        ((), None),
    ],
    ids=["one of them", "none of them", "unknown"],
)
def test_a_route_may_want_certain_languages(langs: tuple[str, ...], why_not: str | None) -> None:
    assert explain(alert(), Route(name="r", channel="c", langs=("de", "uk")), langs) == why_not


def test_a_subscription_is_a_route_of_its_own_even_under_a_name_somebody_else_chose() -> None:
    mine = Subscription(
        id="0123456789", name="Anna", channel="mail", address="a@x.example", langs=("uk",), created_at=NOW
    )
    route = route_of(mine)
    assert (route.subscription, route.address, route.langs) == ("0123456789", "a@x.example", ("uk",))
    assert route.name != route_of(replace(mine, id="9876543210")).name


def test_two_addresses_of_one_channel_are_two_targets() -> None:
    both = [
        Route(name="a", channel="mail", address="a@x.example"),
        Route(name="b", channel="mail", address="b@x.example"),
    ]
    assert routes_for(alert(), both) == both


def test_a_channel_hears_of_an_alert_once() -> None:
    first, second = Route(name="first", channel="c"), Route(name="second", channel="c", at_least=Severity.LOW)
    assert routes_for(alert(), [first, second, Route(name="third", channel="d")]) == [
        first,
        Route(name="third", channel="d"),
    ]


def test_of_several_routes_to_one_target_the_soonest_counts() -> None:
    daily = Route(name="all", channel="c", schedule=Schedule(cadences=dict.fromkeys(Severity, Cadence.DAILY)))
    urgent = Route(name="urgent", channel="c", at_least=Severity.HIGH)
    assert routes_for(alert(severity=Severity.HIGH), [daily, urgent]) == [urgent]
    assert routes_for(alert(severity=Severity.LOW), [daily, urgent]) == [daily]


names = st.sampled_from(["a", "b", "c"])
routes = st.builds(
    Route,
    name=names,
    channel=names,
    rules=st.lists(names, max_size=2).map(tuple),
    tags=st.lists(names, max_size=2).map(tuple),
    at_least=st.sampled_from(Severity),
)
alerts = st.builds(alert, rule=names, tags=st.lists(names, max_size=3).map(tuple), severity=st.sampled_from(Severity))


@given(alerts, st.lists(routes, max_size=6))
def test_every_channel_that_wants_an_alert_gets_it_and_no_other(one: Alert, given_routes: list[Route]) -> None:
    chosen = routes_for(one, given_routes)
    assert {route.channel for route in chosen} == {r.channel for r in given_routes if explain(one, r) is None}
    assert len({route.channel for route in chosen}) == len(chosen)


@given(alerts, routes)
def test_a_louder_alert_never_reaches_fewer(one: Alert, route: Route) -> None:
    louder = alert(rule=one.rule, tags=one.tags, severity=Severity.CRITICAL)
    assert explain(one, route) is not None or explain(louder, route) is None
