"""`{state: {...tracks}, readings: {...}}`: what several rules say together, and when that changes."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from monitor.model import Observation, Turn, Verdict
from monitor.rules.conditions.base import Condition, History, quiet, watched_since, why_unwatched
from monitor.rules.conditions.groups import stories
from monitor.rules.durations import Span, in_words, rounded
from monitor.rules.schema import Id, Label, Strict

_LOOKBACK = 3  # times the longest span: how long a change is told of
_SHOWN = 3
Active = frozenset[str]


class TrackFile(Strict):
    """When a track is active: so many stories of these rules in so much time."""

    rules: Annotated[list[Id], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]
    at_least: Annotated[int, Field(ge=1, le=1000, strict=True)] = 1
    within: Span


class StateSpec(Strict):
    """The tracks, and how each combination of active ones is called."""

    state: Annotated[dict[Label, TrackFile], Field(min_length=2, max_length=4)]
    readings: dict[Label, list[Label]]

    @model_validator(mode="after")
    def _complete(self) -> "StateSpec":
        for reading, tracks in self.readings.items():
            unknown = sorted(set(tracks) - set(self.state))
            if unknown:
                raise ValueError(f'reading "{reading}" names "{unknown[0]}"; the tracks are {", ".join(self.state)}')
        named = [frozenset(tracks) for tracks in self.readings.values()]
        for active in _subsets(tuple(self.state)):
            if named.count(active) != 1:
                words = f"[{', '.join(sorted(active))}]"
                raise ValueError(f"readings: {words} is named {named.count(active)} times; name each combination once")
        return self


def _subsets(names: Sequence[str]) -> Iterator[Active]:
    return (frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One track.

    Attributes:
        at_least: It begins with so many stories, and ends with fewer than half of them: no reading to and fro.
    """

    name: str
    rules: tuple[str, ...]
    at_least: int
    within: timedelta

    def active(self, began: Sequence[datetime], at: datetime, *, before: bool) -> bool:
        """Whether it is active, given whether it was before."""
        count = bisect_right(began, at) - bisect_right(began, at - self.within)
        return count >= ((self.at_least + 1) // 2 if before else self.at_least)

    def words(self, found: Sequence[Sequence[Observation]], now: datetime) -> str:
        """What there is of it, for a reason."""
        recent = [reports for reports in found if now - self.within < reports[0].at <= now]
        if not recent and found:
            return f"{self.name}: nothing for {in_words(self.within)}, last on {found[-1][0].at:%d %b}"
        noun = "story" if len(recent) == 1 else "stories"
        return f"{self.name}: {len(recent) or 'no'} {noun} in {in_words(self.within)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A reading of several rules; each change opens an alert named after the new reading."""

    SPEC: ClassVar[type[BaseModel]] = StateSpec

    tracks: tuple[Track, ...]
    readings: Mapping[Active, str]

    @property
    def reads(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule for track in self.tracks for rule in track.rules))

    @classmethod
    def build(cls, spec: StateSpec, group: tuple[str, ...], *, confirmed: bool) -> Condition:
        del group, confirmed
        tracks = tuple(
            Track(name=name, rules=tuple(file.rules), at_least=file.at_least, within=file.within)
            for name, file in spec.state.items()
        )
        return cls(tracks=tracks, readings={frozenset(names): reading for reading, names in spec.readings.items()})

    def judge(self, rule: str, new: Sequence[Observation], history: History, now: datetime) -> Sequence[Verdict]:
        del new
        longest = max(track.within for track in self.tracks)
        known = [since for other in self.reads if (since := watched_since(history, other, now)) is not None]
        since = min(known, default=None)
        if since is None:
            return self._none_but("", why_unwatched(history, rule, now))
        if now - since < longest:
            return self._none_but("", f"baseline: watched for {in_words(rounded(now - since))} of {in_words(longest)}")
        found = {track: self._stories(track, history, now - (_LOOKBACK + 1) * longest, now) for track in self.tracks}
        walk = _Walk({track: [reports[0].at for reports in some] for track, some in found.items()})
        reached = walk.to(max(since + longest, now - _LOOKBACK * longest), now)
        reading = self.readings[reached]
        why = "; ".join(track.words(found[track], now) for track in self.tracks)
        if walk.before is None:
            return self._none_but("", f"{reading}, unchanged: {why}")
        before = self.readings[walk.before]
        changed = Verdict(
            group=reading,
            firing=True,
            reason=f"from {before} to {reading}: {why}",
            observations=_newest(found),
            turn=Turn(words=f"{before} → {reading}"),
        )
        return [changed, *self._others(reading)]

    def _stories(self, track: Track, history: History, since: datetime, now: datetime) -> list[list[Observation]]:
        seen = (each for rule in track.rules for each in history.observations(rule, since) if each.at <= now)
        return stories(sorted(seen, key=_order))

    def _others(self, reading: str) -> list[Verdict]:
        return [quiet(f"now {reading}", other) for other in self.readings.values() if other != reading]

    def _none_but(self, group: str, reason: str) -> list[Verdict]:
        return [quiet(reason, group), *(quiet(reason, reading) for reading in self.readings.values())]


@dataclass(slots=True)
class _Walk:
    """Through time, from one moment at which a track may begin or end to the next.

    Attributes:
        began: When the stories of each track began.
        before: What was active before the last change; None while nothing changed.
    """

    began: Mapping[Track, Sequence[datetime]]
    before: Active | None = None
    _active: Active = field(default_factory=frozenset)

    def to(self, start: datetime, now: datetime) -> Active:
        """What is active now."""
        self._active = self._at(start)
        for moment in [*(at for at in self._moments() if start < at < now), now]:
            active = self._at(moment)
            if active != self._active:
                self.before, self._active = self._active, active
        return self._active

    def _moments(self) -> list[datetime]:
        pairs = ((track, at) for track, times in self.began.items() for at in times)
        return sorted({moment for track, at in pairs for moment in (at, at + track.within)})

    def _at(self, moment: datetime) -> Active:
        known = ((track, times, track.name in self._active) for track, times in self.began.items())
        return frozenset(track.name for track, times, before in known if track.active(times, moment, before=before))


def _newest(found: Mapping[Track, Sequence[Sequence[Observation]]]) -> tuple[Observation, ...]:
    """The first reports of each track's latest stories, oldest first."""
    first = {reports[0].id: reports[0] for some in found.values() for reports in some[-_SHOWN:]}
    return tuple(sorted(first.values(), key=_order))


def _order(observation: Observation) -> tuple[datetime, str]:
    return observation.at, observation.id
