"""Mutated feed documents through the real parser: how many crash it, hang it, or take much time or memory.

Then as many that are polled twice, mutated in between: whether parsing only what is new reads the same as parsing all.

`python benchmarks/fuzz.py [COUNT]`; ten thousand by default.
"""

import asyncio
import resource
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Document, Feed
from monitor.sources.parse import Parser
from tests.functional.mutations import mutated, polled_twice
from tests.functional.rereading import reread
from tests.functional.test_mutated_feeds import TYPES

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FEED = Feed(id="f", url="https://f.example/")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    many = settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    _parse_mutated(many)
    _poll_twice(many)


def _parse_mutated(many: settings) -> None:
    parser, ends, slowest = Parser(workers=1), Counter[str](), [0.0]

    @many
    @given(body=mutated(), content_type=st.sampled_from(TYPES))
    def one(body: bytes, content_type: str) -> None:
        begun = time.monotonic()
        ends[asyncio.run(_end(parser, body, content_type))] += 1
        slowest[0] = max(slowest[0], time.monotonic() - begun)

    try:
        one()
    finally:
        parser.close()
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{ends.total()} documents: {dict(ends)}; slowest {slowest[0]:.2f} s, largest parser {memory} MB")


def _poll_twice(many: settings) -> None:
    parser, outcomes = Parser(workers=1), Counter[str]()

    @many
    @given(documents=polled_twice())
    def one(documents: tuple[bytes, bytes]) -> None:
        outcomes[reread(parser, FEED, *documents)] += 1

    try:
        one()
    finally:
        parser.close()
    print(f"{outcomes.total()} documents polled twice: {dict(outcomes)}")


async def _end(parser: Parser, body: bytes, content_type: str) -> str:
    document = Document(feed_id="f", url=FEED.url, status=200, body=body, content_type=content_type, fetched_at=NOW)
    try:
        await parser.parse(FEED, document)
    except ParseError as error:
        if "crashed the parser" in error.message:
            return "crashed"
        return "hung" if "gave no result" in error.message else "refused"
    return "read"


if __name__ == "__main__":
    main()
