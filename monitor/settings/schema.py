"""What may stand in monitor.yaml. Secrets are still `${NAME}` here, so that no message can show them."""

import re
from datetime import time, timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from monitor.alerts.storm import Allowance
from monitor.model import Cadence, Rate, Severity
from monitor.rules.durations import Span, parse_span
from monitor.settings import times
from monitor.settings.quantities import rate, size

_OUR_HEADERS = re.compile(
    "host|connection|content-length|transfer-encoding|te|upgrade|proxy-.*|accept|accept-encoding|user-agent|if-.*|range",
    re.IGNORECASE,
)


def _severity(value: object) -> Severity:
    if value not in list(Severity):
        raise ValueError(f"must be one of {', '.join(Severity)}")
    return Severity(str(value))


def _web_address(value: str) -> str:
    if "${" in value:
        raise ValueError("cannot hold a secret: addresses of feeds are shown in lists and messages")
    if not is_web_address(value):
        raise ValueError("must begin with http:// or https:// and name a host")
    return value


def is_web_address(value: str) -> bool:
    """Whether it begins with http:// or https:// and names a host."""
    return value.lower().startswith(("http://", "https://")) and bool(_host(value))


def _secret_address(value: str) -> str:
    return value if "${" in value else _web_address(value)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", value):
        raise ValueError("must be made of small letters, digits, dots and hyphens, such as kyiv-independent")
    return value


def _country(value: str) -> str:
    if not re.fullmatch(r"(?:[A-Z]{2})?", value):
        raise ValueError("must be a country code of two capitals, such as UA")
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"(?:[a-z]{2})?", value):
        raise ValueError("must be a language code of two small letters, such as uk")
    return value


def _endpoint(value: str) -> str:
    if "${" in value:
        raise ValueError("cannot hold a secret: give it as `key`")
    if not value.lower().startswith(("http://", "https://")) or not _host(value) or "@" in value:
        raise ValueError("must begin with http:// or https:// and name a host, such as https://models.example/v1")
    return value.rstrip("/").removesuffix("/chat/completions")


def _reference(value: str) -> str:
    if "${" not in value:
        raise ValueError("is a secret: write it as ${NAME}, and set NAME in the environment or as a file in `secrets`")
    return value


def _header(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,80}", value) or _OUR_HEADERS.fullmatch(value):
        raise ValueError("must be the name of a header that the service does not set itself, such as X-Api-Key")
    return value


def _listen(value: str) -> str:
    found = re.fullmatch(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})", value)
    if not found or int(found[2]) > 65535:
        raise ValueError("must be an address and a port, such as 127.0.0.1:8080 or [::1]:8080")
    return value


def _origin(value: str) -> str:
    parts = urlsplit(_web_address(value))
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must be a scheme and a host alone, such as https://watch.newsroom.example")
    usual = {"http": 80, "https": 443}[parts.scheme]  # which browsers leave out
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, usual) else "")


