"""`monitor run`: the service in the foreground."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import typer
from rich.console import Console
from rich.status import Status

from monitor.app import Listener
from monitor.cli.check import check
from monitor.cli.logs import configure
from monitor.cli.options import CONFIG, ConfigOption, now, settings_from
from monitor.cli.output import harmless, say
from monitor.errors import ConfigError
from monitor.model import Alert, Notification, NotificationState
from monitor.pipeline import PollReport
from monitor.scheduler import run as run_service


def run(config: ConfigOption = CONFIG) -> None:
    """Run the service until SIGTERM or Ctrl-C; both let it finish what it has begun and exit with 0.

    It starts only when configuration, rules and channels are right; otherwise everything that is wrong is listed.
    Log lines go to stderr: readable on a terminal, JSON elsewhere.

    Example:

        monitor --config /etc/monitor/monitor.yaml run
    """
    configure()
    try:
        code = _serve(config)
    except ConfigError:
        check(config)  # it stops at nothing, so that one attempt shows everything that is wrong
        raise
    raise typer.Exit(code)


def _serve(config: Path) -> int:
    settings = settings_from(config)
    say(f"Starting with {len(settings.feeds)} feeds; Ctrl-C stops.")
    live = Live() if sys.stdout.isatty() else None
    with live.shown() if live else nullcontext():
        code = run_service(settings, listener=live.listener() if live else None)
    say(f"Stopped: {live}." if live else "Stopped.")
    return code


@dataclass(slots=True)
class Live:
    """One line that tells what the service does, for somebody who watches it."""

    polls: int = 0
    failed: int = 0
    items: int = 0
    alerts: int = 0
    sent: int = 0
    last: str = ""
    _status: Status = field(default_factory=lambda: Status("waiting for the first feeds", console=Console()))

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Keep the line on the terminal."""
        with self._status:
            yield

    def listener(self) -> Listener:
        """The ears that keep the line up to date."""
        return Listener(polled=self._polled, alerted=self._alerted, delivered=self._delivered)

    def __str__(self) -> str:
        counts = (
            f"{self.polls} polls, {self.failed} failed, {self.items} new items, {self.alerts} alerts, {self.sent} sent"
        )
        return f"{counts}; last: {self.last}" if self.last else counts

    def _polled(self, report: PollReport) -> None:
        self.polls += 1
        self.failed += bool(report.error)
        self.items += report.new
        self.last = f"{report.feed_id} {now():%H:%M:%S}"
        self._update()

    def _alerted(self, alert: Alert) -> None:
        self.alerts += alert.opened_at == alert.updated_at
        self._update()

    def _delivered(self, notification: Notification) -> None:
        self.sent += notification.state is NotificationState.SENT
        self._update()

    def _update(self) -> None:
        self._status.update(harmless(str(self)))
