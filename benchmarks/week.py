"""What a week of polling does to the memory of the service: every hour of it in a few tenths of a second.

Run it with `python benchmarks/week.py`. Every hour, on a simulated clock, one feed in twenty has a new entry; all are
polled, all rules judged, digests bundled, messages sent, old items forgotten.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polling

HOUR = timedelta(hours=1)
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


def main() -> None:
    """Print the memory of the service day by day."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=60)
    parser.add_argument("--days", type=int, default=7)
    asked = parser.parse_args()
    with polling.serving() as port, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitor.yaml"
        path.write_text(polling.configuration(asked.feeds, port), encoding="utf-8")
        asyncio.run(_week(path, port, asked.days))


async def _week(path: Path, port: int, days: int) -> None:
    from monitor.app import build  # noqa: PLC0415 - `polling` may run where the service is not installed
    from monitor.settings import load  # noqa: PLC0415

    now = BEGIN
    app = build(load(path), clock=lambda: now)
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the console channel writes there
    items = 0
    for hour in range(days * 24):
        now += HOUR
        polling.tell(port, "revision")
        items += sum(report.new for report in await app.poll_due())
        await app.judge()
        await app.bundle()
        await app.send_due()
        await app.housekeeping()
        if hour % 24 == 23:
            print(f"day {hour // 24 + 1}: {items} items, {_memory():.1f} MB", file=sys.stderr, flush=True)
    await app.close()


def _memory() -> float:
    return polling.megabytes("/proc/self/status", "VmRSS")


if __name__ == "__main__":
    main()
