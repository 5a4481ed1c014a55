"""The messages a reader gets about the subscription itself."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from monitor.model import Message, Notification, NotificationKind, Subscription
from monitor.readers.wishes import Catalogue
from monitor.readers.words import described

NAME = "subscribing"
"""The route these messages take."""


class Letter(NamedTuple):
    """What is written, and what makes it another one: a letter of the same mark is written once."""

    kind: NotificationKind
    message: Message
    mark: str


def confirmation(asked: Subscription, offered: Catalogue, mark: str) -> Letter:
    """Asks whether it was really the owner of the address; the link is added when it is sent."""
    body = (
        "Somebody, probably you, asked for alerts to this address:\n\n"
        f"{_rows(asked, offered)}\n\n"
        "If it was you, confirm within two days. If it was not, do nothing: nothing more will come."
    )
    return Letter(NotificationKind.CONFIRMATION, Message(title="Confirm your subscription", body=body), mark)


def known_already(subscription: Subscription, offered: Catalogue, mark: str) -> Letter:
    """For somebody who subscribes once more: what they have, and how to change it."""
    body = (
        "Somebody, probably you, asked for alerts to this address once more. Nothing was changed; you have:\n\n"
        f"{_rows(subscription, offered)}"
    )
    return Letter(NotificationKind.SUMMARY, Message(title="You are subscribed already", body=body), mark)


def posted(letter: Letter, subscription: Subscription, now: datetime) -> Notification:
    """The letter as a row of the outbox."""
    identity = "\0".join((letter.kind, subscription.id, letter.mark))
    return Notification(
        id=hashlib.blake2b(identity.encode(), digest_size=8).hexdigest(),
        kind=letter.kind,
        route=NAME,
        channel=subscription.channel,
        address=subscription.address,
        subscription=subscription.id,
        message=letter.message,
        created_at=now,
        next_attempt_at=now,
    )


def _rows(subscription: Subscription, offered: Catalogue) -> str:
    return "\n".join(f"{heading}: {words}" for heading, words in described(subscription, offered.rules))
