"""The article on a page, and nothing of what stands around it."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from monitor.errors import ParseError
from monitor.model import Document
from monitor.sources import main_text, page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FIRST = "The envoy told reporters on Monday that the harbour talks may resume next week, after a pause of two months."
SECOND = "Officials of both towns said that what remains open is the depth of the new basin, and who is to pay for it."
PAGE = f"""<!doctype html><html><head><title>Harbour talks may resume | Herald</title>
<meta property="og:title" content="Harbour talks &amp; fees"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<div class="consent"><p>We use cookies. Accept all cookies to read on?</p></div>
<article><h1>Harbour talks may resume</h1><p>{FIRST}</p><script>var planted = "<p>planted by a script</p>";</script>
<p><b>Read also: <a href="/other">Parliament approves a package of twelve ferries</a></b></p><p>{SECOND}</p></article>
<aside><p>{"What stands aside is another story, told at some length here. " * 4}</p></aside>
<section class="related"><a href="/x"><h3>President signs a ceasefire</h3></a><p>A teaser.</p></section>
<footer><p>All rights reserved.</p></footer></body></html>"""
ELSEWHERE = ("ferries", "ceasefire", "aside", "cookies", "planted", "Sport", "rights")


def document(html: str | bytes, content_type: str = "text/html") -> Document:
    body = html.encode() if isinstance(html, str) else html
    return Document(
        feed_id="herald",
        url="https://herald.example/1",
        status=200,
        body=body,
        content_type=content_type,
        fetched_at=NOW,
    )


def read(html: str | bytes, selector: str = "", content_type: str = "text/html") -> tuple[str, str]:
    return page.read(main_text.find, document(html, content_type), selector)


def refusal(html: str | bytes, selector: str = "") -> str:
    with pytest.raises(ParseError) as caught:
        read(html, selector)
    return caught.value.message


def test_the_article_is_found_and_nothing_that_stands_around_it() -> None:
    title, text = read(PAGE)
    assert title == "Harbour talks may resume | Herald Harbour talks & fees"
    assert text == f"Harbour talks may resume\n{FIRST}\n{SECOND}"


def test_a_selector_takes_what_it_finds_without_links_to_elsewhere() -> None:
    _, text = read(PAGE, "article")
    assert FIRST in text
    assert SECOND in text
    assert [word for word in ELSEWHERE if word in text] == []


def test_a_selector_that_finds_nothing_says_so() -> None:
    assert "nothing where `selector` says" in refusal(PAGE, "div.story")


@pytest.mark.parametrize("html", ["", "<p>Subscribe to read on.</p>", "<div id=root></div><script>render()</script>"])
def test_a_page_without_an_article_says_so(html: str) -> None:
    assert "shows no article" in refusal(html)


def test_what_it_shows_is_bounded() -> None:
    paragraphs = "".join(f"<p>{number}. {FIRST}</p>" for number in range(500))
    assert len(read(f"<article>{paragraphs}</article>")[1]) == 3000


@pytest.mark.parametrize(
    ("encoding", "content_type", "meta"),
    [
        ("utf-8", "text/html; charset=iso-8859-1", ""),  # a server's default, over a page that says nothing
        ("windows-1251", "text/html; charset=windows-1251", ""),
        ("windows-1251", "text/html", '<meta charset="windows-1251">'),
        ("koi8-u", "text/html", '<meta http-equiv="content-type" content="text/html; charset=koi8-u">'),
        ("utf-16", "text/html", ""),  # with its byte order mark
    ],
)
def test_letters_are_read_in_the_encoding_they_are_written_in(encoding: str, content_type: str, meta: str) -> None:
    sentence = "Посланець сказав журналістам у понеділок, що перемовини про гавань можуть тривати наступного тижня. "
    html = f"<html><head>{meta}<title>Гавань</title></head><body><article><p>{sentence * 4}</p></article></body></html>"
    title, text = read(html.encode(encoding), content_type=content_type)
    assert title == "Гавань"
    assert text.startswith(sentence.strip())


@pytest.mark.parametrize("selector", ["div[", "p:no-such-thing(", ">>"])
def test_a_selector_that_is_no_css_is_recognised(selector: str) -> None:
    assert page.objection(selector) == "is no CSS selector"
    assert page.objection("div.article > p, main p:first-child") == ""


def test_scripts_without_an_end_take_no_time() -> None:
    assert "shows no article" in refusal("<script>" * 100_000)


def test_only_the_process_that_reads_pages_loads_the_library() -> None:
    looks = "import sys, monitor.cli.main, monitor.sources.worker; sys.exit('trafilatura' in sys.modules)"
    subprocess.run([sys.executable, "-c", looks], check=True)
