"""Plain RSS is read as feedparser reads it, or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Document, ParsedFeed
from monitor.sources import bounds, plain_rss
from monitor.sources.syndication import Syndication

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SPACES = (
    "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/' "
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:atom='http://www.w3.org/2005/Atom' "
    "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' xmlns:own='https://herald.example/own'"
)
PLAIN = (
    "<title>Herald</title><link>https://herald.example/</link><atom:link href='https://herald.example/rss' rel='self'/>"
    "<language>uk-UA</language><ttl>60</ttl><image><url>https://herald.example/i</url><title>Not it</title></image>"
    "<item><guid isPermaLink='false'>7</guid><link>https://herald.example/7</link><title>Talks &amp;amp; terms</title>"
    "<dc:creator>A. Writer</dc:creator><category domain='x'>War</category><category/><category>Terms</category>"
    "<pubDate>Mon, 01 Jun 2026 12:00:00 CEST</pubDate><source url='https://w.example'>The Wire</source>"
    "<description><![CDATA[<p>Коротко</p>]]></description><content:encoded>&lt;p&gt;Longer&lt;/p&gt;</content:encoded>"
    "<media:content url='https://herald.example/7.jpg'><media:credit>P. Hoto</media:credit></media:content></item>"
)


def rss(channel: str, head: str = "") -> bytes:
    return f"{head}<rss version='2.0' {SPACES}><channel>{channel}</channel></rss>".encode()


def is_plain(body: bytes, content_type: str = "") -> bool:
    return plain_rss.read(body, content_type) is not None


def document(body: bytes, content_type: str = "") -> Document:
    url = "https://herald.example/news/feed"
    return Document(feed_id="herald", url=url, status=200, body=body, content_type=content_type, fetched_at=NOW)


def by_feedparser(whole: Document) -> ParsedFeed:
    """The same with an element that only feedparser overlooks."""
    begun, _, ended = (whole.body or b"").rpartition(b"</rss>")
    strange = replace(whole, body=begun + b"<unfamiliar/></rss>" + ended)
    assert not is_plain(strange.body or b"", strange.content_type)
    return Syndication().parse(strange)


def test_a_plain_document_reads_as_by_feedparser() -> None:
    whole = document(rss(PLAIN))
    assert is_plain(rss(PLAIN))
    assert Syndication().parse(whole) == by_feedparser(whole)


@pytest.mark.parametrize(
    "channel",
    [
        "<item><title>One</title><title>Two</title></item>",
        "<item><title>One <b>bold</b></title></item>",
        "<item><title type='html'>One</title></item>",
        "<item><media:title>One</media:title></item>",
        "<item><own:title>One</own:title></item>",
        "<item><author>desk@herald.example (A. Writer)</author></item>",
        "<item><link>https:////herald.example/1</link></item>",
        "<item><link>https://herald.example/?a&amp;amp;b</link></item>",
        "<item><title>D\u00c3\u00bcsseldorf</title></item>",
        "<item><title>\u0093Quoted\u0094</title></item>",
        "<item xml:lang='de'><title>Eins</title></item>",
        "<item><dc:creator xmlns:dc='http://search.yahoo.com/mrss/'>One</dc:creator></item>",
        "<title>One</title><item/><title>Two</title>",
        "<item><title>One</title>",
    ],
)
def test_whatever_is_unusual_is_left_to_feedparser(channel: str) -> None:
    assert not is_plain(rss(channel))


@pytest.mark.parametrize(
    "head",
    [
        "<?xml version='1.0' encoding='windows-1251'?>",
        "<?xml version='1.0'?><!DOCTYPE rss>",
        "<?xml version='1.0'?><!-- <!ENTITY a 'b'> -->",
        " <?xml version='1.0'?>",
        "\ufffe",
        "words",
    ],
)
def test_documents_that_begin_otherwise_are_left_to_feedparser(head: str) -> None:
    assert not is_plain(rss(PLAIN, head))


TYPES = {
    "": True,
    "application/rss+xml": True,
    "application/xml; charset=UTF-8": True,
    'text/xml;charset="utf-8"': True,
    "text/xml": False,
    "text/html; charset=utf-8": False,
    "application/rss+xml; charset=windows-1251": False,
    "application/rss+xml; version=2": False,
    "; charset=utf-8": False,
}


@pytest.mark.parametrize(("content_type", "plain"), TYPES.items())
def test_only_types_that_feedparser_takes_for_utf8_are_plain(content_type: str, plain: bool) -> None:
    assert is_plain(rss(PLAIN), content_type) is plain
    whole = document(rss(PLAIN), content_type)
    assert Syndication().parse(whole) == by_feedparser(whole)


IN_ITEM = (
    *("title", "link", "guid", "description", "content:encoded", "author", "pubDate", "dc:date", "category"),
    *("dc:subject", "source"),
)
IN_CHANNEL = (
    *("title", "language", "ttl", "sy:updatePeriod", "sy:updateFrequency", "link", "description", "copyright"),
    "generator",
)
STRANGE = (
    *("enclosure", "comments", "media:content", "media:thumbnail", "media:credit", "media:title", "atom:updated"),
    *(
        "atom:link",
        "dc:language",
        "image",
        "url",
        "own:title",
        "updated",
        "summary",
        "id",
        "content:other",
        "dc:rights",
    ),
    *("skipHours", "hour", "managingEditor", "item", "published"),
)
ATTRIBUTES = (
    *("isPermaLink='false'", "isPermaLink='True'", "domain='d'", "url='u'", "type='html'", "href='h'", "xml:lang='de'"),
    *("base='http://b.example/'", "own:lang='pl'", "rel='self' href='h'", "term='t'", "label='l'"),
)
TEXTS = (
    *(
        "",
        " ",
        "words",
        "Слово і діло",
        "für alle",
        "A. Writer",
        "7",
        "uk",
        "60",
        "hourly",
        "2026-06-01",
        "<!-- c -->x",
    ),
    *("<?p?>y", "&#8364;", "<![CDATA[<b>bold</b> &amp; ]]>", "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two", "//h.example"),
    *("https://h.example/1?a=1&amp;b=2", "Mon, 01 Jun 2026 12:00:00 GMT"),
)
STRANGE_TEXTS = ("Ã¼ber", "\x85 \x93", "a&amp;amp;b;", "http:///h", "a@b.example", "<b>bold</b>")


def usual(names: Sequence[str]) -> st.SearchStrategy[str]:
    """Elements that stand where they belong, most of them once."""
    chosen = st.lists(st.sampled_from(names), max_size=8, unique=True)
    return chosen.flatmap(lambda some: st.tuples(*(one_of(name) for name in some)).map("".join))


def one_of(name: str) -> st.SearchStrategy[str]:
    attribute = {"guid": ["", *ATTRIBUTES[:2]], "category": ["", ATTRIBUTES[2]], "source": ["", ATTRIBUTES[3]]}
    parts = st.tuples(st.sampled_from(attribute.get(name, [""])), st.sampled_from(TEXTS))
    return parts.map(lambda one: f"<{name} {one[0]}>{one[1]}</{name}>")


strange = st.builds(
    "<{0} {1}>{2}{3}</{0}>".format,
    st.sampled_from([*IN_ITEM, *IN_CHANNEL, *STRANGE]),
    st.sampled_from(["", *ATTRIBUTES]),
    st.sampled_from([*TEXTS, *STRANGE_TEXTS]),
    st.sampled_from(["", "", "<media:credit>C</media:credit>", "<title>T</title>", "<url>u</url>", "<own:x/>"]),
)
spice = st.one_of(st.just(""), st.just(""), st.just(""), strange)
items = st.tuples(usual(IN_ITEM), spice).map(lambda parts: f"<item>{''.join(parts)}</item>")
channels = st.tuples(usual(IN_CHANNEL), spice, st.lists(items, max_size=3).map("".join), spice).map("".join)


@settings(max_examples=200, deadline=None)
@given(channels)
def test_what_is_read_here_feedparser_reads_alike(channel: str) -> None:
    whole = document(rss(channel))
    if is_plain(whole.body or b""):
        assert Syndication().parse(whole) == by_feedparser(whole)


def test_every_plain_document_of_real_publishers_reads_as_by_feedparser(shared_data: Path) -> None:
    plain = 0
    for path in sorted((shared_data / "feeds").rglob("*.*ml")):
        whole = document(path.read_bytes())
        if _bounded(whole) is not None and is_plain(_bounded(whole) or b""):
            plain += 1
            assert Syndication().parse(whole) == by_feedparser(whole), path.name
    assert plain >= 80


def _bounded(whole: Document) -> bytes | None:
    try:
        return bounds.bounded(whole)[0]
    except ParseError:
        return None
