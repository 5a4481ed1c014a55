"""A small installation in a temporary folder, a loopback publisher, and a way to call commands in this process."""

import json
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner, Result

from monitor.cli.main import app
from monitor.cli.options import now

RULE = """\
rule: plums
title: Plums
severity: high
tags: [fruit]
match: {any: [plum~], none: [jam]}
alerts: [{name: mention, when: each}]
tests:
  - item: {title: Plums for everybody}
    expect: {match: true}
  - item: {title: Plum jam}
    expect: {match: false}
"""


@dataclass(slots=True)
class Installation:
    """The folder in which commands run, and what it holds."""

    folder: Path
    publisher: HTTPServer
    titles: list[str] = field(default_factory=list)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def configure(self, text: str) -> None:
        self.write("monitor.yaml", text)

    def run(self, *args: str, input_: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, list(args), input=input_, prog_name="monitor")

    def ok(self, *args: str, input_: str | bytes | None = None) -> str:
        result = self.run(*args, input_=input_)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    def json(self, *args: str) -> Any:
        return json.loads(self.ok(*args, "--json"))

    def refused(self, *args: str) -> str:
        """What the error says that the command ends with."""
        result = self.run(*args)
        assert result.exit_code == 1, result.output
        return str(result.exception)

    def publish(self, *titles: str) -> None:
        """Serve a feed with these headlines, the newest first."""
        self.titles[:0] = titles
        entries = "".join(
            f"<item><guid>{title}</guid><title>{title}</title><pubDate>{format_datetime(now())}</pubDate></item>"
            for title in self.titles
        )
        body = f"<rss version='2.0'><channel><title>t</title>{entries}</channel></rss>"
        self.publisher.clear()
        self.publisher.expect_request("/feed").respond_with_data(body, content_type="application/rss+xml")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> Installation:
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_CONFIG", "monitor.yaml")
    monkeypatch.delenv("MONITOR_DATABASE", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return Installation(tmp_path, httpserver)


@pytest.fixture
def installation(bare: Installation) -> Installation:
    """One rule, one feed on loopback, the console as channel."""
    bare.write("rules/plums.yaml", RULE)
    bare.configure(f"""\
# our configuration
feeds:
  - {{id: orchard, url: "{bare.publisher.url_for("/feed")}", publisher: Orchard}}   # the first

# where alerts go
channels:
  console: {{}}
subscriptions:
  desk: {{channel: console, at_least: low}}
polling: {{allow_private_hosts: [localhost, 127.0.0.1]}}
""")
    return bare


@pytest.fixture
def alerted(installation: Installation) -> Installation:
    """The same after a first poll of history and a second one that raised an alert."""
    installation.publish("An old plum")
    installation.ok("poll", "orchard")
    installation.publish("A new plum", "Something else")
    installation.ok("poll", "orchard")
    return installation
