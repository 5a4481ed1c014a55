"""monitor.yaml: what it means, what is refused and in which words, and that secrets show up nowhere."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.model import Feed, Rate, Route, Severity
from monitor.settings import Settings, Web, load
from monitor.settings.quantities import rate, size
from monitor.sources.fetch import FetchLimits

TOKEN = "xoxb-planted-token"
OPML = """\
<opml version="2.0"><head><title>t</title></head><body>
<outline type="rss" id="from-opml" text="From OPML" xmlUrl="https://opml.example/rss" publisher="P" language="uk"/>
</body></opml>
"""

Loading = Callable[..., Settings]
Problems = Callable[..., list[str]]


@pytest.fixture
def loading(tmp_path: Path) -> Loading:
    (tmp_path / "rules").mkdir()
    (tmp_path / "feeds.opml").write_text(OPML)

    def write_and_load(text: str, environ: Mapping[str, str] | None = None) -> Settings:
        path = tmp_path / "monitor.yaml"
        path.write_text(text)
        return load(path, environ or {})

    return write_and_load


@pytest.fixture
def problems(loading: Loading, tmp_path: Path) -> Problems:
    def of(text: str, environ: Mapping[str, str] | None = None) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            loading(text, environ)
        return [str(problem).replace(f"{tmp_path}/", "") for problem in caught.value.problems]

    return of


# --- what it means --------------------------------------------------------------------------------------------------


def test_without_the_key_there_are_no_pages(loading: Loading):
    assert loading("").web is None


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://Watch.Example/", "https://watch.example"),
        ("https://watch.example:443", "https://watch.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_pages_are_reached_as_browsers_write_it(loading: Loading, written: str, url: str):
    settings = loading(f'web: {{public_url: "{written}", listen: "[::1]:9000", signup: console}}')
    assert settings.web == Web(host="::1", port=9000, public_url=url, signup="console")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("web: {}", "public_url"),
        ("web: {public_url: ftp://x.example}", "must begin with http"),
        ("web: {public_url: https://x.example/here}", "a scheme and a host alone"),
        ("web: {public_url: https://me@x.example}", "a scheme and a host alone"),
        ("web: {public_url: 'https://x.example:99999'}", "ort"),
        ("web: {public_url: https://x.example, listen: '8080'}", "an address and a port"),
        ("web: {public_url: https://x.example, listen: 'localhost:99999'}", "an address and a port"),
        ("web: {public_url: https://x.example, signup: mial}", 'there is no channel "mial"'),
    ],
)
def test_pages_that_could_not_work_are_refused(problems: Problems, text: str, problem: str):
    [found] = problems(text)
    assert found.startswith("monitor.yaml:1:")
    assert problem in found


def test_an_empty_file_is_a_working_configuration(loading: Loading, tmp_path: Path):
    settings = loading("")
    assert settings.database.get_secret_value() == f"sqlite:///{tmp_path}/monitor.db"
    assert settings.rules == (tmp_path / "rules",)
    assert settings.feeds == ()
    assert [(channel.name, channel.kind) for channel in settings.channels] == [("console", "console")]
    assert settings.routes == (Route(name="console", channel="console"),)
    assert settings.operator == ""
    assert settings.polling.limits == FetchLimits(per_host=2, spacing=1.0)
    assert settings.history.keep == timedelta(days=400)


def test_inline_feeds_and_opml_files_stand_together(loading: Loading, tmp_path: Path):
    settings = loading(
        """\
feeds:
  - opml: feeds.opml
  - {id: inline, url: "https://inline.example/rss", publisher: I, owner: O, country: UA, lang: en,
     state_media: true, tags: [ukraine], every: 10m}
