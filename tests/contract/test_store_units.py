"""A unit is kept whole or not at all, and knows what is new."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from monitor.errors import StoreError
from monitor.model import Alert, AlertState, Item, KnownItem, Observation, Outcome, Severity
from monitor.store import Store, Unit

HOUR = timedelta(hours=1)
NOON = datetime.fromisoformat("2026-03-01T12:00:00+00:00")


def item(name: str, *keys: str, feed_id: str = "feed") -> Item:
    link = f"https://example.org/{name}"
    return Item(id=name, feed_id=feed_id, keys=keys, title=name.title(), link=link, first_seen_at=NOON)


def observation(name: str, at: datetime = NOON, rule: str = "rule") -> Observation:
    return Observation(id=name, rule=rule, rule_version="1", item_id="item", at=at)


def alert(name: str, opened_at: datetime = NOON, group: str = "") -> Alert:
    return Alert(
        id=name,
        rule="rule",
        rule_version="1",
        name="any",
        group=group,
        severity=Severity.LOW,
        title=name,
        reason="because",
        opened_at=opened_at,
        updated_at=opened_at,
    )


def add(store: Store, *items: Item) -> list[str]:
    with store.unit() as unit:
        return [new.id for new in unit.add_items(items)]


def add_one_by_one(store: Store, *items: Item) -> None:
    with store.unit() as unit:
        for each in items:
            unit.add_items([each])


def save(store: Store, **outcome: tuple[object, ...]) -> None:
    with store.unit() as unit:
        unit.add_items([item("item")])
        unit.save(Outcome(**outcome))  # type: ignore[arg-type]


# --- items ----------------------------------------------------------------------------------------------------------


def test_storing_twice_stores_once(store: Store) -> None:
    items = [item("b", "guid:b"), item("a", "guid:a", "link:a"), item("c")]
    assert add(store, *items) == ["b", "a", "c"]
    assert add(store, *items) == []
    assert store.counts().items == 3


def test_the_same_item_twice_in_one_batch_is_stored_once(store: Store) -> None:
    assert add(store, item("a", "guid:a"), item("a", "guid:a"), item("c"), item("c")) == ["a", "c"]


def test_any_known_key_makes_an_item_known_and_its_other_keys_are_learned(store: Store) -> None:
    add(store, item("a", "guid:1", "link:1"))
    assert add(store, item("b", "guid:2", "link:1"), item("c", "guid:3")) == ["c"]
    assert store.item("b") is None
    assert add(store, item("d", "guid:2")) == []
    known = KnownItem(id="a", link="https://example.org/a", title="A")
    asked = ["guid:1", "guid:2", "link:1", "guid:9"]
    assert store.known("feed", asked) == dict.fromkeys(asked[:3], known)


def test_within_a_batch_the_first_of_two_items_with_one_key_wins(store: Store) -> None:
    assert add(store, item("a", "guid:1"), item("b", "guid:1", "link:2"), item("c", "link:2")) == ["a"]
    assert {known.id for known in store.known("feed", ["guid:1", "link:2"]).values()} == {"a"}


def test_a_whole_document_is_new_to_a_feed_that_has_none_of_it_and_known_to_one_that_has(store: Store) -> None:
    add(store, item("a", "guid:7"), item("z", "guid:8", feed_id="other"))
    asked = [f"guid:{number}" for number in range(20)]
    assert list(store.known("feed", asked)) == ["guid:7"]
    assert store.known("third", asked) == {}
    document = [item(f"n{number}", key) for number, key in enumerate(asked)]
    assert add(store, *document) == [f"n{number}" for number in range(20) if number != 7]
    assert add(store, *document) == []


def test_a_known_id_under_another_key_is_not_new(store: Store) -> None:
    add(store, item("a", "guid:1"))
    assert add(store, item("a", "guid:2")) == []
    assert store.known("feed", ["guid:2"])["guid:2"].id == "a"


def test_feeds_do_not_share_keys(store: Store) -> None:
    add(store, item("a", "guid:1"))
    assert add(store, item("b", "guid:1", feed_id="other")) == ["b"]
    assert store.known("other", ["guid:1"])["guid:1"].id == "b"
    assert store.known("third", ["guid:1"]) == {}


def test_nothing_asked_or_given_is_nothing(store: Store) -> None:
    assert add(store) == []
    assert store.known("feed", []) == {}
    save(store)


def test_a_document_of_twelve_thousand_entries_fits(store: Store) -> None:
    items = [item(f"item-{number}", f"guid:{number}") for number in range(12_000)]
    assert len(add(store, *items)) == 12_000
    assert len(store.known("feed", [f"guid:{number}" for number in range(13_000)])) == 12_000
    assert add(store, *items, item("one more", "guid:more")) == ["one more"]


def test_workers_that_store_the_same_at_once_find_each_item_new_once(
    store: Store, open_store: Callable[..., Store]
) -> None:
    stores = [store, open_store()]
    batches = [[item(f"{number}", f"guid:{number}") for number in range(start, start + 30)] for start in range(40)]
    with ThreadPoolExecutor(8) as pool:
        new = pool.map(lambda turn: add(stores[turn % 2], *batches[turn]), range(40))
        assert sorted(int(name) for some in new for name in some) == list(range(69))


# --- all or nothing -------------------------------------------------------------------------------------------------


def test_a_failing_unit_leaves_nothing(store: Store) -> None:
    def fail(unit: Unit) -> None:
        unit.add_items([item("item", "guid:1")])
        unit.save(Outcome(observations=(observation("o"),), alerts=(alert("a"),)))
        raise LookupError

    with pytest.raises(LookupError), store.unit() as unit:
        fail(unit)
    counts = store.counts()
    assert (counts.items, counts.observations, counts.alerts) == (0, 0, 0)
    assert store.known("feed", ["guid:1"]) == {}


def test_what_a_unit_has_not_committed_nobody_else_sees(store: Store, open_store: Callable[..., Store]) -> None:
    other = open_store()
    with store.unit() as unit:
        unit.add_items([item("item")])
        assert other.item("item") is None
    assert other.item("item") is not None


def test_a_writer_waits_for_its_turn_and_says_when_it_gives_up(store: Store, open_store: Callable[..., Store]) -> None:
    impatient = open_store(wait=timedelta(milliseconds=100))
    with store.unit(), pytest.raises(StoreError, match="locked by another process"), impatient.unit():
        pass
    assert add(impatient, item("item")) == ["item"]


def test_units_take_turns_so_that_none_overlooks_another(store: Store) -> None:
    def count(_turn: int) -> None:
        with store.unit() as unit:
            last = unit.last_alert("rule", "any", "")
            number = int(last.id) + 1 if last else 0
            unit.save(Outcome(alerts=(alert(f"{number:03}", NOON + number * HOUR),)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(40)))
    assert sorted(each.id for each in store.alerts()) == [f"{number:03}" for number in range(40)]


@pytest.mark.parametrize("text", ["half \ud800", "half \udfff a character"])
def test_half_a_character_is_refused_and_undoes_the_unit(store: Store, text: str) -> None:
    with pytest.raises(StoreError, match="half a character"):
        add_one_by_one(store, item("before"), replace(item("bad"), body=text))
    with pytest.raises(StoreError, match="half a character"):
        add_one_by_one(store, item("before"), replace(item("bad"), tags=(text,)))
    assert store.counts().items == 0


def test_postgresql_refuses_nul_and_undoes_the_unit(postgresql_url: str) -> None:
    store = Store.open(postgresql_url)
    store.migrate()
    with pytest.raises(StoreError, match="NUL"):
        add_one_by_one(store, item("before"), replace(item("bad"), body="a\0b"))
    assert store.counts().items == 0
    store.close()


def test_an_observation_of_an_unknown_item_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="a row was refused"), store.unit() as unit:
        unit.save(Outcome(observations=(observation("o"),)))


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(StoreError, match="timezone"):
        add(store, replace(item("a"), first_seen_at=naive))
    with pytest.raises(StoreError, match="timezone"):
        store.recent_items(naive)
    assert store.counts().items == 0


def test_a_time_in_another_zone_is_the_same_moment_in_utc(store: Store) -> None:
    kyiv = timezone(timedelta(hours=3))
    add(store, replace(item("a"), first_seen_at=NOON.astimezone(kyiv), published_at=NOON.astimezone(kyiv)))
    stored = store.item("a")
    assert stored is not None
    assert (stored.first_seen_at, stored.first_seen_at.utcoffset()) == (NOON, timedelta(0))
    assert [each.id for each in store.recent_items(NOON.astimezone(kyiv))] == ["a"]
    assert store.recent_items(NOON.astimezone(kyiv) + timedelta(microseconds=1)) == []


# --- what rules ask of history --------------------------------------------------------------------------------------


def test_observations_come_oldest_first_and_by_id_where_times_agree(store: Store) -> None:
    rows = (
        observation("c", NOON),
        observation("b", NOON + HOUR),
        observation("a", NOON),
        observation("d", NOON - HOUR),
    )
    save(store, observations=(*rows, observation("x", rule="other")))
    with store.unit() as unit:
        assert [each.id for each in unit.observations("rule")] == ["d", "a", "c", "b"]
        assert [each.id for each in unit.observations("rule", since=NOON)] == ["a", "c", "b"]
        assert [each.id for each in unit.observations("rule", limit=2)] == ["c", "b"]
        assert [each.id for each in unit.observations("rule", NOON, 9)] == ["a", "c", "b"]
        assert unit.observations("rule", since=NOON + 2 * HOUR) == []


def test_a_unit_sees_its_own_observations(store: Store) -> None:
    with store.unit() as unit:
        unit.add_items([item("item")])
        unit.save(Outcome(observations=(observation("o"),)))
        assert unit.observations("rule") == [observation("o")]


def test_an_observation_once_made_stays_as_it_was(store: Store) -> None:
    save(store, observations=(observation("o"),))
    save(store, observations=(replace(observation("o"), title="changed"),))
    with store.unit() as unit:
        assert unit.observations("rule") == [observation("o")]


def test_open_alerts_are_the_firing_ones_of_the_rule(store: Store) -> None:
    ended = replace(alert("c"), state=AlertState.RESOLVED, ended_at=NOON + HOUR)
    save(store, alerts=(alert("b", NOON + HOUR), alert("a", NOON, "g"), ended, replace(alert("d"), rule="other")))
    with store.unit() as unit:
        assert [each.id for each in unit.open_alerts("rule")] == ["a", "b"]


def test_an_alert_is_replaced_by_its_later_state(store: Store) -> None:
    save(store, alerts=(alert("a"),))
    ended = replace(alert("a"), state=AlertState.RESOLVED, ended_at=NOON + HOUR, updated_at=NOON + HOUR, reason="over")
    save(store, alerts=(replace(alert("a"), reason="more"), ended))
    assert store.alert("a") == ended
    with store.unit() as unit:
        assert unit.open_alerts("rule") == []


def test_the_last_alert_of_a_group_is_the_one_opened_last(store: Store) -> None:
    save(store, alerts=(alert("b", NOON), alert("a", NOON + HOUR), alert("z", NOON + 2 * HOUR, "other")))
    with store.unit() as unit:
        last = unit.last_alert("rule", "any", "")
        assert last is not None
        assert last.id == "a"
        assert unit.last_alert("rule", "another name", "") is None


def test_the_last_alerts_of_many_groups_are_found_together(store: Store) -> None:
    together = (alert("x", NOON, "third"), alert("y", NOON, "third"))
    save(store, alerts=(alert("b", NOON), alert("a", NOON + HOUR), alert("z", NOON + 2 * HOUR, "other"), *together))
    with store.unit() as unit:
        groups = ["", "other", "third", "none", *(f"group {number}" for number in range(6000))]
        found = unit.last_alerts("rule", "any", groups)
        assert found == {each: unit.last_alert("rule", "any", each) for each in ("", "other", "third")}
        assert found["third"].id == "y"
        assert unit.last_alerts("rule", "another name", groups) == unit.last_alerts("rule", "any", []) == {}


def test_units_inside_together_are_one_transaction(store: Store) -> None:
    with store.together():
        for name in ("a", "b"):
            add(store, item(name, name))
            assert store.known("feed", [name])[name].id == name, "what was written inside is read inside"
    assert store.counts().items == 2


def test_an_error_undoes_all_units_inside_together_and_what_follows_stands_alone(store: Store) -> None:
    def add_two_and_fail() -> None:
        with store.together():
            add(store, item("a"))
            add(store, item("b"))
            raise StoreError("no")

    with pytest.raises(StoreError, match="no"):
        add_two_and_fail()
    assert store.counts().items == 0
    add(store, item("c"))
    assert store.counts().items == 1
