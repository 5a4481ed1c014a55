"""Pages behind stubs, read from real servers: what they become, what they may cost, and who must not suffer."""

import asyncio
import gzip
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import App, build
from monitor.model import ARTICLE_READ, Item
from monitor.pipeline import PollReport
from monitor.settings import load
from monitor.sources.articles import ArticleLimits, Articles
from tests.fakes import Clock
from tests.functional.hostile import rss
from tests.functional.publishers import Answer, Publisher, Request, after, answers, in_turn, publisher

HEADLINE = "Envoy says harbour talks may resume"
STORY = (
    "The envoy told reporters on Monday that the harbour talks may resume next week, after a pause of two months.",
    "Officials of both towns said that what remains open is the depth of the new basin, and who is to pay for it.",
)
RULE = "rule: basin\ntitle: The basin\nmatch: {body: [basin~]}\nalerts:\n  - {name: any, when: each, severity: low}\n"
HERE = '["127.0.0.1", "127.0.0.2", "127.0.0.3"]'


def page(*paragraphs: str, title: str = HEADLINE) -> bytes:
    told = "".join(f"<p>{each}</p>" for each in paragraphs or STORY)
    return f"<!doctype html><title>{title}</title><body><article><h1>{title}</h1>{told}</article></body>".encode()


def html(body: bytes, **headers: str) -> Answer:
    return answers(body, content_type="text/html; charset=utf-8", **headers)


PAGE = html(page())
BREAKS = b"<!doctype html><body><article><p>a" + b"<br>" * 240_000  # quadratic in trafilatura: ten seconds and more


