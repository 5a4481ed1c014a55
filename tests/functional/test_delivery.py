"""What channels do with real servers: unmodified Apprise URLs, every kind of answer, hostile text, secrets."""

import io
import logging
import os
import re
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from monitor.channels.base import Channel, ChannelSpec
from monitor.channels.console import Console
from monitor.channels.table import build
from monitor.errors import ConfigError, DeliveryError
from monitor.model import Action, Entry, Message, Quote, Receipt, Section, Severity
from tests.functional.sinks import (
    SLACK,
    TELEGRAM,
    HttpsSink,
    PlainSink,
    Reply,
    SmtpSink,
    mail_part,
    mail_text,
    slack_objects,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SLACK_SECRET = "plantedslacktokenabcdefg"
SLACK_URL = f"slack://T1JJ3T3L2/A1BRTD4JD/{SLACK_SECRET}/#desk"
TELEGRAM_SECRET = "planted-telegram_token_0123456789ab"
TELEGRAM_URL = f"tgram://123456789:{TELEGRAM_SECRET}/987654321"
URLS = {SLACK: SLACK_URL, TELEGRAM: TELEGRAM_URL}
MESSAGE = Message(
    title="Envoy calls the plan a basis for talks",
    body="Why: first soft word in a week\n\nEnvoy, a.example: “We can work with this.”\n\n2 reports. Alert 1a2b3c4d.",
    link="https://a.example/news/1",
    severity=Severity.HIGH,
)
HOSTILE = [
    "<!here> <!channel> <!everyone> look",
    "@channel @here @everyone @all @room act",
    "<@U012AB3CD> and <@&99> and <#C1>",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[safe](https://evil.example) ![pixel](https://evil.example/p.png)",
    "<https://evil.example|safe> <a href='https://evil.example'>safe</a>",
    "Subject\r\nBcc: victim@newsroom.example\r\n\r\ninjected",
    "right\u202eto\u202cleft \u2066isolate\u2069 zero\u200bwidth\u0000nul\u001b[31mred",
    "*bold* _it_ `code` ~gone~ & < > &lt;b&gt; {headline} {{7*7}} ${HOME}",
]


def channel(url: str) -> Channel:
    return build([ChannelSpec(name="desk", kind="apprise", url=url)])["desk"]


def send(url: str, message: Message = MESSAGE) -> Receipt:
    return channel(url).send(message, NOW)


def refusal(url: str, message: Message = MESSAGE) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send(url, message)
    return caught.value


@pytest.mark.parametrize("host", URLS)
def test_a_service_that_takes_the_message_gives_a_receipt(https_sink: HttpsSink, host: str) -> None:
    receipt = send(URLS[host])
    assert (receipt.channel, receipt.sent_at) == ("desk", NOW)
    assert receipt.detail.endswith(": 200 OK")
    [request] = https_sink.to(host)
    for part in (MESSAGE.title, "HIGH", "“We can work with this.”", "Alert 1a2b3c4d", MESSAGE.link):
        assert part in request.text


def test_slack_and_telegram_get_the_message_at_the_address_in_the_url(https_sink: HttpsSink) -> None:
    send(SLACK_URL)
    send(TELEGRAM_URL)
    assert https_sink.to(SLACK)[0].path == f"/services/T1JJ3T3L2/A1BRTD4JD/{SLACK_SECRET}"
    assert https_sink.to(SLACK)[0].json["channel"] == "#desk"
    assert https_sink.to(TELEGRAM)[0].path == f"/bot123456789:{TELEGRAM_SECRET}/sendMessage"
    assert https_sink.to(TELEGRAM)[0].json["chat_id"] == 987654321


def test_messages_carry_no_advertisement_for_the_library(https_sink: HttpsSink) -> None:
    send(SLACK_URL)
    send(TELEGRAM_URL)
    sent = b"".join(request.body for request in https_sink.requests).lower()
    assert b"apprise" not in sent
    assert b"github" not in sent


@pytest.mark.parametrize("host", URLS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_that_will_not_change_is_permanent(https_sink: HttpsSink, host: str, status: int) -> None:
    https_sink.script(host, Reply(status=status, body='{"ok": false, "description": "chat not found"}'))
    error = refusal(URLS[host])
    assert error.permanent
    assert error.message.endswith(f"{status}: chat not found")


@pytest.mark.parametrize("host", URLS)
@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failure_of_the_service_may_pass(https_sink: HttpsSink, host: str, status: int) -> None:
    https_sink.script(host, Reply(status=status, body="<html>oops</html>"))
    error = refusal(URLS[host])
    assert not error.permanent
    assert str(status) in error.message
    assert "<html>" not in error.message


@pytest.mark.parametrize("host", URLS)
def test_retry_after_is_read_from_the_header(https_sink: HttpsSink, host: str) -> None:
    https_sink.script(host, Reply(status=429, headers={"Retry-After": "37"}))
    error = refusal(URLS[host])
    assert (error.permanent, error.retry_after) == (False, timedelta(seconds=37))


def test_retry_after_is_read_from_telegrams_answer(https_sink: HttpsSink) -> None:
    body = '{"ok": false, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 21}}'
    https_sink.script(TELEGRAM, Reply(status=429, body=body))
    assert refusal(TELEGRAM_URL).retry_after == timedelta(seconds=21)


def test_telegrams_no_in_a_successful_answer_is_a_failure(https_sink: HttpsSink) -> None:
    body = '{"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}'
    https_sink.script(TELEGRAM, Reply(body=body), Reply(body='{"ok": false}'))
    blocked = refusal(TELEGRAM_URL)
    assert (blocked.permanent, blocked.message) == (True, "Telegram: 403: Forbidden: bot was blocked by the user")
    assert not refusal(TELEGRAM_URL).permanent


def test_slacks_other_words_in_a_successful_answer_are_a_failure(https_sink: HttpsSink) -> None:
    https_sink.script(SLACK, Reply(body="no_text"))
    error = refusal(SLACK_URL)
    assert (error.permanent, error.message) == (False, "Slack: 200: no_text")


@pytest.mark.parametrize("host", URLS)
def test_a_connection_that_breaks_off_may_have_delivered(https_sink: HttpsSink, host: str) -> None:
    https_sink.script(host, Reply(reset=True))
    error = refusal(URLS[host])
    assert not error.permanent
    assert "may have arrived" in error.message


def test_a_service_that_keeps_silent_may_have_delivered(https_sink: HttpsSink) -> None:
    https_sink.script(TELEGRAM, Reply(delay=60))
    error = refusal(f"{TELEGRAM_URL}?rto=0.5")
    assert not error.permanent
    assert error.message == "Telegram: no answer in time; it may have arrived"


def test_a_redirect_is_not_followed(https_sink: HttpsSink) -> None:
    https_sink.script(SLACK, Reply(status=307, headers={"Location": f"https://{TELEGRAM}/steal"}))
    assert "307" in refusal(f"{SLACK_URL}?redirect=yes").message
    assert https_sink.to(TELEGRAM) == []


def test_a_url_cannot_turn_failures_into_successes_or_repeats(https_sink: HttpsSink) -> None:
    https_sink.script(SLACK, Reply(status=500), Reply(status=500))
    refusal(f"{SLACK_URL}?retry=1&wait=0&optional=yes")
    assert len(https_sink.to(SLACK)) == 1


def test_mail_arrives_as_text_and_html(smtp_sink: SmtpSink) -> None:
    assert send(smtp_sink.url()).detail == "E-Mail: accepted"
    [mail] = smtp_sink.mails
    text = mail_text(mail)
    assert text.startswith(f"{MESSAGE.title}\nHIGH\r\n")
    assert "“We can work with this.”" in text
    assert MESSAGE.link in text


@pytest.mark.parametrize(("reply", "permanent"), [("451 try later", False), ("550 no such mailbox", True)])
def test_mail_servers_tell_now_from_never(smtp_sink: SmtpSink, reply: str, permanent: bool) -> None:
    smtp_sink.script(reply)
    error = refusal(smtp_sink.url())
    assert error.permanent is permanent
    assert error.message == f"E-Mail: {reply[:3]}: {reply[4:]}"


def test_a_mail_server_that_is_down_may_come_back() -> None:
    error = refusal("mailto://127.0.0.1:1/?from=a@newsroom.example&to=b@newsroom.example&mode=insecure")
    assert (error.permanent, error.message) == (False, "E-Mail: connection refused")


def hostile(text: str) -> Message:
    """A message with a stranger's text wherever a stranger's text can stand."""
    quote = Quote(words=text, speaker=text, publisher=text, state_media=True, link=text, reading=text, role="now")
    entry = Entry(title=text, text=text, link=text)
    return Message(
        title=text,
        body=text,
        link=text,
        lead=text,
        note=text,
        facts=(text,),
        quotes=(replace(quote, role="before"), quote, replace(quote, role="")),
        reason=text,
        counts=text,
        reference=text,
        thread=text,
        sections=(Section(title=text, entries=(entry,)),),
        coverage=text,
        actions=(Action(label=text, url=text), Action(label="Mute", url="https://monitor.example/mute/t")),
        unsubscribe=text,
        rule=text,
        id=text,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_dead_in_slack(https_sink: HttpsSink, text: str) -> None:
    send(SLACK_URL, Message(title=text, body=text))
    send(SLACK_URL, hostile(text))
    for request in https_sink.to(SLACK):
        for block in request.json["attachments"][0]["blocks"]:
            for shown in slack_objects(block):
                ours = shown["text"].replace("<https://monitor.example/mute/t|Mute>", "")
                assert not set("<>") & set(ours)
                assert "](" not in ours
                assert not any(mention in ours for mention in ("@channel", "@here", "@everyone"))
                assert shown["type"] == "plain_text" or shown["verbatim"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_dead_in_telegram(https_sink: HttpsSink, text: str) -> None:
    send(TELEGRAM_URL, Message(title=text, body=text))
    send(TELEGRAM_URL, hostile(text))
    for request in https_sink.to(TELEGRAM):
        assert request.json["parse_mode"] == "HTML"
        tags = re.findall(r"<[^>]*>", request.json["text"])
        assert {*tags} <= {f"<{end}{tag}>" for tag in ("b", "i", "blockquote") for end in ("", "/")} | {
            '<a href="https://monitor.example/mute/t">',
            "</a>",
        }
        assert "@everyone" not in request.text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_dead_in_mail(smtp_sink: SmtpSink, text: str) -> None:
    send(smtp_sink.url(), Message(title=text, body=text))
    send(smtp_sink.url(), hostile(text))
    for mail in smtp_sink.mails:
        assert mail["To"] == "desk@newsroom.example"
        assert mail["Bcc"] is None
        assert mail["List-Unsubscribe"] is None
        assert "\n" not in mail["Subject"]
        page = HTMLParser(mail_part(mail, "html"))
        assert page.css("script, img, iframe, form, object, link, base") == []
        assert {link.attributes["href"] for link in page.css("a")} <= {"https://monitor.example/mute/t"}


@pytest.mark.parametrize("url", [SLACK_URL, TELEGRAM_URL])
def test_a_long_message_is_cut_to_one_with_its_alert_and_link(https_sink: HttpsSink, url: str) -> None:
    long = Message(
        title="t" * 500, body="\U0001f680 word & <b> " * 5000 + "\n\nAlert 1a2b3c4d.", link="https://a.example/1"
    )
    send(url, long)
    [request] = https_sink.requests
    limit = 4096 if request.host == TELEGRAM else 40_000
    shown = request.text.replace(long.link, "")  # the addresses of links do not count
    assert len(shown.encode("utf-16-le")) // 2 <= limit
    assert re.search(
        r"…(?: shortened; the newest report https://a\.example/1)?\s+Alert 1a2b3c4d\.\s+Read the report https://a\.example/1$",
        request.text,
    )


def test_a_long_text_keeps_its_alert_and_link(plain_sink: PlainSink) -> None:
    long = Message(title="t", body="word " * 9000 + "\n\nAlert 1a2b3c4d.", link="https://a.example/1")
    send(f"json://127.0.0.1:{plain_sink.port}/", long)
    assert re.search(r"…\s+Alert 1a2b3c4d\.\s+https://a\.example/1$", plain_sink.requests[0].json["message"])


def test_a_link_that_was_cut_is_left_out(https_sink: HttpsSink) -> None:
    send(TELEGRAM_URL, Message(title="t" * 300, body="word " * 5000, link="https://a.example/" + "x" * 2000))
    assert "a.example" not in https_sink.to(TELEGRAM)[0].json["text"]


def test_one_silent_service_does_not_delay_the_others(https_sink: HttpsSink, plain_sink: PlainSink) -> None:
    https_sink.script(TELEGRAM, *[Reply(delay=300)] * 12)
    silent = [sending(channel(f"{TELEGRAM_URL}{number}?rto=300")) for number in range(12)]
    assert send(f"json://127.0.0.1:{plain_sink.port}/").detail == "JSON: 200 OK"
    assert all(thread.is_alive() for thread in silent)


def sending(target: Channel) -> threading.Thread:
    """A thread that waits for the answer; it ends with its service."""

    def wait() -> None:
        with suppress(DeliveryError):
            target.send(MESSAGE, NOW)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """What a service that logs at the lowest level writes down."""
    root, stream = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.NOTSET)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


def test_planted_secrets_appear_nowhere(
    https_sink: HttpsSink, smtp_sink: SmtpSink, everything_logged: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    password = "planted-mail-password"
    urls = [SLACK_URL, TELEGRAM_URL, smtp_sink.url(password=password)]
    https_sink.script(SLACK, Reply(status=403, body=f"bad token {SLACK_SECRET}"), Reply(reset=True))
    https_sink.script(TELEGRAM, Reply(body=f'{{"ok":false,"description":"{TELEGRAM_SECRET}"}}'), Reply(reset=True))
    said = [str(refusal(url)) for url in urls] + [str(refusal(url)) for url in urls[:2]]
    said += [channel(url).describe() + repr(channel(url)) for url in urls]
    said += [repr(ChannelSpec(name="desk", kind="apprise", url=url)) for url in urls]
    for url in (f"slack://T1/{SLACK_SECRET}", f"tgram://{TELEGRAM_SECRET}", f"mailto://x:{password}@"):
        with pytest.raises(ConfigError) as caught:
            channel(url)
        said.append(f"{caught.value} {caught.value.__cause__!r}")
    logging.getLogger("here").debug("the log is open")
    everything = "\n".join([*said, everything_logged.getvalue(), *capfd.readouterr()])
    assert "the log is open" in everything
    for secret in (SLACK_SECRET, TELEGRAM_SECRET, password):
        assert secret not in everything


def test_a_process_of_its_own_reaches_the_sinks_through_its_environment(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import sys
        from datetime import UTC, datetime
        from monitor.channels.base import ChannelSpec
        from monitor.channels.table import build
        from monitor.model import Message
        channel = build([ChannelSpec(name="desk", kind="apprise", url=sys.stdin.read())])["desk"]
        print(channel.send(Message(title="t", body="b"), datetime.now(UTC)).detail)
        """
    )
    with HttpsSink(tmp_path) as sink:
        ended = subprocess.run(
            [sys.executable, "-c", program],
            input=SLACK_URL,
            env={**os.environ, **sink.environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert ended.stdout == "Slack: 200 OK\n"
        assert ended.stderr == ""
        assert len(sink.to(SLACK)) == 1


def test_hostile_titles_print_as_text(tmp_path: Path) -> None:
    for title in HOSTILE:
        with (tmp_path / "out").open("w+", encoding="utf-8") as stream:
            Console("here", stream).send(Message(title=title, body=title), NOW)
            stream.seek(0)
            printed = stream.read()
        assert not any(bad in printed for bad in ("\x1b", "\x00", "\r", "\u202e", "\u2066", "\u200b"))
