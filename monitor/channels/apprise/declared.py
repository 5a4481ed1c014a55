"""Makes channels from Apprise URLs and from Apprise configuration files."""

import logging
import re
from pathlib import Path

from apprise import Apprise, AppriseConfig, LogCapture
from apprise.exception import AppriseException
from apprise.plugins import NotifyBase

from monitor.channels.answers import redacted, secrets_in
from monitor.channels.apprise.channel import AppriseChannel
from monitor.channels.apprise.library import ASSET, prepare, tamed
from monitor.channels.base import Channel, ChannelSpec
from monitor.errors import ConfigError
from monitor.text import plain

_SKIPPED_ENTRY = re.compile(r"(?:unparseable|invalid|unsupported|could not load)[^\n]*?\b((?:line|entry) #?\d+)", re.I)
_ENTRY = re.compile(r"^\s*(?:-\s*)?(?:url:\s*)?[\"']?(?:[\w,: -]+=)?\s*[a-z0-9]{1,32}://", re.I | re.M)


def build(spec: ChannelSpec) -> dict[str, Channel]:
    """The channels of this declaration: one for a URL, one for each matching entry of an Apprise file.

    Raises:
        ConfigError: A URL that no service understands or that names several targets; a file with entries like that.
    """
    prepare()
    if bool(spec.url) == bool(spec.config):
        raise ConfigError([spec.problem("needs either an Apprise URL or an Apprise configuration file")])
    services = _from_file(spec, spec.config) if spec.config else [_from_url(spec)]
    problems = [spec.problem(*wrong) for service in services for wrong in [_wrong_targets(service)] if wrong]
    if problems:
        raise ConfigError(problems)
    names = [spec.name] if len(services) == 1 else [f"{spec.name}/{number}" for number in range(1, len(services) + 1)]
    return {name: AppriseChannel(name, tamed(service)) for name, service in zip(names, services, strict=True)}


def _from_url(spec: ChannelSpec) -> NotifyBase:
    try:
        service = Apprise.instantiate(spec.url, asset=ASSET, suppress_exceptions=False)
    except (AppriseException, TypeError, ValueError, LookupError, AttributeError, OSError) as error:
        reason = plain.line(redacted(str(error), secrets_in(spec.url)), 200)
        raise ConfigError([spec.problem(f"Apprise cannot use its URL: {reason}")]) from None  # the cause holds the URL
    if service is None:
        scheme = plain.line(spec.url.partition("://")[0], 20) if "://" in spec.url else "nothing like that"
        hint = f'it begins with {scheme}; right are "slack://...", "tgram://...", "mailto://..." and others'
        raise ConfigError([spec.problem("Apprise does not understand its URL", hint)])
    return service


def _from_file(spec: ChannelSpec, path: Path) -> list[NotifyBase]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([spec.problem(f"cannot read {path}: {type(error).__name__}")]) from error
    with LogCapture(level=logging.DEBUG) as captured:  # type: ignore[no-untyped-call]
        config = AppriseConfig(asset=ASSET)
        config.add_config(text, asset=ASSET)
        loaded = Apprise(config, asset=ASSET)
        found, everything = list(loaded.find(spec.tag or "all")), len(list(loaded.find("all")))
        skipped = dict.fromkeys(_SKIPPED_ENTRY.findall(captured.getvalue()))
    missing = len(_ENTRY.findall(text)) - everything
    if skipped or missing > 0:
        where = ", ".join(skipped) or f"{missing} of {missing + everything} entries"
        raise ConfigError([spec.problem(f"Apprise cannot use everything in {path}: {where}")])
    if not found:
        tagged = f' with the tag "{spec.tag}"' if spec.tag else ""
        raise ConfigError([spec.problem(f"there is no entry{tagged} in {path}")])
    return found


def _wrong_targets(service: NotifyBase) -> tuple[str, str] | None:
    service.retry = 0  # it multiplies the length
    if len(service) != 1:
        return f"its {service.service_name} URL names {len(service)} targets", "write one channel for each"
    if not getattr(service, "targets", True):
        return f"its {service.service_name} URL names no target", "put the id of the chat or person at its end"
    return None