"""
    )
    assert settings.opml == (tmp_path / "feeds.opml",)
    assert [feed.id for feed in settings.feeds] == ["from-opml", "inline"]
    assert settings.feeds[1] == Feed(
        id="inline",
        url="https://inline.example/rss",
        publisher="I",
        owner="O",
        country="UA",
        lang="en",
        state_media=True,
        tags=("ukraine",),
        every=timedelta(minutes=10),
    )


def test_a_common_pause_holds_for_feeds_without_one(loading: Loading):
    feeds = loading(
        "polling: {every: 5m}\nfeeds: [{id: a, url: 'https://a.example'}, {id: b, url: 'https://b.example', every: 1h}]"
    ).feeds
    assert [feed.every for feed in feeds] == [timedelta(minutes=5), timedelta(hours=1)]


def test_polling_sets_bounds_and_limits(loading: Loading):
    polling = loading(
        "polling: {at_least: 2m, at_most: 1h, concurrency: 9, timeout: 5s, max_size: 1.5MB, user_agent: Desk,"
        " per_host: 3, spacing: 0s,"
        " allow_private_hosts: ['rsshub:1200'], proxy: 'http://${USER_PASS}@proxy.example'}",
        {"USER_PASS": f"u:{TOKEN}"},
    ).polling
    assert (polling.at_least, polling.at_most, polling.concurrency) == (timedelta(minutes=2), timedelta(hours=1), 9)
    assert polling.limits == FetchLimits(
        at_once=9,
        per_host=3,
        spacing=0.0,
        deadline=5.0,
        connect=5.0,
        max_raw=1_500_000,
        max_decoded=1_500_000,
        user_agent="Desk",
        allow_private_hosts=("rsshub:1200",),
        proxy=f"http://u:{TOKEN}@proxy.example",
    )
    assert TOKEN not in repr(polling)


def test_channels_are_consoles_addresses_and_files(loading: Loading, tmp_path: Path):
    settings = loading(
        """\
channels:
  here:
  console: {}
  desk: {url: "slack://${TOKEN}"}
  phone: {apprise: "${PHONE}"}
  ops: {apprise: apprise.yml, tag: ops}
