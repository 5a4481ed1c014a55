"""The table of sources, and the choice nobody has to make."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import monitor.sources
from monitor.errors import ParseError
from monitor.model import Document, Feed
from monitor.sources import table

NOW = datetime(2026, 11, 22, tzinfo=UTC)
RSS = b"<rss version='2.0'><channel><item><title>T</title></item></channel></rss>"
JSON = b'{"version": "https://jsonfeed.org/version/1", "items": [{"title": "T"}]}'


def document(body: bytes) -> Document:
    return Document(feed_id="herald", url="https://herald.example/", status=200, body=body, fetched_at=NOW)


@pytest.mark.parametrize("kind", table.SOURCES)
@pytest.mark.parametrize("body", [RSS, b"\n\n" + RSS, JSON, b"\xef\xbb\xbf  " + JSON])
def test_the_document_decides_when_the_declared_kind_does_not_fit(kind: str, body: bytes) -> None:
    assert table.parse(kind, document(body)).items[0].title == "T"


@pytest.mark.parametrize("kind", table.SOURCES)
def test_a_web_page_is_refused_in_the_same_words_for_every_kind(kind: str) -> None:
    with pytest.raises(ParseError, match="web page"):
        table.parse(kind, document(b"<!doctype html>"))


def test_a_feed_is_of_a_kind_that_exists_unless_told_otherwise() -> None:
    assert Feed(id="herald", url="").kind in table.SOURCES


def test_every_module_with_a_source_stands_in_the_table() -> None:
    folder = Path(monitor.sources.__file__).parent
    modules = {
        path.stem for path in folder.glob("*.py") if "def recognises(" in path.read_text() and path.stem != "base"
    }
    assert (
        modules
        == {type(source).__module__.rpartition(".")[2] for source in table.SOURCES.values()}
        == set(table.SOURCES)
    )
