"""Reading monitor.yaml: everything that is wrong is found at once, with its place and what would be right."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr, ValidationError

from monitor import yamlfile
from monitor.errors import ConfigError, Problem
from monitor.judge.budget import Budget
from monitor.judge.endpoint import ModelAccess
from monitor.settings.channels import Channels
from monitor.settings.feeds import Feeds
from monitor.settings.reading import Reading
from monitor.settings.schema import Document, JudgeSection, OpmlSection, PollingSection, is_web_address
from monitor.settings.secrets import Secrets
from monitor.settings.values import Bot, Delivery, Heartbeat, History, Judging, Polling, Settings, Web
from monitor.sources.fetch import FetchLimits


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in this file; MONITOR_DATABASE in the environment goes before `database:`.

    Raises:
        ConfigError: Something in it is wrong; every problem is listed.
    """
    settings, problems = examine(path, environ)
    if problems:
        raise ConfigError(problems)
    return settings


def examine(path: Path, environ: Mapping[str, str] = os.environ) -> tuple[Settings, list[Problem]]:
    """What can be made of this file, and everything that is wrong in it; for `check`, which looks further.

    Raises:
        ConfigError: Nothing can be made of it.
    """
    file = yamlfile.read(path)
    document, problems, broken = _validated(file)
    reading = Reading(
        file=file,
        document=document,
        secrets=_secrets(document, path, environ),
        channel_names=_names(file.data, "channels") or tuple(document.channels),
        broken=broken,
    )
    settings = _Parts(reading).settings(environ)
    problems += reading.problems
    return settings, sorted(problems, key=lambda problem: (problem.path != path, problem.line, problem.column))


def _validated(file: yamlfile.YamlFile) -> tuple[Document, list[Problem], frozenset[str | int]]:
    """The file without its broken sections, what is wrong with those, and which they are."""
    data = {} if file.data is None else file.data
    try:
        return Document.model_validate(data), [], frozenset()
    except ValidationError as error:
        problems = file.problems(error, yamlfile.keys_of(Document))
        if not isinstance(data, dict):
            raise ConfigError(problems) from None
        broken = frozenset(details["loc"][0] for details in error.errors(include_url=False, include_input=False))
    whole = {key: value for key, value in data.items() if key not in broken}
    return Document.model_validate(whole), problems, broken


def _names(data: object, section: str) -> tuple[str, ...]:
    found = data.get(section) if isinstance(data, dict) else None
    return tuple(map(str, found)) if isinstance(found, dict) else ()


def _secrets(document: Document, path: Path, environ: Mapping[str, str]) -> Secrets:
    return Secrets(environ, path.parent / document.secrets if document.secrets else None)