operator: ops
""",
        {"TOKEN": TOKEN, "PHONE": f"tgram://{TOKEN}"},
    )
    shown = [(channel.name, channel.kind, channel.url, channel.config, channel.tag) for channel in settings.channels]
    assert shown == [
        ("here", "console", "", None, ""),
        ("console", "console", "", None, ""),
        ("desk", "apprise", f"slack://{TOKEN}", None, ""),
        ("phone", "apprise", f"tgram://{TOKEN}", None, ""),
        ("ops", "apprise", "", tmp_path / "apprise.yml", "ops"),
    ]
    assert (settings.channels[2].line, settings.channels[2].column) == (4, 3)
    assert settings.operator == "ops"
    assert TOKEN not in repr(settings)


def test_a_channel_may_have_a_rate_for_each_of_its_targets(loading: Loading):
    settings = loading("channels: {desk: {url: json://127.0.0.1/, rate: 20/min}, here: {}}")
    assert [channel.rate for channel in settings.channels] == [rate("20/min"), None]


@pytest.mark.parametrize(("text", "count", "seconds"), [("1/s", 1, 1), ("20 / min", 20, 60), ("300/h", 300, 3600)])
def test_rates_are_a_number_in_a_span(text: str, count: int, seconds: int):
    assert rate(text) == Rate(count=count, span=timedelta(seconds=seconds))


@pytest.mark.parametrize("text", ["0/s", "1/d", "-1/s", "1", "", 5])
def test_what_is_no_rate_is_refused(text: object):
    with pytest.raises(ValueError, match="must be a rate"):
        rate(text)


def test_subscriptions_become_routes(loading: Loading):
    listed = (
        "subscriptions: [{name: desk, channel: console, rules: [a], tags: [b], severity: medium},"
        " {name: all, channel: console}]"
    )
    mapped = (
        "subscriptions: {desk: {channel: console, rules: [a], tags: [b], at_least: medium}, all: {channel: console}}"
    )
    expected = (
        Route(name="desk", channel="console", rules=("a",), tags=("b",), at_least=Severity.MEDIUM),
        Route(name="all", channel="console", at_least=Severity.INFO),
    )
    assert loading(listed).routes == expected
    assert loading(mapped).routes == expected
    assert loading("subscriptions: []").routes == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sqlite:///data/m.db", "sqlite:///{here}/data/m.db"),
        ("sqlite:////var/m.db", "sqlite:////var/m.db"),
        ("sqlite://", "sqlite://"),
        ("postgresql://u:${TOKEN}@h/n", f"postgresql://u:{TOKEN}@h/n"),
    ],
)
def test_a_database_is_named_by_its_address(loading: Loading, tmp_path: Path, written: str, meant: str):
    settings = loading(f'database: "{written}"', {"TOKEN": TOKEN})
    assert settings.database.get_secret_value() == meant.format(here=tmp_path)
    assert TOKEN not in f"{settings!r}{settings}"


def test_the_environment_goes_before_the_file_for_the_database(loading: Loading, tmp_path: Path):
    assert (
        loading("database: sqlite:///a.db", {"MONITOR_DATABASE": "sqlite:///b.db"}).database.get_secret_value()
        == f"sqlite:///{tmp_path}/b.db"
    )


def test_paths_may_begin_at_home(loading: Loading, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert loading("rules: [~/rules]").rules == (tmp_path / "rules",)


@pytest.mark.parametrize(
    ("text", "bytes_"), [("500KB", 500_000), ("10 mb", 10_000_000), ("1GB", 10**9), ("1.5MB", 1_500_000)]
)
def test_sizes_are_written_with_their_unit(text: str, bytes_: int):
    assert size(text) == bytes_


# --- secrets --------------------------------------------------------------------------------------------------------


def test_a_secret_is_a_variable_or_else_a_file(loading: Loading, tmp_path: Path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "A").write_text("from-file\n")
    (tmp_path / "secrets" / "b_token").write_text("lower-case")
    text = "secrets: secrets\nchannels: {desk: {url: 'slack://${A}/${B_TOKEN}'}}"
    assert loading(text).channels[0].url == "slack://from-file/lower-case"
    assert loading(text, {"A": "from-env"}).channels[0].url == "slack://from-env/lower-case"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("channels:\n  desk: {url: '${NOBODY}'}", "monitor.yaml:2:15: ${NOBODY} is not set: "),
        ("secrets: s\nchannels:\n  desk: {url: '${NOBODY}'}", "variable NOBODY nor a file s/NOBODY"),
        ("channels:\n  desk: {url: '${no-name}'}", "monitor.yaml:2:15: a secret is written ${NAME}"),
        ("polling: {proxy: 'http://${NOBODY}'}", "monitor.yaml:1:18: ${NOBODY} is not set"),
        ("database: '${NOBODY}'", "monitor.yaml:1:11: ${NOBODY} is not set"),
        ("feeds: [{id: a, url: 'https://a.example/${K}'}]", '1:22: "url": cannot hold a secret'),
    ],
)
def test_a_secret_that_is_missing_is_told_with_its_name_and_line(problems: Problems, text: str, told: str):
    (found,) = problems(text)
    assert told in found


def test_a_secret_that_is_not_text_is_as_good_as_missing(problems: Problems, tmp_path: Path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "A").write_bytes(b"\xff\xfe")
    (found,) = problems("secrets: s\nchannels: {desk: {url: '${A}'}}")
    assert "${A} is not set" in found


@pytest.mark.parametrize(
    "text",
    [
        f"channels: {{desk: 'slack://{TOKEN}'}}",
        f"channels: {{desk: {{url: ['slack://{TOKEN}']}}}}",
        f"channels: {{desk: {{url: 'slack://{TOKEN}', apprise: x, kin: 1}}}}",
        f"database: mysql://u:{TOKEN}@h/n",
        f"database: ['postgresql://u:{TOKEN}@h/n']",
        f"polling: {{proxy: ['http://{TOKEN}@proxy']}}",
        "channels: {desk: {url: '${TOKEN}${NOBODY}'}}",
        "operator: nobody\nchannels: {desk: {url: '${TOKEN}'}}",
        f"subscriptions: 'slack://{TOKEN}'",
    ],
)
def test_no_message_shows_a_secret(problems: Problems, text: str):
    assert TOKEN not in "\n".join(problems(text, {"TOKEN": TOKEN}))


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a", "monitor.yaml:1:1: the file must be a map (lines of key: value), not a list"),
        ("databse: x", 'monitor.yaml:1:1: unknown key "databse" (did you mean "database"?)'),
        ("polling: {evry: 1m}", 'monitor.yaml:1:11: unknown key "evry" (did you mean "every"?)'),
        ("channels: {desk: {ulr: x}}", 'unknown key "ulr" (did you mean "url"?)'),
        ("subscriptions: {a: {chanel: console, channel: console}}", 'unknown key "chanel" (did you mean "channel"?)'),
        ("feeds: [{id: a, url: 'https://a.example', adress: x}]", 'unknown key "adress"'),
        ("database: mysql://h/n", "monitor.yaml:1:11: unknown kind of database (write sqlite:///monitor.db or "),
        ("rules: [nowhere]", "monitor.yaml:1:9: there is no file or folder nowhere"),
        ("rules: rules", '"rules" must be a list'),
        ("feeds: [{id: a}]", '"url" is missing'),
        ("feeds: [{id: A b, url: 'https://a.example'}]", '"id": must be made of small letters, digits'),
        ("feeds: [{id: a, url: 'ftp://a.example'}]", '"url": must begin with http:// or https://'),
        (
            "feeds: [{id: a, url: 'https://a.example', country: ua}]",
            '"country": must be a country code of two capitals',
        ),
        ("feeds: [{id: a, url: 'https://a.example', lang: UKR}]", '"lang": must be a language code of two small'),
        ("feeds: [{id: a, url: 'https://a.example', kind: syndicate}]", '(did you mean "syndication"?)'),
        ("feeds: [{id: a, url: 'https://a.example', kind: zzz}]", 'unknown kind of feed "zzz" (known: '),
        ("feeds: [{id: a, url: 'https://a.example', every: 10}]", '"every": "10" is no length of time'),
        (
            "feeds: [{id: a, url: 'https://a.example', state_media: no}]",
            '"state_media" must be true or false, not "no"',
        ),
        ("feeds: [{opml: none.opml}]", "monitor.yaml:1:16: there is no file none.opml (monitor init writes one"),
        (
            "feeds:\n- {id: a, url: 'https://a.example'}\n- {id: a, url: 'https://b.example'}",
            'monitor.yaml:3:3: feed "a" is declared on line 2 and on line 3 (keep one of them)',
        ),
        (
            "feeds:\n- opml: feeds.opml\n- {id: from-opml, url: 'https://b.example'}",
            'feed "from-opml" is declared in feeds.opml and on line 3 (keep one of them)',
        ),
        (
            "channels: {a: {url: 'x://y', apprise: z}}",
            'channel "a" has both url and apprise (keep the one that is meant)',
        ),
        ("operator: consol", 'monitor.yaml:1:11: there is no channel "consol" (did you mean "console"?)'),
        ("subscriptions: [{name: a, channel: zzz}]", 'there is no channel "zzz" (known: console)'),
        (
            "subscriptions: {a: {channel: console, severity: loud}}",
            '"severity": must be one of info, low, medium, high',
        ),
        (
            "subscriptions: [{name: a, channel: console}, {name: a, channel: console}]",
            'monitor.yaml:1:46: two subscriptions are called "a" (give each its own name)',
        ),
        (
            "subscriptions: [{name: a, channel: console, severity: low, at_least: low}]",
            'subscription "a" has both severity and at_least',
        ),
        ("polling: {at_least: 7h}", "monitor.yaml:1:21: at_least must not be longer than at_most"),
        ("polling: {concurrency: 0}", '"concurrency" must be at least 1, not 0'),
        ("channels: {a: {url: json://b, rate: fast}}", '"rate": must be a rate such as 1/s, 20/min or 300/h'),
        ("polling: {max_size: 10}", '"max_size": must be a size such as 500KB or 10MB'),
        ("history: {keep: long}", '"keep": "long" is no length of time'),
        ("a: 1\na: 2", 'monitor.yaml:2:1: "a" stands here a second time'),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_would_be_right(problems: Problems, text: str, told: str):
    (found,) = problems(text)
    assert told in found


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_file(problems: Problems):
    found = problems(
        """\
