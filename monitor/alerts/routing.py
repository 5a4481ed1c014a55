"""Which alerts go where, and why one does not."""

from collections.abc import Sequence

from monitor.model import Alert, Route


def routes_for(alert: Alert, routes: Sequence[Route]) -> list[Route]:
    """The routes that want this alert, in the order given, one for each channel."""
    wanted: dict[str, Route] = {}
    for route in routes:
        if explain(alert, route) is None:
            wanted.setdefault(route.channel, route)
    return list(wanted.values())


def explain(alert: Alert, route: Route) -> str | None:
    """Why the alert does not take this route, or None when it does."""
    if alert.severity.rank < route.at_least.rank:
        return f'severity {alert.severity} is below "{route.at_least}"'
    if route.rules and alert.rule not in route.rules:
        return f'rule "{alert.rule}" is not among {_listed(route.rules)}'
    if route.tags and not set(route.tags) & set(alert.tags):
        return f"it has {_listed(alert.tags) if alert.tags else 'no tags'}, but none of {_listed(route.tags)}"
    return None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
