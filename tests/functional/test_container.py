"""The image: built from the Dockerfile on a Debian base, and run as it will be run, locked down.

Takes minutes: set MONITOR_CONTAINER_TESTS=1, as root on Debian with buildah, debootstrap and util-linux.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parent / "container.sh"
BASE, IMAGE = "localhost/monitor-test-base", "localhost/monitor-test"
TOOLS = ("buildah", "debootstrap", "unshare", "setpriv", "nsenter")
QUIET = """\
database: sqlite:///monitor.db
rules: [rules]
feeds: [{id: nobody, url: "http://127.0.0.1:9/rss.xml"}]
polling: {allow_private_hosts: ["127.0.0.1"]}
"""


def _missing() -> str:
    if not os.environ.get("MONITOR_CONTAINER_TESTS"):
        return "takes minutes; set MONITOR_CONTAINER_TESTS=1"
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"needs {', '.join(absent)}" if absent else "" if os.geteuid() == 0 else "needs root"


pytestmark = [
    pytest.mark.skipif(bool(_missing()), reason=_missing()),
    pytest.mark.timeout(1500),
    pytest.mark.xdist_group("container"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A built image: its unpacked files, and how it wants to be run."""

    root: Path
    config: Mapping[str, Any]

    @property
    def user(self) -> int:
        return int(self.config["User"].partition(":")[0])

    def environment(self, *command: str) -> dict[str, str]:
        """What container.sh needs to run the image's own entry point with this command."""
        path = next(value for name, _, value in (each.partition("=") for each in self.config["Env"]) if name == "PATH")
        entry = " ".join((*self.config["Entrypoint"], *(command or self.config["Cmd"])))
        return {**os.environ, "USER_ID": str(self.user), "IMAGE_PATH": path, "ENTRY": entry}


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A started container: its processes see only themselves, a read-only root, /data and /tmp."""

    image: Image
    unshare: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """Of the container's first process, seen from outside; 0 before there is one."""
        children = Path(f"/proc/{self.unshare.pid}/task/{self.unshare.pid}/children").read_text().split()
        return int(children[0]) if children else 0

    def health(self) -> subprocess.CompletedProcess[str]:
        """The image's health check, run beside the service as its user."""
        kind, *command = self.image.config["Healthcheck"]["Test"]
        assert kind == "CMD"
        entered = ["nsenter", "--target", str(self.pid), "--all", "--root", "--wd"]
        locked = ["setpriv", f"--reuid={self.image.user}", f"--regid={self.image.user}", "--clear-groups"]
        path = self.image.environment()["IMAGE_PATH"]
        asked = [*entered, *locked, "env", "-i", f"PATH={path}", "HOME=/tmp", *command]
        return subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)

    def wait_until_healthy(self) -> None:
        deadline = time.monotonic() + 120
        while (answer := self.health()).returncode != 0:
            assert self.unshare.poll() is None, "the container ended"
            assert time.monotonic() < deadline, answer.stdout + answer.stderr
            time.sleep(0.5)

    def stop(self) -> int:
        """Send the image's stop signal to its first process; the exit code."""
        os.kill(self.pid, signal.Signals[self.image.config.get("StopSignal", "SIGTERM")])
        return self.unshare.wait(timeout=30)


