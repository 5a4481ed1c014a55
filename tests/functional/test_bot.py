"""The real service with its bot, people who write to it, and a Telegram on loopback that is not always kind."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from monitor.model import SubscriptionState
from monitor.store import Store
from tests.fakes import MORNING, rss
from tests.functional.bot_api import TOKEN, BotApi, refused
from tests.functional.service import ServiceProcess, wait_until
from tests.functional.sinks import Reply

ANNA, BORYS, GROUP = 101, 202, -303
CONFIGURATION = """\
database: sqlite:///monitor.db
rules: [rules]
feeds: [{{id: orchard, url: "{feed}", publisher: Orchard, every: 1s}}]
polling: {{allow_private_hosts: [localhost, 127.0.0.1], at_least: 1s}}
channels:
  telegram: {{url: "tgram://${{BOT_TOKEN}}/999"}}
  log:
operator: log
subscriptions: {{}}
bot: {{token: "${{BOT_TOKEN}}", channel: telegram, chats: [101]}}
"""
RULES = {
    "plums": "rule: plums\ntitle: Plums in talks\nmatch: [plums]\nalert: high\n",
    "pears": "rule: pears\ntitle: Pears at war\nmatch: [pears]\nalert: high\n",
}


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A publisher, a Telegram, and the service between them."""

    service: ServiceProcess
    publisher: HTTPServer
    telegram: BotApi

    def publish(self, *titles: str) -> None:
        self.publisher.clear()
        body = rss("orchard", [(title, MORNING) for title in titles])
        self.publisher.expect_request("/feed").respond_with_data(body, content_type="application/rss+xml")

    def heard(self, chat: int, words: str, *, seconds: float = 40) -> str:
        """What a chat was sent that holds these words, once it is there."""
        said = self.telegram.to_chat
        wait_until(
            lambda: any(words in text for text in said(chat)),
            seconds,
            f"{chat} never heard {words!r}, but {said(chat)}\n{self.service.text()}",
        )
        return next(text for text in said(chat) if words in text)

    def logged(self, words: str) -> None:
        wait_until(lambda: words in self.service.text(), 40, f"{words!r} is not in\n{self.service.text()}")

    def subscribed(self) -> dict[str, tuple[str, ...]]:
        """What each chat gets, by its id."""
        store = Store.open(f"sqlite:///{self.service.config.parent / 'monitor.db'}")
        try:
            return {one.address: one.rules for one in store.subscriptions(SubscriptionState.ACTIVE)}
        finally:
            store.close()


@pytest.fixture
def newsroom(tmp_path: Path, httpserver: HTTPServer) -> Iterator[Newsroom]:
    (tmp_path / "rules").mkdir()
    for name, rule in RULES.items():
        (tmp_path / "rules" / f"{name}.yaml").write_text(rule)
    (tmp_path / "monitor.yaml").write_text(CONFIGURATION.format(feed=httpserver.url_for("/feed")))
    with BotApi(tmp_path) as telegram:
        environment = {**telegram.environment, "BOT_TOKEN": TOKEN}
        service = ServiceProcess(config=tmp_path / "monitor.yaml", environment=environment)
        made = Newsroom(service, httpserver, telegram)
        made.publish("Old news")
        service.start()
        yield made
        if service.running:
            service.kill()
    assert "planted-secret" not in service.text()
    assert "Traceback" not in service.text()


def test_two_people_subscribe_in_their_chats_and_each_gets_what_they_chose(newsroom: Newsroom) -> None:
    newsroom.telegram.write(ANNA, "/start")
    newsroom.heard(ANNA, "Alerts from the indicator monitor")
    newsroom.telegram.write(ANNA, "/subscribe plums")
    newsroom.telegram.write(BORYS, "/subscribe pears", name="<b>Borys</b>")
    newsroom.heard(BORYS, "Pears at war")
    newsroom.heard(ANNA, "Done")

    newsroom.publish("Old news", "Talks about plums", "A war about pears")
    told = newsroom.heard(ANNA, "Talks about plums")
    assert "A war about pears" in newsroom.heard(BORYS, "A war about pears")
    assert not any("A war" in text for text in newsroom.telegram.to_chat(ANNA))

    newsroom.telegram.write(ANNA, "/ack", reply_to_message={"text": told})
    newsroom.heard(ANNA, "You take care")
    newsroom.telegram.write(BORYS, "/ack", reply_to_message={"text": told})
    assert "may" in newsroom.heard(BORYS, "this one is 202")

    newsroom.telegram.write(BORYS, "/stop")
    newsroom.heard(BORYS, "Nothing more will come")
    assert newsroom.service.stop() == 0
    assert newsroom.subscribed() == {str(ANNA): ("plums",)}
    assert "setMyCommands" in newsroom.telegram.called


