"""Many notifications told in one message: grouped by indicator, newest first, each alert once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from monitor.model import Alert, Entry, Message, Notification, NotificationKind, Quote, Section
from monitor.text import plain

ENTRIES = 8  # of one indicator
SECTIONS = 20
_TITLE = 200
_TEXT = 300
_BODY = 20_000
_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "hourly": "Hourly digest",
        "daily": "Daily digest of {day}",
        "weekly": "Weekly digest of {day}",
        "quiet": "From your quiet hours",
        "storm": "Too many at once",
        "catch-up": "While the service was away",
    }
)
_NOTES: Mapping[str, str] = MappingProxyType(
    {
        "storm": "More alerts came than are sent one by one, so the rest is told here. None was dropped.",
        "catch-up": "This was found while the service caught up on what it had missed. None was dropped.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One alert, with all that was held about it, the oldest first."""

    parts: tuple[Notification, ...]

    @property
    def newest(self) -> datetime:
        return self.parts[-1].created_at

    @property
    def rank(self) -> int:
        return max(part.message.severity.rank for part in self.parts)


def digest(
    parts: Sequence[Notification],
    alerts: Mapping[str, Alert],
    *,
    bundle: str,
    zone: str,
    now: datetime,
    coverage: str = "",
    charts: Mapping[str, tuple[int, ...]] | None = None,
    titles: Mapping[str, str] | None = None,
) -> Message:
    """One message that tells what all of them would have told.

    Args:
        parts: What was held, in any order.
        alerts: By id, those that the parts are about.
        bundle: Why they were held: "hourly", "daily", "weekly", "quiet", "storm" or "catch-up".
        zone: IANA name of the reader's zone, for dates.
        coverage: How well the feeds were watched.
        charts: By rule, alerts or observations on each of the last days, oldest first.
        titles: By rule, what it is called.
    """
    by_rule = _by_rule(parts, alerts)
    counts = f"{_number(sum(map(len, by_rule.values())), 'alert')}, {_number(len(by_rule), 'indicator')}"
    day = f"{now.astimezone(ZoneInfo(zone)):%A, %d %b}".replace(" 0", " ")
    message = Message(
        title=f"{_TITLES.get(bundle, 'Digest').format(day=day)}: {counts}",
        body="",
        severity=max((part.message.severity for part in parts), key=lambda each: each.rank),
        note=_NOTES.get(bundle, ""),
        counts=counts,
        sections=_sections(by_rule, charts or {}, titles or {}),
        coverage=plain.line(coverage, _TEXT),
    )
    return replace(message, body=_whole(message))


def _by_rule(parts: Sequence[Notification], alerts: Mapping[str, Alert]) -> dict[str, list[_Told]]:
    """Alerts by rule, newest first; the rules with the loudest alerts first."""
    by_alert: dict[str, list[Notification]] = {}
    for part in sorted(parts, key=lambda each: (each.created_at, each.kind is NotificationKind.UPDATE)):
        by_alert.setdefault(part.alert_id or part.id, []).append(part)
    by_rule: dict[str, list[_Told]] = {}
    for told in sorted((_Told(parts=tuple(some)) for some in by_alert.values()), key=_newest, reverse=True):
        by_rule.setdefault(_rule(told, alerts), []).append(told)
    return dict(sorted(by_rule.items(), key=lambda each: -max(told.rank for told in each[1])))


def _newest(told: _Told) -> datetime:
    return told.newest


def _rule(told: _Told, alerts: Mapping[str, Alert]) -> str:
    first = told.parts[0]
    alert = alerts.get(first.alert_id or "")
    return alert.rule if alert else first.message.rule


def _sections(
    by_rule: Mapping[str, Sequence[_Told]], charts: Mapping[str, tuple[int, ...]], titles: Mapping[str, str]
) -> tuple[Section, ...]:
    """One for each indicator; where there are too many, the rest is counted in a last one."""
    rules = list(by_rule)
    shown = [
        Section(
            title=plain.line(titles.get(rule) or _spelled(rule), _TITLE),
            entries=tuple(map(_entry, by_rule[rule][:ENTRIES])),
            hidden=max(0, len(by_rule[rule]) - ENTRIES),
            chart=charts.get(rule, ()),
        )
        for rule in rules[:SECTIONS]
    ]
    rest = sum(len(by_rule[rule]) for rule in rules[SECTIONS:])
    return (*shown, *([Section(title="Other indicators", hidden=rest)] if rest else []))


def _entry(told: _Told) -> Entry:
    """The alert in the words of its first message, and what was new since."""
    first, last = told.parts[0].message, told.parts[-1]
    news = [fact for part in told.parts for fact in part.message.facts]
    text = "; ".join(filter(None, (first.lead or _report(first.quotes), *(f"new: {fact}" for fact in news))))
    return Entry(
        title=plain.line(first.title, _TITLE),
        text=plain.line(text, _TEXT),
        link=first.link,
        severity=max((part.message.severity for part in told.parts), key=lambda each: each.rank),
        at=last.created_at,
    )


def _report(quotes: Sequence[Quote]) -> str:
    """Who reported it: the newest, without its words, which mostly are the title."""
    newest = quotes[-1] if quotes else None
    if newest is None:
        return ""
    return ", ".join(filter(None, (newest.speaker, newest.publisher, newest.reading)))


def _whole(message: Message) -> str:
    """All of it as plain text; whatever is cut, the last lines stay."""
    ending = "\n".join(filter(None, (message.coverage, f"{message.counts}.")))
    told = "\n\n".join(filter(None, (message.note, *map(_listed, message.sections))))
    return f"{plain.lines(told, _BODY)}\n\n{ending}"


def _listed(section: Section) -> str:
    chart = f" {plain.bars(section.chart)}" if section.chart else ""
    more = f"… and {section.hidden} more" if section.hidden else ""
    return "\n".join(filter(None, (f"{section.title}{chart}", *map(_line, section.entries), more)))


def _line(entry: Entry) -> str:
    below = " · ".join(filter(None, (entry.text, entry.link)))
    return "\n".join(filter(None, (f"- {entry.severity.upper()} {entry.title}", below)))


def _spelled(rule: str) -> str:
    return rule.replace("-", " ").capitalize() or "Alerts"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
