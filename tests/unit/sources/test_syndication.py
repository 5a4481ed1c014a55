"""RSS, RDF and Atom, and what feedparser makes of them."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Document, ParsedFeed, ParsedItem
from monitor.sources import base
from monitor.sources.syndication import Syndication

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://herald.example/news/feed"


def parse(body: bytes | str, content_type: str = "", url: str = URL) -> ParsedFeed:
    data = body.encode() if isinstance(body, str) else body
    document = Document(feed_id="herald", url=url, status=200, body=data, content_type=content_type, fetched_at=NOW)
    return Syndication().parse(document)


def rss(content: str, channel: str = "") -> str:
    spaces = "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/'"
    return f"<rss version='2.0' {spaces}><channel><title>Herald</title>{channel}{content}</channel></rss>"


def only(content: str, **more: str) -> ParsedItem:
    (item,) = parse(rss(f"<item>{content}</item>"), **more).items
    return item


def atom(entry: str) -> ParsedItem:
    (item,) = parse(f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{entry}</entry></feed>").items
    return item


def test_every_field_of_rss_is_read() -> None:
    item = only(
        "<guid isPermaLink='false'>7</guid><link>/7?a=1&amp;b=2</link><title>Talks &amp;amp; terms</title>"
        "<description>&lt;p&gt;Short&lt;/p&gt;</description><dc:creator>A. Writer</dc:creator><category>War</category>"
        "<pubDate>Mon, 01 Jun 2026 12:00:00 CEST</pubDate><source url='https://w.example'>The Wire</source>"
    )
    assert (item.guid, item.link, item.title) == ("7", "https://herald.example/7?a=1&b=2", "Talks & terms")
    assert (item.summary, item.author, item.tags, item.publisher) == ("Short", "A. Writer", ("War",), "The Wire")
    assert (item.published_at, item.updated_at) == (datetime(2026, 6, 1, 10, tzinfo=UTC), None)


def test_every_field_of_atom_is_read() -> None:
    item = atom(
        "<id>tag:1</id><link href='../7'/><title type='html'>Talks &lt;b&gt;now&lt;/b&gt;</title>"
        "<summary>Short</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Longer</p> text"
        "</div></content><author><name>A. Writer</name><email>a@h.example</email></author>"
        "<updated>2026-06-01T10:00:00Z</updated>"
        "<category term='war' label='War'/><source><title>The Wire</title></source>"
    )
    assert (item.guid, item.link, item.title) == ("tag:1", "https://herald.example/7", "Talks now")
    assert (item.summary, item.body, item.author) == ("Short", "Longer\ntext", "A. Writer")
    assert (item.tags, item.publisher) == (("War",), "The Wire")
    assert item.published_at == item.updated_at == datetime(2026, 6, 1, 10, tzinfo=UTC)


def test_the_feed_tells_its_title_language_and_ttl() -> None:
    parsed = parse(rss("<item><title>T</title></item>", "<ttl> 30 </ttl><language>uk-ua</language>"))
    assert (parsed.title, parsed.ttl, parsed.items[0].lang) == ("Herald", timedelta(minutes=30), "uk")


@pytest.mark.parametrize(
    ("written", "ttl"), {"0": None, "soon": None, "-5": None, "²": None, "999999": timedelta(days=1)}.items()
)
def test_a_ttl_that_cannot_be_true_is_left_out(written: str, ttl: timedelta | None) -> None:
    assert parse(rss("", f"<ttl>{written}</ttl>")).ttl == ttl


def test_a_guid_stays_as_written_wherever_the_feed_moves() -> None:
    content = "<guid>abc/7</guid><link>https://herald.example/7</link><title>T</title>"
    assert only(content).guid == only(content, url="https://elsewhere.example/x/").guid == "abc/7"


@pytest.mark.parametrize(
    ("guid", "link"),
    {"1234": "", "https://herald.example/7": "https://herald.example/7", "tag:herald.example,2026:7": ""}.items(),
)
def test_a_guid_is_a_link_only_when_it_is_one(guid: str, link: str) -> None:
    assert only(f"<guid>{guid}</guid><title>T</title>").link == link


def test_the_real_text_is_found_behind_a_caption() -> None:
    item = only("<media:description>Caption</media:description><description>The real text of it</description>")
    assert (item.summary, item.body) == ("Caption", "The real text of it")


def test_an_item_without_update_was_not_updated() -> None:
    assert only("<title>T</title><pubDate>Mon, 01 Jun 2026 12:00:00 GMT</pubDate>").updated_at is None


def test_bytes_are_never_taken_for_the_name_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("evil.xml").write_text(rss("<item><title>Secret</title></item>"))
    with pytest.raises(ParseError):
        parse(b"evil.xml")
    with pytest.raises(ParseError):
        parse(os.fsencode(tmp_path / "evil.xml"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "koi8-u"])
def test_encodings_are_read_as_declared(encoding: str) -> None:
    body = f"<?xml version='1.0' encoding='{encoding}'?>" + rss("<item><title>Переговори</title></item>")
    assert parse(body.encode(encoding)).items[0].title == "Переговори"


def test_the_header_names_the_encoding_when_the_document_does_not() -> None:
    body = rss("<item><title>Переговори</title></item>").encode("windows-1251")
    assert parse(body, content_type="application/rss+xml; charset=windows-1251").items[0].title == "Переговори"


@pytest.mark.parametrize(
    "broken",
    ["&nbsp;", "&", "&#99999999999;", "&#xD800;", "&#" + "9" * 5000 + ";", "<b>", "\x00", "\x0b", "&unknown;"],
    ids=repr,
)
def test_one_broken_thing_does_not_lose_the_others(broken: str) -> None:
    parsed = parse(rss(f"<item><title>First</title></item><item><title>Second {broken}</title></item>"))
    assert parsed.items[0].title == "First"
    assert parsed.items[1].title.startswith("Second")


@pytest.mark.parametrize(
    "body",
    [
        b"<?xml version='1.0' encoding='\xff\xfe'?><rss/>",
        rss("<item><gml:pos>1 a</gml:pos><georss:point>x</georss:point></item>"),
    ],
)
def test_what_feedparser_raises_becomes_a_parse_error(body: bytes | str) -> None:
    with pytest.raises(ParseError, match="herald: is broken in a way no reader understands"):
        parse(body)


def test_a_document_that_is_not_well_formed_says_so() -> None:
    (note,) = parse(rss("<item><title>T</title></itm>")).notes
    assert note.startswith("is not well-formed: ")


def test_leading_blank_lines_and_cut_ends_do_no_harm() -> None:
    whole = "\n\n<?xml version='1.0'?>" + rss("<item><title>One</title></item><item><title>Two</title></item>")
    assert len(parse(whole).items) == 2
    assert parse(whole[: whole.index("Two")]).items[0].title == "One"


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse(rss("")).items == ()


@pytest.mark.parametrize(
    "page", ["<!doctype html><p>Log in</p>", "<html><body><item><title>x</title></item></body></html>"]
)
def test_a_web_page_is_told_from_a_feed(page: str) -> None:
    with pytest.raises(ParseError, match="herald: answered with a web page, not a feed"):
        parse(page)


@pytest.mark.parametrize("body", ["plain words", "<opml/>", "<urlset/>", "\x1f\x8b\x08", "%PDF-1.7", "<"])
def test_what_is_no_feed_is_refused(body: str) -> None:
    with pytest.raises(ParseError, match="neither RSS, Atom nor JSON Feed"):
        parse(body)


def test_entities_never_read_files_or_grow(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("planted")
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    doctype = f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{laughs}<!ENTITY f SYSTEM 'file://{secret}'>]>"
    parsed = parse(doctype + rss("<item><title>T &f; &l11;</title></item>"))
    assert "planted" not in repr(parsed)
    assert len(repr(parsed)) < 10_000


def test_only_the_first_thousand_entries_are_read() -> None:
    parsed = parse(rss("".join(f"<item><guid>{n}</guid></item>" for n in range(base.MAX_ITEMS + 10))))
    assert [parsed.items[0].guid, parsed.items[-1].guid] == ["0", "999"]
    assert parsed.notes == ("has 1010 entries; the first 1000 were read",)


PIECES = """
<rss version='2.0'> <channel> <item> </item> <title> </title> <guid> <link> <link/> <feed> <entry> </entry> &# x41;
&amp; <![CDATA[ ]]> <!DOCTYPE <!ENTITY 'b'> ]> &a; <georss:where>
<gml:pos> <source> <author> a@b.c <pubDate> 2026 <content>
<svg> <ttl> <tags> <media:content/> xmlns=' ' <?xml encoding='utf-16' ?> é"""
pieces = st.sampled_from(re.findall(r"\S+", PIECES)) | st.text(max_size=5)


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, max_size=30), st.sampled_from(["utf-8", "utf-16", "latin-1"]))
def test_nothing_but_parse_errors_is_raised(written: list[str], encoding: str) -> None:
    try:
        parsed = parse("".join(written).encode(encoding, "replace"), content_type="text/xml; charset=" + encoding)
    except ParseError:
        return
    repr(parsed).encode()
