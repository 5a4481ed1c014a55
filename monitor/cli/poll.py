"""`monitor poll`: one round of polling, with what it brought."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer

from monitor import yamlfile
from monitor.app import App, build
from monitor.cli.logs import configure
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, now, settings_from
from monitor.cli.output import as_json, say, table
from monitor.errors import ConfigError, Problem
from monitor.model import ARTICLE_READ, Notification
from monitor.pipeline import PollReport
from monitor.settings import Settings

PATIENCE = timedelta(minutes=1)  # for services that may not be sent to so fast


def poll(
    feeds: Annotated[list[str] | None, typer.Argument(metavar="[FEED]...", help="These feeds, due or not.")] = None,
    config: ConfigOption = CONFIG,
    once: Annotated[bool, typer.Option("--once", help="One round, then stop; for clarity in scripts.")] = True,
    send: Annotated[bool, typer.Option(help="Also send the notifications that are due.")] = True,
    json: JsonOption = False,
) -> None:
    """Poll every feed that is due, once, and show what came; alerts go out as in `monitor run`.

    The first poll of a feed is history: it fills baselines and raises no alerts. The exit code is 1 when a feed failed.

    Examples:

        monitor poll --once
        monitor poll --no-send kyiv-independent tass
    """
    configure(logging.ERROR)  # the table says which feeds failed
    settings = settings_from(config)
    _check(feeds or (), settings)
    reports, sent = asyncio.run(_round(build(settings, clock=now), feeds or (), send=send))
    if json:
        as_json(reports)
    else:
        _show(reports, sent)
    if any(report.error for report in reports):
        raise typer.Exit(1)


async def _round(app: App, feeds: Sequence[str], *, send: bool) -> tuple[list[PollReport], list[Notification]]:
    try:
        reports = await app.poll_due(feeds)
        return reports, await app.send_due(PATIENCE) if send else []
    finally:
        await app.close()


def _check(wanted: Sequence[str], settings: Settings) -> None:
    known = [feed.id for feed in settings.feeds]
    problems = [
        Problem(path=settings.path, message=f'there is no feed "{name}"', hint=yamlfile.suggestion(name, known))
        for name in wanted
        if name not in known
    ]
    if problems:
        raise ConfigError(problems)


def _show(reports: Sequence[PollReport], sent: Sequence[Notification]) -> None:
    if not reports:
        say("No feed is due.")
        return
    rows = [
        (report.feed_id, _status(report), report.new, report.observations, len(report.alerts), _why(report))
        for report in sorted(reports, key=lambda report: (bool(report.error), -report.new, report.feed_id))
    ]
    table(("feed", "status", "new items", "observations", "alerts", "why"), rows)
    failed = sum(bool(report.error) for report in reports)
    say(
        f"\n{len(reports)} feeds polled, {failed} failed; {sum(report.new for report in reports)} new items, "
        f"{sum(len(report.alerts) for report in reports)} alerts, {len(sent)} notifications tried."
    )


def _why(report: PollReport) -> str:
    unread = {why: count for why, count in report.pages.items() if why != ARTICLE_READ}
    return report.error or "; ".join(
        f"{count} of the new items keep what the feed gave: {why}" for why, count in unread.items()
    )


def _status(report: PollReport) -> str:
    if report.error:
        return "failing"
    return "unchanged" if report.unchanged else "history" if report.historic else "ok"
