"""Rows to model values and back: the only place where they meet."""

from dataclasses import fields
from typing import Any, get_args

from sqlalchemy import Column, Row, Table

from monitor.model import (
    Acknowledgement,
    Alert,
    Article,
    Feed,
    FeedState,
    Item,
    Mute,
    Notification,
    NotificationEvent,
    Observation,
    Opinion,
    Subscription,
)
from monitor.store.tables import (
    ACKNOWLEDGEMENT,
    ALERT,
    ARTICLE,
    FEED,
    ITEM,
    MUTE,
    NOTIFICATION,
    NOTIFICATION_EVENT,
    OBSERVATION,
    OPINION,
    SUBSCRIPTION,
)

Kept = (
    Feed
    | Item
    | Article
    | Observation
    | Opinion
    | Alert
    | Notification
    | NotificationEvent
    | Subscription
    | Mute
    | Acknowledgement
)

# Columns bear the names of the fields, so that a row is a value's keyword arguments.
_FIELDS = {cls: tuple(field.name for field in fields(cls)) for cls in (*get_args(Kept), FeedState)}
_STATE_FIELDS = tuple(name for name in _FIELDS[FeedState] if name not in ("feed_id", "url"))


def _columns(table: Table, *names: str) -> tuple[Column[Any], ...]:
    return tuple(table.c[name] for name in names)


ITEM_COLUMNS = _columns(ITEM, *_FIELDS[Item])
ARTICLE_COLUMNS = _columns(ARTICLE, *_FIELDS[Article])
OBSERVATION_COLUMNS = _columns(OBSERVATION, *_FIELDS[Observation])
OPINION_COLUMNS = _columns(OPINION, *_FIELDS[Opinion])
ALERT_COLUMNS = _columns(ALERT, *_FIELDS[Alert])
NOTIFICATION_COLUMNS = _columns(NOTIFICATION, *_FIELDS[Notification])
EVENT_COLUMNS = _columns(NOTIFICATION_EVENT, *_FIELDS[NotificationEvent])
SUBSCRIPTION_COLUMNS = _columns(SUBSCRIPTION, *_FIELDS[Subscription])
MUTE_COLUMNS = _columns(MUTE, *_FIELDS[Mute])
ACKNOWLEDGEMENT_COLUMNS = _columns(ACKNOWLEDGEMENT, *_FIELDS[Acknowledgement])
FEED_COLUMNS = _columns(FEED, *_FIELDS[Feed], "fetch_url", *_STATE_FIELDS)


def to_row(value: Kept) -> dict[str, Any]:
    """The columns that hold a value."""
    return {name: getattr(value, name) for name in _FIELDS[type(value)]}


def state_row(state: FeedState) -> dict[str, Any]:
    """The columns of a feed's row that polling changes."""
    return {"fetch_url": state.url} | {name: getattr(state, name) for name in _STATE_FIELDS}


def to_item(row: Row[Any]) -> Item:
    """An item from `ITEM_COLUMNS`."""
    return Item(**row._mapping)


def to_article(row: Row[Any]) -> Article:
    """A page that was read, from `ARTICLE_COLUMNS`."""
    return Article(**row._mapping)


def to_observation(row: Row[Any]) -> Observation:
    """An observation from `OBSERVATION_COLUMNS`."""
    return Observation(**row._mapping)


def to_opinion(row: Row[Any]) -> Opinion:
    """A second opinion from `OPINION_COLUMNS`."""
    return Opinion(**row._mapping)


def to_alert(row: Row[Any]) -> Alert:
    """An alert from `ALERT_COLUMNS`."""
    return Alert(**row._mapping)


def to_notification(row: Row[Any]) -> Notification:
    """A notification from `NOTIFICATION_COLUMNS`, whatever stands after them."""
    return Notification(**dict(zip(_FIELDS[Notification], row, strict=False)))


def to_event(row: Row[Any]) -> NotificationEvent:
    """A step of a notification from `EVENT_COLUMNS`."""
    return NotificationEvent(**row._mapping)


def to_subscription(row: Row[Any]) -> Subscription:
    """A subscription from `SUBSCRIPTION_COLUMNS`."""
    return Subscription(**row._mapping)


def to_mute(row: Row[Any]) -> Mute:
    """A mute from `MUTE_COLUMNS`."""
    return Mute(**row._mapping)


def to_acknowledgement(row: Row[Any]) -> Acknowledgement:
    """An acknowledgement from `ACKNOWLEDGEMENT_COLUMNS`."""
    return Acknowledgement(**row._mapping)


def to_feed(row: Row[Any]) -> tuple[Feed, FeedState]:
    """A feed and its state from `FEED_COLUMNS`."""
    column = row._mapping
    state = {name: column[name] for name in _STATE_FIELDS}
    feed = Feed(**{name: column[name] for name in _FIELDS[Feed]})
    return feed, FeedState(feed_id=feed.id, url=column["fetch_url"], **state)
