"""The tables. They describe columns only: rows are read and written as model values (rows.py)."""

from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import Index, MetaData, Table
from sqlmodel import Field, SQLModel

from monitor.model import (
    AlertState,
    Amount,
    Evidence,
    Message,
    NotificationKind,
    NotificationState,
    OpinionState,
    Schedule,
    Severity,
    Stance,
    SubscriptionState,
    System,
)
from monitor.store.columns import AsEnum, AsJson

_WORDS = AsJson(tuple[str, ...])
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class _Row(SQLModel):
    metadata: ClassVar[MetaData] = MetaData(naming_convention=_NAMES)


class FeedRow(_Row, table=True):
    """A declared feed, what polling has taught us, and who polls it now."""

    __tablename__ = "feed"
    __table_args__ = (Index(None, "enabled", "next_due_at"),)

    id: str = Field(primary_key=True)
    enabled: bool
    url: str
    kind: str
    title: str
    publisher: str
    owner: str
    country: str
    lang: str
    state_media: bool
    tags: tuple[str, ...] = Field(sa_type=_WORDS)
    every: timedelta | None
    options: dict[str, str] = Field(sa_type=AsJson(dict[str, str]), sa_column_kwargs={"server_default": "{}"})
    article: str | None

    fetch_url: str
    etag: str
    last_modified: str
    body_hash: str
    entries: bytes = Field(sa_column_kwargs={"server_default": ""})
    next_due_at: datetime
    interval: timedelta
    failures: int
    first_polled_at: datetime | None
    last_polled_at: datetime | None
    last_success_at: datetime | None
    last_item_at: datetime | None
    last_error: str
    why: str = Field(sa_column_kwargs={"server_default": ""})
    watched_since: datetime | None
    longest_pause: timedelta | None
    overdue_at: datetime | None

    lease_token: str
    lease_until: datetime | None


class ItemRow(_Row, table=True):
    """A stored item. Its feed is not a foreign key: replayed history comes from feeds nobody declared."""

    __tablename__ = "item"

    id: str = Field(primary_key=True)
    feed_id: str
    keys: tuple[str, ...] = Field(sa_type=_WORDS)
    title: str
    summary: str
    body: str
    author: str
    link: str
    publisher: str
    owner: str
    country: str
    lang: str
    state_media: bool
    tags: tuple[str, ...] = Field(sa_type=_WORDS)
    published_at: datetime | None
    first_seen_at: datetime = Field(index=True)
    historic: bool
    story: str
    article: str = Field(sa_column_kwargs={"server_default": ""})


class ArticleRow(_Row, table=True):
    """What became of reading a web page, for a day or so."""

    __tablename__ = "article"

    key: str = Field(primary_key=True)
    title: str
    text: str
    why: str
    read_at: datetime = Field(index=True)


class ItemKeyRow(_Row, table=True):
    """What an item is recognised by; outlives the item, so that old news stays known."""

    __tablename__ = "item_key"

    feed_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    item_id: str


class FormerItemRow(_Row, table=True):
    """What stays of a pruned item: enough to recognise it."""

    __tablename__ = "former_item"

    id: str = Field(primary_key=True)
    link: str
    title: str


class ObservationRow(_Row, table=True):
    """An item that a rule selected."""

    __tablename__ = "observation"
    __table_args__ = (Index(None, "rule", "at", "id"),)

    id: str = Field(primary_key=True)
    rule: str
    rule_version: str
    item_id: str = Field(foreign_key="item.id", index=True)
    story: str
    title: str
    link: str
    publisher: str
    owner: str
    country: str
    lang: str
    state_media: bool
    evidence: tuple[Evidence, ...] = Field(sa_type=AsJson(tuple[Evidence, ...]))
    speaker: str
    quote: str
    stance: Stance | None = Field(sa_type=AsJson(Stance), nullable=True)
    amounts: tuple[Amount, ...] = Field(sa_type=AsJson(tuple[Amount, ...]))
    systems: tuple[System, ...] = Field(sa_type=AsJson(tuple[System, ...]))
    stage: str
    donor: str
    at: datetime
    historic: bool


class OpinionRow(_Row, table=True):
    """A second opinion on an observation, wanted or given, and who asks for it now."""

    __tablename__ = "opinion"
    __table_args__ = (Index(None, "state", "next_attempt_at"),)

    id: str = Field(primary_key=True)
    rule: str
    story: str
    item_id: str = Field(index=True)
    observation_id: str = Field(foreign_key="observation.id", index=True)
    lexicon: Stance | None = Field(sa_type=AsJson(Stance), nullable=True)
    state: OpinionState = Field(sa_type=AsEnum(OpinionState))
    key: str = Field(index=True)
    model: str
    answer: str
    quote: str
    reason: str
    attempts: int
    calls: int
    tokens: int
    created_at: datetime
    next_attempt_at: datetime
    asked_at: datetime | None = Field(index=True)

    lease_token: str
    lease_until: datetime | None


