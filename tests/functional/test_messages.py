"""Messages as their readers get them: by mail and Telegram at addresses of their own, and as a browser shows a mail."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from monitor.channels.apprise import channel as apprise_channel
from monitor.channels.base import Channel, ChannelSpec
from monitor.channels.forms import mail
from monitor.channels.table import build
from monitor.cli.samples import SAMPLES
from monitor.errors import DeliveryError
from monitor.model import NotificationKind, Severity
from tests.functional.sinks import TELEGRAM, HttpsSink, PlainSink, Reply, SmtpSink, mail_part, mail_text, wait_until

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TELEGRAM_URL = "tgram://123456789:planted-telegram_token_0123456789ab/987654321"
TURN = replace(SAMPLES["turn"](NOW), id="n1", thread="story")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SHOTS = os.environ.get("MONITOR_SCREENSHOTS", "")


def channel(url: str) -> Channel:
    return build([ChannelSpec(name="desk", kind="apprise", url=url)])["desk"]


def send(target: Channel, *addresses: str) -> None:
    for address in addresses:
        target.send(TURN, NOW, address)


# --- addresses ------------------------------------------------------------------------------------------------------


def test_everybody_gets_a_mail_of_their_own(smtp_sink: SmtpSink) -> None:
    target = channel(f"{smtp_sink.url()}&cc=chief@newsroom.example&bcc=log@newsroom.example")
    send(target, "", "ada@newsroom.example", "o'brien+x@sub.newsroom.example", "")
    assert [(sent["To"], sent["Cc"]) for sent in smtp_sink.mails] == [
        ("desk@newsroom.example", "chief@newsroom.example"),
        ("ada@newsroom.example", None),
        ("o'brien+x@sub.newsroom.example", None),
        ("desk@newsroom.example", "chief@newsroom.example"),
    ]
    assert not any("log@" in sent.as_string() for sent in smtp_sink.mails)


def test_everybody_gets_a_message_in_their_own_chat(https_sink: HttpsSink) -> None:
    send(channel(TELEGRAM_URL), "", "42", "-1001234567890", "@channel_name")
    chats = [request.json["chat_id"] for request in https_sink.to(TELEGRAM)]
    assert chats == [987654321, 42, -1001234567890, "@channel_name"]


@pytest.mark.parametrize(
    ("url", "good", "bad"),
    [
        ("mailto://127.0.0.1:1/?from=a@b.example&mode=insecure", "a.b@c-d.example", "a@b"),
        ("mailto://127.0.0.1:1/?from=a@b.example&mode=insecure", "a@b.example", "A <a@b.example>"),
        ("mailto://127.0.0.1:1/?from=a@b.example&mode=insecure", "a@b.example", "a@b.example, c@d.example"),
        (TELEGRAM_URL, "-42", "42:7"),
        (TELEGRAM_URL, "@anna_k", "anna"),
    ],
)
def test_what_is_no_address_is_told_why(url: str, good: str, bad: str) -> None:
    assert channel(url).check_address(good) is None
    assert str(channel(url).check_address(bad)).startswith("is no ")


def test_a_service_of_one_target_has_no_addresses(plain_sink: PlainSink) -> None:
    told = channel(f"json://127.0.0.1:{plain_sink.port}/").check_address("ada@newsroom.example")
    assert told == "JSON sends to the target of its URL only"


def test_only_so_many_addresses_are_kept(smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apprise_channel, "_ADDRESSES_KEPT", 2)
    readers = [f"reader{number}@newsroom.example" for number in range(4)]
    send(channel(smtp_sink.url()), *readers, *readers)
    assert [sent["To"] for sent in smtp_sink.mails] == [*readers, *readers]


def test_a_silent_reader_does_not_delay_the_others(https_sink: HttpsSink) -> None:
    https_sink.script(TELEGRAM, Reply(delay=300))
    target = channel(f"{TELEGRAM_URL}?rto=300")

    def wait() -> None:
        with suppress(DeliveryError):
            target.send(TURN, NOW, "1")

    hanging = threading.Thread(target=wait, daemon=True)
    hanging.start()
    wait_until(lambda: bool(https_sink.to(TELEGRAM)))
    target.send(TURN, NOW, "2")
    assert hanging.is_alive()


# --- mail -----------------------------------------------------------------------------------------------------------


def test_a_mail_threads_by_story_and_can_be_left(smtp_sink: SmtpSink) -> None:
    target = channel(smtp_sink.url())
    news = replace(TURN, id="n2", title=f"Updated: {TURN.title}", kind=NotificationKind.UPDATE, severity=Severity.LOW)
    for message in (TURN, TURN, news):
        target.send(message, NOW)
    first, again, update = smtp_sink.mails
    assert first["Message-ID"] == again["Message-ID"] != update["Message-ID"]
    assert first["References"] == update["References"] == update["In-Reply-To"]
    assert (first["Importance"], update["Importance"]) == ("high", None)
    assert first["Subject"] == TURN.title
    assert first["List-Unsubscribe"] == f"<{TURN.unsubscribe}>"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"].datetime == NOW


def test_both_parts_of_a_mail_tell_the_turn_and_what_can_be_done(smtp_sink: SmtpSink) -> None:
    send(channel(smtp_sink.url()), "")
    [sent] = smtp_sink.mails
    for part in (mail_text(sent), mail_part(sent, "html")):
        for words in (TURN.lead, "Nothing has changed", "We call the plan", "(state media)", "/mute/sample"):
            assert words in part


def test_letters_of_every_alphabet_arrive_in_the_subject(smtp_sink: SmtpSink) -> None:
    title = "Кремль: позиція щодо територій незмінна — «жодних поступок» " * 3
    channel(smtp_sink.url()).send(replace(TURN, title=title), NOW)
    assert smtp_sink.mails[0]["Subject"] == title.strip()


def test_headers_of_the_url_are_sent_but_replace_none(smtp_sink: SmtpSink) -> None:
    send(channel(f"{smtp_sink.url()}&+X-Team=desk&+Subject=other"), "")
    assert smtp_sink.mails[0]["X-Team"] == "desk"
    assert smtp_sink.mails[0].get_all("Subject") == [TURN.title]


# --- as a browser shows it ------------------------------------------------------------------------------------------


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


def opened(browser: Browser, name: str, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(mail.html(SAMPLES[name](NOW)))
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"mail-{name}-{width}.png", full_page=True)
    return page


@pytest.mark.parametrize("width", [320, 360, 800])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_mail_fits_every_screen(browser: Browser, name: str, width: int) -> None:
    page = opened(browser, name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("Math.min(...[...document.querySelectorAll('a')].map(a => a.offsetHeight))") > 0


def test_two_quotes_stand_side_by_side_where_there_is_room(browser: Browser) -> None:
    places = {}
    for width in (360, 800):
        boxes = opened(browser, "turn", width).locator(".box")
        first, second = (boxes.nth(number).bounding_box() for number in (0, 1))
        assert first is not None
        assert second is not None
        places[width] = "beside" if first["y"] == second["y"] else "below"
    assert places == {360: "below", 800: "beside"}


def test_a_mail_asks_nobody_for_anything(browser: Browser) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for name in SAMPLES:
        page.set_content(mail.html(SAMPLES[name](NOW)), wait_until="networkidle")
    assert asked == []
