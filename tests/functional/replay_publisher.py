"""Plays recorded news as RSS feeds over loopback HTTP, one feed an outlet, in the order of time."""

import json
import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from xml.sax.saxutils import escape

ENTRIES = 1000  # all an outlet published: what falls off a feed while nobody polls is not ours to lose


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One recorded item."""

    guid: str
    title: str
    summary: str
    link: str
    published_at: datetime


def outlets(path: Path) -> dict[str, list[Report]]:
    """The recorded items of each outlet, oldest first."""
    found: dict[str, list[Report]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        report = Report(
            guid=item["id"],
            title=item["title"],
            summary=item["summary"],
            link=item["url"],
            published_at=datetime.fromisoformat(item["published"]),
        )
        found[item["source"]].append(report)
    return {name: sorted(reports, key=lambda report: report.published_at) for name, reports in found.items()}


class _Server(ThreadingHTTPServer):
    """Has room for all who come at once: with Python's five, each of the others tries again after a second."""

    daemon_threads = True
    request_queue_size = 128


class ReplayPublisher:
    """A web server on which time stands where `now` says; entering starts it, leaving stops it."""

    def __init__(self, reports: Mapping[str, Sequence[Report]], now: datetime) -> None:
        self.now = now
        self._names = sorted(reports)
        self._reports = reports
        self._times = {name: [report.published_at for report in reports[name]] for name in reports}
        self._server = _Server(("127.0.0.1", 0), _handler(self))

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def urls(self) -> dict[str, str]:
        """The address of each outlet's feed."""
        return {name: f"http://{self.host}/{number}.xml" for number, name in enumerate(self._names)}

    def headlines(self) -> set[tuple[str, str]]:
        """Outlet and title of everything published so far; one page told under two titles counts under the first."""
        found = set()
        for name in self._names:
            pages = {report.link or report.guid: report.title for report in reversed(self._so_far(name))}
            found |= {(name, title) for title in pages.values()}
        return found

    def document(self, number: int) -> bytes:
        """The feed of outlet `number` as it stands now."""
        entries = "".join(map(_entry, reversed(self._so_far(self._names[number])[-ENTRIES:])))
        title = escape(self._names[number])
        return f'<rss version="2.0"><channel><title>{title}</title>{entries}</channel></rss>'.encode()

    def _so_far(self, name: str) -> Sequence[Report]:
        return self._reports[name][: bisect_right(self._times[name], self.now)]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _entry(report: Report) -> str:
    return (
        f'<item><guid isPermaLink="false">{escape(report.guid)}</guid><title>{escape(report.title)}</title>'
        f"<description>{escape(report.summary)}</description><link>{escape(report.link)}</link>"
        f"<pubDate>{format_datetime(report.published_at)}</pubDate></item>"
    )


def _handler(publisher: ReplayPublisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = publisher.document(int(self.path.strip("/").removesuffix(".xml")))
            etag = f'"{hash(body):x}"'
            unchanged = self.headers.get("If-None-Match") == etag
            self.send_response(304 if unchanged else 200)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", "0" if unchanged else str(len(body)))
            self.end_headers()
            if not unchanged:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
