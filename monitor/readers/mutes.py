"""What a reader wants to be spared for a while."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import Mute
from monitor.readers.wishes import NAME_LIMIT, Wrong
from monitor.text import plain

PREVIEW = timedelta(days=14)
"""How far a preview looks back."""
LONGEST = timedelta(days=400)
REASON_LIMIT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteWish:
    """What to hold back; what is "" matches everything.

    Attributes:
        reader: Only this one: id of a subscription, or name of a route of monitor.yaml.
        lasts: None means until it is lifted.
    """

    rule: str = ""
    story: str = ""
    alert_id: str = ""
    reader: str = ""
    lasts: timedelta | None = None
    author: str
    reason: str = ""

    @property
    def scope(self) -> tuple[str, str, str, str]:
        """What it covers; two mutes of one scope are one."""
        return self.rule, self.story, self.alert_id, self.reader


def examine(wish: MuteWish) -> Iterator[Wrong]:
    """Everything that is wrong with a wish, whatever rules and alerts there are."""
    if not any(wish.scope):
        yield "scope", "name a rule, a story, an alert or a subscription; muting everything for everybody is no mute"
    if not wish.author or plain.line(wish.author, NAME_LIMIT) != wish.author:
        yield "author", f"say who mutes, in one line of at most {NAME_LIMIT} characters"
    if plain.lines(wish.reason, REASON_LIMIT) != wish.reason:
        yield "reason", f"must be text of at most {REASON_LIMIT} characters"
    if wish.lasts is not None and not timedelta(0) < wish.lasts <= LONGEST:
        yield "lasts", f"must be between a second and {LONGEST.days} days"


def made(wish: MuteWish, now: datetime) -> Mute:
    """The mute of this wish; its id is made from scope and time, so that two at once are one."""
    identity = "\0".join((*wish.scope, now.isoformat()))
    return Mute(
        id=hashlib.blake2b(identity.encode("utf-8", "replace"), digest_size=8).hexdigest(),
        rule=wish.rule,
        story=wish.story,
        alert_id=wish.alert_id,
        subscription=wish.reader,
        until=now + wish.lasts if wish.lasts is not None else None,
        author=wish.author,
        reason=wish.reason,
        created_at=now,
    )


def scope_of(mute: Mute) -> tuple[str, str, str, str]:
    """What a mute covers."""
    return mute.rule, mute.story, mute.alert_id, mute.subscription
