"""The command `monitor` as a process: exit codes, what goes to stdout and stderr, signals, pipes, and secrets."""

import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

TOKEN = "planted0token0that0must0not0show"
RULE = "rule: plums\ntitle: Plums\nmatch: [plum~]\nalert: high\n"
FEED = "<rss version='2.0'><channel><title>t</title><item><guid>{0}</guid><title>{0}</title></item></channel></rss>"
Monitor = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "plums.yaml").write_text(RULE)
    (tmp_path / "monitor.yaml").write_text("")
    return tmp_path


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    return kept | {"HOME": str(folder), "DESK_URL": f"json://127.0.0.1:1/{TOKEN}", "COLUMNS": "160"}


@pytest.fixture
def monitor(folder: Path) -> Monitor:
    def run(*args: str, text: str = "", **env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "monitor", *args],
            cwd=folder,
            env=environment(folder) | env,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


# --- errors ---------------------------------------------------------------------------------------------------------


def test_a_usage_error_exits_with_2_and_a_finding_with_1(monitor: Monitor):
    assert monitor("chek").returncode == 2
    assert monitor("feeds", "remove", "nobody").returncode == 1
    assert monitor("rules", "check").returncode == 0


ERRORS = {
    "a broken configuration": ("databse: x", ("check",), 'monitor.yaml:1:1: unknown key "databse"'),
    "a broken rule": ("rules: [bad.yaml]", ("rules", "check"), 'there is no list "$nothing"'),
    "a broken rule at the start": ("rules: [bad.yaml]", ("run",), 'there is no list "$nothing"'),
    "a missing feed list": ("feeds: [{opml: no.opml}]", ("run",), "monitor.yaml:1:16: there is no file"),
    "a file that is no feed": ("", ("match", "page.html"), "page.html: "),
    "a channel that fails": ("channels: {desk: {url: '${DESK_URL}'}}", ("send-test", "desk"), "monitor: desk: "),
    "a database that is none": ("database: sqlite:///page.html", ("status",), "monitor: "),
    "a database in no folder": ("database: sqlite:////proc/none/m.db", ("status",), "monitor: "),
}


@pytest.mark.parametrize("name", ERRORS)
def test_every_kind_of_error_is_told_on_stderr_without_a_trace(monitor: Monitor, folder: Path, name: str):
    configuration, args, words = ERRORS[name]
    (folder / "monitor.yaml").write_text(configuration)
    (folder / "bad.yaml").write_text("rule: bad\nmatch: [$nothing]\nalert: low\n")
    (folder / "page.html").write_text("<html><body>" + "no feed and no database" * 400)
    result = monitor(*args)
    assert result.returncode == 1
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout in ("", "Starting with 0 feeds; Ctrl-C stops.\n")


def test_everything_that_is_wrong_is_told_at_the_start_of_the_service(monitor: Monitor, folder: Path):
    (folder / "monitor.yaml").write_text("operator: ops\nrules: [none, rules]\nchannels: {a: {url: '${NOT_SET}'}}\n")
    (folder / "rules" / "bad.yaml").write_text("rule: bad\nmatch: [$nothing]\nalert: low\n")
    said = monitor("run").stderr.splitlines()
    assert [":".join(line.split(":")[:2]) for line in said] == [
        "monitor.yaml:1",
        "monitor.yaml:2",
        "monitor.yaml:3",
        "rules/bad.yaml:2",
    ]


# --- pipes ----------------------------------------------------------------------------------------------------------


def test_matches_come_while_the_input_is_still_open(folder: Path):
    command = [sys.executable, "-m", "monitor", "match", "-"]
    master, slave = pty.openpty()  # a terminal gets every line at once
    with subprocess.Popen(command, cwd=folder, env=environment(folder), stdin=subprocess.PIPE, stdout=slave) as process:
        assert process.stdin
        process.stdin.write(b'{"id": "a", "title": "A plum"}\n')
        process.stdin.flush()
        answer = json.loads(os.read(master, 10_000))
        process.stdin.close()
        assert process.wait(timeout=60) == 0
    os.close(slave)
    os.close(master)
    assert answer["matches"][0]["rule"] == "plums"


