"""Parsing in processes that may be killed."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.errors import ParseError
from monitor.model import Document, Feed, ParsedFeed
from monitor.sources import memory
from monitor.sources.parse import Parser

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FEED = Feed(id="herald", url="https://herald.example/")
BEFORE, AFTER = b"<rss version='2.0'><channel><item><title>T", b"</title></item></channel></rss>"
HANGS = (
    b"<rss version='2.0'><channel><item><author>"
    + b"a." * 10_000
    + b"<b/>"
    + b"a." * 300_000
    + b"</author></item></channel></rss>"
)


@pytest.fixture
def parser() -> Iterator[Parser]:
    parser = Parser()
    yield parser
    parser.close()


async def parse(parser: Parser, body: bytes) -> ParsedFeed:
    document = Document(feed_id="herald", url=FEED.url, status=200, body=body, fetched_at=NOW)
    return await parser.parse(FEED, document)


def workers(parser: Parser) -> set[int]:
    return {one.process.pid for one in parser._alive}


def test_documents_come_back_as_entries(parser: Parser) -> None:
    assert asyncio.run(parse(parser, BEFORE + AFTER)).items[0].title == "T"


def test_what_cannot_be_read_is_a_parse_error_of_its_feed(parser: Parser) -> None:
    with pytest.raises(ParseError, match="herald: answered with a web page"):
        asyncio.run(parse(parser, b"<!doctype html>"))


def test_one_worker_serves_any_number_of_documents_and_of_event_loops(parser: Parser) -> None:
    async def crowd() -> list[ParsedFeed]:
        return await asyncio.gather(*(parse(parser, BEFORE + str(n).encode() + AFTER) for n in range(20)))

    first = [parsed.items[0].title for parsed in asyncio.run(crowd())]
    before = workers(parser)
    asyncio.run(crowd())
    assert first == [f"T{n}" for n in range(20)]
    assert workers(parser) == before
    assert len(before) == 1


def test_while_a_document_hangs_another_worker_reads_the_others(parser: Parser) -> None:
    async def scene() -> tuple[ParsedFeed, bool]:
        hanging = asyncio.create_task(parse(parser, HANGS))
        await asyncio.sleep(0)  # it is asked first
        read = await parse(parser, BEFORE + AFTER)
        still = not hanging.done()
        parser.close()
        with pytest.raises(ParseError):
            await hanging
        return read, still

    read, still = asyncio.run(scene())
    assert still
    assert read.items[0].title == "T"


def test_a_document_that_hangs_the_parser_costs_one_worker_and_its_time() -> None:
    parser = Parser(deadline=3)
    try:
        with pytest.raises(ParseError, match="herald: gave no result within 3 s"):
            asyncio.run(parse(parser, HANGS))
        assert asyncio.run(parse(parser, BEFORE + AFTER)).items
    finally:
        parser.close()


def test_a_worker_that_dies_costs_one_document(parser: Parser) -> None:
    asyncio.run(parse(parser, BEFORE + AFTER))
    (victim,) = workers(parser)
    os.kill(victim, signal.SIGKILL)
    with pytest.raises(ParseError, match=r"crashed the parser \(exit code -9\)"):
        asyncio.run(parse(parser, BEFORE + AFTER))
    assert asyncio.run(parse(parser, BEFORE + AFTER)).items
    assert victim not in workers(parser)


def test_a_worker_that_read_a_large_document_is_replaced(parser: Parser) -> None:
    asyncio.run(parse(parser, BEFORE + AFTER + b" " * 3_000_000))
    assert not workers(parser)


def test_a_document_that_needs_too_much_memory_is_refused(parser: Parser) -> None:
    body = b'{"version": "1", "items": [' + b"[]," * 6_500_000 + b"[]]}"
    with pytest.raises(ParseError, match="more memory"):
        asyncio.run(parse(parser, body))


def test_workers_do_not_inherit_secrets(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_TOKEN", "planted")
    asyncio.run(parse(parser, BEFORE + AFTER))
    (pid,) = workers(parser)
    environment = Path(f"/proc/{pid}/environ")
    if not environment.exists():
        pytest.skip("no /proc on this system")
    assert b"planted" not in environment.read_bytes()


def test_closing_ends_what_is_being_parsed_and_leaves_no_process() -> None:
    parser = Parser()

    async def scene() -> str:
        hanging = asyncio.create_task(parse(parser, HANGS))
        while not workers(parser):
            await asyncio.sleep(0.01)
        threading.Timer(0.5, parser.close).start()
        try:
            await hanging
        except ParseError as error:
            return error.message
        return "parsed"

    assert asyncio.run(scene()).startswith("crashed the parser")
    parser.close()
    assert not workers(parser)


@pytest.mark.parametrize("how", [["main.py"], ["-m", "main"]], ids=["script", "module"])
def test_the_main_program_is_not_run_again_in_the_worker(tmp_path: Path, how: list[str]) -> None:
    (tmp_path / "main.py").write_text(
        "import asyncio, datetime, pathlib\n"
        "from monitor.model import Document, Feed\n"
        "from monitor.sources.parse import Parser\n"
        "with open('ran', 'a') as ran:\n    ran.write('x')\n"
        "parser = Parser()\n"
        "document = Document(feed_id='f', url='', status=200, body=b'<rss><channel><item/></channel></rss>',\n"
        "                    fetched_at=datetime.datetime.now(datetime.timezone.utc))\n"
        "print(len(asyncio.run(parser.parse(Feed(id='f', url=''), document)).items))\n"
        "parser.close()\n"
    )
    run = subprocess.run([sys.executable, *how], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert (run.stdout, run.stderr) == ("1\n", "")
    assert (tmp_path / "ran").read_text() == "x"


def test_workers_end_with_a_program_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import asyncio, datetime, time\n"
        "from monitor.model import Document, Feed\n"
        "from monitor.sources.parse import Parser\n"
        "parser = Parser()\n"
        "document = Document(feed_id='f', url='', status=200, body=b'<rss><channel><item/></channel></rss>',\n"
        "                    fetched_at=datetime.datetime.now(datetime.timezone.utc))\n"
        "asyncio.run(parser.parse(Feed(id='f', url=''), document))\n"
        "print(*(one.process.pid for one in parser._alive), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        worker = int(program.stdout.readline())
        program.kill()
    deadline = time.monotonic() + 30
    while _runs(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(worker)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def rss(*titles: str, head: str = "<ttl>30</ttl>") -> bytes:
    items = "".join(f"<item><guid>{title}</guid><title>{title}</title></item>" for title in titles)
    return f"<rss version='2.0'><channel><title>Herald</title>{head}{items}</channel></rss>".encode()


async def parse_again(parser: Parser, before: bytes, after: bytes) -> ParsedFeed:
    """The second document, when the first is remembered."""
    remembered = memory.pack(FEED.url, await parse(parser, before))
    document = Document(feed_id="herald", url=FEED.url, status=200, body=after, fetched_at=NOW)
    return await parser.parse(FEED, document, remembered)


def titles(parsed: ParsedFeed) -> list[str]:
    return [item.title for item in parsed.items]


def test_only_entries_that_were_not_in_the_last_document_are_parsed(parser: Parser):
    found = asyncio.run(parse_again(parser, rss("two", "one"), rss("four", "two (corrected)", "three", "one")))
    assert titles(found) == ["four", "two (corrected)", "three"]
    assert (len(found.digests), len(found.seen)) == (3, 1)
    assert parser.counts == {"whole": 1, "reduced": 1}


def test_a_document_of_known_entries_is_not_parsed_and_its_ttl_still_holds(parser: Parser):
    found = asyncio.run(parse_again(parser, rss("two", "one"), rss("one", "two", head="<pubDate>now</pubDate>")))
    assert (found.items, len(found.seen), found.ttl) == ((), 2, timedelta(minutes=30))
    assert parser.counts == {"whole": 1, "skipped": 1}


@pytest.mark.parametrize("broken", ["a & b", "&nbsp;", "<b>"])
def test_a_document_that_is_not_well_formed_is_parsed_whole_before_and_after(parser: Parser, broken: str):
    well, ill = rss("two", "one"), rss(broken, "two", "one")
    assert len(asyncio.run(parse_again(parser, well, ill)).items) == 3
    assert len(asyncio.run(parse_again(parser, ill, well)).items) == 2
    assert parser.counts == {"whole": 4}


def test_entries_that_are_read_as_more_than_they_were_cut_into_are_parsed_whole(parser: Parser):
    hidden = rss("one", "two").replace(b"</channel>", b"<Item><title>three</title></Item></channel>")
    found = asyncio.run(parse_again(parser, rss("one"), hidden))
    assert (titles(found), found.digests) == (["one", "two", "three"], ())


def test_documents_of_other_kinds_are_never_cut(parser: Parser):
    body = (
        b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "content_html": "<item>one</item>"},'
        b' {"id": "2", "content_html": "<item>two</item>"}]}'
    )
    found = asyncio.run(parse(parser, body))
    assert (len(found.items), found.digests) == (2, ())
