"""`monitor check`: everything that is wrong, before it matters."""

from collections.abc import Iterator, Sequence

from monitor import yamlfile
from monitor.channels.base import Channel
from monitor.channels.table import build as build_channels
from monitor.cli.options import CONFIG, ConfigOption, require
from monitor.cli.output import say, table
from monitor.errors import ConfigError, Problem
from monitor.readers.signup import problems as signup_problems
from monitor.rules.load import load as load_rules
from monitor.rules.rule import RuleSet
from monitor.settings import Settings, examine
from monitor.settings.addresses import problems as address_problems
from monitor.settings.values import Judging


def check(config: ConfigOption = CONFIG) -> None:
    """Find everything that is wrong in configuration, feeds, channels and rules; nothing is sent or changed.

    Every problem is shown with its place and what would be right; the exit code is 1 when there is any.

    Example:

        monitor check && monitor run
    """
    require(config)
    settings, problems = examine(config)
    loaded = load_rules([path for path in settings.rules if path.exists()])
    channels, wrong_channels = _channels(settings, problems)
    by_name = {channel.name: channel for channel in channels}
    readers = [*address_problems(settings, by_name), *signup_problems(settings, by_name)] if channels else ()
    found = [*problems, *wrong_channels, *readers, *_unknown_rules(settings, loaded.rules), *loaded.problems]
    if found:
        raise ConfigError(list(dict.fromkeys(found)))
    _summary(settings, loaded.rules, channels)


def _channels(settings: Settings, known: Sequence[Problem]) -> tuple[Sequence[Channel], Sequence[Problem]]:
    """The channels, or what is wrong with those of which nothing wrong is known yet."""
    lines = {(problem.path, problem.line) for problem in known}
    whole = [spec for spec in settings.channels if (spec.path, spec.line) not in lines]
    try:
        return list(build_channels(whole).values()), ()
    except ConfigError as error:
        return (), error.problems


def _unknown_rules(settings: Settings, rules: RuleSet) -> Iterator[Problem]:
    """Subscriptions to rules that do not exist would be silent for ever."""
    known = [rule.id for rule in rules.rules]
    tags = {tag for rule in rules.rules for tag in rule.tags}
    file = yamlfile.read(settings.path)
    for number, route in enumerate(settings.routes):
        place = ("subscriptions", route.name, number)
        for position, rule in enumerate(route.rules):
            if rule not in known:
                message = f'subscription "{route.name}": there is no rule "{rule}"'
                yield file.problem((*place, "rules", position), message, yamlfile.suggestion(rule, known))
        for position, tag in enumerate(route.tags):
            if tag not in tags:
                message = f'subscription "{route.name}": no rule has the tag "{tag}"'
                yield file.problem((*place, "tags", position), message, yamlfile.suggestion(tag, tags))


def _summary(settings: Settings, rules: RuleSet, channels: Sequence[Channel]) -> None:
    say(f"{settings.path}: all is well.\n")
    rows: list[tuple[str, object, str]] = [
        ("feeds", len(settings.feeds), _where(settings)),
        ("rules", len(rules.rules), ", ".join(map(str, settings.rules))),
        *_judge(settings.judge),
        *(("channel", channel.name, channel.describe()) for channel in channels),
        *(("subscription", route.name, f"to {route.channel}, {route.at_least} and above") for route in settings.routes),
    ]
    table(("what", "", "details"), rows)
    judged = [rule.id for rule in rules.rules if rule.judge]
    for nothing, hint in (
        (not settings.feeds, "There are no feeds: `monitor feeds add URL` adds one."),
        (
            judged and not settings.judge,
            f"Optional: with `judge:` a model would be asked about what {_some(judged)} cannot read.",
        ),
        (settings.judge and not judged, "`judge:` is set, but no rule asks for a second opinion."),
        (not rules.rules, "There are no rules: `monitor rules new NAME` writes one."),
    ):
        if nothing:
            say(f"\n{hint}")


def _judge(judge: Judging | None) -> list[tuple[str, object, str]]:
    if judge is None:
        return []
    budget = judge.budget
    allowed = f"{budget.calls} calls a day, {budget.per_rule} for each rule, {budget.tokens} tokens"
    return [("judge", judge.access.model, f"{judge.access.endpoint}; {allowed}")]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _where(settings: Settings) -> str:
    inline = [settings.path] if len(settings.feeds) else []
    return ", ".join(str(path) for path in (*settings.opml, *([] if settings.opml else inline)))