def _buildah(*arguments: str) -> str:
    done = subprocess.run(["buildah", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    for step in (("base", BASE), ("build", BASE, IMAGE)):
        done = subprocess.run([SCRIPT, *step], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    config = json.loads(_buildah("inspect", "--type", "image", IMAGE))["Docker"]["config"]
    container = _buildah("from", "--pull-never", IMAGE)
    try:
        yield Image(root=Path(_buildah("mount", container)), config=config)
    finally:
        _buildah("rm", container)


@pytest.fixture
def data(tmp_path: Path, image: Image) -> Path:
    """An empty volume, owned like the image's own /data."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o750)
    owner = (image.root / "data").stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    return folder


@contextmanager
def started(image: Image, data: Path, *command: str) -> Iterator[Running]:
    isolated = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", SCRIPT, "run", image.root, data]
    process = subprocess.Popen(
        isolated, env=image.environment(*command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield Running(image=image, unshare=process)
    finally:
        process.kill()
        process.communicate()


def answer(image: Image, data: Path, *command: str) -> tuple[int, str]:
    with started(image, data, *command) as running:
        output, _ = running.unshare.communicate(timeout=120)
        return running.unshare.returncode, output.decode()


def test_the_image_runs_without_root(image: Image) -> None:
    assert image.config["User"] == "10001:10001"
    assert image.config["StopSignal"] == "SIGTERM"
    assert list(image.config["Volumes"]) == ["/data"]


def test_what_the_build_was_told_in_secret_is_not_in_the_image(image: Image) -> None:
    assert not (image.root / "etc/pip.conf").exists()
    assert not (image.root / "run/secrets").exists()
    assert "ca.pem" not in json.dumps(image.config)


def test_nothing_the_program_needs_belongs_to_its_user(image: Image) -> None:
    program = [image.root / "opt/monitor", *(image.root / "opt/monitor").rglob("*")]
    assert {path.lstat().st_uid for path in program} == {0}


def test_the_first_start_writes_a_configuration_and_the_rules(image: Image, data: Path) -> None:
    with started(image, data) as running:
        running.wait_until_healthy()
        assert {"monitor.yaml", "feeds.opml", "rules", "monitor.db"} <= {path.name for path in data.iterdir()}
        assert {path.stat().st_uid for path in data.rglob("*")} == {image.user}
        assert running.stop() == 0


def test_the_shipped_configuration_passes_the_check(image: Image, data: Path) -> None:
    with started(image, data) as running:
        running.wait_until_healthy()
        running.stop()
    assert answer(image, data, "check")[0] == 0


def test_a_later_start_keeps_what_is_in_the_volume(image: Image, data: Path) -> None:
    (data / "monitor.yaml").write_text(QUIET)
    (data / "rules").mkdir()
    (data / "rules" / "mine.yaml").write_text("rule: mine\ntitle: Mine\nmatch: [gripen]\nalert: low\n")
    with started(image, data) as running:
        running.wait_until_healthy()
        assert running.stop() == 0
    assert (data / "monitor.yaml").read_text() == QUIET
    assert [path.name for path in (data / "rules").iterdir()] == ["mine.yaml"]


def test_rules_brought_along_are_used_from_the_first_start(image: Image, data: Path) -> None:
    (data / "rules").mkdir()
    (data / "rules" / "mine.yaml").write_text("rule: mine\ntitle: Mine\nmatch: [gripen]\nalert: low\n")
    with started(image, data) as running:
        running.wait_until_healthy()
        running.stop()
    assert [path.name for path in (data / "rules").iterdir()] == ["mine.yaml"]


def test_the_health_check_fails_where_no_service_runs(image: Image, data: Path) -> None:
    (data / "monitor.yaml").write_text(QUIET)
    (data / "rules").mkdir()
    _, *command = image.config["Healthcheck"]["Test"]
    code, _ = answer(image, data, *command[1:])
    assert code == 1


def test_a_stop_in_the_middle_of_a_poll_ends_cleanly(image: Image, data: Path) -> None:
    with started(image, data) as running:
        running.wait_until_healthy()
        begun = time.monotonic()
        assert running.stop() == 0
        assert time.monotonic() - begun < 15


def test_a_broken_configuration_is_refused_with_its_place(image: Image, data: Path) -> None:
    (data / "monitor.yaml").write_text("databse: sqlite:///monitor.db\n")
    code, output = answer(image, data, *image.config["Cmd"])
    assert code == 1
    assert "monitor.yaml:1:1: unknown key" in output