class AlertRow(_Row, table=True):
    """One rule firing for one group."""

    __tablename__ = "alert"
    __table_args__ = (Index(None, "rule", "state"), Index(None, "rule", "name", "group", "opened_at"))

    id: str = Field(primary_key=True)
    rule: str
    rule_version: str
    name: str
    group: str
    severity: Severity = Field(sa_type=AsEnum(Severity))
    tags: tuple[str, ...] = Field(sa_type=_WORDS)
    state: AlertState = Field(sa_type=AsEnum(AlertState))
    title: str
    body: str
    link: str
    reason: str
    observation_ids: tuple[str, ...] = Field(sa_type=_WORDS)
    publishers: tuple[str, ...] = Field(sa_type=_WORDS)
    opened_at: datetime = Field(index=True)
    updated_at: datetime
    ended_at: datetime | None


class NotificationRow(_Row, table=True):
    """The outbox: one message to one target, and who sends it now."""

    __tablename__ = "notification"
    __table_args__ = (Index(None, "state", "next_attempt_at"), Index(None, "route", "created_at"))

    id: str = Field(primary_key=True)
    kind: NotificationKind = Field(
        sa_type=AsEnum(NotificationKind), sa_column_kwargs={"server_default": NotificationKind.ALERT}
    )
    alert_id: str | None = Field(foreign_key="alert.id", index=True)
    alert_state: AlertState | None = Field(sa_type=AsEnum(AlertState), nullable=True)
    route: str
    channel: str
    address: str = Field(sa_column_kwargs={"server_default": ""})
    subscription: str = Field(sa_column_kwargs={"server_default": ""})
    message: Message = Field(sa_type=AsJson(Message))
    state: NotificationState = Field(sa_type=AsEnum(NotificationState))
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    sent_at: datetime | None
    receipt: str
    reason: str
    bundle: str = Field(index=True, sa_column_kwargs={"server_default": ""})

    lease_token: str
    lease_until: datetime | None


class NotificationEventRow(_Row, table=True):
    """Every step in the life of a notification."""

    __tablename__ = "notification_event"

    number: int | None = Field(default=None, primary_key=True)
    notification_id: str = Field(foreign_key="notification.id", index=True)
    at: datetime
    state: NotificationState = Field(sa_type=AsEnum(NotificationState))
    attempts: int
    reason: str


class SubscriptionRow(_Row, table=True):
    """What people asked to hear of, themselves."""

    __tablename__ = "subscription"
    __table_args__ = (Index(None, "channel", "address"),)

    id: str = Field(primary_key=True)
    name: str
    channel: str
    address: str
    rules: tuple[str, ...] = Field(sa_type=_WORDS)
    tags: tuple[str, ...] = Field(sa_type=_WORDS)
    langs: tuple[str, ...] = Field(sa_type=_WORDS)
    at_least: Severity = Field(sa_type=AsEnum(Severity))
    schedule: Schedule = Field(sa_type=AsJson(Schedule))
    state: SubscriptionState = Field(sa_type=AsEnum(SubscriptionState))
    origin: str
    created_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None


class MuteRow(_Row, table=True):
    """What is held back, by whom, until when."""

    __tablename__ = "mute"

    id: str = Field(primary_key=True)
    rule: str
    story: str
    alert_id: str
    subscription: str
    until: datetime | None
    author: str
    reason: str
    created_at: datetime
    lifted_at: datetime | None


class AcknowledgementRow(_Row, table=True):
    """Who has taken care of an alert."""

    __tablename__ = "acknowledgement"

    alert_id: str = Field(primary_key=True, foreign_key="alert.id")
    author: str
    reason: str
    at: datetime


class PauseRow(_Row, table=True):
    """Which channels are left alone, as their services asked, and until when."""

    __tablename__ = "pause"

    channel: str = Field(primary_key=True)
    until: datetime


class KeyRow(_Row, table=True):
    """Keys the service made for itself; every replica on this database uses the same."""

    __tablename__ = "key"

    name: str = Field(primary_key=True)
    value: bytes


class HeartbeatRow(_Row, table=True):
    """When each running service was last seen at work."""

    __tablename__ = "heartbeat"

    service: str = Field(primary_key=True)
    at: datetime


METADATA = _Row.metadata


def _table(name: str) -> Table:
    return METADATA.tables[name]


FEED = _table("feed")
ITEM = _table("item")
ITEM_KEY = _table("item_key")
ARTICLE = _table("article")
FORMER_ITEM = _table("former_item")
OBSERVATION = _table("observation")
OPINION = _table("opinion")
ALERT = _table("alert")
NOTIFICATION = _table("notification")
NOTIFICATION_EVENT = _table("notification_event")
SUBSCRIPTION = _table("subscription")
MUTE = _table("mute")
ACKNOWLEDGEMENT = _table("acknowledgement")
PAUSE = _table("pause")
KEY = _table("key")
HEARTBEAT = _table("heartbeat")
