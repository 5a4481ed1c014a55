"""What polling costs: the whole service beside a bare httpx loop that sends the same requests to the same publisher.

Run it with `python benchmarks/polling.py`, `--feeds 1000` for more, `--entries 4` for smaller ones, `--reader PYTHON`
and `--rss2email PYTHON` to measure these too, where those interpreters have them, and with `--newsboat` where that is
installed; `--only SIDE` leaves out the others. Every side is a process of its own; CPU is user and system time of it
and its workers, memory the sum of their peaks, and at the end what they hold, shared pages counted once (PSS). The
publisher runs beside them on loopback and is not counted.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import publisher

HERE = Path(__file__).resolve()
CASES = {"first poll": 0, "all 304": 0, "same body": 1, "same entries": 2, "5 % changed": 0}  # and the publisher's mode
IN_FLIGHT = 50
HEADERS = {"User-Agent": "benchmark", "Accept": "*/*", "Accept-Encoding": "gzip"}

Poll = Callable[[], Awaitable[object]]


class Size(NamedTuple):
    """How much is measured."""

    feeds: int
    rounds: int
    entries: int = publisher.ENTRIES


Figures = dict[str, dict[str, float]]


def main() -> None:
    """Measure every side against a publisher of its own, and print the ratios."""
    asked = _arguments()
    if asked.side:
        publisher.ENTRIES = asked.entries
        SIDES[asked.side](Size(asked.feeds, asked.rounds), asked.port)
        return
    size = Size(asked.feeds, asked.rounds, asked.entries)
    bare = _measure("bare", size, sys.executable)
    print(f"{asked.feeds} feeds of {asked.entries} entries; ms a feed of the bare httpx loop, the others as multiples")
    _print("bare httpx", bare, None)
    peers = (("reader", asked.reader), ("rss2email", asked.rss2email), ("newsboat", asked.newsboat and sys.executable))
    for side, python in (("service", sys.executable), ("feedparser", sys.executable), *peers):
        if python and side in (asked.only or SIDES):
            _print(side, _measure(side, size, python), bare)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--entries", type=int, default=publisher.ENTRIES, help="of each feed")
    parser.add_argument("--rounds", type=int, default=3, help="of each case but the first poll")
    parser.add_argument("--reader", default="", metavar="PYTHON", help="an interpreter that has `reader`")
    parser.add_argument("--rss2email", default="", metavar="PYTHON", help="an interpreter that has `rss2email`")
    parser.add_argument("--newsboat", action="store_true", help="where it is installed")
    parser.add_argument("--only", action="append", choices=SIDES, help="beside the bare loop; several times for more")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(side: str, size: "Size", python: str) -> Figures:
    with serving(size.entries) as port:
        command = [python, str(HERE), "--side", side, "--port", str(port), "--entries", str(size.entries)]
        command += ["--feeds", str(size.feeds), "--rounds", str(size.rounds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{side}: {done.stderr[-2000:]}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


@contextmanager
def serving(entries: int = publisher.ENTRIES) -> Iterator[int]:
    """The port of a publisher that serves until the end of the block."""
    command = [sys.executable, str(HERE), "--side", "publisher", "--entries", str(entries)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        yield int(running.stdout.readline())
        assert running.stdin
        running.stdin.close()


def _print(name: str, figures: Figures, bare: Figures | None) -> None:
    for unit in ("cpu", "wall"):
        cells = []
        for case in CASES:
            value = figures.get(case, {}).get(unit)
            against = bare[case][unit] if bare else 1.0
            cells.append(f"{case} {value / against:6.2f}" if value is not None else "")
        print(f"{name:12} {unit:4}  " + "   ".join(filter(None, cells)))
    memory = figures["memory"]
    shared = f"; {memory['pss']:.0f} MB at the end, what is shared counted once" if memory["pss"] else ""
    print(
        f"{name:12} peak memory {memory['mb']:.0f} MB, {memory['workers']:.0f} MB of it in workers{shared}", flush=True
    )


# --- inside the process of a side -------------------------------------------------------------------------------------


async def _cases(poll: Poll, size: Size, port: int) -> None:
    figures: Figures = {}
    for case, mode in CASES.items():
        tell(port, f"mode/{mode}")
        rounds = 1 if case == "first poll" else size.rounds
        cpu = wall = 0.0
        for _ in range(rounds):
            if case == "5 % changed":
                tell(port, "revision")
            begun = time.monotonic(), _cpu()
            await poll()
            wall, cpu = wall + time.monotonic() - begun[0], cpu + _cpu() - begun[1]
        share = 1000 / (size.feeds * rounds)
        figures[case] = {"cpu": cpu * share, "wall": wall * share}
    figures["memory"] = _peak_memory()
    print(json.dumps(figures))


def tell(port: int, what: str) -> None:
    """Have the publisher change."""
    urllib.request.urlopen(f"http://127.0.0.1:{port}/{what}").read()


def _service(size: Size, port: int) -> None:
    from monitor.app import build  # noqa: PLC0415 - other sides may run where the service is not installed
    from monitor.settings import load  # noqa: PLC0415

    now = datetime(2026, 3, 2, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitor.yaml"
        path.write_text(configuration(size.feeds, port), encoding="utf-8")
        app = build(load(path), clock=lambda: now)

        async def poll() -> None:
            nonlocal now
            now += timedelta(hours=1)
            reports = await app.poll_due()
            assert len(reports) == size.feeds
            assert not any(report.error for report in reports), next(one.error for one in reports if one.error)

        async def cases() -> None:
            await _cases(poll, size, port)
            await app.close()

        asyncio.run(cases())


def configuration(feeds: int, port: int) -> str:
    """Of a service that polls the publisher."""
    urls = ((number, publisher.address(number, port)) for number in range(feeds))
    lines = (f'  - {{id: f{number}, url: "{url}", publisher: Herald {number}}}\n' for number, url in urls)
    return (
        f"database: sqlite:///monitor.db\nrules: [{HERE.parents[1] / 'rules'}]\nchannels: {{console: }}\n"
        "polling: {every: 10m, allow_private_hosts: [127.0.0.0/8]}\nfeeds:\n" + "".join(lines)
    )


def _bare(size: Size, port: int) -> None:
    import httpx  # noqa: PLC0415 - as above

    etags: dict[int, str] = {}
    limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=20)
    client = httpx.AsyncClient(limits=limits, headers=HEADERS, trust_env=False)

    async def worker(numbers: Iterator[int]) -> None:
        for number in numbers:
            headers = {"If-None-Match": etags[number]} if number in etags else {}
            response = await client.get(publisher.address(number, port), headers=headers)
            etags[number] = response.headers["etag"]

    async def poll() -> None:
        numbers = iter(range(size.feeds))
        await asyncio.gather(*(worker(numbers) for _ in range(IN_FLIGHT)))

    asyncio.run(_cases(poll, size, port))


def _feedparser(size: Size, port: int) -> None:
    """Parsing alone, of the documents of a first poll, with the options we use; on one core."""
    import io  # noqa: PLC0415

    import feedparser  # noqa: PLC0415

    bodies = [publisher.document(number, 0) for number in range(min(size.feeds, 200))]
    begun = time.process_time()
    for body in bodies:
        feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    cost = (time.process_time() - begun) * 1000 / len(bodies)
    print(json.dumps({"first poll": {"cpu": cost, "wall": cost}, "memory": _peak_memory()}))


def _reader(size: Size, port: int) -> None:
    from reader import make_reader  # type: ignore[import-not-found]  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        made: Any = make_reader(f"{folder}/reader.db")
        for number in range(size.feeds):
            made.add_feed(publisher.address(number, port))

        async def poll() -> None:
            made.update_feeds(workers=10, scheduled=False)

        asyncio.run(_cases(poll, size, port))


def _rss2email(size: Size, port: int) -> None:
    """Without sending: every message is handed to /bin/true."""
    with tempfile.TemporaryDirectory() as folder:
        config, data = Path(folder) / "rss2email.cfg", Path(folder) / "rss2email.json"
        feeds = (f"[feed.f{n}]\nurl = {publisher.address(n, port)}\nto = a@b.example\n" for n in range(size.feeds))
        general = "from = a@b.example\nto = a@b.example\nemail-protocol = sendmail\nsendmail = /bin/true\n"
        config.write_text("[DEFAULT]\n" + general + "".join(feeds), encoding="utf-8")
        command = [str(Path(sys.executable).with_name("r2e")), "-c", str(config), "-d", str(data), "run"]
        asyncio.run(_cases(partial(_run, [*command, "--no-send"]), size, port))


def _newsboat(size: Size, port: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        urls, config = Path(folder) / "urls", Path(folder) / "config"
        urls.write_text("".join(publisher.address(n, port) + "\n" for n in range(size.feeds)), encoding="utf-8")
        config.write_text("reload-threads 10\nsuppress-first-reload yes\n", encoding="utf-8")
        command = ["newsboat", "-u", str(urls), "-C", str(config), "-c", f"{folder}/cache.db", "-x", "reload"]
        asyncio.run(_cases(partial(_run, command), size, port))


async def _run(command: Sequence[str]) -> None:
    await asyncio.to_thread(subprocess.run, command, check=True, stdout=subprocess.DEVNULL)


def _cpu() -> float:
    """Seconds of user and system time, children that run or have ended included."""
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = sum(int(field) for child in _children() for field in _stat(child))
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime + ticks / 100


def _stat(child: str) -> list[str]:
    return _text(Path(f"/proc/{child}/stat")).rpartition(")")[2].split()[11:13]


def _children() -> list[str]:
    return [child for task in Path("/proc/self/task").iterdir() for child in _text(task / "children").split()]


def _text(path: Path) -> str:
    with suppress(OSError):  # the thread or process has just ended
        return path.read_text()
    return ""


def _peak_memory() -> dict[str, float]:
    """MB of this process and its workers at their largest, and of the workers alone; ended ones by their largest.

    `pss` is what they have now, each page they share counted once; 0 when the workers have ended.
    """
    running = ("self", *_children())
    own, *others = (megabytes(f"/proc/{process}/status", "VmHWM") for process in running)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    workers = sum(others) or ended
    pss = sum(megabytes(f"/proc/{process}/smaps_rollup", "Pss") for process in running)
    return {"mb": own + workers, "workers": workers, "pss": pss if others or not ended else 0}


def megabytes(path: str, name: str) -> float:
    """What a file of /proc says under this name."""
    lines = (line.split() for line in _text(Path(path)).splitlines())
    return sum(int(fields[1]) for fields in lines if fields[0] == f"{name}:") / 1000


SIDES: dict[str, Callable[[Size, int], None]] = {
    "bare": _bare,
    "service": _service,
    "feedparser": _feedparser,
    "reader": _reader,
    "rss2email": _rss2email,
    "newsboat": _newsboat,
    "publisher": lambda size, port: publisher.serve(),
}

if __name__ == "__main__":
    main()
