"""The service as a process that asks a slow model: killed and stopped while it waits for an answer."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from monitor.model import Observation, Opinion, OpinionState
from monitor.store import Store
from tests.fakes import MORNING, rss
from tests.functional.service import ServiceProcess, wait_until
from tests.functional.sinks import PlainSink, Reply

KEY = "sk-never-to-be-seen-0123456789"
OLD, NEW = "Peskov says this is history", "Peskov says the envoy will be received on Tuesday"
RULE = """\
rule: kremlin
match: {speaker: [russia]}
stance: {scale: openness, labels: {minus: hard, zero: fixed, plus: soft}}
judge: {question: Which way does it lean?}
alert: low
"""
LEXICON = """\
actors: {kremlin: {side: russia, en: [=Peskov]}}
scale: openness
points: {1: {en: [open to]}}
speech: {say: {en: [say~]}}
"""
CONFIGURATION = """\
database: sqlite:///monitor.db
rules: [rules]
feeds: [{{id: north, url: "http://127.0.0.1:{feed}/rss.xml", publisher: North, every: 1s}}]
channels: {{console: {{}}}}
polling: {{allow_private_hosts: ["127.0.0.1"], at_least: 1s}}
judge: {{endpoint: "http://127.0.0.1:{model}/v1", model: test-model, key: "${{JUDGE_KEY}}", timeout: 20s}}
"""
ANSWER = json.dumps({"answer": "soft", "quote": "will be received"})
SLOWLY = Reply(body=json.dumps({"choices": [{"message": {"content": ANSWER}}]}), delay=60)


@pytest.fixture
def headlines() -> Iterator[tuple[list[str], int]]:
    """A feed whose headlines a test adds, and its port."""
    shown = [OLD]

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = rss("north", [(title, MORNING) for title in shown])
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield shown, server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def model() -> Iterator[PlainSink]:
    with PlainSink() as sink:
        yield sink


@pytest.fixture
def service(tmp_path: Path, headlines: tuple[list[str], int], model: PlainSink) -> Iterator[ServiceProcess]:
    (tmp_path / "rules" / "lexicons").mkdir(parents=True)
    (tmp_path / "rules" / "kremlin.yaml").write_text(RULE)
    (tmp_path / "rules" / "lexicons" / "all.yaml").write_text(LEXICON)
    (tmp_path / "monitor.yaml").write_text(CONFIGURATION.format(feed=headlines[1], model=model.port))
    made = ServiceProcess(config=tmp_path / "monitor.yaml", environment={"JUDGE_KEY": KEY})
    made.start()
    wait_until(lambda: bool(observations(made)), 30, "the history was not read")
    headlines[0].insert(0, NEW)
    yield made
    if made.running:
        made.kill()


def observations(service: ServiceProcess) -> list[Observation]:
    path = service.config.parent / "monitor.db"
    if not path.exists():
        return []
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    found = store.observations("kremlin")
    store.close()
    return found


def opinion(service: ServiceProcess) -> Opinion:
    new = next(each for each in observations(service) if each.title == NEW)
    store = Store.open(f"sqlite:///{service.config.parent / 'monitor.db'}")
    with store.opinions() as opinions:
        found = opinions.of(new.id)
    store.close()
    assert found is not None
    return found


def test_a_service_killed_while_it_asks_asks_once_more_and_never_again(
    service: ServiceProcess, model: PlainSink
) -> None:
    model.script(SLOWLY, SLOWLY, SLOWLY)
    for asked in (1, 2):
        wait_until(lambda asked=asked: len(model.requests) == asked, 30, f"the model was not asked {asked} times")
        service.kill()
        service.start()
    wait_until(lambda: opinion(service).state is OpinionState.FAILED, 30, "it is asked for ever")
    assert len(model.requests) == 2
    assert service.stop() == 0
    assert KEY not in service.text()


def test_a_service_stops_at_once_although_the_model_is_slow(service: ServiceProcess, model: PlainSink) -> None:
    model.script(SLOWLY)
    wait_until(lambda: len(model.requests) == 1, 30, "the model was not asked")
    assert service.stop() == 0
    assert "Traceback" not in service.text()
    assert "crashed" not in service.text()
    assert opinion(service).state is OpinionState.PENDING
