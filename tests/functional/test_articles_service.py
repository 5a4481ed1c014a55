"""Full articles through the real service: a word on the page alone opens an alert, and a kill loses nothing."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from monitor.model import ARTICLE_READ, Item
from monitor.store import Store
from tests.functional.hostile import rss
from tests.functional.service import ServiceProcess, wait_until
from tests.functional.test_articles import RULE, page

CONFIGURATION = """\
database: sqlite:///monitor.db
rules: [rules]
polling: {{every: 1s, spacing: 0s, concurrency: 2, allow_private_hosts: ["127.0.0.1", localhost]}}
feeds:
  - {{id: herald, url: "{url}", article: true}}
  - {{id: gazette, url: "{url}?gazette", article: true}}
  - {{id: plain, url: "{url}?plain"}}
channels: {{console: {{}}}}
"""
HEADLINE = "Envoy says harbour talks may resume"


class Newspaper:
    """A feed of stubs; the pages behind them can be held back."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.entries = ["old"]
        self.asked: list[str] = []
        self.plain = 0
        self.open = threading.Event()
        self.open.set()
        server.expect_request("/feed").respond_with_handler(self._feed)
        server.expect_request("/story/").respond_with_handler(self._page)

    def _feed(self, request: Request) -> Response:
        self.plain += request.query_string == b"plain"
        url = self.server.url_for("/story/")
        told = (
            f"<item><title>{HEADLINE} {name}</title><link>{url}?id={name}</link><description>Stub.</description></item>"
            for name in self.entries
        )
        return Response(rss(*told), content_type="application/rss+xml")

    def _page(self, request: Request) -> Response:
        self.asked.append(request.args["id"])
        self.open.wait(20)
        return Response(page(), content_type="text/html; charset=utf-8")


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    with HTTPServer(threaded=True) as server:  # it answers others while a page is held back
        yield Newspaper(server)


@pytest.fixture
def service(tmp_path: Path, newspaper: Newspaper) -> Iterator[ServiceProcess]:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "basin.yaml").write_text(RULE)
    url = newspaper.server.url_for("/feed").replace("localhost", "127.0.0.1")
    (tmp_path / "monitor.yaml").write_text(CONFIGURATION.format(url=url))
    made = ServiceProcess(config=tmp_path / "monitor.yaml")
    yield made
    if made.running:
        made.kill()


def stored(service: ServiceProcess) -> dict[str, Item]:
    """Items of one feed by the last word of their headline."""
    store = Store.open(f"sqlite:///{service.config.parent / 'monitor.db'}")
    try:
        store.migrate()
        items = store.recent_items(datetime.now(UTC) - timedelta(days=1))
        return {item.title.split()[-1]: item for item in items if item.feed_id == "herald"}
    finally:
        store.close()


def test_a_word_on_the_page_opens_an_alert_and_a_kill_while_it_is_read_loses_nothing(
    service: ServiceProcess, newspaper: Newspaper
) -> None:
    service.start()
    wait_until(lambda: "old" in stored(service), 40, "no first poll")
    newspaper.entries.insert(0, "first")
    wait_until(lambda: "first" in stored(service), 30, "the new item is not stored")
    assert stored(service)["first"].article == ARTICLE_READ
    wait_until(lambda: "basin" in service.text(), 30, "no alert")

    newspaper.open.clear()
    newspaper.entries.insert(0, "second")
    wait_until(lambda: "second" in newspaper.asked, 30, "its page is not asked for")
    polled = newspaper.plain
    wait_until(lambda: newspaper.plain > polled + 2, 15, "a feed that reads no pages waits for those that do")
    service.kill()
    assert "second" not in stored(service)
    newspaper.open.set()
    service.start()
    wait_until(lambda: "second" in stored(service), 40, "the item is lost")
    assert stored(service)["second"].article == ARTICLE_READ
    assert service.stop() == 0, service.text()
    assert newspaper.asked.count("second") == 2  # the first answer never came
    assert newspaper.asked.count("first") == 1
    assert "old" not in newspaper.asked
    assert "Traceback" not in service.text()
