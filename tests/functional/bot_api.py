"""A Telegram on loopback, as a bot sees it: people who write, updates until they are confirmed, refusals."""

import json
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.functional.sinks import TELEGRAM, HttpsSink, Reply, Request

TOKEN = "123456:planted-secret-of-the-bot"


class BotApi(HttpsSink):
    """Answers getMe, getUpdates, sendMessage and the others for one token; other tokens are refused."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, [TELEGRAM])
        self.sent: list[dict[str, Any]] = []
        self.called: list[str] = []
        self.admins: set[int] = set()
        self.blocked_by: set[str] = set()
        self._updates: deque[dict[str, Any]] = deque()
        self._refusals: deque[Reply] = deque()
        self._number = 1000
        self._changed = threading.Condition()

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "SSL_CERT_FILE": super().environment["REQUESTS_CA_BUNDLE"]}

    def write(self, chat: int, text: str, **more: Any) -> None:
        """Somebody writes in a chat."""
        kind = more.pop("kind", "private")
        sender = {"id": more.pop("user", abs(chat)), "first_name": more.pop("name", "Anna")}
        message = {"message_id": 1, "date": int(more.pop("date", time.time())), "text": text, **more}
        self.happen({"message": {**message, "chat": {"id": chat, "type": kind}, "from": sender}})

    def happen(self, update: Mapping[str, Any]) -> None:
        """Something happens that the bot will be told of."""
        with self._changed:
            self._number += 1
            self._updates.append({"update_id": self._number, **update})
            self._changed.notify_all()

    def refuse(self, *replies: Reply) -> None:
        """Answer the next questions for updates with these."""
        self._refusals.extend(replies)

    def to_chat(self, chat: int) -> list[str]:
        """What one chat was sent, in order."""
        return [sent["text"] for sent in list(self.sent) if str(sent["chat_id"]) == str(chat)]

    def answer(self, request: Request) -> Reply:
        _, bot, method = request.path.split("/", 2)
        self.called.append(method)
        self.requests.append(request)
        if bot != f"bot{TOKEN}":
            return refused(401, "Unauthorized")
        arguments = json.loads(request.body or b"{}")
        if method == "getUpdates":
            return self._refusals.popleft() if self._refusals else self._pending(arguments)
        if method == "sendMessage" and str(arguments["chat_id"]) in self.blocked_by:
            return refused(403, "Forbidden: bot was blocked by the user")
        if method == "sendMessage":
            self.sent.append(arguments)
        results: dict[str, Any] = {
            "getMe": {"id": 7, "is_bot": True, "username": "news_bot"},
            "getChatMember": {"status": "administrator" if arguments.get("user_id") in self.admins else "member"},
            "sendMessage": {"message_id": len(self.sent)},
        }
        return Reply(body=json.dumps({"ok": True, "result": results.get(method, True)}))

    def _pending(self, arguments: Mapping[str, Any]) -> Reply:
        """Updates from the offset on; those before it are confirmed, and forgotten."""
        with self._changed:
            while self._updates and self._updates[0]["update_id"] < arguments.get("offset", 0):
                self._updates.popleft()
            if not self._updates:
                self._changed.wait(min(arguments.get("timeout", 0), 0.5))
            return Reply(body=json.dumps({"ok": True, "result": list(self._updates)}))


def refused(code: int, why: str, **parameters: Any) -> Reply:
    """How the Bot API refuses."""
    body = {"ok": False, "error_code": code, "description": why, "parameters": parameters}
    return Reply(status=code, body=json.dumps(body))
