"""So many requests at once, so many to one host."""

import asyncio
import time
from collections import Counter
from itertools import pairwise

from monitor.sources.slots import Slots, room


async def crowd(slots: Slots, hosts: list[str]) -> tuple[int, Counter[str]]:
    """Everybody comes at once; the most there were together, of all and per host."""
    inside: Counter[str] = Counter()
    most_of: Counter[str] = Counter()
    most = 0

    async def visit(host: str) -> None:
        nonlocal most
        async with slots.one(host):
            inside[host] += 1
            most_of[host] = max(most_of[host], inside[host])
            most = max(most, inside.total())
            await asyncio.sleep(0.001)
            inside[host] -= 1

    await asyncio.gather(*map(visit, hosts))
    return most, most_of


def test_one_host_never_sees_more_than_its_share() -> None:
    most, most_of = asyncio.run(crowd(Slots(at_once=10, per_host=2), ["a"] * 8 + ["b"]))
    assert most_of == {"a": 2, "b": 1}
    assert most == 3


def test_all_hosts_together_are_bounded() -> None:
    most, _ = asyncio.run(crowd(Slots(at_once=4, per_host=2), [str(number) for number in range(20)]))
    assert most == 4


def test_waiting_for_one_host_does_not_keep_others_out() -> None:
    async def scene() -> None:
        slots = Slots(at_once=2, per_host=1)
        async with slots.one("slow"):
            waiting = asyncio.create_task(crowd(slots, ["slow"] * 5))
            await asyncio.sleep(0)
            async with asyncio.timeout(5), slots.one("quick"):
                pass
        await waiting

    asyncio.run(scene())


def test_hosts_are_forgotten_when_nobody_asks_them() -> None:
    slots = Slots(at_once=4, per_host=2)
    asyncio.run(crowd(slots, ["a", "a", "a", "b"]))
    assert not slots._hosts


def test_requests_to_one_host_begin_apart_and_others_do_not_wait_for_them() -> None:
    begun: dict[str, list[float]] = {"a": [], "b": []}

    async def visit(slots: Slots, host: str) -> None:
        async with slots.one(host):
            begun[host].append(time.monotonic())

    async def scene() -> None:
        slots = Slots(at_once=1, per_host=2, spacing=0.05)
        await asyncio.gather(*(visit(slots, host) for host in "aaaab"))

    asyncio.run(scene())
    assert all(later - earlier > 0.03 for earlier, later in pairwise(begun["a"]))
    assert begun["b"][0] < begun["a"][1], "it has the only place while the other host is left alone"


def test_a_host_is_left_alone_after_its_last_visitor_and_then_forgotten() -> None:
    async def scene() -> None:
        slots = Slots(at_once=1, per_host=1, spacing=0.05)
        await crowd(slots, ["a"])
        begun = time.monotonic()
        await crowd(slots, ["a"])
        assert time.monotonic() - begun > 0.02
        while slots._hosts:
            await asyncio.sleep(0.01)

    asyncio.run(scene())


def test_a_visitor_that_gives_up_leaves_its_place() -> None:
    async def scene() -> None:
        slots = Slots(at_once=1, per_host=1, spacing=0.05)
        async with slots.one("a"):
            waiting = asyncio.create_task(crowd(slots, ["a"]))
            await asyncio.sleep(0)
            waiting.cancel()
        async with asyncio.timeout(5):
            await crowd(slots, ["a", "a"])

    asyncio.run(scene())


def test_a_host_has_room_for_its_share_of_polls_those_in_hand_included() -> None:
    take = room({"a.example": 1}, 2)
    urls = ["http://a.example/1", "http://A.example/2", "http://b.example/", "http://b.example:81/", "http://["]
    assert [take(url) for url in urls] == [True, False, True, True, True]
