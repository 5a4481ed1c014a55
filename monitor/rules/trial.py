"""Runs the tests that stand in rule files: the same matching and the same conditions, on a simulated clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor.model import Item, Observation, Verdict
from monitor.rules import joins
from monitor.rules.conditions.guard import parse_amount
from monitor.rules.explain import first_failure
from monitor.rules.judging import as_recorded
from monitor.rules.load import Loaded
from monitor.rules.rule import CompiledAlert, Rule, RuleSet
from monitor.rules.schema import ExpectFile, ItemFile, ItemTestFile, SeriesTestFile

BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
_TICK = timedelta(hours=1)
_MOST_TICKS = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """How one test of a rule went.

    Attributes:
        number: Its place in the rule's `tests`, from 1.
        differences: What was expected and what came instead, in words; empty when it passed.
    """

    rule: str
    path: str
    number: int
    name: str
    differences: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.differences


def run(loaded: Loaded) -> list[TrialResult]:
    """The results of all tests of all rules, in order."""
    return [result for rule in loaded.rules.rules for result in run_rule(loaded.rules, rule)]


def run_rule(rules: RuleSet, rule: Rule) -> Iterator[TrialResult]:
    """The results of one rule's tests."""
    for number, test in enumerate(rule.tests, start=1):
        if isinstance(test, ItemTestFile):
            differences, name = _try_item(rules, rule, test), test.name or test.item.title
        else:
            differences, name = _try_series(rules, rule, test), test.name or test.series[0].title
        yield TrialResult(rule=rule.id, path=rule.path, number=number, name=name, differences=tuple(differences))


# --- one item -------------------------------------------------------------------------------------------------------


def _try_item(rules: RuleSet, rule: Rule, test: ItemTestFile) -> Iterator[str]:
    item = _item(test.item, "1", BEGINNING)
    matched = (each for each in rules.match([item]) if each.rule == rule.id)
    observation = next((as_recorded(rule, each, test.item.judge or "") for each in matched), None)
    if test.expect.match != (observation is not None):
        if observation is None:
            yield f"does not match: {first_failure(rules.evaluate(item, rule.id).result)}"
        else:
            yield f"matches: {', '.join(dict.fromkeys(each.words for each in observation.evidence))}"
    if observation is not None and test.expect.match:
        yield from _differences(test.expect, observation, rules)


def _differences(expect: ExpectFile, seen: Observation, rules: RuleSet) -> Iterator[str]:
    if expect.speaker is not None and seen.speaker not in (rules.lexicons.actors_of(expect.speaker) or {""}):
        yield f'speaker: expected "{expect.speaker}", found "{seen.speaker or "nobody"}"'
    label = seen.stance.label if seen.stance else "none"
    if expect.stance is not None and expect.stance != label:
        words = ", ".join(seen.stance.words) if seen.stance else ""
        yield f'stance: expected "{expect.stance}", found "{label}"' + (f" ({words})" if words else "")
    amounts = {(each.value, each.currency) for each in seen.amounts}
    if expect.amount is not None and ({parse_amount(expect.amount)} if expect.amount else set()) != amounts:
        found = ", ".join(f"{value:,f} {currency}" for value, currency in amounts) or "none"
        yield f'amount: expected "{expect.amount or "none"}", found {found}'
    systems = {each.id for each in seen.systems}
    if expect.systems is not None and not (set(expect.systems) <= systems if expect.systems else not systems):
        yield f"systems: expected {', '.join(expect.systems) or 'none'}, found {', '.join(sorted(systems)) or 'none'}"
    for name in ("stage", "donor"):
        wanted, found = getattr(expect, name), getattr(seen, name)
        if wanted is not None and wanted != found:
            yield f'{name}: expected "{wanted}", found "{found}"'


def _item(file: ItemFile, number: str, at: datetime) -> Item:
    return Item(
        id=number,
        feed_id=file.feed,
        title=file.title,
        summary=file.summary,
        body=file.body,
        author=file.author,
        link=file.link,
        publisher=file.publisher,
        owner=file.owner,
        country=file.country,
        lang=file.lang,
        state_media=file.state_media,
        tags=tuple(file.tags),
        story=file.story or number,
        first_seen_at=at,
    )


# --- a series -------------------------------------------------------------------------------------------------------


def _try_series(rules: RuleSet, rule: Rule, test: SeriesTestFile) -> Iterator[str]:
    entries = list(_timeline(test))
    items = [item for item, _ in entries]
    last = max([item.first_seen_at for item in items] + [BEGINNING + each.at for each in test.expect_alerts])
    ticks = _Ticks(last if test.until is None else max(last, BEGINNING + test.until))
    answers = {item.id: entry.judge for item, entry in entries if entry.judge}
    opened = Simulation(rules, rule, answers).play(items, ticks)
    names = {each.name for each in test.expect_alerts}
    judged = [(at, name) for at, name in opened if not names or "" in names or name in names]
    for expected in test.expect_alerts:
        at = BEGINNING + expected.at
        fits = [each for each in judged if abs(each[0] - at) < ticks.step and expected.name in ("", each[1])]
        if fits:
            judged.remove(fits[0])
        else:
            yield f'no alert "{expected.name}" at {_moment(at)}'
    yield from (f'alert "{name}" at {_moment(at)}, not expected' for at, name in judged)