rules: [nowhere]
feeds: [{id: A}]
channels: {desk: 3}
subscriptions: [{name: a, channel: desk}, {name: b, channel: dsk}]
operator: ops
polling: {every: soon}
"""
    )
    assert [line.split(":")[1] for line in found] == ["1", "2", "2", "3", "4", "5", "6"]


def test_what_is_wrong_in_a_feed_list_is_told_with_the_rest(problems: Problems, tmp_path: Path):
    (tmp_path / "broken.opml").write_text("<opml><body><outline")
    found = problems("feeds: [{opml: broken.opml}]\noperator: ops")
    assert len(found) == 2
    assert found[0].startswith("monitor.yaml:2:11")
    assert found[1].startswith("broken.opml")


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(ConfigError, match="there is no such file"):
        load(tmp_path / "monitor.yaml", {})


CLOSED = """\
rules: []
feeds:
  - {id: closed, url: "https://n.example/", auth: "${WHO}:${PASS}", headers: {X-Api-Key: "k ${KEY}"}, proxy: "${WAY}"}
  - {id: open, url: "https://o.example/feed"}
"""
SECRETS = {"WHO": "me", "PASS": "hunter2", "KEY": "12345", "WAY": "http://p:pw@proxy.example:1"}


def test_what_opens_a_feed_is_kept_beside_it_and_never_shown(loading: Loading):
    settings = loading(CLOSED, SECRETS)
    (access,) = settings.access.values()
    assert (access.auth, access.headers, access.proxy) == ("me:hunter2", {"X-Api-Key": "k 12345"}, SECRETS["WAY"])
    assert list(settings.access) == ["closed"]
    shown = repr(settings) + repr(access) + repr(settings.feeds)
    assert not [secret for secret in SECRETS.values() if secret in shown and secret != "me"]


@pytest.mark.parametrize(
    ("feed", "told"),
    [
        ('auth: "me:hunter2"', "write it as ${NAME}"),
        ('auth: "${KEY}"', "is not user and password"),
        ('headers: {X-Api-Key: "hunter2"}', "write it as ${NAME}"),
        ('headers: {Host: "${KEY}"}', "does not set itself"),
        ('headers: {"X Key": "${KEY}"}', "name of a header"),
        ('headers: {X-Api-Key: "${LINES}"}', "control characters"),
        ('headers: {X-Api-Key: "${MISSING}"}', "${MISSING} is not set"),
    ],
)
def test_what_opens_a_feed_must_be_a_usable_secret(problems: Problems, feed: str, told: str):
    text = f'rules: []\nfeeds: [{{id: f, url: "https://n.example/", {feed}}}]\n'
    (found,) = problems(text, {"KEY": "12345", "LINES": "a\r\nb: hunter2"})
    assert told in found
    assert "hunter2" not in found


def test_a_web_page_has_selectors(loading: Loading):
    text = 'rules: []\nfeeds: [{id: f, url: "https://n.example/", kind: web_page, options: {item: li, title: a}}]\n'
    assert loading(text).feeds[0].options == {"item": "li", "title": "a"}


@pytest.mark.parametrize(
    ("feed", "told"),
    [
        ("kind: web_page", "needs to know what its entries are"),
        ("kind: web_page, options: {item: li, titel: a}", 'unknown option "titel"'),
        ("options: {item: li}", "none for this kind"),
    ],
)
def test_options_must_fit_their_kind(problems: Problems, feed: str, told: str):
    (found,) = problems(f'rules: []\nfeeds: [{{id: f, url: "https://n.example/", {feed}}}]\n')
    assert told in found


def test_feeds_in_opml_are_given_what_opml_has_no_word_for(loading: Loading):
    text = "rules: []\npolling: {every: 5m}\nfeeds: [{opml: feeds.opml}]\nfeed_options:\n"
    settings = loading(
        f'{text}  from-opml: {{auth: "${{WHO}}:${{PASS}}", headers: {{X-Key: "${{KEY}}"}}, every: 30m}}', SECRETS
    )
    (access,) = settings.access.values()
    assert (access.auth, access.headers) == ("me:hunter2", {"X-Key": "12345"})
    assert [(feed.id, feed.every) for feed in settings.feeds] == [("from-opml", timedelta(minutes=30))]
    assert list(settings.access) == ["from-opml"]
    assert "hunter2" not in repr(settings)


def test_a_web_page_in_opml_without_selectors_is_told_before_it_is_polled(problems: Problems, tmp_path: Path):
    (tmp_path / "feeds.opml").write_text(OPML.replace('type="rss"', 'type="rss" kind="web_page"'))
    (found,) = problems("rules: []\nfeeds: [{opml: feeds.opml}]\n")
    assert 'feed "from-opml": a web page needs to know what its entries are' in found


def test_what_an_outline_says_of_pages_and_articles_holds_until_feed_options_say_else(loading: Loading, tmp_path: Path):
    told = """type="rss" kind="web_page" options='{"item": "li"}' article="main p\""""
    (tmp_path / "feeds.opml").write_text(OPML.replace('type="rss"', told))
    text = "rules: []\nfeeds: [{opml: feeds.opml}]\n"
    for more, article in (
        ("", "main p"),
        ("{every: 5m}", "main p"),
        ("{article: {selector: b}}", "b"),
        ("{article: false}", None),
    ):
        feed = loading(text + (f"feed_options: {{from-opml: {more}}}" if more else "")).feeds[0]
        assert (feed.options, feed.article) == ({"item": "li"}, article)


