"""The service as a process: how it starts, stops, and says that it is alive."""

import random
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store import Store
from tests.functional.service import ServiceProcess, wait_until

CONFIGURATION = """\
database: sqlite:///monitor.db
rules: [rules]
feeds: [{id: nobody, url: "http://127.0.0.1:9/rss.xml"}]
channels: {console: {}}
polling: {allow_private_hosts: ["127.0.0.1"]}
"""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceProcess]:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "any.yaml").write_text("rule: any\nmatch: [anything]\nalert: low\n")
    (tmp_path / "monitor.yaml").write_text(CONFIGURATION)
    made = ServiceProcess(config=tmp_path / "monitor.yaml")
    yield made
    if made.running:
        made.kill()


def feed_was_tried(service: ServiceProcess) -> bool:
    store = Store.open(f"sqlite:///{service.config.parent / 'monitor.db'}")
    store.migrate()
    [(_, state)] = store.feeds() or [(None, None)]
    store.close()
    return state is not None and state.failures > 0


def test_it_stays_up_when_nobody_can_be_reached_and_ends_with_0_on_sigterm(service: ServiceProcess) -> None:
    service.start()
    wait_until(lambda: feed_was_tried(service), 30, "no poll was recorded")
    assert service.running
    assert service.stop() == 0
    assert "Traceback" not in service.text()


def test_sigterm_at_any_moment_of_its_start_ends_it_with_0(service: ServiceProcess) -> None:
    chance = random.Random(7)
    for _ in range(4):
        service.start()
        wait_until(lambda: "Starting" in service.text(), 30, "it does not start")
        time.sleep(chance.uniform(0, 3))
        assert service.stop() == 0, service.text()
        service.log.unlink()


def test_wrong_rules_stop_the_start_with_every_problem(service: ServiceProcess) -> None:
    (service.config.parent / "rules" / "bad.yaml").write_text("rule: bad\nmatch: [$nowhere]\nalert: loud\n")
    service.start()
    wait_until(lambda: not service.running, 30, "it starts with a wrong rule")
    assert service.text().count("bad.yaml:") == 2
    assert "Traceback" not in service.text()


def test_a_port_that_is_taken_stops_the_start_with_a_clear_error(service: ServiceProcess) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        web = f'web: {{listen: "127.0.0.1:{port}", public_url: "http://127.0.0.1:{port}"}}\n'
        service.config.write_text(CONFIGURATION + web)
        service.start()
        wait_until(lambda: not service.running, 30, "it starts although its port is taken")
    assert f"cannot listen on 127.0.0.1, port {port}" in service.text()
    assert "Traceback" not in service.text()