async def _drip(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 1000000\r\n\r\n")
    while True:
        writer.write(b"<p>")
        await writer.drain()
        await asyncio.sleep(0.1)


def redirect(to: str) -> Answer:
    return answers(status=302, location=to)


@dataclass(slots=True)
class Site:
    """A publisher with a feed at /feed, and pages; both can be changed while it runs.

    Attributes:
        links: Of the feed's entries, the newest first.
        headline: Of all of them.
    """

    links: list[str] = field(default_factory=list)
    headline: str = HEADLINE
    pages: dict[str, Answer] = field(default_factory=dict)
    running: Publisher | None = None

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        await self._answer(request.path.partition("?")[0])(request, writer)

    def _answer(self, path: str) -> Answer:
        if path.startswith("/feed"):
            return answers(rss(*map(self._entry, self.links)), content_type="application/rss+xml")
        return self.pages.get(path, PAGE)

    def _entry(self, link: str) -> str:
        url = link if link.startswith("http") else self.url + link
        return f"<item><title>{self.headline}</title><link>{url}</link><description>A stub.</description></item>"

    @property
    def url(self) -> str:
        assert self.running
        return self.running.url

    def asked(self, path: str) -> int:
        """How often a page was asked for."""
        assert self.running
        return sum(request.path == path for request in self.running.requests)


@dataclass(slots=True)
class World:
    """An app that has polled its feed once, when it was empty but for one entry."""

    app: App
    site: Site
    clock: Clock

    async def poll(self, *feeds: str) -> dict[str, PollReport]:
        self.clock.forward(minutes=10)
        return {report.feed_id: report for report in await self.app.poll_due(feeds or ("herald",))}

    def items(self) -> dict[str, Item]:
        """By the path of their link, without those of the first poll."""
        stored = self.app.store.recent_items(self.clock() - timedelta(days=30))
        return {item.link.removeprefix(self.site.url): item for item in stored if not item.historic}


Act = Callable[[World], Awaitable[None]]


def scene(folder: Path, act: Act, site: Site | None = None, *, feed: str = "article: true", more: str = "") -> None:
    """Run an app on one site, after the first poll."""

    async def play(place: Site) -> None:
        async with publisher(place) as place.running:
            place.links.append("/old")
            clock = Clock()
            app = build(load(_configured(folder, place.url, feed, more), {"PASSWORD": "user:secret"}), clock=clock)
            world = World(app, place, clock)
            try:
                await world.poll()
                await act(world)
            finally:
                await app.close()

    asyncio.run(play(site or Site()))


def _configured(folder: Path, url: str, feed: str, more: str) -> Path:
    (folder / "rules").mkdir()
    (folder / "rules" / "basin.yaml").write_text(RULE)
    path = folder / "monitor.yaml"
    path.write_text(
        f"database: sqlite:///monitor.db\nrules: [rules]\npolling: {{spacing: 0s, allow_private_hosts: {HERE}}}\n"
        f'feeds:\n  - {{id: herald, url: "{url}/feed", {feed}}}\n{more.replace("SITE", url)}'
    )
    return path


def became(folder: Path, answer: Answer, path: str = "/1") -> Item:
    """The item whose page answers like this."""
    found: list[Item] = []

    async def act(world: World) -> None:
        world.site.links.insert(0, path)
        await world.poll()
        found.append(world.items()[path])

    scene(folder, act, Site(pages={path: answer}))
    return found[0]


# --- what becomes of items ------------------------------------------------------------------------------------------


def test_the_text_of_the_page_is_read_by_the_rules_in_the_poll_that_brings_the_item(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        assert world.site.asked("/old") == 0  # history
        world.site.links.insert(0, "/1")
        report = (await world.poll())["herald"]
        assert (report.new, report.observations, len(report.alerts), report.pages) == (1, 1, 1, {ARTICLE_READ: 1})
        item = world.items()["/1"]
        assert (item.summary, item.body, item.article) == ("A stub.", "\n".join(STORY), ARTICLE_READ)
        assert list(world.app.store.articles.of_feed("herald", world.clock())) == [ARTICLE_READ]

    scene(tmp_path, act)


def test_a_feed_that_does_not_say_so_has_no_pages_read(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        world.site.links.insert(0, "/1")
        assert (await world.poll())["herald"].pages == {}
        assert (world.site.asked("/1"), world.items()["/1"].article) == (0, "")

    scene(tmp_path, act, feed="every: 10m")


def test_a_selector_says_where_the_article_is(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        world.site.links.insert(0, "/1")
        await world.poll()
        assert world.items()["/1"].body == "\n".join(STORY)

    scene(tmp_path, act, feed='article: {selector: "article p"}')


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (answers(status=401), "asks for a password (401)"),
        (answers(status=403), "may be for subscribers only"),
        (answers(status=404), "is not there (404)"),
        (answers(status=500), "trouble of its own (500)"),
        (html(b""), "shows no article"),
        (html(b"<title>Log in</title><p>Subscribe to read on.</p>"), "shows no article"),
        (
            html(page("We ask for your consent to store cookies on this device. " * 9, title="Hold on")),
            "of the headline",
        ),
        (redirect("/"), "leads to a front page"),
        (redirect("/1"), "redirects more than 5 times"),
        (redirect("http://10.1.2.3/admin"), "is refused"),
        (redirect("http://127.9.9.9/"), "is refused"),
        (redirect("http://169.254.169.254/latest/meta-data"), "is refused"),
        (redirect("file:///etc/passwd"), "not http:// or https://"),
        (answers(b"%PDF-1.7", content_type="application/pdf"), "is no web page but application/pdf"),
        (answers(page()), "is no web page but of no type"),
        (html(gzip.compress(b"<p>" * 20_000_000), content_encoding="gzip"), "more than 3 MB"),
        (html(page(), content_encoding="br"), "only gzip was accepted"),
        (html(b"<p>" + b"x" * 10_000_000), "more than 3 MB"),
        (html(b"<!doctype html><body>" + b"<div>" * 100_000 + page()), "shows no article"),
        (html(BREAKS), "no result within 5 s"),
        (html(bytes(range(256)) * 2000), "shows no article"),
        (html(b"&#xD800;&#99999999999;<![CDATA[\0" * 20_000), "shows no article"),
    ],
)
def test_an_item_whose_page_cannot_be_read_keeps_its_stub_and_says_why(
    tmp_path: Path, answer: Answer, told: str
) -> None:
    item = became(tmp_path, answer)
    assert told in item.article
    assert (item.summary, item.body) == ("A stub.", "")


def test_a_page_in_another_encoding_than_it_claims_is_read(tmp_path: Path) -> None:
    assert became(tmp_path, answers(page(), content_type="text/html; charset=utf-16")).article == ARTICLE_READ


def test_a_link_to_a_front_page_is_not_followed(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        world.site.links.insert(0, "/?")
        await world.poll()
        assert world.site.asked("/?") == world.site.asked("/") == 0

    scene(tmp_path, act)


def test_a_retitled_item_keeps_the_text_of_its_page_which_is_not_asked_again(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        world.site.links[:] = ["/1"]
        await world.poll()
        world.site.headline = HEADLINE.replace("may resume", "have resumed")
        await world.poll()
        item = world.items()["/1"]
        assert item.title.endswith("have resumed")
        assert (item.body, world.site.asked("/1")) == ("\n".join(STORY), 1)

    scene(tmp_path, act)


# --- politeness -----------------------------------------------------------------------------------------------------


def test_a_page_is_asked_for_as_html_by_our_name_and_without_validators(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        world.site.links.insert(0, "/1")
        await world.poll()
        [request] = [request for request in world.site.running.requests if request.path == "/1"]  # type: ignore[union-attr]
        assert sorted(request.headers) == ["accept", "accept-encoding", "host", "user-agent"]
        assert request.headers["accept"] == b"text/html, application/xhtml+xml"

    scene(tmp_path, act)


def test_secrets_of_a_feed_go_to_its_own_origin_alone(tmp_path: Path) -> None:
    elsewhere = Site()

    async def act(world: World) -> None:
        async with publisher(elsewhere, host="127.0.0.2") as elsewhere.running:
            world.site.links[:0] = ["/1", f"{elsewhere.url}/2", "/3"]
            world.site.pages["/3"] = redirect(f"{elsewhere.url}/4")
            await world.poll()
            sent = {request.path: request.headers.get("authorization") for request in world.site.running.requests}  # type: ignore[union-attr]
            assert sent["/1"] == sent["/3"] == b"Basic " + b64encode(b"user:secret")
            assert {request.path for request in elsewhere.running.requests} == {"/2", "/4"}
            assert not [request for request in elsewhere.running.requests if "authorization" in request.headers]

    scene(tmp_path, act, feed='article: true, auth: "${PASSWORD}"')


def test_the_same_page_is_asked_for_once_whatever_feeds_link_to_it(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        await world.poll("second", "third")
        world.site.links[:0] = ["/1?utm_source=rss", "/1"]
        world.site.pages["/1"] = after(0.3, PAGE)
        await world.poll("herald", "second")  # at the same time
        await world.poll("third")  # later
        assert world.site.asked("/1") + world.site.asked("/1?utm_source=rss") == 1
        bodies = [item.body for item in world.app.store.recent_items(world.clock() - timedelta(days=1)) if item.article]
        assert bodies == ["\n".join(STORY)] * len(bodies)
        assert len(bodies) >= 3

    more = "".join(f'  - {{id: {name}, url: "SITE/feed?{name}", article: true}}\n' for name in ("second", "third"))
    scene(tmp_path, act, more=more)


def test_a_failed_page_is_never_asked_for_again(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        await world.poll("second")
        world.site.links.insert(0, "/1")
        world.site.pages["/1"] = answers(status=404)
        for feed in ("herald", "second", "herald"):
            await world.poll(feed)
        assert world.site.asked("/1") == 1

    scene(tmp_path, act, more='  - {id: second, url: "SITE/feed?second", article: true}\n')


def test_of_200_new_items_at_once_ten_pages_are_read_and_all_are_kept(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        world.site.links[:0] = [f"/{number}" for number in range(200)]
        report = (await world.poll())["herald"]
        assert report.new == 200
        assert report.pages[ARTICLE_READ] == 10
        assert sum(report.pages.values()) == 200
        assert [world.site.asked(f"/{number}") for number in range(12)] == [1] * 10 + [0] * 2
        assert world.site.running.open_most <= 2  # type: ignore[union-attr]
        assert "came with many others" in world.items()["/199"].article

    scene(tmp_path, act)


def test_a_host_that_asks_for_fewer_requests_is_left_alone_as_long_as_it_says(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        world.site.pages["/1"] = answers(status=429, retry_after="1800")
        for number in range(1, 5):  # ten minutes apart
            world.site.links.insert(0, f"/{number}")
            await world.poll()
        assert [world.site.asked(f"/{number}") for number in range(1, 5)] == [1, 0, 0, 1]
        assert "is left alone for a while" in world.items()["/2"].article

    scene(tmp_path, act)


def test_a_host_whose_pages_keep_failing_is_left_alone_for_an_hour(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        world.site.pages |= {f"/{number}": answers(status=403) for number in range(1, 10)}
        for number in range(1, 12):
            world.site.links.insert(0, f"/{number}")
            await world.poll()
        assert [world.site.asked(f"/{number}") for number in range(1, 12)] == [1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0]

    scene(tmp_path, act)


# --- who must not suffer --------------------------------------------------------------------------------------------


def test_a_page_that_drips_holds_its_poll_up_no_longer_than_the_deadline_and_no_other_feed(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        world.app.articles.close()
        world.app.articles = world.app.full_text.articles = Articles(world.app.fetcher, ArticleLimits(deadline=2))
        world.site.links.insert(0, "/0")
        await world.poll("plain", "herald")  # the reader has begun
        world.site.links[:0] = ["/1", "/2"]
        world.site.pages["/1"] = _drip
        begun = time.monotonic()
        slow = asyncio.create_task(world.poll("herald"))
        await asyncio.sleep(0.5)
        assert (await world.poll("plain"))["plain"].new == 2
        assert not slow.done()
        report = (await slow)["herald"]
        assert time.monotonic() - begun < 15
        assert report.pages == {ARTICLE_READ: 1, "its page was not read within 2 s": 1}
        assert world.app.full_text.waiting == 0

    scene(tmp_path, act, more='  - {id: plain, url: "SITE/feed?plain"}\n')


def test_a_page_that_kills_its_reader_leaves_the_next_one_readable(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        world.site.pages["/1"] = html(BREAKS)
        for number in (1, 2):
            world.site.links.insert(0, f"/{number}")
            await world.poll()
        assert "no result within" in world.items()["/1"].article
        assert world.items()["/2"].article == ARTICLE_READ

    scene(tmp_path, act)


def test_a_poll_that_is_done_again_after_a_crash_asks_for_no_page_twice(tmp_path: Path) -> None:
    async def act(world: World) -> None:
        world.site.links.insert(0, "/1")
        world.site.pages["/1"] = in_turn(PAGE, answers(status=500))
        world.clock.forward(minutes=10)
        [lease] = await world.app.database(
            world.app.store.claim_feeds, world.clock(), limit=1, ttl=timedelta(minutes=3), feed_ids=["herald"]
        )
        collected = await world.app._collect(lease, world.clock())
        await world.app.full_text.complete(lease, collected, world.clock())  # and never commits
        report = (await world.poll())["herald"]
        assert (report.new, report.pages, world.site.asked("/1")) == (1, {ARTICLE_READ: 1}, 1)

    scene(tmp_path, act)
