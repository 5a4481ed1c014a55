"""The worker's side of the conversation, spoken in this process."""

import io
import pickle
from datetime import UTC, datetime

import pytest

from monitor.model import Document, ParsedFeed
from monitor.sources import worker

NOW = datetime(2026, 11, 22, tzinfo=UTC)
RSS = b"<rss version='2.0'><channel><item><title>T</title></item></channel></rss>"


def document(body: bytes) -> Document:
    return Document(feed_id="herald", url="https://herald.example/", status=200, body=body, fetched_at=NOW)


@pytest.mark.parametrize("message", [b"x", b"x" * 100_000])
def test_messages_arrive_whole(message: bytes) -> None:
    stream = io.BytesIO()
    worker.send(stream, message)
    worker.send(stream, b"next")
    stream.seek(0)
    assert [worker.receive(stream), worker.receive(stream), worker.receive(stream)] == [message, b"next", None]


def test_half_a_message_is_none() -> None:
    stream = io.BytesIO()
    worker.send(stream, b"whole")
    assert worker.receive(io.BytesIO(stream.getvalue()[:-1])) is None


def test_it_answers_with_entries_or_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "MAX_CPU", 100_000)  # the limit would be this process's own
    requests, answers = io.BytesIO(), io.BytesIO()
    for body in (RSS, b""):
        worker.send(requests, pickle.dumps(("syndication", document(body))))
    requests.seek(0)
    worker.serve(requests, answers)
    answers.seek(0)
    parsed, words = (pickle.loads(worker.receive(answers) or b"") for _ in range(2))
    assert isinstance(parsed, ParsedFeed)
    assert parsed.items[0].title == "T"
    assert words.startswith("answered with an empty document")
