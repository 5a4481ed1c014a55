"""`monitor feeds`: what is polled, and how it fares."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from pydantic import ValidationError

from monitor import yamlfile
from monitor.cli import feed_files, feed_finder, feed_health
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, now, settings_from
from monitor.cli.output import ago, as_json, plain, say, table
from monitor.cli.stored import store_of
from monitor.errors import ConfigError, Problem
from monitor.model import Feed, FeedState
from monitor.settings import Settings
from monitor.settings.feeds import EXTRA
from monitor.settings.schema import FeedSection
from monitor.sources import opml, page

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="List, show, check, add, remove, import and export feeds.",
)
app.command("show")(feed_health.show)
app.command("doctor")(feed_health.doctor)
FeedId = Annotated[str, typer.Argument(metavar="FEED", help="The feed's id, as `monitor feeds list` shows it.")]


@app.command("list")
def list_feeds(
    config: ConfigOption = CONFIG,
    failing: Annotated[bool, typer.Option("--failing", help="Only feeds that cannot be read.")] = False,
    json: JsonOption = False,
) -> None:
    """List the declared feeds and how they fare.

    Examples:

        monitor feeds list --failing
        monitor feeds list --json | jq -r '.[] | select(.failures > 3) | .url'
    """
    with store_of(settings_from(config)) as store:
        pairs = [(feed, state) for feed, state in store.feeds() if state.failures or not failing]
    at = now()  # not before: feeds that were declared just now are due from then on
    if json:
        as_json([_combined(feed, state) for feed, state in pairs])
    elif not pairs:
        say("All feeds can be read." if failing else "No feeds yet: `monitor feeds add URL` adds one.")
    else:
        table(("feed", "state", "last read", "latest item", "next poll", "publisher", "why"), _rows(pairs, at))


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of the feed, or of the site.")],
    config: ConfigOption = CONFIG,
    feed_id: Annotated[str, typer.Option("--id", help="Its name here; made from the address when left out.")] = "",
    publisher: Annotated[str, typer.Option(help="Who speaks through it; leave out for aggregators.")] = "",
    owner: Annotated[
        str, typer.Option(help="Who owns the publisher; outlets of one owner do not confirm each other.")
    ] = "",
    country: Annotated[str, typer.Option(metavar="CC", help="Two capitals, such as UA.")] = "",
    lang: Annotated[str, typer.Option(metavar="LL", help="Two small letters, such as uk.")] = "",
    state_media: Annotated[bool, typer.Option("--state-media", help="A state owns or directs it.")] = False,
    tag: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    article: Annotated[bool, typer.Option("--article", help="Read the articles behind its stubs.")] = False,
    every: Annotated[
        str, typer.Option(metavar="SPAN", help="A fixed pause such as 10m; follows the feed when left out.")
    ] = "",
) -> None:
    """Add a feed to monitor.yaml; everything else in the file stays as it is written.

    The address is asked once: where it is a web page, its feed is looked for. A feed that cannot be read now is added
    all the same.

    Examples:

        monitor feeds add https://news.example
        monitor feeds add https://news.example/rss --publisher "Example News" --country UA --lang uk
    """
    settings = settings_from(config)
    given = {
        "id": feed_id or _free_id(url, settings),
        "url": url,
        "publisher": publisher,
        "owner": owner,
        "country": country,
        "lang": lang,
        "state_media": state_media,
        "tags": tag or [],
        "article": article,
        "every": every,
    }
    entry = {key: value for key, value in given.items() if value}
    _check(entry, settings)
    found = feed_finder.find(url, settings)
    if found.url != url:
        entry["url"] = found.url
        _check(entry, settings)
    feed_files.add_entry(config, entry)
    say(found.said)
    say(f"Added {entry['id']} to {config}.")
    say(f"`monitor poll {entry['id']}` reads it now; a running service takes it up when it is restarted.")


@app.command("remove")
def remove(feed_id: FeedId, config: ConfigOption = CONFIG) -> None:
    """Stop polling a feed: its line is taken out of monitor.yaml or of the OPML file; its items stay stored.

    Example:

        monitor feeds remove example-news
    """
    settings = settings_from(config)
    feed = next((feed for feed in settings.feeds if feed.id == feed_id), None)
    if feed is None:
        raise _wrong(config, f'there is no feed "{feed_id}"', yamlfile.suggestion(feed_id, _ids(settings)))
    if feed_files.remove_entry(config, feed_id):
        say(f"Removed {feed_id} from {config}.")
        return
    for path in settings.opml:
        if feed_id in {listed.id for listed in opml.read(path)} and feed_files.remove_outline(path, feed.url):
            feed_files.remove_options(config, feed_id)
            say(f"Removed {feed_id} from {path}.")
            return
    raise _wrong(config, f'feed "{feed_id}" was not found where it should stand', "remove it with an editor")


@app.command("import")
def import_feeds(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file, as every feed reader exports it.")],
    config: ConfigOption = CONFIG,
) -> None:
    """Take up the feeds of an OPML file; those that are known already are left out.

    The new ones are written to a file beside monitor.yaml, where their labels (publisher, owner, country, language)
    can be filled in.

    Example:

        monitor feeds import subscriptions.opml
    """
    settings = settings_from(config)
    known = {feed.url for feed in settings.feeds}
    ids = set(_ids(settings))
    offered = opml.read(file)
    new = [feed for feed in offered if feed.url not in known and feed.id not in ids]
    if not new:
        say(f"All {len(offered)} feeds of {file} are known already.")
        return
    target = config.parent / file.name
    if target.exists() and target.resolve() != file.resolve():
        raise _wrong(target, "is there already", f"rename {file} and import it again")
    feed_files.replace_file(target, opml.write(new))
    feed_files.add_entry(config, {"opml": target.name})
    left_out = f" {len(offered) - len(new)} were known already." if len(new) < len(offered) else ""
    say(f"Imported {len(new)} feeds into {target}.{left_out}")


@app.command("export")
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to; the standard output if left out.")
    ] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Write all feeds as one OPML file, for other feed readers.

    Example:

        monitor feeds export > feeds.opml
    """
    written = opml.write(settings_from(config).feeds)
    if file is None:
        typer.echo(written, nl=False)
    else:
        feed_files.replace_file(file, written)


