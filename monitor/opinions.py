"""Second opinions at work: which may be asked for now, asking, and taking in what was said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.alerts import service
from monitor.errors import JudgeError
from monitor.judge import answers, prompt
from monitor.judge.answers import Answer, Unusable
from monitor.judge.breaker import Breaker
from monitor.judge.budget import Budget, Spent, day_of
from monitor.judge.endpoint import Endpoint, Said
from monitor.model import Alert, Item, Observation, Opinion, OpinionLease, OpinionState, Question, Verdict
from monitor.pipeline import Detector
from monitor.rules import judging
from monitor.store.store import Store
from monitor.store.unit import Unit

OLDEST = timedelta(hours=24)  # what is asked later comes too late to be news
ATTEMPTS = 2
RETRY = timedelta(minutes=1)
AT_ONCE = 2
_LOOKED_AT = 50  # in one go: answers that are known already take no time


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question that is about to be asked."""

    lease: OpinionLease
    question: Question
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Answers of one model that were given before; a backtest reads with them, and asks nobody.

    Attributes:
        by_key: As in `Opinion.key`.
    """

    model: str
    by_key: Mapping[str, Opinion]

    def take_in(self, unit: Unit, detector: Detector, seen: Iterable[Observation], now: datetime) -> None:
        """Read what the rules want a second opinion on as it was answered before, if it was."""
        for observation in seen:
            rule, item = detector.rules.rule(observation.rule), unit.item(observation.item_id)
            if rule and rule.judge and item and unit.opinions.of(observation.id):
                known = self.by_key.get(prompt.key(self.model, rule.judge, item))
                choice = judging.choice_of(rule, known.answer) if known else None
                if known and choice:
                    revised = judging.revised(observation, choice, known.quote, self.model)
                    detector.read_otherwise(unit, revised, now)


class SecondOpinions:
    """Asks a model about what rules want a second opinion on. `claim` and `keep` belong into the database thread."""

    def __init__(self, endpoint: Endpoint, budget: Budget, store: Store, detector: Detector) -> None:
        self._endpoint = endpoint
        self._budget = budget
        self._store = store
        self._detector = detector
        self._breaker = Breaker()

    def claim(self, now: datetime, ttl: timedelta) -> tuple[Sequence[Asking], Sequence[Alert]]:
        """Take what may be asked now; what is known already is taken in at once, with the alerts it opens."""
        alerts: list[Alert] = []
        with self._store.unit() as unit:
            unit.opinions.lapse(now - OLDEST, now, f"not asked within {OLDEST // timedelta(hours=1)} hours")
            if self._breaker.pauses(now):
                return (), ()
            askings: list[Asking] = []
            for _ in range(_LOOKED_AT):
                lease = self._next(unit, now, ttl) if len(askings) < self._at_once else None
                if lease is None:
                    break
                found = self._known_or_asked(unit, lease, now)
                if isinstance(found, Asking):
                    askings.append(found)
                else:
                    alerts += found
        return askings, alerts

    async def ask(self, asking: Asking) -> Said | JudgeError:
        """What the model said, or why it said nothing."""
        try:
            return await self._endpoint.ask(asking.question, asking.item)
        except JudgeError as error:
            return error

    def keep(self, asking: Asking, came: Said | JudgeError, now: datetime) -> Sequence[Alert]:
        """Keep what came, and answer with the alerts it opens. The rule's own reading stands where nothing came."""
        with self._store.unit() as unit:
            if isinstance(came, JudgeError):
                self._breaker.failed(now, came.retry_after)
                unit.opinions.finish(asking.lease, _failed(asking.lease.opinion, came, now))
                if self._breaker.broken:
                    self._tell(unit, service.NO_ANSWER, came.message, now)
                return ()
            self._breaker.worked()
            self._tell(unit, service.NO_ANSWER, "", now, over="the model answers again")
            return self._take_in(unit, asking, came, now)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._endpoint.aclose()

    # --- what may be asked ------------------------------------------------------------------------------------------

    @property
    def _at_once(self) -> int:
        return 1 if self._breaker.failures else AT_ONCE

    def _next(self, unit: Unit, now: datetime, ttl: timedelta) -> OpinionLease | None:
        """The next that the budget allows."""
        calls, tokens = unit.opinions.spent(day_of(now))
        spent = Spent(by_rule=calls, tokens=tokens)
        self._tell(unit, service.SPENT, self._budget.objection(spent), now, over="a new day has begun")
        asking = {rule.id for rule in self._detector.rules.rules if rule.judge} - self._budget.used_up(spent)
        return unit.opinions.claim(now, ttl=ttl, rules=asking) if asking and not self._budget.empty(spent) else None

    def _known_or_asked(self, unit: Unit, lease: OpinionLease, now: datetime) -> Asking | Sequence[Alert]:
        """The question to ask; or, where there is nothing to ask any more, the alerts that an old answer opens."""
        opinion = lease.opinion
        rule, item, seen = self._detector.rules.rule(opinion.rule), unit.item(opinion.item_id), _seen(unit, opinion)
        if rule is None or rule.judge is None or item is None or seen is None or not judging.asks(rule, seen):
            return self._drop(unit, lease, OpinionState.LAPSED, "the rule has read it itself since")
        if opinion.attempts >= ATTEMPTS:
            return self._drop(unit, lease, OpinionState.FAILED, f"asking was begun {ATTEMPTS} times and never ended")
        key = prompt.key(self._endpoint.model, rule.judge, item)
        lease = replace(lease, opinion=replace(opinion, key=key, model=self._endpoint.model))
        known = unit.opinions.given(key)
        if known is None:
            return Asking(lease=unit.opinions.spend(lease, now), question=rule.judge, item=item)
        unit.opinions.finish(lease, _like(lease.opinion, known))
        choice = judging.choice_of(rule, known.answer)
        return self._revise(unit, lease.opinion, Answer(choice=choice, quote=known.quote), now) if choice else ()

    def _tell(self, unit: Unit, what: str, trouble: str, now: datetime, *, over: str = "") -> None:
        """Tell the operator of a trouble, or that it is over; each once."""
        verdict = Verdict(group=what, firing=bool(trouble), reason=trouble or over)
        self._detector.tell_operator(unit, service.OPINIONS, verdict, now)

    def _drop(self, unit: Unit, lease: OpinionLease, state: OpinionState, reason: str) -> Sequence[Alert]:
        unit.opinions.finish(lease, replace(lease.opinion, state=state, reason=reason))
        return ()

    # --- what came --------------------------------------------------------------------------------------------------

    def _take_in(self, unit: Unit, asking: Asking, said: Said, now: datetime) -> Sequence[Alert]:
        before = asking.lease.opinion
        paid = replace(before, calls=before.calls + said.calls - 1, tokens=before.tokens + said.tokens)
        item = unit.item(before.item_id)
        if item is None or prompt.key(self._endpoint.model, asking.question, item) != before.key:
            unit.opinions.finish(asking.lease, _again(paid, now, "the item changed while it was asked"))
            return ()
        try:
            answer = answers.read(said.content, asking.question, item)
        except Unusable as error:
            unusable = replace(paid, state=OpinionState.UNUSABLE, reason=str(error))
            unit.opinions.finish(asking.lease, unusable)
            return ()
        given = replace(paid, state=OpinionState.ANSWERED, answer=answer.choice.words, quote=answer.quote, reason="")
        unit.opinions.finish(asking.lease, given)
        return self._revise(unit, given, answer, now)

    def _revise(self, unit: Unit, opinion: Opinion, answer: Answer, now: datetime) -> Sequence[Alert]:
        seen = _seen(unit, opinion)
        if seen is None:
            return ()
        revised = judging.revised(seen, answer.choice, answer.quote, opinion.model)
        return self._detector.read_otherwise(unit, revised, now)


def _seen(unit: Unit, opinion: Opinion) -> Observation | None:
    return next((each for each in unit.observations_from(opinion.item_id) if each.id == opinion.observation_id), None)


def _failed(opinion: Opinion, error: JudgeError, now: datetime) -> Opinion:
    """What becomes of it when the model said nothing: tried once more, later."""
    paid = replace(opinion, calls=opinion.calls + error.calls - 1)
    return _again(paid, now + max(error.retry_after or RETRY, RETRY), error.message)


def _again(opinion: Opinion, at: datetime, reason: str) -> Opinion:
    if opinion.attempts >= ATTEMPTS:
        return replace(opinion, state=OpinionState.FAILED, reason=reason)
    return replace(opinion, state=OpinionState.PENDING, next_attempt_at=at, reason=reason)


def _like(opinion: Opinion, known: Opinion) -> Opinion:
    """An opinion as the same question about the same text was answered before."""
    return replace(opinion, state=known.state, answer=known.answer, quote=known.quote, reason=known.reason)