def _timeline(test: SeriesTestFile) -> Iterator[tuple[Item, ItemFile]]:
    number = 0
    for entry in test.series:
        for repeat in range(entry.times):
            number += 1
            at = BEGINNING + entry.at + repeat * (entry.every or timedelta(0))
            yield replace(_item(entry, str(number), at), historic=entry.historic), entry


def _moment(at: datetime) -> str:
    hours = int((at - BEGINNING) / timedelta(hours=1))
    return f"{hours // 24}d{hours % 24}h" if hours % 24 else f"{hours // 24}d"


@dataclass(frozen=True, slots=True)
class _Ticks:
    """The moments at which time itself is judged: hourly, less often over very long series."""

    last: datetime

    @property
    def step(self) -> timedelta:
        return max(_TICK, (self.last - BEGINNING) / _MOST_TICKS)

    def __iter__(self) -> Iterator[datetime]:
        at = BEGINNING
        while at <= self.last:
            yield at
            at += self.step


@dataclass(slots=True)
class Simulation:
    """One rule over a timeline, with all its observations in memory.

    Alerts open, are joined and end as in the live service, seen only as far as a test can ask: when they open.

    Attributes:
        answers: Of the rule's judge, by item.
    """

    rules: RuleSet
    rule: Rule
    answers: Mapping[str, str] = field(default_factory=dict)
    seen: list[Observation] = field(default_factory=list)
    opened: list[tuple[datetime, str]] = field(default_factory=list)
    _open: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _known: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _ended: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _opened_at: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def observations(self, rule: str, since: datetime | None = None, limit: int | None = None) -> Sequence[Observation]:
        found = [each for each in self.seen if each.rule == rule and (since is None or each.at >= since)]
        return found if limit is None else found[-limit:]

    def watched_since(self, rule: str, now: datetime) -> datetime | None:
        """A test watches from its beginning."""
        del rule, now
        return BEGINNING

    def play(self, items: Sequence[Item], ticks: Iterator[datetime] | _Ticks) -> list[tuple[datetime, str]]:
        """When which alert opens."""
        moments: dict[datetime, list[Item]] = {at: [] for at in ticks}
        for item in items:
            moments.setdefault(item.first_seen_at, []).append(item)
        for at in sorted(moments):
            found = [self._answered(each) for each in self.rules.match(moments[at])]
            self.seen = sorted([*self.seen, *found], key=lambda each: each.at) if found else self.seen
            new = [each for each in found if each.rule == self.rule.id and not each.historic]
            for alert in self.rule.alerts:
                self._judge(alert, new, at)
        return self.opened

    def _answered(self, seen: Observation) -> Observation:
        mine = seen.rule == self.rule.id
        return as_recorded(self.rule, seen, self.answers.get(seen.item_id, "")) if mine else seen

    def _judge(self, alert: CompiledAlert, new: Sequence[Observation], now: datetime) -> None:
        judged = set()
        for verdict in self._told(alert, alert.condition.judge(self.rule.id, new, self, now), now):
            judged.add(verdict.group)
            self._advance(alert, verdict, now)
        for name, group in list(self._open):
            silent = name == alert.rule.name and group not in judged
            if silent and now - self._open[name, group] >= alert.rule.expires:
                self._end((name, group), now)

    def _told(self, alert: CompiledAlert, judged: Sequence[Verdict], now: datetime) -> Sequence[Verdict]:
        """The verdicts, those that tell again what an open alert tells under its group."""
        if not alert.joins:
            return judged
        names = joins.hosts(self.rule.alerts, alert)
        recent = self.observations(self.rule.id, now - joins.WITHIN, joins.MOST)
        events = [self._event(key, recent) for key in self._open if key[0] in names]
        return joins.joined(judged, events, now)

    def _event(self, key: tuple[str, str], recent: Sequence[Observation]) -> joins.Event:
        reports = [each for each in recent if each.id in self._known[key]]
        return joins.Event(group=key[1], opened_at=self._opened_at[key], reports=reports)

    def _advance(self, alert: CompiledAlert, verdict: Verdict, now: datetime) -> None:
        key = self._key(alert, verdict)
        members = {each.id for each in verdict.observations}
        if not verdict.firing:
            if key in self._open:
                self._end(key, now)
        elif key in self._open:
            self._open[key] = now if members - self._known[key] else self._open[key]
            self._known[key] |= members
        elif key not in self._ended or now - self._ended[key] >= alert.rule.cooldown:
            self._open[key] = self._opened_at[key] = now
            self._known[key] = members
            self.opened.append((now, alert.rule.name))

    def _key(self, alert: CompiledAlert, verdict: Verdict) -> tuple[str, str]:
        """Which alert a verdict is about: one of its own entry, or one of another that it may join."""
        mine = (alert.rule.name, verdict.group)
        others = [(name, verdict.group) for name in sorted(joins.hosts(self.rule.alerts, alert))]
        open_now = [key for key in others if key in self._open] if verdict.firing else []
        return mine if mine in self._open or not open_now else open_now[0]

    def _end(self, key: tuple[str, str], now: datetime) -> None:
        del self._open[key]
        self._ended[key] = now


def failures(results: Sequence[TrialResult]) -> Mapping[str, list[TrialResult]]:
    """Failed tests by rule."""
    by_rule: dict[str, list[TrialResult]] = {}
    for result in results:
        if not result.passed:
            by_rule.setdefault(result.rule, []).append(result)
    return by_rule
