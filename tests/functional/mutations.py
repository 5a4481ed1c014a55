"""Feed documents as they should not be: small changes, anywhere, to sound ones."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.functional.hostile import entry, rss

ATOM = (
    b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>urn:1</id>'
    b'<title type="html">One &amp;lt;b&amp;gt;</title><link href="https://a.example/1"/><updated>2026-06-01T10:00:00Z'
    b"</updated><author><name>N</name></author><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Hi"
    b"</div></content></entry></feed>"
)
RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>R</title></channel>'
    b"<item rdf:about='https://r.example/1'><title>T</title><dc:date>2026-06-01</dc:date></item></rdf:RDF>"
)
JSON = (
    b'{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1", "url": "https://j.example/1",'
    b' "title": "T", "content_html": "<p>x</p>", "date_published": "2026-06-01T10:00:00Z", "authors": [{"name": "N"}]}]}'  # noqa: E501
)
SEEDS = (rss(*(entry(n, date="Mon, 01 Jun 2026 10:00:00 GMT", text="&lt;p&gt;x") for n in range(4))), ATOM, RDF, JSON)
_ATOM_HEAD, _ATOM_REST = ATOM.split(b"<entry>")
_ATOM_ENTRY = b"<entry>" + _ATOM_REST.removesuffix(b"</feed>")
_RDF_HEAD, _RDF_REST = RDF.split(b"<item ")
_RDF_ITEM = b"<item " + _RDF_REST.removesuffix(b"</rdf:RDF>")
# Of several entries, each with its number, so that some stay as they were when others change.
LONG_SEEDS = (
    SEEDS[0],
    _ATOM_HEAD + b"".join(_ATOM_ENTRY.replace(b"1", b"%d" % n) for n in range(1, 5)) + b"</feed>",
    _RDF_HEAD + b"".join(_RDF_ITEM.replace(b"example/1", b"example/%d" % n) for n in range(1, 5)) + b"</rdf:RDF>",
)
PIECES = (
    b"<item>", b"</item>", b"<entry>", b"</entry>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?xml", b"?>",
    b"<!DOCTYPE rss [", b'<!ENTITY a "&a;">', b'<!ENTITY a "aaaaaaaa">', b"&a;", b"]>", b"&#xD800;",
    b"&#99999999999;", b"&#0;", b"&nbsp;", b"&", b"<", b">", b'"', b"'", b"\0", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\x80", b"\xed\xa0\x80", b"\r\n", b" " * 3000, b"a." * 3000, b"<a>" * 2000, b"</a>" * 500,
    b'<a style="' + b" " * 3000, b"<author>", b"</author>", b"<title>", b"</title>",
    b"<pubDate>-0001-11-30</pubDate>", b"<pubDate>9999-99-99T99:99:99Z</pubDate>", b"<pubDate>1e400</pubDate>",
    b"<ttl>-1</ttl>", b"<ttl>" + b"9" * 400 + b"</ttl>", b'xmlns:x="', b' encoding="utf-7"', b' encoding="utf-16"',
    b' encoding="\0"', b' encoding="zip"', b"<georss:point>1</georss:point>", b"<link>javascript:x</link>",
    b"<guid>", b"</guid>", b"[" * 2000, b"{" * 500, b"1" * 5000, b"-1e999999", b"NaN", b"null", b'\\ud800',
    b'"id":', b'{"items":', b"</rss>", b"<html>",
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, seeds: Sequence[bytes] = SEEDS) -> bytes:
    """A sound document after some cuts, doublings, flips and foreign pieces."""
    body = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(body)))
        to = draw(st.integers(at, min(len(body), at + 200)))
        match draw(st.integers(0, 4)):
            case 0:
                del body[at:to]
            case 1:
                body[at:at] = body[at:to] * draw(st.integers(1, 50))
            case 2:
                body[at:to] = draw(st.binary(max_size=20))
            case 3:
                body[at:at] = draw(st.sampled_from(PIECES))
            case _:
                body[at:to] = draw(st.sampled_from(PIECES))
    return bytes(body[:500_000])


@st.composite
def polled_twice(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A document, sound or mutated, and what mutation makes of it until the next poll."""
    before = draw(st.sampled_from(LONG_SEEDS) | mutated(LONG_SEEDS))
    return before, draw(mutated((before,)))
