"""The whole way of a reader in a real browser, by keyboard and without scripts: subscribe, confirm, change, mute, end.

MONITOR_SCREENSHOTS=folder keeps a picture of every page, narrow and wide.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright
from pytest_httpserver import HTTPServer

from monitor.model import NotificationState, SubscriptionState
from monitor.store import Store
from tests.fakes import MORNING, rss
from tests.functional.service import ServiceProcess, wait_until
from tests.functional.sinks import SmtpSink, mail_text
from tests.web.conftest import configured, free_port

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SHOTS = os.environ.get("MONITOR_SCREENSHOTS", "")
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1100, "height": 900}
ADDRESS = "anna@newsroom.example"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        try:
            launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        except Error as error:
            pytest.skip(f"chromium does not start here: {error.message[:200]}")
        yield launched
        launched.close()


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A publisher, a mail server and the service between them."""

    service: ServiceProcess
    publisher: HTTPServer
    mails: SmtpSink
    url: str

    def publish(self, *titles: str) -> None:
        self.publisher.clear()
        body = rss("orchard", [(title, MORNING) for title in titles])
        self.publisher.expect_request("/feed").respond_with_data(body, content_type="application/rss+xml")

    def mail(self, number: int) -> EmailMessage:
        """The mail of this number, from 0, once it is there."""
        wait_until(lambda: len(self.mails.mails) > number, 40, f"mail {number} did not come:\n{self.service.text()}")
        return self.mails.mails[number]

    @property
    def store(self) -> Store:
        return Store.open(f"sqlite:///{self.service.config.parent / 'monitor.db'}")

    def states(self) -> list[NotificationState]:
        """Of the notifications by mail."""
        return [each.state for each in self.store.notifications() if each.channel == "mail"]


@pytest.fixture
def newsroom(tmp_path: Path, httpserver: HTTPServer) -> Iterator[Newsroom]:
    port = free_port()
    with SmtpSink() as sink:
        config = configured(tmp_path, sink.url(), port)
        text = config.read_text().replace("http://127.0.0.1:9/rss.xml", httpserver.url_for("/feed"))
        config.write_text(
            text.replace("polling: {", "polling: {every: 1s, ").replace('"127.0.0.1"', "localhost, 127.0.0.1")
        )
        service = ServiceProcess(config=config)
        made = Newsroom(service, httpserver, sink, f"http://127.0.0.1:{port}")
        made.publish("Old news")
        service.start()
        try:
            wait_until(lambda: "web.listening" in service.text(), 30, "the pages are not served")
            yield made
        finally:
            service.kill()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser that runs no script, is narrow, and complains about what the policy forbids."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    yield opened
    context.close()
    assert [text for text in complaints if "Security Policy" in text] == []


def shoot(page: Page, name: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
    if SHOTS:
        for size, width in ((NARROW, "narrow"), (WIDE, "wide")):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{scheme}.png", full_page=True)
        page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
        page.emulate_media(color_scheme="light")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(120):
        if page.locator(selector).first.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def press(page: Page, selector: str) -> None:
    """Reach a button by keyboard and press it, until the next page is there."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def link(mail: EmailMessage, label: str) -> str:
    """The address behind a label in the text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    found = re.search(rf"{label}: (http\S+)", text)
    assert found, f"no link to {label} in:\n{text}"
    return found[1]


def test_a_reader_subscribes_changes_mutes_and_leaves_without_a_mouse(newsroom: Newsroom, page: Page) -> None:
    page.goto(newsroom.url)
    shoot(page, "subscribe")
    tab_to(page, "#address")
    page.keyboard.type(ADDRESS)
    tab_to(page, "input[value=plums]")
    page.keyboard.press("Space")
    tab_to(page, "#cadence_low")
    page.keyboard.type("at once")
    press(page, "text=Subscribe >> visible=true >> nth=-1")
    assert "Look into your mail" in page.title()
    shoot(page, "asked")

    page.goto(link(newsroom.mail(0), "Confirm"))
    assert "Plums in the talks" in page.inner_text("dl")
    assert newsroom.store.subscriptions(SubscriptionState.ACTIVE) == []
    shoot(page, "confirm")
    press(page, "button")
    assert page.title() == "You are subscribed"
    shoot(page, "confirmed")

    newsroom.publish("Pears everywhere", "Plums everywhere", "Old news")
    alert = newsroom.mail(1)
    assert alert["to"] == ADDRESS
    assert "Plums everywhere" in alert["subject"]

    page.goto(link(alert, "Preferences"))
    shoot(page, "preferences")
    tab_to(page, "#zone")
    page.keyboard.press("Control+A")
    page.keyboard.type("Europe/Kiew")
    press(page, "button[value=save]")
    assert page.title().startswith("Please check")
    assert page.locator("#zone").get_attribute("aria-invalid") == "true"
    shoot(page, "preferences-wrong")
    tab_to(page, "#zone")
    page.keyboard.press("Control+A")
    page.keyboard.type("Europe/Kyiv")
    press(page, "button[value=save]")
    assert "Saved." in page.inner_text("[role=status]")
    assert newsroom.store.subscriptions(SubscriptionState.ACTIVE)[0].schedule.zone == "Europe/Kyiv"

    page.goto(link(alert, "Mute"))
    assert "1 message" in page.inner_text("form")
    shoot(page, "mute")
    tab_to(page, "input[name=what]:checked")
    while not page.locator("input[value=rule]").is_checked():
        page.keyboard.press("ArrowDown")
    press(page, "button[value=mute]")
    assert "Plums in the talks" in page.inner_text(".list")
    shoot(page, "muted")
    newsroom.publish("Minister praises plums from Lisbon", "Pears everywhere", "Plums everywhere", "Old news")
    wait_until(lambda: NotificationState.MUTED in newsroom.states(), 40, "nothing was muted")

    page.goto(link(alert, "Snooze"))
    shoot(page, "snooze")
    assert "Acknowledge:" not in mail_text(alert), "who subscribed alone cannot"

    one_click = alert["list-unsubscribe"].strip("<> ").split(">")[0]
    assert alert["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    page.goto(one_click)
    assert newsroom.store.subscriptions(SubscriptionState.ENDED) == []
    shoot(page, "unsubscribe")
    for _ in range(2):
        with urlopen(Request(one_click, data=b"List-Unsubscribe=One-Click")) as answer:
            assert answer.status == 200
    assert len(newsroom.store.subscriptions(SubscriptionState.ENDED)) == 1
    page.goto(link(alert, "Preferences"))
    assert "has ended" in page.title()
    shoot(page, "ended")
    assert len(newsroom.mails.mails) == 2
    assert newsroom.service.stop() == 0