class _Parts:
    """The parts of Settings, read one after the other."""

    def __init__(self, reading: Reading) -> None:
        self._reading, self._document = reading, reading.document

    def settings(self, environ: Mapping[str, str]) -> Settings:
        feeds, channels = Feeds(self._reading), Channels(self._reading)
        return Settings(
            path=self._reading.file.path,
            database=SecretStr(self._database(environ.get("MONITOR_DATABASE", ""))),
            rules=tuple(self._rules()),
            feeds=tuple(feeds.declared()),
            access=dict(feeds.access()),
            opml=tuple(
                self._reading.under(entry.opml) for entry in self._document.feeds if isinstance(entry, OpmlSection)
            ),
            channels=tuple(channels.channels()),
            routes=tuple(channels.routes()),
            operator=self._operator(),
            delivery=Delivery(
                budget=self._document.delivery.budget, catch_up_after=self._document.delivery.catch_up_after
            ),
            escalation=channels.escalation(),
            polling=self._polling(),
            judge=self._judge(self._document.judge),
            history=History(keep=self._document.history.keep),
            web=self._web(),
            bot=self._bot(),
            heartbeat=self._heartbeat(),
        )

    def _operator(self) -> str:
        if self._document.operator:
            self._reading.check_channel(self._document.operator, ("operator",))
        return self._document.operator

    # --- database and rules -----------------------------------------------------------------------------------------

    def _database(self, override: str) -> str:
        url = override or self._reading.filled(self._document.database, ("database",))
        scheme, _, rest = url.partition("://")
        if url and scheme.partition("+")[0] not in ("sqlite", "postgresql"):
            hint = "write sqlite:///monitor.db or postgresql://user:password@host/name"
            self._reading.wrong(("database",), "unknown kind of database", hint)
        relative = scheme == "sqlite" and rest.startswith("/") and not rest.startswith("//") and rest != "/:memory:"
        return f"sqlite:///{self._reading.under(rest[1:]).absolute()}" if relative else url

    def _rules(self) -> Iterator[Path]:
        for number, name in enumerate(self._document.rules):
            path = self._reading.under(name)
            if not path.exists():
                self._reading.wrong(("rules", number), f"there is no file or folder {path}")
            yield path

    # --- polling ----------------------------------------------------------------------------------------------------

    def _polling(self) -> Polling:
        entry = self._document.polling
        if entry.at_least > entry.at_most:
            self._reading.wrong(("polling", "at_least"), "at_least must not be longer than at_most")
        if entry.spacing > timedelta(minutes=1):
            self._reading.wrong(
                ("polling", "spacing"), "spacing must not be longer than 1m: it is the pause between two feeds"
            )
        return Polling(
            at_least=entry.at_least, at_most=entry.at_most, concurrency=entry.concurrency, limits=self._limits(entry)
        )

    def _limits(self, entry: PollingSection) -> FetchLimits:
        limits = FetchLimits(
            at_once=entry.concurrency,
            per_host=entry.per_host,
            spacing=entry.spacing.total_seconds(),
            allow_private_hosts=tuple(entry.allow_private_hosts),
        )
        if entry.timeout is not None:
            seconds = entry.timeout.total_seconds()
            limits = replace(limits, deadline=seconds, connect=min(limits.connect, seconds))
        if entry.max_size is not None:
            limits = replace(limits, max_raw=entry.max_size, max_decoded=entry.max_size)
        if entry.user_agent is not None:
            limits = replace(limits, user_agent=entry.user_agent)
        if entry.proxy is not None:
            limits = replace(limits, proxy=self._reading.filled(entry.proxy, ("polling", "proxy")))
        return limits

    # --- pages ------------------------------------------------------------------------------------------------------

    def _web(self) -> Web | None:
        entry = self._document.web
        if entry is None:
            return None
        if entry.signup:
            self._reading.check_channel(entry.signup, ("web", "signup"))
        host, _, port = entry.listen.rpartition(":")
        return Web(host=host.strip("[]"), port=int(port), public_url=entry.public_url, signup=entry.signup or "")

    def _bot(self) -> Bot | None:
        entry = self._document.bot
        if entry is None:
            return None
        self._reading.check_channel(entry.channel, ("bot", "channel"))
        token = self._reading.value(entry.token, ("bot", "token"))
        return Bot(token=SecretStr(token), channel=entry.channel, chats=tuple(map(str, entry.chats)))

    # --- who watches from elsewhere ---------------------------------------------------------------------------------

    def _heartbeat(self) -> Heartbeat | None:
        entry = self._document.heartbeat
        if entry is None:
            return None
        url = self._reading.value(entry.url, ("heartbeat", "url"))
        if url and not is_web_address(url):  # not shown: it may be a secret
            self._reading.wrong(("heartbeat", "url"), "must begin with http:// or https:// and name a host")
        if entry.every < timedelta(seconds=1):
            self._reading.wrong(("heartbeat", "every"), "must be 1s or longer")
        return Heartbeat(url=SecretStr(url), every=entry.every, fail=entry.fail)

    # --- second opinions --------------------------------------------------------------------------------------------

    def _judge(self, entry: JudgeSection | None) -> Judging | None:
        if entry is None:
            return None
        if not timedelta(seconds=1) <= entry.timeout <= timedelta(minutes=2):
            self._reading.wrong(("judge", "timeout"), "timeout must be between 1s and 2m")
        key = self._reading.value(entry.key or "", ("judge", "key"))
        return Judging(
            access=ModelAccess(
                endpoint=entry.endpoint, model=entry.model, key=key, timeout=entry.timeout.total_seconds()
            ),
            budget=Budget(calls=entry.calls, per_rule=entry.calls_per_rule, tokens=entry.tokens),
        )
