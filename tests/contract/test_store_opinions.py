"""Second opinions in the store: one for each story, claimed by one, counted before they are asked for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model import Item, Observation, Opinion, OpinionLease, OpinionState, Outcome, Stance
from monitor.store import Store
from monitor.store.errors import LeaseLost

TTL = timedelta(minutes=10)


def add(store: Store, now: datetime, *names: str, **fields: object) -> list[Opinion]:
    """Wanted opinions, each on an item of its own."""
    made = [_opinion(name, now, **fields) for name in names]
    with store.unit() as unit:
        unit.add_items([Item(id=name, feed_id="f", title=name, first_seen_at=now) for name in names])
        seen = [Observation(id=name, rule="r", rule_version="1", item_id=name, at=now) for name in names]
        unit.save(Outcome(observations=tuple(seen), opinions=tuple(made)))
    return made


def claim(store: Store, now: datetime, *rules: str) -> OpinionLease | None:
    with store.unit() as unit:
        return unit.opinions.claim(now, ttl=TTL, rules=rules or ("r",))


def stored(store: Store, name: str) -> Opinion:
    with store.opinions() as opinions:
        found = opinions.of(name)
    assert found is not None
    return found


def _opinion(name: str, now: datetime, **fields: object) -> Opinion:
    opinion = Opinion(
        id=name, rule="r", story=name, item_id=name, observation_id=name, created_at=now, next_attempt_at=now
    )
    return replace(opinion, **fields)


def test_every_part_of_an_opinion_survives(store: Store, now: datetime) -> None:
    [wanted] = add(store, now, "a", lexicon=Stance(score=0.5, label="soft", words=("open to +1",)))
    whole = replace(
        wanted,
        state=OpinionState.ANSWERED,
        key="k",
        model="m",
        answer="gives way",
        quote="“добре”",
        reason="because",
        attempts=2,
        calls=3,
        tokens=400,
        asked_at=now,
    )
    lease = claim(store, now)
    assert lease is not None
    with store.unit() as unit:
        unit.opinions.finish(lease, whole)
    assert stored(store, "a") == whole
    with store.opinions() as opinions:
        assert opinions.about("a") == [whole]


def test_an_opinion_is_wanted_once(store: Store, now: datetime) -> None:
    [wanted] = add(store, now, "a")
    with store.unit() as unit:
        unit.opinions.add([replace(wanted, reason="wanted again")])
    assert stored(store, "a") == wanted


def test_a_renewed_opinion_takes_the_place_of_the_old_one_and_of_who_asks(store: Store, now: datetime) -> None:
    [wanted] = add(store, now, "a")
    lease = claim(store, now)
    assert lease is not None
    with store.unit() as unit:
        unit.opinions.renew(replace(wanted, reason="the headline changed"))
    assert stored(store, "a").reason == "the headline changed"
    with store.unit() as unit, pytest.raises(LeaseLost):
        unit.opinions.finish(lease, wanted)


def test_two_replicas_never_claim_the_same(open_store: Callable[..., Store], store: Store, now: datetime) -> None:
    add(store, now, *"abcdefgh")
    replicas = [open_store() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        leases = list(pool.map(lambda number: claim(replicas[number % 4], now), range(12)))
    taken = [lease.opinion.id for lease in leases if lease]
    assert sorted(taken) == list("abcdefgh")


def test_only_what_is_due_and_of_these_rules_is_claimed_the_longest_due_first(store: Store, now: datetime) -> None:
    add(store, now, "late", next_attempt_at=now + timedelta(minutes=1))
    add(store, now, "second")
    add(store, now, "first", next_attempt_at=now - timedelta(minutes=1))
    add(store, now, "other", rule="other")
    add(store, now, "done", state=OpinionState.UNUSABLE)
    taken = [claim(store, now) for _ in range(3)]
    assert [lease.opinion.id if lease else None for lease in taken] == ["first", "second", None]


def test_what_was_begun_is_counted_even_when_nothing_more_is_heard_of_it(store: Store, now: datetime) -> None:
    add(store, now, "a", "b")
    lease = claim(store, now)
    assert lease is not None
    with store.unit() as unit:
        begun = unit.opinions.spend(lease, now)
    with store.opinions() as opinions:
        assert opinions.spent(now) == ({"r": 1}, 0)
        assert opinions.spent(now + timedelta(seconds=1)) == ({}, 0)
    assert (stored(store, lease.opinion.id).attempts, begun.opinion.calls) == (1, 1)
    assert claim(store, now + TTL) is not None
    again = claim(store, now + TTL)
    assert again is not None
    with store.unit() as unit, pytest.raises(LeaseLost):
        unit.opinions.finish(begun, begun.opinion)


def test_a_restart_frees_what_a_killed_service_held(tmp_path_factory: pytest.TempPathFactory, now: datetime) -> None:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('restart')}/monitor.db")
    store.migrate()
    add(store, now, "a")
    assert claim(store, now)
    assert claim(store, now) is None
    store.take_over(now)
    assert claim(store, now)
    store.close()


def test_an_answer_is_found_by_its_question_whether_it_could_be_used_or_not(store: Store, now: datetime) -> None:
    add(store, now, "waits", key="k0")
    add(store, now, "good", key="k1", state=OpinionState.ANSWERED)
    add(store, now, "bad", key="k2", state=OpinionState.UNUSABLE)
    add(store, now, "gone", key="k3", state=OpinionState.FAILED)
    with store.opinions() as opinions:
        found = [opinions.given(f"k{number}") for number in range(4)]
    assert [opinion.id if opinion else None for opinion in found] == [None, "good", "bad", None]


def test_what_is_too_old_lapses_unless_it_is_being_asked(store: Store, now: datetime) -> None:
    add(store, now, "asked", "waiting")
    add(store, now + timedelta(hours=1), "young")
    lease = claim(store, now)
    assert lease is not None
    with store.unit() as unit:
        unit.opinions.lapse(now + timedelta(minutes=1), now + timedelta(minutes=1), "too old")
    states = {name: stored(store, name).state for name in ("asked", "waiting", "young")}
    assert states.pop(lease.opinion.id) is OpinionState.PENDING
    assert sorted(states.values()) == [OpinionState.LAPSED, OpinionState.PENDING]
    with store.opinions() as opinions:
        assert opinions.counts() == {OpinionState.PENDING: 2, OpinionState.LAPSED: 1}
