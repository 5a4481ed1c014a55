"""What the rest of the program sees of the configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from monitor.alerts.escalation import Escalation
from monitor.alerts.storm import Allowance
from monitor.channels.base import ChannelSpec
from monitor.judge.budget import Budget
from monitor.judge.endpoint import ModelAccess
from monitor.model import Feed, Route
from monitor.sources.access import Access
from monitor.sources.fetch import FetchLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How feeds are polled.

    Attributes:
        at_least, at_most: The bounds of the pause that follows a feed's own rhythm.
        concurrency: How many feeds are polled at the same time.
        limits: Not shown, because the address of a proxy may hold a password.
    """

    at_least: timedelta = timedelta(minutes=1)
    at_most: timedelta = timedelta(hours=6)
    concurrency: int = 50
    limits: FetchLimits = field(default_factory=FetchLimits, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """How long items stay that no rule selected; what a rule selected stays for good."""

    keep: timedelta = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """The pages that signed links lead to.

    Attributes:
        host, port: Where they listen.
        public_url: How readers reach them: scheme and host, nothing else.
        signup: The channel people may subscribe to by themselves, or "".
    """

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str
    signup: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """The Telegram bot.

    Attributes:
        channel: Reaches the chats that subscribe.
        chats: Ids of those that may take care of alerts.
    """

    token: SecretStr
    channel: str
    chats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """Who is told that the service works.

    Attributes:
        fail: Whether it also takes that it does not, at the same address with `/fail` behind it.
    """

    url: SecretStr
    every: timedelta = timedelta(minutes=1)
    fail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Who gives second opinions, and how much may be asked."""

    access: ModelAccess
    budget: Budget = field(default_factory=Budget)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How much is sent at once.

    Attributes:
        budget: Of each route.
        catch_up_after: After how long an absence what was missed is told in one summary.
    """

    budget: Allowance = field(default_factory=Allowance)
    catch_up_after: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration.

    Attributes:
        path: The file it was read from.
        database: Address of the database; a relative SQLite path was resolved.
        rules: Rule files, or folders of them.
        access: Passwords, headers and proxies by feed id; they never reach the database.
        opml: The OPML files that feeds were read from.
        operator: Channel for messages about the service itself, or "".
        escalation: None where nobody is told that nobody acknowledges.
        judge: None where nobody is asked for second opinions.
        web: None when there are no pages.
        bot: None when nobody listens in chats.
        heartbeat: None when nobody watches from elsewhere.
    """

    path: Path
    database: SecretStr
    rules: tuple[Path, ...]
    feeds: tuple[Feed, ...] = ()
    access: Mapping[str, Access] = field(default_factory=dict, repr=False)
    opml: tuple[Path, ...] = ()
    channels: tuple[ChannelSpec, ...] = ()
    routes: tuple[Route, ...] = ()
    operator: str = ""
    delivery: Delivery = field(default_factory=Delivery)
    escalation: Escalation | None = None
    polling: Polling = field(default_factory=Polling)
    judge: Judging | None = None
    history: History = field(default_factory=History)
    web: Web | None = None
    bot: Bot | None = None
    heartbeat: Heartbeat | None = None
