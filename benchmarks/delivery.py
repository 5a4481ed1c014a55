"""What the outbox costs: the service emptying it beside bare Apprise sending the same messages to the same sink.

Run it with `python benchmarks/delivery.py --messages 10000`. Each side is a process of its own, one after the other,
several times in turn; the sink runs beside them on loopback and is not counted. The clock runs from the first message
to the last mark, without start-up; memory is the peak of the process before and after.
"""

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from apprise import Apprise, NotifyFormat

from monitor.app import App, build
from monitor.model import Message, Notification, NotificationState, Outcome
from monitor.settings import load

HERE = Path(__file__).resolve()
BODY = "Why: first soft word in a week\n\n" + "Envoy, a.example: “We can work with this.”\n" * 12
FOLDER = "rules: []\nchannels: {{desk: {{url: 'json://127.0.0.1:{port}/'}}}}\n"
Figures = dict[str, float]


def main() -> None:
    """Measure both sides against one sink, and print the ratio."""
    asked = _arguments()
    if asked.side == "sink":
        asyncio.run(_listen(_Sink(keeps=asked.keeps, delay=asked.delay / 1000)))
        return
    if asked.side:
        SIDES[asked.side](asked.messages, asked.port)
        return
    with _sink(keeps=asked.keeps, delay=asked.delay) as port:
        rounds = [[_measure(side, asked.messages, port) for side in SIDES] for _ in range(asked.rounds)]
    print(f"{asked.messages} messages, one target, {asked.rounds} rounds in turn (medians)")
    for name, figures in zip(("bare Apprise", "the service"), zip(*rounds, strict=True), strict=True):
        speed, cpu = (statistics.median(each[key] for each in figures) for key in ("speed", "cpu"))
        before, after = (max(each[key] for each in figures) for key in ("before", "after"))
        print(
            f"{name:13} {speed:6.0f} a second, {cpu:5.2f} ms CPU each, peak {before:.0f} MB before, {after:.0f} after"
        )
    _print_ratios("times", [bare["speed"] / service["speed"] for bare, service in rounds])
    _print_ratios("CPU", [service["cpu"] / bare["cpu"] for bare, service in rounds])


def _print_ratios(what: str, ratios: list[float]) -> None:
    print(f"ratio of {what} {statistics.median(ratios):.2f} ({', '.join(f'{each:.2f}' for each in ratios)})")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keeps", action="store_true", help="the sink keeps connections open")
    parser.add_argument("--delay", type=float, default=0, help="milliseconds until the sink answers")
    parser.add_argument("--side", choices=[*SIDES, "sink"], help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


# --- each side in its own process -----------------------------------------------------------------------------------


def _bare(messages: int, port: int) -> None:
    target = Apprise()
    target.add(f"json://127.0.0.1:{port}/")

    def send() -> None:
        for number in range(messages):
            assert target.notify(title=_title(number), body=BODY, body_format=NotifyFormat.TEXT)

    target.notify(title="warm", body="up")
    _time(messages, send)


def _service(messages: int, port: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "monitor.yaml"
        config.write_text(FOLDER.format(port=port), encoding="utf-8")
        app = build(load(config), clock=lambda: datetime.now(UTC))
        _fill(app, 1)
        asyncio.run(app.send_due())
        _fill(app, messages)
        _time(messages, lambda: asyncio.run(app.sender.work()))
        sent = app.store.notifications(limit=messages + 1, state=NotificationState.SENT)
        assert len(sent) == messages + 1
        asyncio.run(app.close())


def _fill(app: App, messages: int) -> None:
    now = datetime.now(UTC)
    for start in range(0, messages, 500):
        numbers = range(start, min(start + 500, messages))
        with app.store.unit() as unit:
            unit.save(Outcome(notifications=tuple(_notification(f"{messages}-{each}", each, now) for each in numbers)))


def _notification(name: str, number: int, now: datetime) -> Notification:
    message = Message(title=_title(number), body=BODY)
    return Notification(id=name, route="desk", channel="desk", message=message, created_at=now, next_attempt_at=now)


def _title(number: int) -> str:
    return f"Envoy calls the plan a basis for talks, {number}"


def _time(messages: int, work: Callable[[], object]) -> None:
    before, cpu, start = _peak(), time.process_time(), time.perf_counter()
    work()
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(json.dumps({"speed": messages / wall, "cpu": 1000 * cpu / messages, "before": before, "after": _peak()}))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measure(side: str, messages: int, port: int) -> Figures:
    command = [sys.executable, str(HERE), "--side", side, "--messages", str(messages), "--port", str(port)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


# --- the sink -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sink:
    keeps: bool
    delay: float

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read requests and thank for them; hang up after the first, unless connections are kept."""
        with suppress(asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0))
                await asyncio.sleep(self.delay)
                ending = b"" if self.keeps else b"Connection: close\r\n"
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + ending + b"\r\n")
                await writer.drain()
                if not self.keeps:
                    break
        writer.close()


async def _listen(sink: _Sink) -> None:
    server = await asyncio.start_server(sink.take, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def _sink(*, keeps: bool, delay: float) -> Iterator[int]:
    command = [sys.executable, str(HERE), "--side", "sink", "--delay", str(delay), *(["--keeps"] if keeps else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sink:
        assert sink.stdout is not None
        yield int(sink.stdout.readline())
        sink.terminate()


SIDES: dict[str, Callable[[int, int], None]] = {"bare": _bare, "service": _service}

if __name__ == "__main__":
    main()
