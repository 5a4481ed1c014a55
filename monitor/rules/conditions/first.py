"""`{first: "stance > 0", after: 5 observations | 14d}`: the first of a kind after a run without; `{first: system}`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, StringConstraints, WithJsonSchema, model_validator

from monitor.model import Observation, Turn, Verdict
from monitor.rules.conditions.base import Condition, History
from monitor.rules.conditions.groups import story
from monitor.rules.conditions.guard import TEXTS, Test, parse_guard
from monitor.rules.durations import PATTERN, in_words, parse_span, rounded
from monitor.rules.schema import Strict

LOOKBACK = timedelta(days=365)
NOVEL = ("system", "speaker", "publisher", "country", "donor", "stage")
_COUNT = re.compile(r"^\s*([0-9]{1,4})\s*observations?\s*$")
_COUNT_OR_SPAN = {"anyOf": [{"type": "string", "pattern": _COUNT.pattern}, {"type": "string", "pattern": PATTERN}]}


def _after(value: Any) -> Any:
    count = _COUNT.match(str(value))
    if count and int(count[1]):
        return int(count[1])
    try:
        span = parse_span(value)
    except ValueError:
        span = timedelta()
    if not span:
        raise ValueError(f'"{value}": write after: 5 observations, or after: 14d')
    return span


After = Annotated[int | timedelta, BeforeValidator(_after), WithJsonSchema(_COUNT_OR_SPAN)]


class FirstSpec(Strict):
    """The first of which kind, after how much without it."""

    first: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    after: After | None = None

    @model_validator(mode="after")
    def _readable(self) -> "FirstSpec":
        if self.first not in NOVEL:
            parse_guard(self.first)
            if self.after is None:
                raise ValueError("needs after: 5 observations, or after: 14d")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """The first of a kind after a run without one; more of the kind join it until the run begins anew.

    Attributes:
        after: So many stories without one, or so much time.
    """

    SPEC: ClassVar[type[BaseModel]] = FirstSpec

    what: str
    test: Test
    after: int | timedelta

    @classmethod
    def build(cls, spec: FirstSpec, group: tuple[str, ...], *, confirmed: bool) -> "Condition":
        del group, confirmed
        if spec.first in NOVEL:
            return Novel(what=spec.first, after=spec.after)
        assert spec.after is not None
        return cls(what=spec.first, test=parse_guard(spec.first), after=spec.after)

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        if not new:
            return ()
        run = _Run(self.after)
        for observation in history.observations(rule, now - LOOKBACK):
            run.add(observation, fits=self.test(observation))
        if not run.members:
            return [Verdict(group="", firing=False, reason=f"{self.what}: baseline {run.filled(now)}")]
        joined = {each.id for each in run.members} & {each.id for each in new if not each.historic}
        if not joined or run.members[0].historic:
            return ()
        reason = f"first with {self.what} after {run.before}"
        return [Verdict(group="", firing=True, reason=reason, observations=tuple(run.members), turn=run.turn)]


@dataclass(slots=True)
class _Run:
    """Walks through observations in time and knows whether those of the kind, now, are a first.

    Attributes:
        members: Those of the kind since the run without them ended; empty while there is no such run.
        before: How long that run was, in words.
        turn: The last of that run with a leaning, of the same speaker if there is one, to be set against theirs.
    """

    after: int | timedelta
    members: list[Observation] = field(default_factory=list)
    before: str = ""
    turn: Turn | None = None
    _leaning: dict[str, Observation] = field(default_factory=dict)
    _without: set[str] = field(default_factory=set)
    _since: datetime | None = None

    def add(self, observation: Observation, *, fits: bool) -> None:
        if self._since is None:
            self._since = observation.at
        if self._full(observation.at):
            self.members = []
        if not fits:
            self._without.add(story(observation))
            if observation.stance and observation.stance.score is not None:
                self._leaning.pop(observation.speaker, None)
                self._leaning[observation.speaker] = observation
            return
        if self._full(observation.at):
            self.before = self.filled(observation.at)
            self.members = [observation]
            said = [self._leaning.get(observation.speaker), *reversed(self._leaning.values())]
            before = next(filter(None, said), None)
            self.turn = Turn(before=before) if before else None
        elif self.members:
            self.members.append(observation)
        self._without.clear()
        self._leaning.clear()
        self._since = observation.at

    def filled(self, at: datetime) -> str:
        """How much of the run there is, in words."""
        if isinstance(self.after, int):
            return f"{len(self._without)} of {self.after} observations without"
        return f"{in_words(rounded(at - (self._since or at)))} of {in_words(self.after)} without"

    def _full(self, at: datetime) -> bool:
        if isinstance(self.after, int):
            return len(self._without) >= self.after
        return self._since is not None and at - self._since >= self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Novel:
    """A value never seen before, or not for some time; one alert per value."""

    what: str
    after: int | timedelta | None = None

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        fresh = {each.id for each in new if not each.historic}
        if not fresh:
            return ()
        known = history.observations(rule, now - LOOKBACK)
        values = dict.fromkeys(value for each in known if each.id in fresh for value in TEXTS[self.what](each) if value)
        verdicts = (self._verdict(value, known, fresh) for value in values)
        return [verdict for verdict in verdicts if verdict is not None]

    def _verdict(self, value: str, known: Sequence[Observation], fresh: set[str]) -> Verdict | None:
        places = [number for number, each in enumerate(known) if value in TEXTS[self.what](each)]
        earlier = [number for number in places if known[number].id not in fresh]
        first = next(number for number in places if known[number].id in fresh)
        if not first or (earlier and not self._long_ago(known, max(earlier), first)):
            return None
        members = tuple(known[number] for number in places if known[number].id in fresh)
        reason = f"{self.what} {value}: never seen in {first} observations before"
        return Verdict(group=value, firing=True, reason=reason, observations=members)

    def _long_ago(self, known: Sequence[Observation], last: int, first: int) -> bool:
        if isinstance(self.after, timedelta):
            return known[first].at - known[last].at >= self.after
        return self.after is not None and first - last > self.after
