"""Rules against items: our engine beside others that look for the same rules, as ratios of one run.

    python -m benchmarks.matching [--items 2000] [--headlines] [--slow]

Every engine sees the same items again and again for some seconds: news of 200 to 1,500 characters from ../shared/data
where that is there (`--headlines`: the short ones), else sentences of invented words. The rules beyond the shipped ones
are made of the words of all that news: rare ones to look for, common ones as context and exclusion. `--slow` adds
100,000 rules. Peers are measured where they are installed: `pip install yara-x`; SQLite's FTS5 comes with Python;
ahocorasick-rs is a development dependency.
"""

import argparse
import gc
import json
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from benchmarks import matching_peers as peers
from monitor.model import Item
from monitor.rules.load import load
from monitor.rules.operators.table import OPERATORS
from monitor.rules.reader import ExpressionReader
from monitor.rules.rule import Rule, RuleSet
from monitor.text.tokens import norms

SHIPPED = Path(__file__).parents[1] / "rules"
NEWS = Path(__file__).parents[2] / "shared" / "data" / "news"
_FILES = ("items.jsonl", "replay_2025-11-17_2025-11-20.jsonl")
_LENGTHS = range(200, 1501)
_SUBJECTS = ("ministers", "envoys", "troops", "lawmakers", "engineers", "farmers", "officials", "pilots", "traders")
_VERBS = ["discuss", "reject", "approve", "announce", "delay", "repair", "deliver", "inspect", "cancel", "praise"]
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Measured:
    """One engine over one set of rules.

    Attributes:
        build: Seconds of processor time.
        found: Matches an item.
        memory: Megabytes the process grew by.
    """

    name: str
    rules: int
    build: float
    per_second: float
    found: float = 0.0
    memory: float = 0.0