def test_a_web_page_in_opml_has_selectors(loading: Loading, tmp_path: Path):
    (tmp_path / "feeds.opml").write_text(OPML.replace('type="rss"', 'type="rss" kind="web_page"'))
    text = "rules: []\nfeeds: [{opml: feeds.opml}]\nfeed_options: {from-opml: {options: {item: li}}}\n"
    assert loading(text).feeds[0].options == {"item": "li"}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("from-ompl: {every: 30m}", 'there is no feed "from-ompl" (did you mean "from-opml"?)'),
        ("elsewhere: {every: 30m}", 'there is no feed "elsewhere" (monitor feeds list names them all)'),
        ("inline: {every: 30m}", 'feed "inline" is declared on line 2 (write its options there)'),
        ("from-opml: {evry: 30m}", 'did you mean "every"'),
        ("from-opml: {options: {item: li}}", "none for this kind"),
        ('from-opml: {auth: "me:hunter2"}', "write it as ${NAME}"),
        ('from-opml: {auth: "${MISSING}"}', "${MISSING} is not set"),
    ],
)
def test_options_of_feeds_in_opml_must_fit(problems: Problems, options: str, told: str):
    feeds = "feeds: [{id: inline, url: 'https://i.example'}, {opml: feeds.opml}]"
    (found,) = problems(f"rules: []\n{feeds}\nfeed_options:\n  {options}\n")
    assert told in found
    assert found.startswith("monitor.yaml:4:")
    assert "hunter2" not in found


