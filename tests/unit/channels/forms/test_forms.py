"""Tests of monitor.channels.forms: laws for any message, whoever wrote what stands in it."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_string, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.channels.forms import mail, payload, slack, telegram, words
from monitor.channels.forms.clean import cleaned
from monitor.cli.samples import SAMPLES
from monitor.model import Action, Entry, Message, NotificationKind, Quote, Section, Severity
from tests.functional.sinks import slack_objects

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LETTERHEAD = mail.Letterhead(
    sender=("Indicator monitor", "monitor@newsroom.example"), recipient=("", "desk@newsroom.example")
)
OURS = {
    *("html", "head", "meta", "title", "style", "body", "div", "span", "h1", "h2", "p", "strong", "a", "br", "ul"),
    *("li", "table", "tbody", "tr", "td"),
}
PIECES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</div></body></html>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "<!here> <!channel> <@U012AB3CD> <#C1>",
    "<https://evil.example|safe>",
    "[safe](https://evil.example)",
    "javascript:alert(1)",
    "https://evil.example/?a=1&b=<2>|3\"'",
    "\r\nBcc: victim@newsroom.example\r\n\r\n",
    "=?utf-8?q?=0d=0aBcc:_x?=",
    "@channel @everyone",
    "&lt;b&gt; &amp;amp; {{ 7*7 }} {% raw %} ${HOME}",
    "\u202eright to left\u2066",
    "\x00\x1b[31m",
    "a\u2028b\u2029c",
    "\ud800",
    "<b><i><a href=",
    "]]>",
    "\U0001f680" * 50,
    "Кремль: позиція незмінна. ",
]
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
moments = st.none() | st.just(NOW)
quotes = st.builds(
    Quote,
    words=texts,
    speaker=texts,
    publisher=texts,
    state_media=st.booleans(),
    link=texts,
    reading=texts,
    role=st.sampled_from(["", "before", "now"]),
    at=moments,
)
entries = st.builds(Entry, title=texts, text=texts, link=texts, severity=st.sampled_from(list(Severity)), at=moments)
charts = st.lists(st.integers(-3, 10**6), max_size=20).map(tuple)
sections = st.builds(
    Section,
    title=texts,
    entries=st.lists(entries, max_size=3).map(tuple),
    hidden=st.integers(0, 10**6),
    chart=charts,
)
messages = st.builds(
    Message,
    title=texts,
    body=texts,
    link=texts,
    severity=st.sampled_from(list(Severity)),
    lead=texts,
    note=texts,
    facts=st.lists(texts, max_size=3).map(tuple),
    quotes=st.lists(quotes, max_size=4).map(tuple),
    reason=texts,
    counts=texts,
    reference=texts,
    thread=texts,
    sections=st.lists(sections, max_size=3).map(tuple),
    coverage=texts,
    actions=st.lists(st.builds(Action, label=texts, url=texts), max_size=3).map(tuple),
    unsubscribe=texts,
    rule=texts,
    id=texts,
    kind=st.sampled_from(list(NotificationKind)),
)
many = settings(max_examples=40, deadline=None)


def links_of(message: Message) -> set[str]:
    """Every address that a form may link to."""
    clean = cleaned(message)
    told = (*clean.quotes, *(entry for section in clean.sections for entry in section.entries))
    actions = (action.url for action in clean.actions)
    return {clean.link, clean.unsubscribe, *(each.link for each in told), *actions}


@many
@given(messages)
def test_a_page_holds_no_element_that_is_not_ours(message: Message) -> None:
    page = LexborHTMLParser(mail.html(message))
    assert {node.tag for node in page.css("*")} <= OURS
    attributes = {name for node in page.css("*") for name in node.attributes}
    assert attributes <= {
        *("lang", "charset", "name", "content", "class", "style", "href", "role", "aria-label", "cellpadding"),
        *("cellspacing", "valign"),
    }
    assert {node.attributes["href"] for node in page.css("a")} <= links_of(message)
    assert all("expression" not in (node.attributes.get("style") or "") for node in page.css("*"))


@many
@given(messages)
def test_a_page_shows_what_was_written_as_text(message: Message) -> None:
    shown = LexborHTMLParser(mail.html(message)).css_first("h1").text()
    assert shown.strip() == cleaned(message).title.strip()


@many
@given(messages)
def test_no_header_of_a_mail_can_be_written_from_outside(message: Message) -> None:
    sent = mail.mail(message, LETTERHEAD, NOW).as_string()
    made = message_from_string(sent, _class=EmailMessage, policy=policy.default)
    names = [name.lower() for name in made]
    assert len(names) == len(set(names))
    assert {*names} <= {
        *("content-type", "mime-version", "subject", "from", "to", "date", "message-id", "references", "in-reply-to"),
        *("auto-submitted", "x-auto-response-suppress", "importance", "list-unsubscribe", "list-unsubscribe-post"),
    }
    assert [part.get_content_type() for part in made.walk() if not part.is_multipart()] == ["text/plain", "text/html"]
    assert not set("\r\n") & set(str(made["Subject"]))
    assert made["To"].addresses[0].addr_spec == "desk@newsroom.example"
    assert all(len(line) <= 998 for line in sent.splitlines())


@many
@given(messages)
def test_slack_gets_no_live_text_and_nothing_over_its_limits(message: Message) -> None:
    made = slack.attachment(message)
    assert len(made["blocks"]) <= 50
    assert len(json.dumps(made, ensure_ascii=False)) <= 40_000
    links = {link.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E") for link in links_of(message)}
    escaped = {words.escaped(re.sub("@(?=channel|here|everyone)", "%40", link)) for link in links}
    for block in made["blocks"]:
        texts = slack_objects(block)
        assert texts
        assert len(block.get("fields", ())) <= 10
        limit = {"header": slack.HEADER, "section": slack.FIELD if "fields" in block else slack.SECTION}
        for text in texts:
            assert 0 < len(text["text"]) <= limit.get(block["type"], 3000)
            assert text["type"] == "plain_text" or text["verbatim"] is True
            live = re.findall(r"<([^<>|]*)\|([^<>|]*)>", text["text"])
            assert {url for url, _ in live} <= escaped
            assert not set("<>") & set(re.sub(r"<[^<>|]*\|[^<>|]*>", "", text["text"]))
            assert not re.search(r"@(?:channel|here|everyone)", text["text"])


def test_a_huge_message_fits_every_form() -> None:
    text = "& <b> @channel " * 7000
    quote = Quote(words=text, speaker=text, publisher=text, link="https://a.example/" + text, reading=text, at=NOW)
    section = Section(title=text, entries=(Entry(title=text, text=text),) * 20, chart=(1,) * 400)
    huge = Message(title=text, body=text, lead=text, note=text, quotes=(quote,) * 3, sections=(section,), reason=text)
    assert len(json.dumps(slack.attachment(huge), ensure_ascii=False)) <= 40_000
    assert len(slack.attachment(huge)["blocks"]) <= 50
    assert telegram.units(telegram.html(huge)) <= telegram.LIMIT
    assert len(mail.html(huge)) < 200_000


class Tags(HTMLParser):
    """Checks that tags are Telegram's, closed in order, and notes what is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.links: set[str | None] = set()
        self.shown = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in telegram.TAGS
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        self.links |= {value for _, value in attrs}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.shown += data


