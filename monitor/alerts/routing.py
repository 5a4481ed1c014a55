"""Which alerts go where, and why one does not."""

from collections.abc import Iterable, Sequence

from monitor.model import Alert, Cadence, Observation, Route, Subscription


def routes_for(alert: Alert, routes: Sequence[Route], langs: Iterable[str] = ()) -> list[Route]:
    """The routes that want this alert, one for each target: the one that tells it soonest, else the first given.

    Args:
        langs: Of its reports, as far as they are known.
    """
    known = frozenset(langs)
    wanted: dict[tuple[str, str], Route] = {}
    for route in sorted(routes, key=lambda route: _patience(route, alert)):
        if target(route) not in wanted and explain(alert, route, known) is None:
            wanted[target(route)] = route
    return list(wanted.values())


def explain(alert: Alert, route: Route, langs: Iterable[str] = ()) -> str | None:
    """Why the alert does not take this route, or None when it does."""
    if alert.severity.rank < route.at_least.rank:
        return f'severity {alert.severity} is below "{route.at_least}"'
    if route.rules and alert.rule not in route.rules:
        return f'rule "{alert.rule}" is not among {_listed(route.rules)}'
    if route.tags and not set(route.tags) & set(alert.tags):
        return f"it has {_listed(alert.tags) if alert.tags else 'no tags'}, but none of {_listed(route.tags)}"
    if route.langs and langs and not set(route.langs) & set(langs):
        return f"its reports are in {_listed(sorted(langs))}, but none in {_listed(route.langs)}"
    return None


def target(route: Route) -> tuple[str, str]:
    """Whom a route sends to: its channel, and the address there."""
    return route.channel, route.address


def languages(observations: Iterable[Observation]) -> tuple[str, ...]:
    """The languages of these reports, as far as they are known."""
    return tuple(sorted({observation.lang for observation in observations if observation.lang}))


def route_of(subscription: Subscription) -> Route:
    """The route that a person's own subscription stands for; two people may have chosen the same name."""
    return Route(
        name=f"{subscription.name} ({subscription.id[:8]})",
        channel=subscription.channel,
        address=subscription.address,
        rules=subscription.rules,
        tags=subscription.tags,
        langs=subscription.langs,
        at_least=subscription.at_least,
        schedule=subscription.schedule,
        subscription=subscription.id,
    )


def _patience(route: Route, alert: Alert) -> int:
    """How late the route tells alerts as loud as this one."""
    return list(Cadence).index(route.schedule.cadences.get(alert.severity, Cadence.NOW))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
