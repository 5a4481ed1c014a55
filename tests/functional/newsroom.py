"""A whole service on one file whose news, clock and mailboxes a test holds in its hands; it can be started anew."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from monitor.app import App, build
from monitor.model import Alert, Item, Message, Notification, NotificationState, Severity
from monitor.settings import load
from tests.fakes import Clock, Mailbox

RULES = "\n---\n".join(
    f"rule: {severity}-watch\ntitle: Watch {severity}\nmatch: [{severity}word]\n"
    f"alerts:\n  - {{name: report, when: each, severity: {severity}, expires: 30d}}\n"
    for severity in Severity
)


def headline(severity: Severity, number: int) -> str:
    """A headline that one rule selects and that tells no other's story."""
    digest = hashlib.blake2b(f"{severity} {number}".encode(), digest_size=24).hexdigest()
    words = "".join(chr(ord("a") + int(letter, 16)) for letter in digest)
    return f"{severity}word " + " ".join(words[start : start + 6] for start in range(0, 48, 6))


@dataclass(slots=True)
class Newsroom:
    """`names` are the channels; each is a mailbox."""

    folder: Path
    configuration: str
    names: Sequence[str] = ("mailbox",)
    clock: Clock = field(default_factory=Clock)
    boxes: dict[str, Mailbox] = field(default_factory=dict)
    app: App = field(init=False)
    _numbers: int = 0

    def __post_init__(self) -> None:
        (self.folder / "rules").mkdir()
        for number, rule in enumerate(RULES.split("\n---\n")):
            (self.folder / "rules" / f"{number}.yaml").write_text(rule, encoding="utf-8")
        channels = ", ".join(f"{name}: {{kind: console}}" for name in self.names)
        text = f"database: sqlite:///monitor.db\nrules: [rules]\nchannels: {{{channels}}}\n{self.configuration}"
        (self.folder / "monitor.yaml").write_text(text, encoding="utf-8")
        self.boxes = {name: Mailbox(name) for name in self.names}
        self.start()

    def start(self) -> None:
        self.app = build(load(self.folder / "monitor.yaml"), clock=self.clock)
        self.app.channels = self.boxes

    def stop(self) -> None:
        asyncio.run(self.app.close())

    def restart(self) -> None:
        self.stop()
        self.start()

    def report(
        self, severity: Severity = Severity.MEDIUM, publisher: str = "North Daily", *, many: int = 1, lang: str = ""
    ) -> list[Alert]:
        """News of so many stories of which each is an alert, all from one poll."""
        now, items = self.clock.now, []
        for _ in range(many):
            self._numbers += 1
            title = headline(severity, self._numbers)
            items.append(
                Item(
                    id=f"i{self._numbers}",
                    feed_id="north",
                    title=title,
                    publisher=publisher,
                    owner=publisher,
                    lang=lang,
                    first_seen_at=now,
                )
            )
        detector = self.app.detector
        with self.app.store.unit() as unit:
            _, alerts = detector.detect(unit, unit.add_items(detector.stories.assign(items)), now)
        return alerts

    def work(self) -> None:
        """Bundle and send what is due."""
        asyncio.run(self.app.bundle())
        asyncio.run(self.app.send_due())

    def later(self, **span: float) -> None:
        """Let time pass, then bundle and send what is due."""
        self.clock.forward(**span)
        self.work()

    def until(self, moment: datetime, step: timedelta) -> None:
        """Let time pass in steps, bundling and sending at each."""
        while self.clock.now < moment:
            self.clock.now = min(self.clock.now + step, moment)
            self.work()

    def told(self, name: str = "mailbox") -> list[Message]:
        """What arrived since the last call."""
        box = self.boxes[name]
        arrived, box.messages = box.messages, []
        return arrived

    def outbox(self, state: NotificationState | None = None, channel: str | None = None) -> list[Notification]:
        """What is written, the first first."""
        found = self.app.store.notifications(limit=100_000, state=state, channel=channel)
        return sorted(found, key=lambda each: (each.created_at, each.id))