@many
@given(messages)
def test_telegram_gets_its_own_tags_only_and_no_more_than_it_takes(message: Message) -> None:
    markup = telegram.html(message)
    tags = Tags()
    tags.feed(markup)
    tags.close()
    assert tags.open == []
    assert tags.links <= links_of(message)
    assert 0 < len(tags.shown.encode("utf-16-le", "replace")) // 2 <= telegram.LIMIT
    assert telegram.units(markup) == len(tags.shown.encode("utf-16-le", "replace")) // 2


@many
@given(messages)
def test_a_webhook_gets_text_that_any_program_can_read(message: Message) -> None:
    told = json.loads(json.dumps(payload.payload(message, NOW), ensure_ascii=False).encode())
    assert told["data"]["title"] == cleaned(message).title
    assert told["type"] in list(NotificationKind)


@many
@given(messages)
def test_cleaning_a_message_twice_changes_nothing_more(message: Message) -> None:
    assert cleaned(cleaned(message)) == cleaned(message)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_form_shows_all_of_an_ordinary_message(name: str) -> None:
    message = SAMPLES[name](NOW)
    page = LexborHTMLParser(mail.html(message)).body
    assert page is not None
    blocks = "\n".join(text["text"] for block in slack.attachment(message)["blocks"] for text in slack_objects(block))
    shown = [page.text(), blocks, telegram.html(message)]
    parts = [message.title, message.lead, *message.facts, message.reason, message.coverage, message.counts]
    parts += [quote.words for quote in message.quotes] + [action.label for action in message.actions]
    parts += [entry.title for section in message.sections for entry in section.entries]
    for form in shown:
        assert [part for part in parts if part not in form] == []
        assert "shortened" not in form


