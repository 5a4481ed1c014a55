"""All publishers that misbehave, at once, against the real service: each is told apart, and nobody else suffers."""

import asyncio
import os
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

from monitor.model import FeedState, Item
from monitor.store.store import Store
from tests.functional.hostile import Case, cases, entry, rss
from tests.functional.publishers import Answer, Publisher, Request, answers, publisher
from tests.functional.service import ServiceProcess

HONEST = 5
ROUNDS = 6  # of the honest feeds and of those that change their mind
PATIENCE = 45  # seconds
PARSERS = 2
HELD_UP = 15  # seconds; an honest feed is asked every second or two when nobody is in its way
SOCKETS = 40  # the event loop's own, and connections that are kept for later
MOODY = ("flapping", "new-ids", "new-order", "archive", "reused-guid")
MEMORY = 500 * 1024 * 1024  # bytes, of the service and its parsers together; 330 to 370 MB were measured
CONFIGURATION = """\
database: sqlite:///monitor.db
rules: [rules]
operator: console
polling: {every: 1s, timeout: 3s, allow_private_hosts: ["127.1.0.0/16"]}
feeds:
"""
RULE = "rule: harbour\ntitle: The harbour town\nmatch: [harbour]\nalerts:\n  - {name: any, when: each, severity: low}\n"


@dataclass(slots=True, kw_only=True)
class Run:
    """What was seen while the service ran, and what it left behind."""

    asked: Mapping[str, Publisher]
    honest_at: dict[str, list[float]]
    memory: int = 0
    processes: int = 0
    sockets: list[int] = field(default_factory=list)
    survivors: set[int] = field(default_factory=set)
    code: int = -1
    states: Mapping[str, FeedState] = field(default_factory=dict)
    items: Mapping[str, list[Item]] = field(default_factory=dict)
    alerts: set[tuple[str, str]] = field(default_factory=set)


@contextmanager
def publishing(told: Mapping[str, Case], network: str) -> Iterator[Mapping[str, Publisher]]:
    """Every publisher on an address of its own, in a thread of its own event loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def open_all(stack: AsyncExitStack) -> dict[str, Publisher]:
        hosts = (f"{network}.{number}" for number in count(1))
        return {
            name: await stack.enter_async_context(publisher(case.answer, tls=case.tls, host=next(hosts)))
            for name, case in told.items()
        }

    stack = AsyncExitStack()
    try:
        yield asyncio.run_coroutine_threadsafe(open_all(stack), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def honest(times: list[float]) -> Answer:
    """A feed with one more item each time; writes down when it is asked."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        times.append(time.monotonic())
        await answers(rss(*(entry(f"honest-{number}") for number in range(len(times)))))(request, writer)

    return answer


def children(process: int) -> set[int]:
    """The processes that this one has started and not buried."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        return {int(child) for task in tasks for child in (task / "children").read_text().split()}
    except OSError:
        return set()


def resident(process: int) -> int:
    """Bytes of memory this process holds now; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def sockets(process: int) -> int:
    """How many sockets it holds open."""
    links = []
    for link in Path(f"/proc/{process}/fd").iterdir():
        try:
            links.append(os.readlink(link))
        except OSError:  # closed since
            continue
    return sum(link.startswith("socket:") for link in links)