def test_what_was_said_while_nobody_listened_is_done_after_the_restart_and_what_is_old_is_not(
    newsroom: Newsroom,
) -> None:
    newsroom.logged("bot.listening")
    newsroom.service.kill()
    newsroom.telegram.write(ANNA, "/subscribe plums")
    newsroom.telegram.write(BORYS, "/subscribe pears", date=time.time() - 100_000)
    newsroom.service.start()
    newsroom.heard(ANNA, "Done")
    newsroom.heard(BORYS, "say it again")
    assert newsroom.subscribed() == {str(ANNA): ("plums",)}


def test_a_telegram_in_trouble_is_waited_out_and_nothing_said_is_lost(newsroom: Newsroom) -> None:
    newsroom.logged("bot.listening")
    newsroom.telegram.refuse(
        refused(429, "Too Many Requests", retry_after=1),
        Reply(status=500, body="<html>oops"),
        Reply(reset=True),
        refused(409, "Conflict: terminated by other getUpdates request"),
        Reply(body='{"ok": true, "result": [{"update_id": 1, "message": 5}, 7]}'),
    )
    newsroom.telegram.write(ANNA, "/start")
    newsroom.heard(ANNA, "Alerts from the indicator monitor")
    assert newsroom.service.stop() == 0


def test_a_wrong_token_is_told_to_the_operator_once_and_the_news_go_on(newsroom: Newsroom) -> None:
    newsroom.logged("bot.listening")
    newsroom.telegram.refuse(*[refused(401, "Unauthorized")] * 3)
    newsroom.logged("The Telegram bot hears nobody")
    assert newsroom.service.text().count("check its token") >= 1
    assert newsroom.service.stop() == 0


def test_who_blocks_the_bot_gets_nothing_more(newsroom: Newsroom) -> None:
    newsroom.telegram.write(ANNA, "/start")
    newsroom.telegram.write(BORYS, "/start")
    newsroom.heard(ANNA, "Alerts from")
    newsroom.heard(BORYS, "Alerts from")
    newsroom.telegram.happen(
        {
            "my_chat_member": {
                "date": int(time.time()),
                "chat": {"id": ANNA, "type": "private"},
                "new_chat_member": {"status": "kicked"},
            }
        }
    )
    newsroom.telegram.blocked_by.add(str(BORYS))
    newsroom.telegram.write(BORYS, "/status")
    wait_until(lambda: newsroom.subscribed() == {}, 40, f"somebody still gets alerts: {newsroom.service.text()}")


def test_in_a_group_only_administrators_change_anything_and_talk_is_not_answered(newsroom: Newsroom) -> None:
    newsroom.telegram.admins.add(1)
    newsroom.telegram.write(GROUP, "what a day", kind="supergroup", user=2)
    newsroom.telegram.write(GROUP, "/start@other_bot", kind="supergroup", user=1)
    newsroom.telegram.write(GROUP, "/start", kind="supergroup", user=2)
    newsroom.heard(GROUP, "only its administrators")
    newsroom.telegram.write(GROUP, "/start@news_bot", kind="supergroup", user=1)
    newsroom.heard(GROUP, "Alerts from")
    assert len(newsroom.telegram.to_chat(GROUP)) == 2
    newsroom.telegram.write(GROUP, "", kind="supergroup", migrate_to_chat_id=-404)
    wait_until(lambda: list(newsroom.subscribed()) == ["-404"], 40, "the group's new id is not known")


def test_a_chat_that_never_stops_is_not_answered_for_ever(newsroom: Newsroom) -> None:
    for _ in range(30):
        newsroom.telegram.write(ANNA, "/help")
    newsroom.telegram.write(BORYS, "/start")
    newsroom.heard(BORYS, "Alerts from")
    assert len(newsroom.telegram.to_chat(ANNA)) == 20


def test_a_channel_that_reaches_no_chat_stops_the_start(newsroom: Newsroom) -> None:
    newsroom.service.kill()
    newsroom.service.log.unlink()
    config = newsroom.service.config
    config.write_text(config.read_text().replace("channel: telegram", "channel: log"))
    newsroom.service.start()
    wait_until(lambda: not newsroom.service.running, 40, "it starts with a bot that reaches nobody")
    assert 'bot: the channel "log" cannot reach a chat' in newsroom.service.text()