def test_media_of_a_state_are_called_so_in_every_form() -> None:
    message = SAMPLES["turn"](NOW)
    assert mail.html(message).count("(state media)") == 2
    assert str(slack.attachment(message)).count("(state media)") == 2
    assert telegram.html(message).count("(state media)") == 2


def test_a_letter_is_not_called_loud_or_quiet() -> None:
    letter = Message(title="Confirm your subscription", body="You asked.", kind=NotificationKind.CONFIRMATION)
    text = mail.mail(letter, LETTERHEAD, NOW).get_payload(0).get_payload(decode=True).decode()
    assert not any(
        "INFO" in form for form in (mail.html(letter), text, str(slack.attachment(letter)), telegram.html(letter))
    )


def test_a_long_message_keeps_its_counts_and_its_links() -> None:
    base = SAMPLES["turn"](NOW)
    long = replace(base, quotes=tuple(replace(base.quotes[0], words="word " * 300, role="") for _ in range(40)))
    blocks = str(slack.attachment(long)["blocks"])
    for form in (blocks, telegram.html(long)):
        assert "shortened; the newest report" in form
        assert "Alert 5a3f1c9e" in form
        assert "https://monitor.example/mute/sample" in form


def test_the_same_message_has_the_same_id_and_its_story_one_thread() -> None:
    message = replace(SAMPLES["turn"](NOW), id="n1", thread="story")
    first, again = (mail.mail(message, LETTERHEAD, NOW) for _ in range(2))
    other = mail.mail(replace(message, id="n2", title="Updated"), LETTERHEAD, NOW)
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["References"] == other["References"] == first["In-Reply-To"]
    assert first["Message-ID"].endswith("@newsroom.example>")


def test_a_mail_can_be_left_with_one_click() -> None:
    made = mail.mail(SAMPLES["turn"](NOW), LETTERHEAD, NOW)
    assert made["List-Unsubscribe"] == "<https://monitor.example/unsubscribe/sample>"
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert made["Auto-Submitted"] == "auto-generated"
    assert mail.mail(Message(title="t", body="b"), LETTERHEAD, NOW)["List-Unsubscribe"] is None


def test_a_long_address_to_leave_by_stays_on_one_line() -> None:
    link = "https://monitor.example/unsubscribe/" + "x" * 700
    made = mail.mail(Message(title="t", body="b", unsubscribe=link), LETTERHEAD, NOW)
    assert f"<{link}>" in made.as_string().replace("\n ", "")
    read = message_from_string(made.as_string(), policy=policy.default)
    assert read["List-Unsubscribe"].strip() == f"<{link}>"
