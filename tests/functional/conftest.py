"""Fixtures of the functional tests: servers that play the outside world."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.sinks import HttpsSink, PlainSink, SmtpSink


@pytest.fixture
def https_sink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpsSink]:
    """Slack and Telegram on loopback, which this process meets under their own names."""
    with HttpsSink(tmp_path) as sink:
        for name, value in sink.environment.items():
            monkeypatch.setenv(name, value)
        yield sink


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A mail server on loopback."""
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def plain_sink() -> Iterator[PlainSink]:
    """An HTTP service on loopback."""
    with PlainSink() as sink:
        yield sink