Reference = Annotated[str, AfterValidator(_reference)]
Header = Annotated[str, AfterValidator(_header)]
Size = Annotated[int, BeforeValidator(size)]
SpanOrNone = Annotated[timedelta, BeforeValidator(parse_span)]
Pace = Annotated[Rate, BeforeValidator(rate)]
Level = Annotated[Severity, BeforeValidator(_severity)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Id = Annotated[str, AfterValidator(_id)]
Country = Annotated[str, AfterValidator(_country)]
Language = Annotated[str, AfterValidator(_language)]
SpokenLanguage = Annotated[Language, Field(min_length=1)]
LocalTime = Annotated[time, BeforeValidator(times.local_time)]
Weekday = Annotated[int, BeforeValidator(times.weekday)]
Zone = Annotated[str, BeforeValidator(times.zone)]
Cadences = Annotated[dict[Severity, Cadence], BeforeValidator(times.cadences)]
MessageBudget = Annotated[Allowance, BeforeValidator(times.budget)]


class Section(BaseModel):
    """A part of monitor.yaml: unknown keys are errors, "5" is not 5."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class ArticleSection(Section):
    """How the pages of stubs are read: the article on them is found, or is what a CSS selector finds."""

    selector: Annotated[str, Field(min_length=1, max_length=200)] | None = None


def _article(value: object) -> ArticleSection | None:
    if isinstance(value, bool):
        return ArticleSection() if value else None
    if not isinstance(value, dict):
        raise ValueError('must be true, or {selector: "..."} with a CSS selector')  # noqa: TRY004 - pydantic's word
    return ArticleSection.model_validate(value)


Articles = Annotated[ArticleSection | None, BeforeValidator(_article)]


class FeedOptions(Section):
    """How one feed is asked and read; what opens it to us stands in it by reference only."""

    every: Span | None = None
    article: Articles = None
    options: dict[Name, Annotated[str, Field(min_length=1, max_length=200)]] = {}
    auth: Reference | None = None
    headers: dict[Header, Reference] = {}
    proxy: str | None = None


class FeedSection(FeedOptions):
    """One inline feed."""

    id: Id
    url: WebAddress
    kind: str | None = None
    title: str = ""
    publisher: str = ""
    owner: str = ""
    country: Country = ""
    lang: Language = ""
    state_media: bool = False
    tags: list[Name] = []


class OpmlSection(Section):
    """An OPML file of feeds."""

    opml: Name


class ChannelSection(Section):
    """Where alerts can go: the terminal, an Apprise URL or file with tags, a signed webhook; `rate` for each target."""

    kind: str | None = None
    url: str = ""
    apprise: str = ""
    tag: str = ""
    secret: Reference | None = None
    rate: Pace | None = None


class QuietSection(Section):
    """Hours of the local day in which nothing is sent but what `passes` says."""

    start: LocalTime = Field(alias="from")
    end: LocalTime = Field(alias="to")
    passes: Level = Severity.HIGH


class Subscription(Section):
    """Who hears about what, and when; `severity` is the quietest that passes, `at_least` another word for it."""

    channel: Name
    address: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    rules: list[Name] = []
    tags: list[Name] = []
    langs: list[SpokenLanguage] = []
    severity: Level | None = None
    at_least: Level | None = None
    cadence: Cadences | None = None
    at: LocalTime = time(7)
    on: Weekday = 0
    zone: Zone = "UTC"
    quiet: QuietSection | None = None


class NamedSubscription(Subscription):
    """An entry of a list of subscriptions; in a map the key is the name."""

    name: Name


class PollingSection(Section):
    """How feeds are polled; `every` fixes the pause, which otherwise follows each feed's own rhythm."""

    every: Span | None = None
    at_least: Span = timedelta(minutes=1)
    at_most: Span = timedelta(hours=6)
    concurrency: Annotated[int, Field(ge=1, le=1000)] = 50
    per_host: Annotated[int, Field(ge=1, le=100)] = 2
    spacing: SpanOrNone = timedelta(seconds=1)
    timeout: Span | None = None
    max_size: Size | None = None
    allow_private_hosts: list[Name] = []
    user_agent: str | None = None
    proxy: str | None = None


class WebSection(Section):
    """The pages that signed links lead to; `public_url` is how readers reach them."""

    listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:8080"
    public_url: Annotated[str, AfterValidator(_origin)]
    signup: Name | None = None


class BotSection(Section):
    """A Telegram bot that people subscribe with; `channel` sends what they get, `chats` may acknowledge."""

    token: Reference
    channel: Name
    chats: list[int] = []


class JudgeSection(Section):
    """The model that gives second opinions; the numbers are what it may be asked in a day."""

    endpoint: Annotated[str, AfterValidator(_endpoint)]
    model: Name
    key: Reference | None = None
    timeout: Span = timedelta(seconds=10)
    calls: Annotated[int, Field(ge=1, le=1_000_000)] = 300
    calls_per_rule: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    tokens: Annotated[int, Field(ge=1, le=1_000_000_000)] = 500_000


class DeliverySection(Section):
    """How much at once: `budget` for each subscription, `catch_up_after` which absence its news come in one summary."""

    budget: MessageBudget = Allowance()
    catch_up_after: Span = timedelta(hours=1)


class EscalationSection(Section):
    """Who is told when nobody acknowledges a loud alert."""

    to: Name
    address: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    after: Span = timedelta(minutes=15)
    at_least: Level = Severity.HIGH


class HeartbeatSection(Section):
    """A watcher elsewhere that is called while the service works; `fail` also calls `/fail` behind it when not."""

    url: Annotated[str, AfterValidator(_secret_address)]
    every: Span = timedelta(minutes=1)
    fail: bool = False


class HistorySection(Section):
    """How long what is kept."""

    keep: Span = timedelta(days=400)


def _feed_or_opml(value: object) -> str:
    return "opml" if isinstance(value, dict) and "opml" in value else "feed"


def _map_or_list(value: object) -> str:
    return "map" if isinstance(value, dict) else "list"


FeedEntry = Annotated[
    Annotated[FeedSection, Tag("feed")] | Annotated[OpmlSection, Tag("opml")], Discriminator(_feed_or_opml)
]
Subscriptions = Annotated[
    Annotated[list[NamedSubscription], Tag("list")] | Annotated[dict[Name, Subscription], Tag("map")],
    Discriminator(_map_or_list),
]


class Document(Section):
    """All of monitor.yaml; every key may be left out."""

    database: str = "sqlite:///monitor.db"
    rules: list[Name] = ["rules"]
    secrets: str | None = None
    feeds: list[FeedEntry] = []
    feed_options: dict[Name, FeedOptions] = {}
    channels: dict[Name, ChannelSection | None] = {"console": None}
    subscriptions: Subscriptions | None = None
    operator: str = ""
    delivery: DeliverySection = Field(default_factory=DeliverySection)
    escalation: EscalationSection | None = None
    polling: PollingSection = Field(default_factory=PollingSection)
    judge: JudgeSection | None = None
    history: HistorySection = Field(default_factory=HistorySection)
    web: WebSection | None = None
    bot: BotSection | None = None
    heartbeat: HeartbeatSection | None = None
