"""The nouns, in the order the data flows. All values are frozen; all times are aware and UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal

WATCH_GAP = timedelta(hours=3)
"""A feed not read for so long, and for three of its intervals, is not watched."""

# --- what we poll ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What we poll, as the user declared it.

    Attributes:
        id: Stable name chosen by the user or made from the first URL; survives a move of the feed.
        kind: A key of `sources.SOURCES`.
        publisher: Who speaks through it; "" means each item names its own (aggregators).
        owner: Who owns the publisher; outlets of one owner do not corroborate each other.
        country: ISO 3166-1 alpha-2, or "".
        lang: ISO 639-1, or "" when items differ.
        state_media: True for outlets a state owns or directs.
        options: What its kind needs to know besides, such as CSS selectors; never a secret.
        article: None when its entries are taken as they are. Otherwise the pages of those that are stubs are read: a
            CSS selector for the article on them, or "" to find it.
    """

    id: str
    url: str
    kind: str = "syndication"
    title: str = ""
    publisher: str = ""
    owner: str = ""
    country: str = ""
    lang: str = ""
    state_media: bool = False
    tags: tuple[str, ...] = ()
    every: timedelta | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What polling a feed has taught us so far.

    Attributes:
        url: Where it is fetched now; differs from `Feed.url` after a permanent redirect.
        body_hash: Of the last parsed body, to skip unchanged ones.
        entries: Those of the last parsed body, packed (`sources.memory`), to skip unchanged ones; b"" when unknown.
        failures: In a row; 0 after a success.
        first_polled_at: When its first successful poll was committed; None before.
        watched_since: Since when it was read without a gap, up to its last success.
        longest_pause: Between two of its items, ever; None while unknown.
        overdue_at: From when on it is silent against its own rhythm (`sources.rhythm`); None while that is unknown.
        last_error: Message of the last failure; "" after a success.
        why: Why it is due at `next_due_at`, in words.
    """

    feed_id: str
    url: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    entries: bytes = b""
    next_due_at: datetime
    interval: timedelta = timedelta(minutes=15)
    failures: int = 0
    first_polled_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_item_at: datetime | None = None
    last_error: str = ""
    why: str = ""
    watched_since: datetime | None = None
    longest_pause: timedelta | None = None
    overdue_at: datetime | None = None

    def silent(self, now: datetime) -> bool:
        """Whether it can be read, but has brought nothing for longer than it ever did."""
        return self.overdue_at is not None and now > self.overdue_at

    def watched(self, now: datetime) -> datetime | None:
        """Since when it has been read without a gap; None when its last success is too long ago, or it fell silent."""
        last = self.last_success_at
        if last is None or now - last > max(WATCH_GAP, 3 * self.interval) or self.silent(now):
            return None
        return self.watched_since or self.first_polled_at


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLease:
    """The right to poll one feed until `until`; work under an expired lease is thrown away."""

    feed: Feed
    state: FeedState
    token: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one fetch brought.

    Attributes:
        url: Where the last hop ended.
        body: Decompressed bytes; None when the publisher answered 304.
        moved_to: The new address when every redirect on the way was permanent; "" otherwise.
        max_age: How long the publisher says this answer stays fresh.
        options: Those of its feed; what its kind needs to know besides.
    """

    feed_id: str
    url: str
    status: int
    body: bytes | None
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    max_age: timedelta | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedItem:
    """One entry of a document: clean plain text, neither new nor known yet.

    Attributes:
        guid: The publisher's own id, as written; "" when there is none.
        link: http or https, or "".
        published_at: None when the publisher gave none or an impossible one.
        publisher: Named by the entry itself (aggregators), or "".
        article: As in `Item`.
    """

    guid: str
    link: str
    title: str
    summary: str = ""
    body: str = ""
    author: str = ""
    publisher: str = ""
    lang: str = ""
    tags: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What became of reading the page that an entry leads to; kept for a while, so that no page is asked twice.

    Attributes:
        key: Made from the link and from how it was read (`sources.stubs`).
        title: What the page calls itself.
        text: The article alone; "" when there is none to be had.
        why: Why there is none; "" otherwise.
    """

    key: str
    title: str = ""
    text: str = ""
    why: str = ""
    read_at: datetime


ARTICLE_READ = "read"
"""Of an item whose body is the text of its page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntry:
    """An entry that stood in the document before, byte for byte, and was not parsed again.

    Attributes:
        digest: Of its bytes.
        guid, link, title: What it is recognised by (`sources.identity`), "" where it has none.
        missing: It did not stand in the last document, but in one before (`sources.withdrawals`).
    """

    digest: bytes
    guid: str = ""
    link: str = ""
    title: str = ""
    published_at: datetime | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Skips:
    """When a publisher asks not to be polled: hours of the day (UTC), and days of the week (0 is Monday)."""

    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a document says of itself, and its entries in document order.

    Attributes:
        well_formed: Whether it is XML as it should be; broken XML is read by guessing, other kinds are no XML.
        digests: Of the items' bytes, one for each; () when the document could not be cut into entries.
        seen: Entries of the document that are not among the items, because they were read before.
    """

    title: str = ""
    ttl: timedelta | None = None
    skips: Skips = field(default_factory=Skips)
    items: tuple[ParsedItem, ...] = ()
    notes: tuple[str, ...] = ()
    well_formed: bool = False
    digests: tuple[bytes, ...] = ()
    seen: tuple[SeenEntry, ...] = ()

    @property
    def published(self) -> list[datetime]:
        """When its entries were published, as far as they say; read before or not."""
        times = (*(item.published_at for item in self.items), *(entry.published_at for entry in self.seen))
        return [time for time in times if time]


# --- what we keep ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A stored piece of news.

    Attributes:
        id: Made from the feed and what identifies the entry in it; the same after a crash and a second fetch.
        keys: What the entry is recognised by when it comes again (`sources.identity`).
        historic: True when it came with the first poll of its feed: history for baselines, no cause for alerts.
        story: The id of the story it belongs to; "" before it was grouped, and for history that no rule selects.
        article: What became of reading its page: `ARTICLE_READ`, or why its body is only what the feed gave; "" when
            nobody wanted to read it.
    """

    id: str
    feed_id: str
    keys: tuple[str, ...] = ()
    title: str
    summary: str = ""
    body: str = ""
    author: str = ""
    link: str = ""
    publisher: str = ""
    owner: str = ""
    country: str = ""
    lang: str = ""
    state_media: bool = False
    tags: tuple[str, ...] = ()
    published_at: datetime | None = None
    first_seen_at: datetime
    historic: bool = False
    story: str = ""
    article: str = ""

    @property
    def counts_at(self) -> datetime:
        """When it counts for windows and baselines: published or first seen, whichever is earlier."""
        return min(self.published_at or self.first_seen_at, self.first_seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """As much of a stored item as it takes to recognise it when its entry comes again."""

    id: str
    link: str
    title: str


# --- what we read from it -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words that made a rule match.

    Attributes:
        clause: Which part of the rule they satisfy ("about", "any", ...).
        words: As the publisher wrote them.
        sentence: The sentence they stand in.
        where: The field of the item.
    """

    clause: str
    words: str
    sentence: str = ""
    where: Literal["title", "summary", "body", "author", "link", "label"] = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """Which way a statement leans.

    Attributes:
        score: -1..1 on the rule's scale; None when the text shows no leaning (`unread`), which is not the same as 0.
        label: The rule's own word for it; "unread" when the score is None, or "not about this" by a second opinion.
        words: The terms that gave it, each with its points, e.g. "open to +1"; the quote a second opinion rests on.
        read_by: The model whose second opinion this is; "" when it was read by the rule's scale.
    """

    score: float | None
    label: str
    words: tuple[str, ...] = ()
    read_by: str = ""

    @property
    def because(self) -> str:
        """What gave it, and whose reading it is unless the scale's; or ""."""
        return ", ".join((*self.words, *([f"read by {self.read_by}"] if self.read_by else ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum of money.

    Attributes:
        value: In whole units of `currency` (105 million is 105000000).
        currency: ISO 4217.
        usd: The value in US dollars at a reference rate; None when no rate is known.
        rate_date: The date of that rate, ISO 8601, or "".
        words: As written.
        total: True for a running total ("bringing the total to"), which is not new money.
    """

    value: Decimal
    currency: str
    usd: Decimal | None = None
    rate_date: str = ""
    words: str = ""
    total: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A weapon system, and how many when the text says so."""

    id: str
    name: str
    kind: str = ""
    quantity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """An item that a rule selected, with what was read from it.

    Attributes:
        id: Made from the rule and the item.
        rule_version: Content hash of the rule that selected it.
        speaker: Actor id, or "".
        quote: The statement, as written, or "".
        at: When it counts (`Item.counts_at`).
        historic: Carried over from the item: feeds baselines, opens no alert.
    """

    id: str
    rule: str
    rule_version: str
    item_id: str
    story: str = ""
    title: str = ""
    link: str = ""
    publisher: str = ""
    owner: str = ""
    country: str = ""
    lang: str = ""
    state_media: bool = False
    evidence: tuple[Evidence, ...] = ()
    speaker: str = ""
    quote: str = ""
    stance: Stance | None = None
    amounts: tuple[Amount, ...] = ()
    systems: tuple[System, ...] = ()
    stage: str = ""
    donor: str = ""
    at: datetime
    historic: bool = False


# --- what is asked about it ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the answers that a question allows.

    Attributes:
        words: What the model may answer.
        label: The rule's word for it; "unread" or "not about this" where it tells no stance.
        score: -1..1 on the rule's scale; None where it tells no stance.
    """

    words: str
    label: str
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A closed question about an item that a rule selected.

    Attributes:
        always: Also about items whose stance was read; otherwise only about unread ones.
    """

    text: str
    choices: tuple[Choice, ...]
    always: bool = False


class OpinionState(StrEnum):
    """Where a second opinion stands: only pending ones will still be asked for."""

    PENDING = "pending"
    ANSWERED = "answered"
    UNUSABLE = "unusable"
    FAILED = "failed"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A second opinion on one observation, wanted or given. There is one for each rule and story.

    Attributes:
        key: What was asked of which model about which text; the same question is never asked twice.
        answer: The words of the choice that was made, or "".
        quote: Words of the item that the answer rests on, as the model gave them.
        reason: Why there is no answer, or none yet.
        attempts: How often asking was begun.
        calls, tokens: What it has cost.
        lexicon: The stance as the rule's scale read it, kept beside what the model says.
    """

    id: str
    rule: str
    story: str
    item_id: str
    observation_id: str
    lexicon: Stance | None = None
    state: OpinionState = OpinionState.PENDING
    key: str = ""
    model: str = ""
    answer: str = ""
    quote: str = ""
    reason: str = ""
    attempts: int = 0
    calls: int = 0
    tokens: int = 0
    created_at: datetime
    next_attempt_at: datetime
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionLease:
    """The right to ask for one second opinion until `until`."""

    opinion: Opinion
    token: str
    until: datetime


# --- what becomes of it ---------------------------------------------------------------------------------------------


class Severity(StrEnum):
    """How loud an alert is, quietest first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info up to 4 for critical."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """One entry of a rule's `alerts:`, as the conditions and the lifecycle need it.

    Attributes:
        name: Unique within its rule.
        title: Template of plain fields, e.g. "Possible softening: {headline}"; "" for the default.
        expires: How long after its last new observation an alert ends.
        cooldown: How long after it ended the same group stays quiet.
    """

    rule: str
    rule_title: str
    rule_version: str
    name: str
    severity: Severity
    tags: tuple[str, ...] = ()
    title: str = ""
    body: str = ""
    expires: timedelta = timedelta(days=3)
    cooldown: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What turned, where a condition sets two things against each other.

    Attributes:
        words: "talks only → talks and aid"; "" where the statements tell it.
        before: The statement that the newest one is set against.
    """

    words: str = ""
    before: Observation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A condition's answer for one group.

    Attributes:
        group: What the alert is about within its rule: a story, a speaker, or "" for the rule as a whole.
        firing: False says that an open alert of this group may end.
        holds: Where it does not fire: there is no telling, and an open alert stays open.
        reason: Why, in words a reader of the alert understands.
        observations: Those that speak for it, oldest first.
        turn: What turned; None where it is not about a change.
    """

    group: str
    firing: bool
    reason: str
    observations: tuple[Observation, ...] = ()
    holds: bool = False
    turn: Turn | None = None


class AlertState(StrEnum):
    """Where an alert stands in its life."""

    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One rule firing for one group, from opening to end.

    Attributes:
        id: Made from rule, name, group and opening; the same when the same input is judged again.
        title: One line of plain text.
        body: Plain text, several lines.
        reason: Why it fired, in the condition's words.
        observation_ids: What it rests on, oldest first.
        publishers: Who reported it, in order of appearance, each once.
    """

    id: str
    rule: str
    rule_version: str
    name: str
    group: str
    severity: Severity
    tags: tuple[str, ...] = ()
    state: AlertState = AlertState.FIRING
    title: str
    body: str = ""
    link: str = ""
    reason: str
    observation_ids: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    opened_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None


# --- who hears of it, and when ---------------------------------------------------------------------------------------


class Cadence(StrEnum):
    """How soon a reader hears of an alert: at once, or in the next digest."""

    NOW = "now"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours of the local day in which nothing is sent; what comes is held until they end.

    Attributes:
        start, end: Local times; an end before the start is on the next day.
        passes: The quietest severity that is sent all the same.
    """

    start: time
    end: time
    passes: Severity = Severity.HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a reader wants to hear.

    Attributes:
        zone: IANA name of the zone that `at`, `weekday` and `quiet` are told in.
        at: When daily and weekly digests are sent.
        weekday: Of weekly digests; 0 is Monday.
        cadences: By severity; one that is missing is told at once.
    """

    zone: str = "UTC"
    at: time = time(7)
    weekday: int = 0
    cadences: Mapping[Severity, Cadence] = field(default_factory=dict)
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Which alerts go to whom, and when.

    Attributes:
        address: Whom the channel sends to: a mail address, a chat; "" means the target the channel was declared with.
        rules: Rule ids; empty means all.
        tags: Any of them is enough; empty means all.
        langs: Any of the languages of its reports is enough; empty means all.
        at_least: The quietest severity that passes.
        subscription: Id of the stored subscription it comes from, or "".
    """

    name: str
    channel: str
    address: str = ""
    rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    at_least: Severity = Severity.INFO
    schedule: Schedule = field(default_factory=Schedule)
    subscription: str = ""


class SubscriptionState(StrEnum):
    """Where a subscription stands: pending until its owner has confirmed it."""

    PENDING = "pending"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A person's own route, kept in the store.

    Attributes:
        id: Not to be guessed, but no secret: links that change something are signed besides.
        origin: How it was made: "command", "link", "telegram".
    """

    id: str
    name: str
    channel: str
    address: str = ""
    rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    at_least: Severity = Severity.INFO
    schedule: Schedule = field(default_factory=Schedule)
    state: SubscriptionState = SubscriptionState.PENDING
    origin: str = "command"
    created_at: datetime
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def by_operator(self) -> bool:
        """Whether the operator made it: who subscribed alone cannot keep others from being woken."""
        return self.origin == "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Holds notifications back; the alerts themselves are kept. What is "" or None matches everything.

    Attributes:
        story: Alerts with this group.
        alert_id: Only this alert: a snooze.
        subscription: Only this reader: id of a subscription, or name of a route of monitor.yaml.
        until: When it ends by itself; None means when it is lifted.
    """

    id: str
    rule: str = ""
    story: str = ""
    alert_id: str = ""
    subscription: str = ""
    until: datetime | None = None
    author: str
    reason: str = ""
    created_at: datetime
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Somebody has seen an alert and takes care of it: nobody else is woken. One for each alert, the first counts."""

    alert_id: str
    author: str
    reason: str = ""
    at: datetime


# --- what is sent ---------------------------------------------------------------------------------------------------


class NotificationState(StrEnum):
    """Where a notification stands: only pending and held ones will still change by themselves."""

    PENDING = "pending"
    HELD = "held"
    SENT = "sent"
    DEAD = "dead"
    BUNDLED = "bundled"
    MUTED = "muted"
    DROPPED = "dropped"


class NotificationKind(StrEnum):
    """What a notification tells."""

    ALERT = "alert"
    UPDATE = "update"
    DIGEST = "digest"
    SUMMARY = "summary"
    ESCALATION = "escalation"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Who said or reported what, where.

    Attributes:
        words: The publisher's own.
        reading: How it was read: stance, sums, systems, stage; or "".
        role: "before" or "now" where two are set against each other, else "".
    """

    words: str
    speaker: str = ""
    publisher: str = ""
    state_media: bool = False
    link: str = ""
    reading: str = ""
    role: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One alert in a digest."""

    title: str
    text: str = ""
    link: str = ""
    severity: Severity = Severity.INFO
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One indicator in a digest.

    Attributes:
        chart: Alerts or observations on each of the last days, oldest first.
    """

    title: str
    entries: tuple[Entry, ...] = ()
    hidden: int = 0
    chart: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something a reader can do from the message."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a person will read: plain text, made harmless; channels add their own formatting.

    Attributes:
        title: One line.
        body: All of it as plain text, for channels without a form of their own.
        link: Of the newest report.
        lead: What turned, from what to what; or "".
        note: The rule's own words for it; or "".
        facts: What is new in an alert that was told before.
        reason: Why it fired.
        counts: "12 reports, 9 publishers".
        reference: Names the alert, so that a message that came twice is recognised.
        thread: The same for all messages about one thing, so that mail readers put them together; or "".
        coverage: How well the feeds were watched; in digests.
        actions: Signed links; added when it is sent, never stored.
        unsubscribe: The link for one-click unsubscribing; added when it is sent, never stored.
        rule: Id of the rule it is about, or "".
        id, kind: Of its notification; given when it is sent, so that a message that came twice is seen once.
    """

    title: str
    body: str
    link: str = ""
    severity: Severity = Severity.INFO
    lead: str = ""
    note: str = ""
    facts: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    reason: str = ""
    counts: str = ""
    reference: str = ""
    thread: str = ""
    sections: tuple[Section, ...] = ()
    coverage: str = ""
    actions: tuple[Action, ...] = ()
    unsubscribe: str = ""
    rule: str = ""
    id: str = ""
    kind: NotificationKind = NotificationKind.ALERT


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message to one target: a row of the outbox. Mostly about one alert in one state.

    Attributes:
        id: Made from what it tells and to whom, so that writing it twice writes it once.
        alert_id, alert_state: None where it is about none or several: digests, confirmations.
        route: Name of the route it took.
        address: As in `Route`.
        subscription: Id of the reader's subscription, or "".
        attempts: How often sending was begun.
        next_attempt_at: When it is sent, or, while held, when it is bundled.
        reason: Why it stands where it stands ("429, again in 30 s"); "" at first.
        bundle: While held: what it will be told with ("daily", "storm", ...); once bundled: id of that notification.
    """

    id: str
    kind: NotificationKind = NotificationKind.ALERT
    alert_id: str | None = None
    alert_state: AlertState | None = None
    route: str
    channel: str
    address: str = ""
    subscription: str = ""
    message: Message
    state: NotificationState = NotificationState.PENDING
    attempts: int = 0
    created_at: datetime
    next_attempt_at: datetime
    sent_at: datetime | None = None
    receipt: str = ""
    reason: str = ""
    bundle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationEvent:
    """One step in the life of a notification, and why it was taken."""

    notification_id: str
    at: datetime
    state: NotificationState
    attempts: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationLease:
    """The right to send one notification until `until`."""

    notification: Notification
    token: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most so many messages to one target within any span so long."""

    count: int
    span: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a channel took a message.

    Attributes:
        detail: What the service said, without secrets.
    """

    channel: str
    sent_at: datetime
    detail: str = ""


# --- what one poll changes, all or nothing --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one evaluation adds to the store, besides items: committed together or not at all."""

    observations: tuple[Observation, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    alerts: tuple[Alert, ...] = ()
    notifications: tuple[Notification, ...] = field(default=())
