"""Second opinions: which are wanted, who asks for one now, and what became of it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from monitor.model import Opinion, OpinionLease, OpinionState
from monitor.store import leases
from monitor.store.rows import OPINION_COLUMNS, to_opinion, to_row
from monitor.store.statements import insert_new, upsert
from monitor.store.tables import OPINION

_GIVEN = (OpinionState.ANSWERED, OpinionState.UNUSABLE)


class Opinions:
    """Second opinions within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, wanted: Sequence[Opinion]) -> None:
        """Store opinions unless they are known: a story is asked about once."""
        insert_new(self._connection, OPINION, [_free(opinion) for opinion in wanted])

    def renew(self, opinion: Opinion) -> None:
        """Store an opinion in the place of the one there is: its item says something else now."""
        upsert(self._connection, OPINION, [_free(opinion)])

    def of(self, observation_id: str) -> Opinion | None:
        """The opinion on an observation, wanted or given, or None."""
        query = select(*OPINION_COLUMNS).where(OPINION.c.observation_id == observation_id)
        row = self._connection.execute(query).first()
        return to_opinion(row) if row else None

    def about(self, item_id: str) -> list[Opinion]:
        """The opinions on an item, by rule."""
        query = select(*OPINION_COLUMNS).where(OPINION.c.item_id == item_id).order_by(OPINION.c.rule)
        return [to_opinion(row) for row in self._connection.execute(query)]

    def given(self, key: str) -> Opinion | None:
        """An answer to the same question about the same text, whether it could be used or not, or None."""
        query = select(*OPINION_COLUMNS).where(OPINION.c.key == key, OPINION.c.state.in_(_GIVEN))
        row = self._connection.execute(query.order_by(OPINION.c.created_at).limit(1)).first()
        return to_opinion(row) if row else None

    def lapse(self, before: datetime, now: datetime, reason: str) -> None:
        """Give up what was wanted before a time and nobody asks about now."""
        free = OPINION.c.lease_until.is_(None) | (OPINION.c.lease_until <= now)
        old = (OPINION.c.state == OpinionState.PENDING, OPINION.c.created_at < before, free)
        self._connection.execute(update(OPINION).where(*old).values(state=OpinionState.LAPSED, reason=reason))

    def all_given(self, model: str) -> list[Opinion]:
        """Every answer of a model, whether it could be used or not, the earliest first."""
        query = select(*OPINION_COLUMNS).where(OPINION.c.model == model, OPINION.c.state.in_(_GIVEN))
        return [to_opinion(row) for row in self._connection.execute(query.order_by(OPINION.c.created_at, OPINION.c.id))]

    def claim(self, now: datetime, *, ttl: timedelta, rules: Collection[str]) -> OpinionLease | None:
        """Take one that is due and in nobody's hands, the longest due first; None when there is none.

        Args:
            rules: Only those that these rules ask for.
        """
        due = [
            OPINION.c.state == OpinionState.PENDING,
            OPINION.c.next_attempt_at <= now,
            OPINION.c.rule.in_(sorted(rules)),
        ]
        taken = leases.claim(
            self._connection, OPINION_COLUMNS, due, OPINION.c.next_attempt_at, now=now, limit=1, ttl=ttl
        )
        found = [OpinionLease(opinion=to_opinion(row), token=taken.token, until=taken.until) for row in taken.rows]
        return next(iter(found), None)

    def spend(self, lease: OpinionLease, now: datetime) -> OpinionLease:
        """Count a call before it is made, so that one that is never heard of again is counted too."""
        begun = replace(lease.opinion, attempts=lease.opinion.attempts + 1, calls=lease.opinion.calls + 1, asked_at=now)
        upsert(self._connection, OPINION, [to_row(begun) | {"lease_token": lease.token, "lease_until": lease.until}])
        return replace(lease, opinion=begun)

    def finish(self, lease: OpinionLease, opinion: Opinion) -> None:
        """Keep what became of an opinion, and give it back.

        Raises:
            LeaseLost: It is no longer held under this lease.
        """
        leases.finish(self._connection, OPINION, lease.opinion.id, lease.token, to_row(opinion))

    def spent(self, since: datetime) -> tuple[dict[str, int], int]:
        """The calls of each rule, and the tokens of all, for what was last asked at this time or later."""
        query = select(OPINION.c.rule, func.sum(OPINION.c.calls), func.sum(OPINION.c.tokens))
        rows = self._connection.execute(query.where(OPINION.c.asked_at >= since).group_by(OPINION.c.rule)).all()
        return {rule: calls for rule, calls, _ in rows}, sum(tokens for _, _, tokens in rows)

    def counts(self) -> Counter[OpinionState]:
        """How many there are in each state."""
        rows = self._connection.execute(select(OPINION.c.state, func.count()).group_by(OPINION.c.state))
        return Counter({OpinionState(state): count for state, count in rows})


def _free(opinion: Opinion) -> dict[str, Any]:
    return {**to_row(opinion), **leases.FREE}