def test_a_reader_that_goes_away_ends_the_command_quietly(folder: Path):
    (folder / "news.jsonl").write_text("".join(f'{{"id": "{n}", "title": "A plum {n}"}}\n' for n in range(3000)))
    command = f"{sys.executable} -m monitor match news.jsonl | head -1"
    result = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.stdout.count("\n") == 1
    assert "Traceback" not in result.stderr


def test_all_lines_of_a_long_file_are_answered_in_order(monitor: Monitor):
    text = "".join(f'{{"id": "{n}", "title": "Headline {n} of a plum day"}}\n' for n in range(7000))
    result = monitor("match", text=text)
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [str(n) for n in range(7000)]


# --- the service ----------------------------------------------------------------------------------------------------


@pytest.fixture
def serving(folder: Path, httpserver: HTTPServer) -> Iterator["subprocess.Popen[str]"]:
    httpserver.expect_request("/feed").respond_with_data(FEED.format("A plum"), content_type="application/rss+xml")
    (folder / "monitor.yaml").write_text(
        f"feeds: [{{id: orchard, url: '{httpserver.url_for('/feed')}', every: 1s}}, {{id: dead, url: 'http://127.0.0.1:1/'}}]\n"
        f"channels: {{desk: {{url: '${{DESK_URL}}'}}, console: }}\n"
        "polling: {allow_private_hosts: [localhost, 127.0.0.1]}\n"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "monitor", "run"],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.2)


def test_a_service_shows_up_as_healthy_and_ends_in_order_with_no_secret_anywhere(
    serving: "subprocess.Popen[str]", monitor: Monitor, folder: Path, httpserver: HTTPServer
):
    until(lambda: monitor("status", "--healthy").returncode == 0)
    until(lambda: json.loads(monitor("status", "--json").stdout)["ok"] == 1)
    httpserver.clear()
    httpserver.expect_request("/feed").respond_with_data(
        FEED.format("Another plum"), content_type="application/rss+xml"
    )
    until(lambda: json.loads(monitor("outbox", "list", "--json").stdout) != [])
    until(
        lambda: any(
            one["attempts"]
            for one in json.loads(monitor("outbox", "list", "--json").stdout)
            if one["channel"] == "desk"
        )
    )
    serving.send_signal(signal.SIGTERM)
    stdout, stderr = serving.communicate(timeout=30)
    assert serving.returncode == 0
    assert "Another plum" in stdout
    assert json.loads(stderr.splitlines()[0])["event"] == "feed.failed"
    commands = (
        "check",
        "status",
        "feeds list",
        "feeds list --json",
        "feeds export",
        "alerts list --json",
        "outbox list --json",
    )
    shown = [stdout, stderr, *(said.stdout + said.stderr for said in (monitor(*one.split()) for one in commands))]
    tested = monitor("send-test", "desk")
    assert tested.returncode == 1
    assert not any(TOKEN in text for text in (*shown, tested.stdout, tested.stderr))
    stored = "\n".join(sqlite3.connect(folder / "monitor.db").iterdump())
    assert TOKEN not in stored


def test_ctrl_c_ends_the_service_in_order_too(serving: "subprocess.Popen[str]", monitor: Monitor):
    until(lambda: monitor("status", "--healthy").returncode == 0)
    serving.send_signal(signal.SIGINT)
    stdout, _ = serving.communicate(timeout=30)
    assert serving.returncode == 0
    assert stdout.startswith("Starting with 2 feeds; Ctrl-C stops.\n")
    assert stdout.endswith("Stopped.\n")


def test_on_a_terminal_a_running_service_shows_one_live_line(folder: Path):
    (folder / "monitor.yaml").write_text("feeds: [{id: dead, url: 'http://127.0.0.1:1/'}]")
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "monitor", "run"]
    env = environment(folder) | {"TERM": "xterm-256color"}
    with subprocess.Popen(command, cwd=folder, env=env, stdout=slave, stderr=slave) as process:
        os.close(slave)
        seen = b""
        while b"1 polls, 1 failed" not in seen:
            seen += os.read(master, 4096)
        process.send_signal(signal.SIGINT)
        while b"Stopped: 1 polls" not in seen:
            seen += os.read(master, 4096)
        assert process.wait(timeout=30) == 0
    os.close(master)
