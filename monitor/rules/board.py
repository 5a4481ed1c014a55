"""The board: where every indicator stands, read from what is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean

from monitor.model import Alert, FeedState, Observation
from monitor.rules.conditions.groups import story
from monitor.rules.conditions.state import State
from monitor.rules.ledger import packages
from monitor.rules.readings import number, of_aid, of_counts, of_stance, scores_of, tells_of_packages
from monitor.rules.rule import Baseline, Rule
from monitor.rules.trends import BASELINE, DAY, WEEK, Trend, daily, first_told, trend

COMPOSITE, TALKS = "composite", "diplomacy"  # tags of rules
_PAUSE = timedelta(days=21)  # without a package: the military track has stopped
_FEW_TALKS = 3  # stories in a week; fewer are no track that advances
_STALE = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the board is read from.

    Attributes:
        observations: By rule.
        alerts: Those that have not ended.
    """

    observations: Mapping[str, Sequence[Observation]] = field(default_factory=dict)
    feeds: Sequence[FeedState] = ()
    alerts: Sequence[Alert] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How well we are watching.

    A feed is stale when it was read once but not for six hours and three intervals, and silent when it is read but
    brings nothing, against its own rate.
    """

    feeds: int
    read: int
    stale: int
    silent: int
    never: int
    since: datetime | None

    def __str__(self) -> str:
        if not self.feeds:
            return "no feeds are declared"
        rest = ((self.stale, "stale"), (self.silent, "silent"), (self.never, "never read"))
        return ", ".join(
            [f"{self.read} of {self.feeds} feeds read", *(f"{count} {how}" for count, how in rest if count)]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The latest evidence; `quote` is the headline where nobody is quoted."""

    quote: str
    speaker: str
    publisher: str
    link: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An alert that has not ended."""

    id: str
    name: str
    title: str
    severity: str
    reports: int
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One indicator.

    Attributes:
        brief: What was true when the rule was written, or "".
        reading: What is true now, in words with figures.
        score: Mean stance of the statements of the last week that show one; None where none does.
        reports, stories: Of the last week.
        daily: New stories in each of the last seven times 24 hours, the earliest first.
        watched: How full the baseline is: "9 of 28 days watched".
    """

    rule: str
    title: str
    question: str
    brief: str
    reading: str
    score: float | None
    reports: int
    stories: int
    daily: tuple[int, ...]
    trend: Trend
    watched: str
    last: Last | None
    alerts: tuple[Open, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every indicator, and how well we were watching."""

    at: datetime
    coverage: Coverage
    rows: tuple[Row, ...]


def board(rules: Iterable[Rule], known: Known, now: datetime) -> Board:
    """Where every indicator stands. Pure: the same stored values and time give the same board."""
    seen = {rule: [each for each in some if each.at <= now] for rule, some in known.observations.items()}
    coverage = cover(known.feeds, now)
    desk = _Desk(rules=tuple(rules), seen=seen, alerts=known.alerts, since=coverage.since, now=now)
    return Board(at=now, coverage=coverage, rows=tuple(desk.row(rule) for rule in desk.rules))


def cover(feeds: Sequence[FeedState], now: datetime) -> Coverage:
    """How many feeds are read, and since when at least one is."""
    polled = [feed for feed in feeds if feed.first_polled_at]
    fresh = [feed for feed in polled if now - (feed.last_success_at or now) <= max(_STALE, 3 * feed.interval)]
    return Coverage(
        feeds=len(feeds),
        read=len(fresh),
        stale=len(polled) - len(fresh),
        silent=sum(feed.silent(now) for feed in fresh),
        never=len(feeds) - len(polled),
        since=min((feed.first_polled_at for feed in polled if feed.first_polled_at), default=None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """The observations as a condition asks for them."""

    seen: Mapping[str, Sequence[Observation]]
    since: datetime | None

    def observations(self, rule: str, since: datetime | None = None, limit: int | None = None) -> Sequence[Observation]:
        """A rule's observations, oldest first; only the latest `limit`, where it is given."""
        found = [each for each in self.seen.get(rule, ()) if since is None or each.at >= since]
        return found if limit is None else found[max(0, len(found) - limit) :]

    def watched_since(self, rule: str, now: datetime) -> datetime | None:
        """Since when any feed has been read."""
        del rule, now
        return self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Everything a row is read from; `seen` by rule, oldest first."""

    rules: tuple[Rule, ...]
    seen: Mapping[str, Sequence[Observation]]
    alerts: Sequence[Alert]
    since: datetime | None
    now: datetime

    def row(self, rule: Rule) -> Row:
        seen = self.seen.get(rule.id, ())
        week = [each for each in seen if each.at > self.now - WEEK]
        times = first_told(seen)
        scores = scores_of(rule, week)
        return Row(
            rule=rule.id,
            title=rule.title,
            question=rule.question,
            brief=_brief(rule.baseline),
            reading=self._reading(rule, seen, week),
            score=round(fmean(scores), 2) if scores else None,
            reports=len(week),
            stories=len({story(each) for each in week}),
            daily=daily(times, self.now),
            trend=self._both_trends() if COMPOSITE in rule.tags else trend(times, self.since, self.now),
            watched=f"{min(self._watched, BASELINE) // DAY} of {BASELINE // DAY} days watched",
            last=_last(seen),
            alerts=tuple(_open(alert) for alert in self.alerts if alert.rule == rule.id),
        )

    @property
    def _watched(self) -> timedelta:
        return self.now - self.since if self.since else timedelta(0)

    def _reading(self, rule: Rule, seen: Sequence[Observation], week: Sequence[Observation]) -> str:
        if self.since is None:
            return "nothing has been watched yet"
        if COMPOSITE in rule.tags:
            return self._state(rule) or self._tracks()
        if not week:
            return self._silence(seen)
        if tells_of_packages(rule):
            return of_aid(packages(seen), self.now - WEEK) or of_counts(week)
        return of_stance(rule, week, seen, self.now) if rule.stance else of_counts(week)

    def _silence(self, seen: Sequence[Observation]) -> str:
        if seen:
            return f"nothing in 7 days; last seen {(self.now - seen[-1].at) // DAY} days ago"
        return f"nothing seen in {self._watched // DAY} days watched"

    def _state(self, rule: Rule) -> str:
        """What the rule's own `state` condition reads, "" where it has none or has not watched long enough."""
        state = next((alert.condition for alert in rule.alerts if isinstance(alert.condition, State)), None)
        if state is None or self._watched < max(track.within for track in state.tracks):
            return ""
        verdicts = state.judge(rule.id, (), _Stored(seen=self.seen, since=self.since), self.now)
        changed = next((verdict for verdict in verdicts if verdict.firing), None)
        return f"{changed.group}; {changed.reason}" if changed else verdicts[0].reason

    def _tracks(self) -> str:
        """Whether aid and talks run in parallel, or the one instead of the other."""
        recent = {story(each) for each in self._talks if each.at > self.now - WEEK}
        found = [package for package in packages(self._aid) if package.last_seen_at > self.now - _PAUSE]
        name = self._track(talks=len(recent) >= _FEW_TALKS, aid=bool(found))
        return f"{name}: {number(len(found), 'package')} in 21 days, {len(recent)} stories of talks in 7 days"

    def _both_trends(self) -> Trend:
        aid = trend(first_told(self._aid), self.since, self.now)
        talks = trend(first_told(self._talks), self.since, self.now)
        return Trend(direction="", reason=f"aid {aid}; talks {talks}")

    @property
    def _aid(self) -> list[Observation]:
        return [each for rule in self.rules if rule.extract.amount for each in self.seen.get(rule.id, ())]

    @property
    def _talks(self) -> list[Observation]:
        return [each for rule in self.rules if _is_talk(rule) for each in self.seen.get(rule.id, ())]

    def _track(self, *, talks: bool, aid: bool) -> str:
        if talks and not aid:
            return (
                "instead of" if self._watched >= _PAUSE else f"not told yet, {self._watched // DAY} of 21 days watched"
            )
        return "in parallel" if talks else "aid without talks" if aid else "neither"


def _is_talk(rule: Rule) -> bool:
    return TALKS in rule.tags and COMPOSITE not in rule.tags


def _brief(baseline: Baseline) -> str:
    told = "; ".join(filter(None, (baseline.stance, baseline.note)))
    return f"{baseline.as_of}: {told}" if baseline.as_of and told else told


def _last(seen: Sequence[Observation]) -> Last | None:
    if not seen:
        return None
    each = seen[-1]
    return Last(
        quote=each.quote or each.title, speaker=each.speaker, publisher=each.publisher, link=each.link, at=each.at
    )


def _open(alert: Alert) -> Open:
    return Open(
        id=alert.id,
        name=alert.name,
        title=alert.title,
        severity=alert.severity,
        reports=len(alert.observation_ids),
        opened_at=alert.opened_at,
    )