def watch(run: Run, process: int, moody: list[Publisher]) -> None:
    """Look at the service until everybody was asked often enough."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not done(run, moody):
        workers = children(process)
        run.processes = max(run.processes, len(workers))
        run.survivors |= workers
        run.memory = max(run.memory, resident(process) + sum(map(resident, workers)))
        run.sockets.append(sockets(process))
        time.sleep(0.1)
    time.sleep(1)  # what is being stored
    run.sockets.append(sockets(process))


def done(run: Run, moody: list[Publisher]) -> bool:
    """Everybody was asked; the honest, and those that change, several times."""
    often = all(len(times) >= ROUNDS for times in run.honest_at.values())
    return often and all(len(one.requests) >= ROUNDS for one in moody) and all(one.requests for one in _asked(run))


def _asked(run: Run) -> list[Publisher]:
    return [one for name, one in run.asked.items() if name not in ("decoy", "bad-certificate")]


def read_store(run: Run, path: Path) -> None:
    """What the service has written down."""
    store = Store.open(f"sqlite:///{path}")
    try:
        run.states = {feed.id: state for feed, state in store.feeds()}
        items = store.recent_items(datetime.now(UTC) - timedelta(hours=1))
        run.items = {name: [item for item in items if item.feed_id == name] for name in run.states}
        run.alerts = {(alert.rule, alert.group) for alert in store.alerts(limit=10_000)}
    finally:
        store.close()


def write_configuration(folder: Path, running: Mapping[str, Publisher]) -> Path:
    (folder / "rules").mkdir()
    (folder / "rules" / "harbour.yaml").write_text(RULE)
    feeds = "".join(f'  - {{id: {name}, url: "{one.url}"}}\n' for name, one in running.items())
    (folder / "monitor.yaml").write_text(CONFIGURATION + feeds)
    return folder / "monitor.yaml"


def run_against(told: Mapping[str, Case], decoy: Publisher, folder: Path) -> Run:
    """Run the service against all of them, with honest feeds beside them."""
    times: dict[str, list[float]] = {f"honest-{number}": [] for number in range(HONEST)}
    beside = {name: Case(answer=honest(asked)) for name, asked in times.items()}
    with publishing({**told, **beside}, "127.1.0") as running:
        run = Run(asked={**running, "decoy": decoy}, honest_at=times)
        service = ServiceProcess(config=write_configuration(folder, running))
        service.start()
        watch(run, service.pid, [running[name] for name in MOODY])
        run.code = service.stop()
    run.survivors = {process for process in run.survivors if resident(process)}
    read_store(run, folder / "monitor.db")
    return run


def wrong_endings(told: Mapping[str, Case], run: Run) -> dict[str, tuple[str, int]]:
    """The feeds that ended otherwise than they should: their errors, and how many items they brought."""
    ended = {name: (run.states[name].last_error, len(run.items[name])) for name in told}
    return {name: end for name, end in ended.items() if not _as_told(told[name], *end)}


def _as_told(case: Case, error: str, items: int) -> bool:
    return items == case.items and (case.error in error if case.error else not error)


def test_each_ends_as_it_should_and_nobody_else_suffers(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with publishing({"decoy": Case(answer=answers(rss(entry(1))))}, "127.0.0") as decoys:
        told = cases(decoys["decoy"].url)
        run = run_against(told, decoys["decoy"], tmp_path)
    gaps = [later - earlier for times in run.honest_at.values() for earlier, later in pairwise(times)]
    figures = {"publishers": len(told), "peak_mb": run.memory >> 20, "longest_gap_s": round(max(gaps, default=99), 1)}
    for name, value in figures.items():
        record_property(name, value)
        print(name, value)  # noqa: T201 - figures for docs/reliability.md, shown by `pytest -s`

    assert run.code == 0
    assert wrong_endings(told, run) == {}
    assert not run.asked["decoy"].requests, "somebody was led to a private address"
    assert all(not run.states[name].last_error for name in run.honest_at)
    assert all(len(run.items[name]) >= ROUNDS for name in run.honest_at)
    assert max(gaps) < HELD_UP
    assert run.memory < MEMORY
    assert run.processes <= PARSERS
    assert not run.survivors, "a parser outlived the service"
    assert run.sockets[-1] <= SOCKETS
    assert all(not harmful(item) for items in run.items.values() for item in items)
    assert "Traceback" not in (tmp_path / "service.log").read_text()


def harmful(item: Item) -> set[str]:
    """What must not be stored: control characters, surrogates, turned writing, markup, the contents of our files."""
    text = f"{item.title}{item.summary}{item.body}{item.author}"
    bad = {char for char in text if unicodedata.category(char) in ("Cc", "Cs", "Cf") and char not in "\n\t"}
    return bad | {words for words in ("<script", "root:") if words in text}
