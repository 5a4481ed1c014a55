"""Runs the real command in a process of its own, and reads its store afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

STOPS_WITHIN = 15


@dataclass(slots=True, kw_only=True)
class ServiceProcess:
    """`monitor run` on one configuration; can be started, killed and started again."""

    config: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ("run",)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Everything it has printed, over all its lives."""
        return self.config.parent / "service.log"

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        command = [sys.executable, "-m", "monitor", "--config", str(self.config), *self.arguments]
        environment = {**os.environ, "PYTHONUTF8": "1", **self.environment}
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command, cwd=self.config.parent, env=environment, stdout=output, stderr=subprocess.STDOUT
            )

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running {STOPS_WITHIN} s after SIGTERM:\n{self.text()}") from None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


def wait_until(done: Callable[[], bool], within: float, what: str) -> None:
    """Wait for `done`, or fail saying what did not happen."""
    end = time.monotonic() + within
    while not done():
        if time.monotonic() > end:
            raise AssertionError(f"after {within:.0f} s: {what}")
        time.sleep(0.1)