def _rows(pairs: Sequence[tuple[Feed, FeedState]], at: datetime) -> list[tuple[object, ...]]:
    return [
        (
            feed.id,
            _health(state),
            ago(state.last_success_at, at),
            ago(state.last_item_at, at),
            "now" if state.next_due_at <= at else ago(state.next_due_at, at),
            feed.publisher,
            state.last_error,
        )
        for feed, state in pairs
    ]


def _health(state: FeedState) -> str:
    if state.failures:
        return "failing"
    return "ok" if state.last_success_at else "never"


_LEARNT = ("next_due_at", "interval", "failures", "last_polled_at", "last_success_at", "last_item_at", "last_error")


def _combined(feed: Feed, state: FeedState) -> dict[str, Any]:
    learnt = {name: plain(getattr(state, name)) for name in _LEARNT}
    return {**plain(feed), "health": _health(state), **learnt}


def _ids(settings: Settings) -> list[str]:
    return [feed.id for feed in settings.feeds]


def _free_id(url: str, settings: Settings) -> str:
    """ "news.example-rss" from "https://www.news.example/rss.xml", numbered when that is taken."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "feed"
    host = (parts.hostname or "").removeprefix("www.")
    path = re.sub(r"[.]\w+$", "", parts.path)
    wanted = re.sub(r"[^a-z0-9.]+", "-", f"{host}{path}".lower()).strip("-.")[:70] or "feed"
    taken = set(_ids(settings))
    names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def _check(entry: dict[str, Any], settings: Settings) -> None:
    try:
        FeedSection.model_validate(entry)
    except ValidationError as error:
        file = yamlfile.read(settings.path, "")
        found = [f"{problem.message}" for problem in file.problems(error)]
        raise ConfigError([Problem(path=Path("feeds add"), message=message) for message in found]) from error
    if entry.get("article") and not page.can_be_found():
        raise _wrong(Path("feeds add"), "--article needs the extra `article`, which is not installed", EXTRA)
    known = {feed.url: feed.id for feed in settings.feeds}
    if entry["url"] in known:
        raise _wrong(settings.path, f'this address is already polled as "{known[entry["url"]]}"')
    if entry["id"] in _ids(settings):
        raise _wrong(settings.path, f'there is already a feed "{entry["id"]}"', "give another --id")


def _wrong(path: Path, message: str, hint: str = "") -> ConfigError:
    return ConfigError([Problem(path=path, message=message, hint=hint)])