def words(count: int, chance: random.Random) -> list[str]:
    """Invented words of five to eleven letters."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    return ["".join(chance.choices(syllables, k=chance.randint(2, 5))) + chance.choice("nrstl") for _ in range(count)]


def items(count: int, vocabulary: Sequence[str], chance: random.Random) -> list[Item]:
    """Headlines with summaries of about 300 characters; word frequencies fall as in language."""
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    drawn = chance.choices(vocabulary, weights, k=count * 36)
    made = []
    for number in range(count):
        own = drawn[number * 36 : number * 36 + 36]
        title = f"{chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} {' '.join(own[:6])}".capitalize()
        summary = f"{' '.join(own[6:20]).capitalize()}. {' '.join(own[20:]).capitalize()}."
        made.append(Item(id=str(number), feed_id="bench", title=title, summary=summary, first_seen_at=_NOW))
    return made


def real_items() -> list[Item]:
    """All recorded news."""
    lines = [line for name in _FILES for line in (NEWS / name).read_text("utf-8").splitlines()]
    return [
        Item(id=str(n), feed_id="b", title=each["title"], summary=each.get("summary") or "", first_seen_at=_NOW)
        for n, each in enumerate(map(json.loads, lines))
    ]


def chosen_items(news: Sequence[Item], count: int, *, headlines: bool) -> Sequence[Item]:
    """Items of the lengths that the targets are about, or all of them, most of which are headlines; spread out."""
    kept = news if headlines else [item for item in news if len(item.title) + len(item.summary) in _LENGTHS]
    return kept[:: max(1, len(kept) // count)]


def words_of(news: Sequence[Item]) -> list[str]:
    """The words of the items, the most frequent first, without the hundred that every text has."""
    counted = Counter(norm for item in news for norm in norms(f"{item.title} {item.summary}") if len(norm) > 3)
    return [word for word, _ in counted.most_common()][100:]


def expressions(count: int, vocabulary: Sequence[str], chance: random.Random) -> list[dict[str, list[str]]]:
    """Rules of a phrase or rare word, some context and an exclusion."""
    rare, common = vocabulary[len(vocabulary) // 20 :], vocabulary[: len(vocabulary) // 20]
    made = []
    for _ in range(count):
        any_of = [f"{chance.choice(rare)} {chance.choice(rare)}", chance.choice(rare), f"{chance.choice(rare)[:6]}*"]
        made.append({"any": any_of, "with": chance.choices(common, k=5), "none": [chance.choice(common)]})
    return made


def compiled(made: Sequence[dict[str, list[str]]], base: RuleSet) -> RuleSet:
    """A rule set of the shipped rules and these."""
    reader = ExpressionReader(OPERATORS, base.lexicons, lambda place, message, hint: None)
    rules = [
        Rule(id=f"r{number}", title="", version="", match=reader.expression(each, ("match",)))
        for number, each in enumerate(made)
    ]
    return RuleSet([*base.rules, *rules], base.lexicons)


def rate(work: Callable[[Item], object], news: Sequence[Item], seconds: float = 3.0) -> float:
    """Items a second of processor time; the items again and again for about `seconds`."""
    begin, done = time.process_time(), 0
    for item in cycle(news):
        work(item)
        done += 1
        if time.process_time() - begin > seconds:
            break
    return done / (time.process_time() - begin)


def ours(name: str, made: Sequence[dict[str, list[str]]], base: RuleSet, news: Sequence[Item]) -> Measured:
    gc.collect()
    before, begin = _resident(), time.process_time()
    rules = compiled(made, base)
    build = time.process_time() - begin
    found = len(rules.match(news[:500])) / len(news[:500])
    gc.collect()
    memory = _resident() - before
    return Measured(name, len(rules.rules), build, rate(lambda item: rules.match([item]), news), found, memory)


def peer(name: str, make: peers.Peer, made: Sequence[dict[str, list[str]]], news: Sequence[Item]) -> Measured:
    """Another engine with the same rules."""
    begin = time.process_time()
    match = make(made)
    build = time.process_time() - begin
    found = sum(match(item) for item in news[:20]) / len(news[:20])
    return Measured(name, len(made), build, rate(match, news), found)


def in_batches(made: Sequence[dict[str, list[str]]], news: Sequence[Item]) -> Measured:
    """SQLite FTS5 over a batch of 1,000 items, every rule a query."""
    batch = list(islice(cycle(news), 1000))
    begin = time.process_time()
    found = peers.full_text(made, batch)
    seconds = time.process_time() - begin
    return Measured("SQLite FTS5", len(made), 0.0, len(batch) / seconds, found / len(batch))


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--items", type=int, default=2000)
    options.add_argument("--headlines", action="store_true", help="short items")
    options.add_argument("--slow", action="store_true", help="also 100,000 rules")
    chosen = options.parse_args()
    chance = random.Random(7)
    invented = list(dict.fromkeys(words(30_000, chance)))
    known = real_items() if NEWS.exists() else items(chosen.items, invented, chance)
    news = chosen_items(known, chosen.items, headlines=chosen.headlines)
    length = sum(len(item.title) + len(item.summary) for item in news) / len(news)
    print(f"{len(news)} items of {length:.0f} characters on average, real: {NEWS.exists()}; processor time of one core")
    print(f"{'engine':32}{'rules':>8}{'build s':>9}{'MB':>7}{'matches':>9}{'items/s':>9}{'x shipped':>11}{'x ours':>9}")
    vocabulary, base = words_of(known), load([SHIPPED]).rules
    base.match(news)
    shipped = _shown(ours("monitor, shipped rules", [], base, news), None, None)
    for count in (20, 1000, 10_000, *((100_000,) if chosen.slow else ())):
        _compare(expressions(count, vocabulary, chance), base, news, shipped)


def _compare(made: Sequence[dict[str, list[str]]], base: RuleSet, news: Sequence[Item], shipped: Measured) -> None:
    """Our engine with these rules, and the others with the same; those that would take minutes are left out."""
    mine = _shown(ours("monitor, shipped and these", made, base, news), shipped, None)
    _shown(peer("automaton, normalised text", peers.automaton, made, news), shipped, mine)
    if len(made) > 10_000:
        return
    _shown(peer("loop of re", peers.loop, made, news), shipped, mine)
    _shown(in_batches(made, news), shipped, mine)
    if peers.yara_x is None:
        print("yara-x: not installed")
    else:
        _shown(peer("yara-x", peers.yara, made, news), shipped, mine)


def _shown(each: Measured, shipped: Measured | None, mine: Measured | None) -> Measured:
    """Print a line: `x shipped` is its cost in that of the shipped rules, `x ours` in that of our engine with these."""
    figures = f"{each.name:32}{each.rules:8}{each.build:9.2f}{each.memory:7.0f}{each.found:9.2f}{each.per_second:9.0f}"
    ratios = [f"{other.per_second / each.per_second:.2f}" if other else "" for other in (shipped, mine)]
    print(f"{figures}{ratios[0]:>11}{ratios[1]:>9}", flush=True)
    return each


if __name__ == "__main__":
    main()
