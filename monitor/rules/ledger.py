"""The aid ledger: which packages there are, each once, however often, wherever and in whatever language it was told."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from monitor.model import Amount, Observation, System
from monitor.text.sums import STAGES, figure, furthest, same_sum

WITHIN = timedelta(days=10)
_GENERIC = "_any"  # ends the id of a class of systems ("air defence") that names none of them

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """When a package was first reported at a stage."""

    stage: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package of aid.

    Attributes:
        id: Of its first observation.
        donor: "" when no report names one.
        amount: As most publishers give it, converted at the rate of `amount.rate_date`; None when none gives it.
        stage: The furthest that was reported; "" when no report tells.
        reports: Items that tell of it.
        historic: Only first polls brought it: it was no news when we heard of it.
        observation_ids: What it rests on, oldest first.
        publishers, links: In order of appearance, each once.
    """

    id: str
    title: str
    donor: str = ""
    amount: Amount | None = None
    systems: tuple[System, ...] = ()
    stage: str = ""
    stages: tuple[Step, ...] = ()
    first_seen_at: datetime
    last_seen_at: datetime
    reports: int
    publishers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    historic: bool = False
    observation_ids: tuple[str, ...] = ()

    @property
    def usd(self) -> Decimal:
        """What it adds to a sum of new money."""
        return (self.amount.usd if self.amount else None) or Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What was new in a week.

    Attributes:
        begins: Its Monday.
        unpriced: Packages whose sum in dollars nobody tells; they add nothing to `usd`.
    """

    begins: date
    packages: int
    unpriced: int
    usd: Decimal


def packages(observations: Iterable[Observation]) -> tuple[Package, ...]:
    """The packages these observations tell of, the first seen first. Their order and repetitions change nothing."""
    known = {observation.id: observation for observation in observations}
    drafts: list[_Draft] = []
    recent: list[_Draft] = []
    for observation in sorted(known.values(), key=_moment):
        new = _Draft([observation])
        recent = [draft for draft in recent if observation.at - draft.reports[-1].at <= WITHIN]
        likeness, home = max(((draft.likeness(new), draft) for draft in recent), key=_first, default=(0, None))
        if home is not None and likeness:
            home.add(observation)
        else:
            drafts.append(new)
            recent.append(new)
    return tuple(draft.package() for draft in _merged(drafts) if draft.tells())


def weeks(found: Sequence[Package]) -> tuple[Week, ...]:
    """New money by week, the earliest first; weeks without a package are left out."""
    by_week: dict[date, list[Package]] = {}
    for package in found:
        day = package.first_seen_at.date()
        by_week.setdefault(day - timedelta(days=day.weekday()), []).append(package)
    return tuple(
        Week(
            begins=begins,
            packages=len(new),
            unpriced=sum(not package.usd for package in new),
            usd=sum((package.usd for package in new), Decimal(0)),
        )
        for begins, new in sorted(by_week.items())
    )


@dataclass(slots=True, eq=False)
class _Draft:
    """A package while its reports come in, in the order of time."""

    reports: list[Observation]
    figures: list[Amount] = field(init=False)
    systems: list[System] = field(init=False)
    donors: set[str] = field(init=False)
    told: set[str] = field(init=False)

    def __post_init__(self) -> None:
        reports, self.reports = self.reports, []
        self.figures, self.systems, self.donors, self.told = [], [], set(), set()
        for each in reports:
            self.add(each)

    def add(self, observation: Observation) -> None:
        new = _figure(observation)
        self.reports.append(observation)
        self.figures += [new] if new else []
        self.systems += observation.systems
        self.donors |= {observation.donor} - {""}
        self.told |= {observation.item_id, observation.story} - {""}

    def likeness(self, other: "_Draft") -> int:
        """How sure it is that one more report tells of this package: 0 when it does not."""
        same_donor, same_sum = self._share_donor(other), self._share_sum(other)
        if self.told & other.told:
            return 0 if same_sum is False and same_donor is False else 4
        if same_sum is False or same_donor is False:
            return 0
        if same_sum:
            return 3 if self._systems_agree(other) else 0
        near = other.reports[0].at - self.reports[0].at <= WITHIN
        return (2 if same_donor else 1) * (near and self._same_pieces(other, classes=bool(same_donor)))

    def is_also(self, other: "_Draft") -> bool:
        """Whether two that began apart turned out to be one: the same sum, or the same number of a system."""
        apart = other.reports[0].at - self.reports[-1].at > WITHIN
        if apart or self._share_donor(other) is False or self._share_sum(other) is False:
            return False
        if self._share_sum(other):
            return self._systems_agree(other)
        counted = {(system.id, system.quantity) for system in self.systems if system.quantity}
        return any((system.id, system.quantity) in counted for system in other.systems)

    def tells(self) -> bool:
        """Whether it is a package at all: a sum, a named system, or a class of systems from a named donor."""
        named = any(not _generic(system) or system.quantity for system in self.systems)
        return bool(self.figures) or named or (bool(self.systems) and bool(self.donors))

    def package(self) -> Package:
        first = self.reports[0]
        stages = dict.fromkeys(each.stage for each in self.reports if each.stage in STAGES)
        steps = [Step(stage=stage, at=next(r.at for r in self.reports if r.stage == stage)) for stage in stages]
        return Package(
            id=first.id,
            title=max(self.reports, key=_tells_most).title,
            donor=self._most(lambda each: [each.donor] if each.donor else []) or "",
            amount=self._amount(),
            systems=self._systems(),
            stage=furthest(stages),
            stages=tuple(steps),
            first_seen_at=first.at,
            last_seen_at=self.reports[-1].at,
            reports=len({each.item_id for each in self.reports}),
            publishers=_once(each.publisher for each in self.reports),
            links=_once(each.link for each in self.reports),
            historic=all(each.historic for each in self.reports),
            observation_ids=_once(each.id for each in self.reports),
        )

    def _share_donor(self, other: "_Draft") -> bool | None:
        """None where one side names none."""
        return bool(self.donors & other.donors) if self.donors and other.donors else None

    def _share_sum(self, other: "_Draft") -> bool | None:
        """None where one side tells none."""
        if not self.figures or not other.figures:
            return None
        return any(same_sum(one, another) for one in self.figures for another in other.figures)

    def _systems_agree(self, other: "_Draft") -> bool:
        return not self.systems or not other.systems or _overlap(self.systems, other.systems, classes=True)

    def _same_pieces(self, other: "_Draft", *, classes: bool) -> bool:
        """Whether both name the same systems and no other number of them."""
        return _overlap(self.systems, other.systems, classes=classes) and not _other_number(self.systems, other.systems)

    def _amount(self) -> Amount | None:
        told = self._most(lambda each: [(new.value, new.currency)] if (new := _figure(each)) else [])
        return next((amount for amount in self.figures if (amount.value, amount.currency) == told), None)

    def _systems(self) -> tuple[System, ...]:
        known = {system.id: system for system in reversed(self.systems)}
        named = {system.kind for system in known.values() if not _generic(system)}
        shown = [system for system in known.values() if not _generic(system) or system.kind not in named]
        return tuple(self._counted(system) for system in reversed(shown))

    def _counted(self, system: System) -> System:
        number = self._most(lambda each: [s.quantity for s in each.systems if s.id == system.id and s.quantity])
        return System(id=system.id, name=system.name, kind=system.kind, quantity=number)

    def _most(self, values: Callable[[Observation], Sequence[T]]) -> T | None:
        """What most owners say; the one heard first where it is even. A repetition by one owner weighs nothing."""
        voices = dict.fromkeys((each.owner or each.publisher, value) for each in self.reports for value in values(each))
        counted = Counter(value for _, value in voices)
        return max(counted, key=lambda value: counted[value], default=None)


def _merged(drafts: Sequence[_Draft]) -> list[_Draft]:
    """The drafts, those that turned out to be one put together until none is left."""
    kept: list[_Draft] = []
    for draft in drafts:
        twin = next((each for each in kept if each.is_also(draft)), None)
        if twin is None:
            kept.append(draft)
        else:
            kept[kept.index(twin)] = _Draft(sorted((*twin.reports, *draft.reports), key=_moment))
    return kept if len(kept) == len(drafts) else _merged(kept)


def _moment(observation: Observation) -> tuple[datetime, str]:
    return observation.at, observation.id


def _first(pair: tuple[int, _Draft]) -> int:
    return pair[0]


def _figure(observation: Observation) -> Amount | None:
    return figure(observation.amounts, observation.title)


def _tells_most(observation: Observation) -> int:
    """A headline with a sum speaks for the package, or else one with a system that has a name."""
    return 2 if _figure(observation) else int(any(not _generic(system) for system in observation.systems))


def _overlap(some: Iterable[System], others: Iterable[System], *, classes: bool) -> bool:
    """Whether a system is named in both; with `classes` "air defence" is met by every system of that class."""
    pairs = [(one, other) for one in some for other in others]
    if classes:
        return any(a.id == b.id or ((_generic(a) or _generic(b)) and a.kind == b.kind != "") for a, b in pairs)
    return any(a.id == b.id and not _generic(a) for a, b in pairs)


def _other_number(some: Sequence[System], others: Iterable[System]) -> bool:
    for system in others:
        known = {each.quantity for each in some if each.id == system.id and each.quantity}
        if system.quantity and known and system.quantity not in known:
            return True
    return False


def _generic(system: System) -> bool:
    return system.id.endswith(_GENERIC)


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
