"""So many requests at once, so many to one host."""

import asyncio
from collections import Counter

from monitor.sources.slots import Slots


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
