"""From what a library read to a clean entry."""

from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources import base, entries
from monitor.sources.entries import Entry
from monitor.text import clean

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://herald.example/news/feed"


def test_every_field_comes_out_clean() -> None:
    item = entries.item(
        Entry(
            guid=" id\u200b-1 ",
            link="../story?a=1",
            title="Talks &amp; <b>terms</b>",
            texts=("<p>short</p>", "<p>a longer text</p>"),
            author="<i>A. Writer</i>",
            publisher="The\u202e Herald",
            lang="uk-UA",
            tags=("War", "", "War", "<b>Aid</b>"),
            published="Mon, 01 Jun 2026 10:00:00 GMT",
            updated="2026-06-01T11:00:00Z",
        ),
        URL,
        NOW,
    )
    assert (item.guid, item.link, item.title) == ("id-1", "https://herald.example/story?a=1", "Talks & terms")
    assert (item.summary, item.body, item.author, item.publisher) == (
        "short",
        "a longer text",
        "A. Writer",
        "The Herald",
    )
    assert (item.lang, item.tags) == ("uk", ("War", "Aid"))
    assert item.published_at == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert item.updated_at == datetime(2026, 6, 1, 11, tzinfo=UTC)


def test_what_was_only_updated_was_published_then() -> None:
    assert entries.item(Entry(updated="2026-06-01"), URL, NOW).published_at == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("texts", "summary", "body"),
    [
        ((), "", ""),
        (("", "  "), "", ""),
        (("only",), "only", ""),
        (("same", "<p>same</p>"), "same", ""),
        (("long text", "short"), "short", "long text"),
        (("one", "a middle one", "the longest of all"), "one", "the longest of all"),
    ],
)
def test_the_longest_text_is_the_body_unless_it_is_alone(texts: tuple[str, ...], summary: str, body: str) -> None:
    item = entries.item(Entry(texts=texts), URL, NOW)
    assert (item.summary, item.body) == (summary, body)


def test_a_lone_text_too_long_for_a_summary_is_the_body() -> None:
    item = entries.item(Entry(texts=("word " * 2000,)), URL, NOW)
    assert (item.summary, len(item.body)) == ("", 9999)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "http://",
        "https://[broken",
        "http://a b",
        "https://herald.example/" + "x" * 2000,
    ],
)
def test_links_that_do_not_lead_to_the_web_are_left_out(link: str) -> None:
    assert entries.web_link(link, URL) == ""


@pytest.mark.parametrize(
    ("link", "absolute"),
    {
        "https://x.example/1": "https://x.example/1",
        "/1": "https://herald.example/1",
        "1?a=b": "https://herald.example/news/1?a=b",
        "//x.example/1": "https://x.example/1",
        " https://x.exam\u200bple/1\n": "https://x.example/1",
    }.items(),
)
def test_links_become_absolute(link: str, absolute: str) -> None:
    assert entries.web_link(link, URL) == absolute


@given(
    st.from_regex(r"(HTTP|https?)://(a|A|b\.example|\[)(:8?)?(/|[a-z0-9.~%;:@&=+$,\-#?'(|{\u00e9])*", fullmatch=True)
)
def test_absolute_links_stay_as_they_are_written(link: str) -> None:
    try:
        joined = urljoin(URL, link)
        host = urlsplit(joined).hostname
    except ValueError:
        joined, host = "", None
    assert entries.web_link(link, URL) == (joined if host else "")


@pytest.mark.parametrize(
    ("code", "lang"), {"en": "en", "EN_us": "en", " uk-UA ": "uk", "ukr": "", "": "", "e1": ""}.items()
)
def test_languages_are_two_letters(code: str, lang: str) -> None:
    assert entries.language(code) == lang


texts = st.text(max_size=80)


@given(
    st.builds(
        Entry,
        guid=texts,
        link=texts,
        title=texts,
        texts=st.lists(texts),
        author=texts,
        tags=st.lists(texts, max_size=40),
    )
)
def test_no_entry_makes_it_raise_and_all_of_it_is_harmless(entry: Entry) -> None:
    item = entries.item(entry, URL, NOW)
    assert len(item.tags) <= base.MAX_TAGS
    for text in (item.guid, item.link, item.title, item.summary, item.body, item.author, *item.tags):
        assert clean.harmless(text) == text
        text.encode()
