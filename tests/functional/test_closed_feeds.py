"""Feeds behind a password, a header or a proxy: who gets the secrets, and who must not."""

import asyncio
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

from monitor.app import App, build
from monitor.pipeline import PollReport
from monitor.settings import load
from tests.functional.hostile import entry, rss
from tests.functional.publishers import Publisher, answers, by_path, publisher

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRETS = {"LOGIN": "reader:hunter2", "KEY": "planted-key-77"}
BASIC = b"Basic " + b64encode(b"reader:hunter2")
NEWS = answers(rss(entry(1)))


def configured(folder: Path, url: str, extra: str = "") -> App:
    (folder / "monitor.yaml").write_text(f"""\
database: sqlite:///monitor.db
rules: []
feeds:
  - {{id: closed, url: "{url}", auth: "${{LOGIN}}", headers: {{X-Api-Key: "${{KEY}}"}}{extra}}}
polling: {{allow_private_hosts: ["127.0.0.0/8"]}}
""")
    return build(load(folder / "monitor.yaml", SECRETS), clock=lambda: NOW)


async def polled(app: App) -> list[PollReport]:
    try:
        return await app.poll_due()
    finally:
        await app.close()


def heard(one: Publisher, name: str) -> list[bytes | None]:
    return [request.headers.get(name) for request in one.requests]


def test_password_and_header_are_sent_and_reach_no_file(tmp_path: Path) -> None:
    async def run() -> None:
        async with publisher(NEWS) as closed:
            (report,) = await polled(configured(tmp_path, closed.url))
            assert (report.new, report.error) == (1, "")
            assert heard(closed, "authorization") == [BASIC]
            assert heard(closed, "x-api-key") == [b"planted-key-77"]

    asyncio.run(run())
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [secret for secret in (b"hunter2", b"planted-key-77", BASIC) if secret in written]


def test_a_redirect_elsewhere_carries_no_secret_and_one_at_home_does(tmp_path: Path) -> None:
    async def run() -> None:
        async with publisher(NEWS, host="127.0.0.2") as stranger:
            away = answers(status=302, location=f"{stranger.url}/feed")
            paths = by_path(start=answers(status=302, location="/middle"), middle=away)
            async with publisher(paths) as home:
                (report,) = await polled(configured(tmp_path, f"{home.url}/start"))
                assert report.new == 1
                assert heard(home, "authorization") == [BASIC, BASIC]
                assert heard(stranger, "authorization") == [None]
                assert heard(stranger, "x-api-key") == [None]

    asyncio.run(run())


def test_a_proxy_of_its_own_is_asked_for_this_feed(tmp_path: Path) -> None:
    async def run() -> None:
        async with publisher(NEWS) as proxy:
            app = configured(tmp_path, "http://news.example/feed", f', proxy: "{proxy.url}"')
            (report,) = await polled(app)
            assert (report.new, report.error) == (1, "")
            assert [request.path for request in proxy.requests] == ["http://news.example/feed"]

    asyncio.run(run())


def test_a_wrong_password_is_told_without_it(tmp_path: Path) -> None:
    async def run() -> None:
        async with publisher(answers(status=401)) as closed:
            (report,) = await polled(configured(tmp_path, closed.url))
            assert "asks for a password (401): give it as `auth:`" in report.error
            assert "hunter2" not in report.error

    asyncio.run(run())