@pytest.mark.parametrize("feeds", ["[{opml: gone.opml}]", "[{opml: broken.opml}]", "7"])
def test_options_are_not_called_unknown_while_the_list_cannot_be_read(problems: Problems, tmp_path: Path, feeds: str):
    (tmp_path / "broken.opml").write_text("<opml")
    (found,) = problems(f"rules: []\nfeeds: {feeds}\nfeed_options: {{from-opml: {{every: 30m}}}}\n")
    assert "from-opml" not in found


# --- articles -------------------------------------------------------------------------------------------------------

HERALD = 'feeds: [{id: herald, url: "https://herald.example/rss"'


@pytest.mark.parametrize(
    ("written", "article"),
    [
        ("", None),
        (", article: false", None),
        (", article: true", ""),
        (", article: {}", ""),
        (', article: {selector: "div.story p"}', "div.story p"),
    ],
)
def test_a_feed_says_whether_the_articles_behind_its_stubs_are_read(
    loading: Loading, written: str, article: str | None
):
    assert loading(f"{HERALD}{written}}}]").feeds[0].article == article


def test_feeds_in_opml_are_told_so_by_their_id(loading: Loading):
    settings = loading('feeds: [{opml: feeds.opml}]\nfeed_options: {from-opml: {article: {selector: "article"}}}')
    assert settings.feeds[0].article == "article"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("yes please", "must be true, or {selector:"),
        ('{selektor: "p"}', 'did you mean "selector"'),
        ('{selector: ""}', "selector"),
        ('{selector: "div["}', "`div[` is no CSS selector"),
    ],
)
def test_how_articles_are_read_must_make_sense(problems: Problems, written: str, told: str):
    [problem] = problems(f"{HERALD}, article: {written}}}]")
    assert problem.startswith("monitor.yaml:1:")
    assert told in problem


def test_without_its_extra_finding_articles_is_refused_where_it_is_asked_for(tmp_path: Path):
    path = tmp_path / "monitor.yaml"
    feeds = '  - {id: herald, url: "https://herald.example/rss", article: true}\n'
    feeds += '  - {id: gazette, url: "https://gazette.example/rss", article: {selector: p}}\n'
    path.write_text(f"rules: []\nfeeds:\n{feeds}")
    hide_and_check = (
        "import sys; sys.modules['trafilatura'] = None; sys.argv = ['monitor', 'check', '--config', sys.argv[1]]; "
        "from monitor.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", hide_and_check, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    told = " ".join(done.stderr.split())
    assert "monitor.yaml:3:" in told
    assert "needs the extra `article`, which is not installed (install monitor[article]" in told
    assert "monitor.yaml:4:" not in told
